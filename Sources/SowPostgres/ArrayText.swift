internal import SowModel

/// The text of an array of texts, as `$1::text[]` takes it, one element after the other
/// (the manual, chapter 8.15.2).
struct ArrayText {
  private var bytes: [UInt8] = [UInt8(ascii: "{")]
  private(set) var count = 0

  /// The whole, as a parameter.
  var parameter: Parameter { Parameter(ended: bytes + [UInt8(ascii: "}"), 0]) }

  /// The whole, as a text.
  var text: String { String(decoding: bytes, as: UTF8.self) + "}" }

  mutating func append(_ element: String?) {
    if count > 0 { bytes.append(UInt8(ascii: ",")) }
    count += 1
    guard var element else {
      bytes += Self.null
      return
    }
    bytes.append(UInt8(ascii: "\""))
    element.withUTF8 { utf8 in
      for byte in utf8 {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
          bytes.append(UInt8(ascii: "\\"))
        }
        bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// An array as an element of this one.
  mutating func append(nested text: String) {
    if count > 0 { bytes.append(UInt8(ascii: ",")) }
    count += 1
    bytes += text.utf8
  }

  /// Digits need no quotes.
  mutating func append(_ number: Int) {
    if count > 0 { bytes.append(UInt8(ascii: ",")) }
    count += 1
    bytes += String(number).utf8
  }

  mutating func append(_ digest: RowDigest?) {
    guard let digest else { return append(nil as String?) }
    if count > 0 { bytes.append(UInt8(ascii: ",")) }
    count += 1
    bytes += Self.digestStart
    for word in [digest.high, digest.low] {
      for shift in stride(from: 60, through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
        bytes.append(digit < 10 ? 0x30 + digit : 0x61 - 10 + digit)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let null = Array("NULL".utf8)
  private static let digestStart = Array("\"\\\\x".utf8)
}
