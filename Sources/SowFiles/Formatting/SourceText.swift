import SowModel

/// The bytes of a file, and a cursor that goes over them once, from position to position.
///
/// All the work over one file is linear in its size: the cursor never goes back, but for the line
/// of a comment.
struct SourceText {
  let bytes: [UInt8]
  private var line: UInt32 = 1
  private var column: UInt32 = 1
  private var offset: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The first byte after the byte order mark.
  var start: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// The byte at `position`, which does not come before the one that was asked for last.
  mutating func seek(_ position: SourcePosition) -> Int {
    let (end, target) = (bytes.count, position)
    bytes.withUnsafeBufferPointer { bytes in
      while line < target.line, offset < end {
        let byte = bytes[offset]
        offset += 1
        guard byte == 0x0A || byte == 0x0D else { continue }
        if byte == 0x0D, offset < end, bytes[offset] == 0x0A { offset += 1 }
        line += 1
        column = 1
      }
      while column < target.column, offset < end {
        offset += 1
        while offset < end, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        column += 1
      }
    }
    return offset
  }

  /// The column of a byte, in characters from 1.
  func column(at place: Int) -> Int {
    var column = 1
    var index = place
    while index > start, !isBreak(bytes[index - 1]) {
      index -= 1
      if bytes[index] & 0xC0 != 0x80 { column += 1 }
    }
    return column
  }

  /// The position of a byte; goes over the file from its start.
  func position(of place: Int) -> SourcePosition {
    var (index, line) = (start, 1)
    while index < place {
      index = lineEnd(from: index, limit: place)
      guard index < place else { break }
      index = afterBreak(index)
      line += 1
    }
    return SourcePosition(line: line, column: column(at: place))
  }

  /// Where the line of `place` ends, before its break.
  func lineEnd(from place: Int, limit: Int) -> Int {
    var index = place
    while index < limit, !isBreak(bytes[index]) { index += 1 }
    return index
  }

  /// The place after the break at `place`.
  func afterBreak(_ place: Int) -> Int {
    guard place < bytes.count else { return place }
    let isPair = bytes[place] == 0x0D && place + 1 < bytes.count && bytes[place + 1] == 0x0A
    return place + (isPair ? 2 : 1)
  }

  /// `range` without blanks at its end.
  func trimmedEnd(_ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, isBlank(bytes[end - 1]) { end -= 1 }
    return range.lowerBound..<end
  }

  /// The lines of `range` without their breaks; an empty one after the last break is left out.
  func lines(of range: Range<Int>) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let end = lineEnd(from: index, limit: range.upperBound)
      lines.append(index..<end)
      index = afterBreak(end)
    }
    return lines
  }

  func holdsBreak(_ range: Range<Int>) -> Bool { bytes[range].contains(where: isBreak) }
}

func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
