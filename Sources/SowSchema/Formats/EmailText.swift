/// Mailboxes by RFC 5321 section 4.1.2, in ASCII: a dotted or quoted local part, then a host name
/// or an address in brackets.
enum EmailText {
  static func isEmail(_ text: Bytes) -> Bool {
    guard let at = text.lastIndex(of: UInt8(ascii: "@")) else { return false }
    let local = text[..<at]
    let domain = text[text.index(after: at)...]
    guard (1...64).contains(local.count), isDotted(local) || isQuoted(local) else { return false }
    guard domain.first == UInt8(ascii: "[") else { return NetworkText.isHostname(domain) }
    guard domain.last == UInt8(ascii: "]"), domain.count > 2 else { return false }
    let address = domain.dropFirst().dropLast()
    if address.starts(with: "IPv6:".utf8) { return NetworkText.isIPv6(address.dropFirst(5)) }
    return NetworkText.isIPv4(address)
  }

  private static func isDotted(_ local: Bytes) -> Bool {
    local.parts(
      separatedBy: UInt8(ascii: "."), satisfy: { !$0.isEmpty && $0.allSatisfy(isAtomText) })
  }

  private static func isAtomText(_ byte: UInt8) -> Bool {
    byte.isDigit || byte.isLetter || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }

  private static func isQuoted(_ local: Bytes) -> Bool {
    let quote = UInt8(ascii: "\"")
    guard local.count > 2, local.first == quote, local.last == quote else { return false }
    var isEscaped = false
    for byte in local.dropFirst().dropLast() {
      guard (0x20...0x7E).contains(byte) else { return false }
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == quote {
        return false
      }
    }
    return !isEscaped
  }
}
