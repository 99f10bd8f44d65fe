/// Which decimals a column that holds numbers in binary gives back as equal numbers.
package struct NumberPrecision: Hashable, Sendable {
  /// Significant digits that survive the way through a 64-bit float.
  package let digits: Int
  /// Whether integers are kept as such, within 64 bits.
  package let keepsIntegers: Bool

  package init(digits: Int, keepsIntegers: Bool) {
    self.digits = digits
    self.keepsIntegers = keepsIntegers
  }

  /// Whether the column gives back a number equal to `number`.
  package func keeps(_ number: ExactDecimal) -> Bool {
    // Digits, a point and a sign: nothing that short is out of range or too exact.
    if number.canonical.utf8.count <= digits { return true }
    if keepsIntegers, number.isInteger, Int64(number.canonical) != nil { return true }
    guard number.significantDigits <= digits, let double = Double(number.canonical) else {
      return false
    }
    return double.isFinite && (double == 0 ? number.canonical == "0" : double.isNormal)
  }
}
