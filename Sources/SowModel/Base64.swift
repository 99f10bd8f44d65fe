/// Base64 as RFC 4648 section 4 defines it: padded, and without stray bits, so that a text and
/// its bytes stand for each other.
package enum Base64 {
  /// The bytes, or nil where the text is not base64; white space between the characters, which
  /// block scalars bring, is skipped.
  package static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var group: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text.utf8 {
      if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { continue }
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let sextet = sextet(of: byte) else { return nil }
      group = group << 6 | sextet
      count += 1
      if count % 4 == 0 {
        bytes += [UInt8(group >> 16 & 0xFF), UInt8(group >> 8 & 0xFF), UInt8(group & 0xFF)]
        group = 0
      }
    }
    switch (count % 4, padding) {
    case (0, 0): return bytes
    case (2, 2) where group & 0xF == 0: return bytes + [UInt8(group >> 4)]
    case (3, 1) where group & 0x3 == 0:
      return bytes + [UInt8(group >> 10), UInt8(group >> 2 & 0xFF)]
    default: return nil
    }
  }

  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let chunk = bytes[start..<min(start + 3, bytes.count)]
      var group: UInt32 = 0
      for index in 0..<3 {
        group = group << 8 | (index < chunk.count ? UInt32(chunk[start + index]) : 0)
      }
      for index in 0..<4 {
        let isPadding = index > chunk.count
        text.append(
          isPadding ? UInt8(ascii: "=") : alphabet[Int(group >> UInt32(18 - 6 * index) & 0x3F)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static func sextet(of byte: UInt8) -> UInt32? {
    switch byte {
    case 0x41...0x5A: UInt32(byte - 0x41)
    case 0x61...0x7A: UInt32(byte - 0x61 + 26)
    case 0x30...0x39: UInt32(byte - 0x30 + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

/// UUIDs in their canonical form, hexadecimal digits of either case.
package enum UUIDText {
  package static func isUUID(_ text: String) -> Bool {
    guard text.utf8.count == 36 else { return false }
    var text = text
    return text.withUTF8 { bytes in
      bytes.indices.allSatisfy { index in
        switch (index, bytes[index]) {
        case (8, let byte), (13, let byte), (18, let byte), (23, let byte): byte == 0x2D
        case (_, 0x30...0x39), (_, 0x41...0x46), (_, 0x61...0x66): true
        default: false
        }
      }
    }
  }
}
