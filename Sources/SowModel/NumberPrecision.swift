/// Which decimals a column gives back as equal numbers.
package enum NumberPrecision: Hashable, Sendable {
  /// A column that holds numbers in binary: so many significant digits survive the way through a
  /// 64-bit float, and integers are kept as such, within 64 bits, where it says so.
  case binary(digits: Int, keepsIntegers: Bool)
  /// So many digits before the point, and after it; where `fraction` is negative, so many zeros
  /// before it.
  case places(whole: Int, fraction: Int)

  /// Whether the column gives back a number equal to `number`.
  package func keeps(_ number: ExactDecimal) -> Bool {
    switch self {
    case .binary(let digits, let keepsIntegers):
      Self.survives(number, digits: digits, keepsIntegers: keepsIntegers)
    case .places(let whole, let fraction):
      Self.fits(number.canonical.utf8.drop { $0 == UInt8(ascii: "-") }, whole, fraction)
    }
  }

  private static func survives(
    _ number: ExactDecimal, digits: Int, keepsIntegers: Bool
  ) -> Bool {
    // Digits, a point and a sign: nothing that short is out of range or too exact.
    if number.canonical.utf8.count <= digits { return true }
    if keepsIntegers, number.isInteger, Int64(number.canonical) != nil { return true }
    guard number.significantDigits <= digits, let double = Double(number.canonical) else {
      return false
    }
    return double.isFinite && (double == 0 ? number.canonical == "0" : double.isNormal)
  }

  private static func fits(_ digits: Substring.UTF8View, _ whole: Int, _ fraction: Int) -> Bool {
    let parts = digits.split(separator: UInt8(ascii: "."))
    if parts.count > 1, parts[1].count > max(fraction, 0) { return false }
    guard let first = parts.first, first.first != UInt8(ascii: "0") else {
      // Where there are more places after the point than digits, the first of them are zeros.
      return parts.count < 2 || whole >= 0
        || parts[1].prefix { $0 == UInt8(ascii: "0") }.count >= -whole
    }
    return first.count <= whole
      && first.suffix(max(-fraction, 0)).allSatisfy { $0 == UInt8(ascii: "0") }
  }

  /// What it keeps of a number, as a message has it.
  package var phrase: Phrase {
    switch self {
    case .binary(let digits, _): Phrase("\(digits) digits", vi: "\(digits) chữ số")
    case .places(let whole, let fraction) where fraction >= 0:
      Phrase(
        "\(max(whole, 0)) digits before and \(fraction) after the point",
        vi: "\(max(whole, 0)) chữ số trước và \(fraction) chữ số sau dấu thập phân")
    case .places(let whole, let fraction):
      Phrase(
        "\(whole) digits before the point, the last \(-fraction) of them zeros,",
        vi: "\(whole) chữ số trước dấu thập phân, với \(-fraction) chữ số cuối là số không,")
    }
  }
}
