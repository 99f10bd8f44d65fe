import SowModel

/// `maximum`, `minimum` and their exclusive forms, prepared for comparison with every number.
final class NumberBound: Sendable {
  enum Kind: Sendable { case maximum, exclusiveMaximum, minimum, exclusiveMinimum }

  let kind: Kind
  let limit: ExactDecimal
  private let whole: Whole
  private let double: Double

  /// Where the limit lies among the 64-bit integers.
  private enum Whole: Sendable {
    case at(Int64)
    case above(Int64)
    case aboveAll
    case belowAll
  }

  init(_ kind: Kind, _ limit: ExactDecimal) {
    self.kind = kind
    self.limit = limit
    double = Double(limit.canonical) ?? .nan
    if let integer = Int64(limit.canonical) {
      whole = .at(integer)
    } else if limit > ExactDecimal(Int64.max) {
      whole = .aboveAll
    } else if limit < ExactDecimal(Int64.min) {
      whole = .belowAll
    } else {
      let towardsZero = Int64(limit.canonical.prefix { $0 != "." }) ?? 0
      whole = .above(limit.canonical.hasPrefix("-") ? towardsZero - 1 : towardsZero)
    }
  }

  /// Whether `value` keeps the bound; what is no number does.
  func admits(_ value: Value) -> Bool {
    let order: Int
    switch value {
    case .integer(let integer): order = compare(integer)
    case .decimal(let decimal): order = decimal.compare(to: limit)
    case .float(let float): order = compare(float)
    default: return true
    }
    return switch kind {
    case .maximum: order <= 0
    case .exclusiveMaximum: order < 0
    case .minimum: order >= 0
    case .exclusiveMinimum: order > 0
    }
  }

  private func compare(_ integer: Int64) -> Int {
    switch whole {
    case .at(let limit): integer < limit ? -1 : integer == limit ? 0 : 1
    case .above(let limit): integer <= limit ? -1 : 1
    case .aboveAll: -1
    case .belowAll: 1
    }
  }

  /// A double counts as the shortest decimal that reads back as it, which is how it was written.
  private func compare(_ float: Double) -> Int {
    if float != double { return float < double ? -1 : 1 }
    return ExactDecimal(shortest: float)?.compare(to: limit) ?? 0
  }
}

extension ExactDecimal {
  /// The shortest decimal that reads back as `float`; nil where that is not finite.
  init?(shortest float: Double) { self.init(float.description) }

  /// Below, at or above zero as this number is below, at or above `other`; allocates nothing.
  func compare(to other: ExactDecimal) -> Int {
    var (left, right) = (canonical.utf8[...], other.canonical.utf8[...])
    let minus = UInt8(ascii: "-")
    let isNegative = left.first == minus
    guard isNegative == (right.first == minus) else { return isNegative ? -1 : 1 }
    if isNegative {
      left.removeFirst()
      right.removeFirst()
    }
    let order = Self.compareMagnitudes(left, right)
    return isNegative ? -order : order
  }

  private static func compareMagnitudes(
    _ left: Substring.UTF8View, _ right: Substring.UTF8View
  ) -> Int {
    let point = UInt8(ascii: ".")
    let leftWhole = left.prefix { $0 != point }.count
    let rightWhole = right.prefix { $0 != point }.count
    if leftWhole != rightWhole { return leftWhole < rightWhole ? -1 : 1 }
    if left.elementsEqual(right) { return 0 }
    return left.lexicographicallyPrecedes(right) ? -1 : 1
  }
}
