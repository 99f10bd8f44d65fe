/// A pattern of `like` or `ilike`: `%` is any text, `_` one character, `\` takes the next
/// character as it is.
///
/// SQLite's own LIKE ignores the case of ASCII letters, on a whole connection or nowhere. The
/// folded form compares Unicode's simple lower case, scalar by scalar.
package struct LikePattern {
  private let pattern: UnsafeBufferPointer<UInt8>
  private let folds: Bool

  /// The buffer must outlive the pattern.
  package init(_ pattern: UnsafeBufferPointer<UInt8>, folds: Bool) {
    self.pattern = pattern
    self.folds = folds
  }

  /// Whether all of `text` fits. Goes back to the last `%` only, which is enough (greedy
  /// wildcards), so the time is at most the product of the two lengths.
  package func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var (place, position) = (0, 0)
    var retry: (place: Int, position: Int)?
    while position < text.count || place < pattern.count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "%") {
        place += 1
        retry = (place, position)
      } else if let next = step(place, text, position) {
        (place, position) = next
      } else if let last = retry, last.position < text.count {
        position = last.position + Self.length(text, last.position)
        place = last.place
        retry = (place, position)
      } else {
        return false
      }
    }
    return true
  }

  /// Where both go on when the scalar at `position` fits the one at `place`.
  private func step(_ place: Int, _ text: UnsafeBufferPointer<UInt8>, _ position: Int)
    -> (place: Int, position: Int)?
  {
    guard place < pattern.count, position < text.count else { return nil }
    let end = position + Self.length(text, position)
    if pattern[place] == UInt8(ascii: "_") { return (place + 1, end) }
    var start = place
    if pattern[place] == UInt8(ascii: "\\"), place + 1 < pattern.count { start += 1 }
    let next = start + Self.length(pattern, start)
    let (wanted, found) = (pattern[start..<next], text[position..<end])
    if wanted.elementsEqual(found) { return (next, end) }
    guard folds, Self.lowered(wanted) == Self.lowered(found) else { return nil }
    return (next, end)
  }

  /// The bytes of the scalar that starts at `index`; 1 for a byte that starts none.
  private static func length(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
    let length =
      switch bytes[index] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    return min(length, bytes.count - index)
  }

  private static func lowered(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    if bytes.count == 1, let byte = bytes.first, byte < 0x80 {
      let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      return String(Unicode.Scalar(isUpper ? byte + 32 : byte))
    }
    return String(validating: bytes, as: UTF8.self)?.unicodeScalars.first?.properties
      .lowercaseMapping
  }
}
