/// How a decimal number is written: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, the
/// widest form that YAML 1.2's core schema knows.
struct NumberShape {
  /// Whether there are digits only, after a sign.
  let isWhole: Bool
  /// Whether a zero comes before other digits of the whole part.
  let hasLeadingZeros: Bool
  /// Whether the point, if there is one, has digits on both sides, and no zero leads.
  let isStrict: Bool

  init?(_ text: String) {
    var rest = text.utf8[...]
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      rest.removeFirst()
    }
    let whole = rest.prefix(while: Self.isDigit)
    let wholeCount = whole.count
    rest = rest.dropFirst(wholeCount)
    var fraction: Int?
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix(while: Self.isDigit).count
      fraction = digits
      rest = rest.dropFirst(digits + 1)
    }
    guard wholeCount > 0 || fraction ?? 0 > 0 else { return nil }
    var hasExponent = false
    if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      hasExponent = true
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        rest.removeFirst()
      }
      guard let digit = rest.first, Self.isDigit(digit) else { return nil }
      rest = rest.drop(while: Self.isDigit)
    }
    guard rest.isEmpty else { return nil }
    isWhole = fraction == nil && !hasExponent
    hasLeadingZeros = wholeCount > 1 && whole.first == 0x30
    isStrict = wholeCount > 0 && fraction != 0 && !hasLeadingZeros
  }

  /// The same number with digits on both sides of the point and no leading zeros.
  func strictText(of text: String) -> String {
    var rest = Substring(text).utf8
    var strict: [UInt8] = []
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      strict.append(sign)
      rest.removeFirst()
    }
    let whole = rest.prefix(while: Self.isDigit)
    rest = rest.dropFirst(whole.count)
    let significant = whole.drop { $0 == 0x30 }
    strict += significant.isEmpty ? [0x30] : Array(significant)
    if rest.first == UInt8(ascii: "."), !(rest.dropFirst().first.map(Self.isDigit) ?? false) {
      rest.removeFirst()
    }
    return String(decoding: strict + Array(rest), as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
