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
    append("\\x" + hexadecimal(digest.bytes))
  }

  private static let null = Array("NULL".utf8)
}
