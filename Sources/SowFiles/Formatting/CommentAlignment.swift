/// Puts the comments at the ends of lines at the columns that they had together.
///
/// Comments that stood at one column, with no blank line and no other column between them, stand
/// at one column again: as near to their longest line as they were. One that stood one space
/// behind its line stays there.
struct CommentAlignment {
  private struct EndComment {
    /// Where its text starts in the output, without any space before it.
    var place: Int
    /// Characters of its line before it.
    var width: Int
    var gap: Int
    var column: Int
    var block: Int
  }

  private var comments: [EndComment] = []
  private var block = 0

  mutating func add(_ comment: SyntaxComment, at place: Int, width: Int) {
    comments.append(
      EndComment(
        place: place, width: width, gap: max(comment.gap, 1), column: comment.column,
        block: block))
  }

  /// Says that a blank line comes.
  mutating func separate() { block += 1 }

  /// Takes over the comments of a text that stands at `place` of the whole.
  mutating func add(_ other: CommentAlignment, at place: Int) {
    for var comment in other.comments {
      comment.place += place
      comment.block += block
      comments.append(comment)
    }
    block += other.block
  }

  /// The output with the spaces before its comments.
  func apply(to output: [UInt8]) -> [UInt8] {
    guard !comments.isEmpty else { return output }
    var aligned: [UInt8] = []
    aligned.reserveCapacity(output.count + comments.count * 4)
    var written = 0
    var start = 0
    while start < comments.count {
      let first = comments[start]
      let end =
        comments[start...].firstIndex { $0.column != first.column || $0.block != first.block }
        ?? comments.count
      let group = comments[start..<end]
      let column = group.contains { $0.gap > 1 } ? Self.column(of: group) : 0
      for comment in group {
        aligned += output[written..<comment.place]
        aligned.append(contentsOf: repeatElement(0x20, count: max(column - comment.width, 1)))
        written = comment.place
      }
      start = end
    }
    return aligned + output[written...]
  }

  private static func column(of group: ArraySlice<EndComment>) -> Int {
    group.reduce(0) { max($0, $1.width) } + group.reduce(.max) { min($0, $1.gap) }
  }
}
