import SowModel

/// The number of a `multipleOf`, exact: a decimal is divided as the digits it is written with.
final class Divisor: Sendable {
  let number: ExactDecimal
  /// All digits, the point left out, and how many of them come after it.
  private let digits: UInt128
  private let places: Int
  private let integer: Int64?

  /// Nil for a number that is not above zero or has more than 37 digits.
  init?(_ number: ExactDecimal) {
    let bytes = number.canonical.utf8.filter { $0 != UInt8(ascii: ".") }
    guard bytes.count <= 37, bytes.first != UInt8(ascii: "-") else { return nil }
    let digits = bytes.reduce(UInt128(0)) { $0 * 10 + UInt128($1 - 0x30) }
    guard digits > 0 else { return nil }
    self.number = number
    self.digits = digits
    places = number.places
    integer = Int64(number.canonical)
  }

  /// Whether `value` is a multiple; what is no number is.
  func divides(_ value: Value) -> Bool {
    switch value {
    case .integer(let value):
      if let integer { return value % integer == 0 }
      return divides(ExactDecimal(value))
    case .decimal(let value): return divides(value)
    case .float(let value): return ExactDecimal(shortest: value).map(divides) ?? false
    default: return true
    }
  }

  /// A multiple has no more decimal places than the divisor, so both become integers by moving
  /// the point; the remainder is carried along the digits as on paper.
  private func divides(_ value: ExactDecimal) -> Bool {
    let valuePlaces = value.places
    guard valuePlaces <= places else { return false }
    var remainder = UInt128(0)
    for byte in value.canonical.utf8 where byte >= 0x30 {
      remainder = (remainder * 10 + UInt128(byte - 0x30)) % digits
    }
    for _ in valuePlaces..<places where remainder != 0 { remainder = remainder * 10 % digits }
    return remainder == 0
  }
}

extension ExactDecimal {
  /// How many digits come after the point of the canonical form.
  fileprivate var places: Int {
    let bytes = canonical.utf8
    guard let point = bytes.firstIndex(of: UInt8(ascii: ".")) else { return 0 }
    return bytes.distance(from: point, to: bytes.endIndex) - 1
  }
}
