/// URIs by RFC 3986: a scheme, then what its section 3 allows, ASCII only.
enum URIText {
  static func isURI(_ bytes: Bytes) -> Bool {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), isScheme(bytes[..<colon]) else {
      return false
    }
    var rest = bytes[bytes.index(after: colon)...]
    if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
      guard areAllowed(rest[rest.index(after: hash)...], besides: ":@/?") else { return false }
      rest = rest[..<hash]
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      guard areAllowed(rest[rest.index(after: mark)...], besides: ":@/?") else { return false }
      rest = rest[..<mark]
    }
    if rest.starts(with: "//".utf8) {
      let authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") }
      guard isAuthority(authority) else { return false }
      rest = rest.dropFirst(2 + authority.count)
    }
    return areAllowed(rest, besides: ":@/")
  }

  private static func isScheme(_ bytes: Bytes) -> Bool {
    guard let first = bytes.first, first.isLetter else { return false }
    return bytes.allSatisfy { $0.isLetter || $0.isDigit || "+-.".utf8.contains($0) }
  }

  private static func isAuthority(_ bytes: Bytes) -> Bool {
    var rest = bytes
    if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
      guard areAllowed(rest[..<at], besides: ":") else { return false }
      rest = rest[rest.index(after: at)...]
    }
    if rest.first == UInt8(ascii: "[") {
      guard let close = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
      guard isBracketed(rest[..<close].dropFirst()) else { return false }
      rest = rest[rest.index(after: close)...]
    } else {
      let host = rest.prefix { $0 != UInt8(ascii: ":") }
      guard areAllowed(host, besides: "") else { return false }
      rest = rest.dropFirst(host.count)
    }
    return rest.isEmpty
      || (rest.first == UInt8(ascii: ":") && rest.dropFirst().allSatisfy(\.isDigit))
  }

  private static func isBracketed(_ bytes: Bytes) -> Bool {
    guard let first = bytes.first, first | 0x20 == UInt8(ascii: "v") else {
      return NetworkText.isIPv6(bytes)
    }
    let version = bytes.dropFirst().prefix(while: \.isHexDigit)
    let rest = bytes.dropFirst(1 + version.count)
    return !version.isEmpty && rest.first == UInt8(ascii: ".") && rest.count > 1
      && areAllowed(rest.dropFirst(), besides: ":")
  }

  /// Whether all are unreserved, sub-delimiters, percent-encoded or among `others`.
  private static func areAllowed(_ bytes: Bytes, besides others: String) -> Bool {
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard let high = rest.popFirst(), high.isHexDigit, let low = rest.popFirst(),
          low.isHexDigit
        else { return false }
      } else if !byte.isLetter, !byte.isDigit, !"-._~!$&'()*+,;=".utf8.contains(byte),
        !others.utf8.contains(byte)
      {
        return false
      }
    }
    return true
  }
}
