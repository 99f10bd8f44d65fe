/// Host names (RFC 1123) and addresses (RFC 2673 section 3.2, RFC 4291 section 2.2).
enum NetworkText {
  /// Labels of 1 to 63 ASCII letters, digits and inner hyphens, 253 bytes in all.
  static func isHostname(_ text: Bytes) -> Bool {
    guard !text.isEmpty, text.count <= 253 else { return false }
    return text.parts(separatedBy: UInt8(ascii: "."), satisfy: isLabel)
  }

  private static func isLabel(_ label: Bytes) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else {
      return false
    }
    guard label.allSatisfy({ $0.isDigit || $0.isLetter || $0 == hyphen }) else { return false }
    // Hyphens at both the third and fourth place are reserved for `xn--`.
    guard label.dropFirst(2).starts(with: "--".utf8) else { return true }
    return label.prefix(2).elementsEqual("xn".utf8) { $0 | 0x20 == $1 } && label.count > 4
  }

  static func isIPv4(_ text: Bytes) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.count) && part.allSatisfy(\.isDigit)
          && (part.count == 1 || part.first != 0x30)
          && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } < 256
      }
  }

  static func isIPv6(_ text: Bytes) -> Bool {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard (3...9).contains(parts.count) else { return false }
    var groups = 0
    var gaps = 0
    for (index, part) in parts.enumerated() {
      let isEdge = index == 0 || index == parts.count - 1
      if part.isEmpty {
        // An edge is empty only as one half of a leading or trailing `::`.
        let neighbour = index == 0 ? 1 : index - 1
        if isEdge {
          guard parts[neighbour].isEmpty else { return false }
        } else {
          gaps += 1
        }
      } else if index == parts.count - 1, isIPv4(part) {
        groups += 2
      } else {
        guard part.count <= 4, part.allSatisfy(\.isHexDigit) else { return false }
        groups += 1
      }
    }
    return gaps == 0 ? groups == 8 && parts.allSatisfy { !$0.isEmpty } : gaps == 1 && groups < 8
  }
}
