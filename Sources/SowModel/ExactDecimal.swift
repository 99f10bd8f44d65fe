/// A decimal number of any length, kept as text and compared by value: `1.10 == 1.1`.
package struct ExactDecimal: Sendable {
  private let form: Form

  /// Most are written as they compare; the others are kept apart, so that every value stays small.
  private enum Form: Sendable {
    case canonical(String)
    indirect case other(text: String, canonical: String)
  }

  /// As written, for example `-01.50` is refused and `1.10` stays `1.10`.
  package var text: String {
    switch form {
    case .canonical(let text), .other(let text, _): text
    }
  }

  /// No exponent, no leading plus, no needless zeros: equal numbers have equal forms.
  package var canonical: String {
    switch form {
    case .canonical(let canonical), .other(_, let canonical): canonical
    }
  }

  /// Reads `[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?`; nil for any other text, or
  /// an exponent beyond ±400 that would make the plain form absurd.
  package init?(_ text: String) {
    if Self.isCanonical(text) {
      form = .canonical(text)
    } else {
      guard let canonical = Self.canonicalForm(of: text) else { return nil }
      form = canonical == text ? .canonical(text) : .other(text: text, canonical: canonical)
    }
  }

  /// Whether `text` is the canonical form of a number already, as most are; a negative one is looked
  /// at more closely.
  private static func isCanonical(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      let whole = bytes.prefix(while: isDigit).count
      guard whole > 0, whole == 1 || bytes[0] != UInt8(ascii: "0") else { return false }
      guard whole < bytes.count else { return true }
      let fraction = bytes[(whole + 1)...]
      return bytes[whole] == UInt8(ascii: ".") && fraction.allSatisfy(isDigit)
        && fraction.last ?? 0x30 != 0x30
    }
  }

  package init(_ integer: Int64) {
    form = .canonical(String(integer))
  }

  /// Significant digits of the canonical form, zeros that only place the point left out.
  package var significantDigits: Int {
    let digits = canonical.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }
    let leading = digits.drop { $0 == 0x30 }
    guard canonical.utf8.contains(UInt8(ascii: ".")) else {
      return leading.count - leading.reversed().prefix { $0 == 0x30 }.count
    }
    return leading.count
  }

  package var isInteger: Bool { !canonical.utf8.contains(UInt8(ascii: ".")) }

  private static func canonicalForm(of text: String) -> String? {
    var bytes = Array(text.utf8)[...]
    var negative = false
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      negative = sign == UInt8(ascii: "-")
      bytes.removeFirst()
    }
    let whole = bytes.prefix(while: isDigit)
    guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return nil }
    bytes = bytes.dropFirst(whole.count)
    var fraction = bytes.prefix(0)
    if bytes.first == UInt8(ascii: ".") {
      fraction = bytes.dropFirst().prefix(while: isDigit)
      guard !fraction.isEmpty else { return nil }
      bytes = bytes.dropFirst(fraction.count + 1)
    }
    var exponent = 0
    if let mark = bytes.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      guard let value = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)),
        abs(value) <= 400
      else { return nil }
      exponent = value
      bytes = []
    }
    guard bytes.isEmpty else { return nil }
    return plainForm(
      digits: Array(whole) + fraction, point: whole.count + exponent, negative: negative)
  }

  /// The plain form of `digits` with the decimal point before index `point`.
  private static func plainForm(digits: [UInt8], point: Int, negative: Bool) -> String {
    let zero = UInt8(ascii: "0")
    var digits = digits
    var point = point
    if point > digits.count {
      digits += Array(repeating: zero, count: point - digits.count)
    } else if point < 1 {
      digits = Array(repeating: zero, count: 1 - point) + digits
      point = 1
    }
    var whole = digits[..<point].drop { $0 == zero }
    if whole.isEmpty { whole = [zero] }
    var fraction = digits[point...]
    while fraction.last == zero { fraction.removeLast() }
    var form = Array(whole)
    if !fraction.isEmpty { form += [UInt8(ascii: ".")] + fraction }
    if negative, form != [zero] { form.insert(UInt8(ascii: "-"), at: 0) }
    return String(decoding: form, as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

extension ExactDecimal: Hashable {
  package static func == (left: Self, right: Self) -> Bool { left.canonical == right.canonical }

  package func hash(into hasher: inout Hasher) { hasher.combine(canonical) }
}

extension ExactDecimal: Comparable {
  package static func < (left: Self, right: Self) -> Bool {
    let negative = (left.canonical.utf8.first == 0x2D, right.canonical.utf8.first == 0x2D)
    switch negative {
    case (true, false): return true
    case (false, true): return false
    case (false, false): return magnitude(left, isBelow: right)
    case (true, true): return magnitude(right, isBelow: left)
    }
  }

  private static func magnitude(_ left: Self, isBelow right: Self) -> Bool {
    let (left, right) = (parts(of: left), parts(of: right))
    if left.whole.count != right.whole.count { return left.whole.count < right.whole.count }
    if !left.whole.elementsEqual(right.whole) {
      return left.whole.lexicographicallyPrecedes(right.whole)
    }
    return left.fraction.lexicographicallyPrecedes(right.fraction)
  }

  private static func parts(of number: Self) -> (whole: [UInt8], fraction: [UInt8]) {
    let bytes = number.canonical.utf8.drop { $0 == 0x2D }
    let whole = bytes.prefix { $0 != UInt8(ascii: ".") }
    return (Array(whole), Array(bytes.dropFirst(whole.count + 1)))
  }
}
