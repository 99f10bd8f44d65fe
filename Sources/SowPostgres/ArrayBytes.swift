internal import SowModel

/// An array in its binary form, one element after the other: the number of dimensions, whether some
/// elements are null, their type, how many there are and the number of the first, all of four bytes;
/// then each with its length, which is -1 for null (`array_recv` in the source of the server).
struct ArrayBytes {
  /// The numbers of the types in `pg_type`, which never change.
  enum Element: UInt32 {
    case bytes = 17
    case number = 20
    case text = 25
  }

  private var bytes: [UInt8] = []
  private(set) var count = 0

  init(of element: Element, capacity: Int) {
    bytes.reserveCapacity(20 + capacity * 20)
    // That some may be null is always said.
    for word in [1, 1, element.rawValue, 0, 1] { append(word) }
  }

  /// The whole, as a parameter.
  var parameter: Parameter {
    var whole = bytes
    for place in 0..<4 { whole[12 + place] = UInt8(truncatingIfNeeded: count >> (24 - 8 * place)) }
    return Parameter(binary: whole)
  }

  mutating func append(_ text: String) {
    count += 1
    append(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(_ number: Int64) {
    count += 1
    append(8 as UInt32)
    append(word: UInt64(bitPattern: number))
  }

  mutating func append(_ digest: RowDigest?) {
    count += 1
    guard let digest else { return append(UInt32.max) }
    append(16 as UInt32)
    append(word: digest.high)
    append(word: digest.low)
  }

  private mutating func append(_ number: UInt32) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func append(word: UInt64) {
    withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
  }
}
