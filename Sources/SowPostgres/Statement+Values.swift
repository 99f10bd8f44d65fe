internal import SowDatabase
internal import SowModel

/// Why a column cannot hold a value as it is.
struct Misfit: Error {
  let message: Phrase

  init(_ english: String, vi vietnamese: String) {
    message = Phrase(english, vi: vietnamese)
  }

  static let wrongType = Misfit(
    "the column takes no value of this type", vi: "cột không nhận giá trị kiểu này")
  static let inexact = Misfit(
    "the column cannot hold this number exactly", vi: "cột không giữ được chính xác số này")
  static let tooLarge = Misfit(
    "the number is too large for the column", vi: "số quá lớn đối với cột")
  static let tooLong = Misfit(
    "the text is too long for the column", vi: "văn bản quá dài đối với cột")
  static let zero = Misfit(
    "no text of PostgreSQL holds U+0000", vi: "văn bản của PostgreSQL không chứa được U+0000")
  static let wantsZone = Misfit(
    "the column has a time zone, so the value needs one",
    vi: "cột có múi giờ nên giá trị cũng phải có")
  static let wantsNoZone = Misfit(
    "the column has no time zone, so the value takes none",
    vi: "cột không có múi giờ nên giá trị không được có")
  static let leapSecond = Misfit(
    "the column knows no leap seconds", vi: "cột không biết giây nhuận")
  static let tooFine = Misfit(
    "the column keeps fewer digits of a second", vi: "cột giữ ít chữ số của giây hơn")
  static let yearZero = Misfit(
    "the calendar of PostgreSQL has no year 0000", vi: "lịch của PostgreSQL không có năm 0000")
}

extension ColumnType {
  /// The text of a value, not null, that the column is to hold just as it is.
  func written(_ value: Value) throws(Misfit) -> String {
    let text = try compared(value)
    switch (family, value) {
    case (.integer(let bits), _):
      guard let number = Int64(text), number >> (bits - 1) == number >> 63 else {
        throw .tooLarge
      }
    case (.numeric, _):
      if let precision, let number = ExactDecimal(text), !precision.keeps(number) {
        throw .inexact
      }
    case (.real, _), (.double, _): try checkSurvival(of: text)
    case (.text, _):
      if let length, text.unicodeScalars.count > length { throw .tooLong }
    case (.time, _), (.timestamp, _):
      if Self.fraction(of: text) > length ?? 6 { throw .tooFine }
      if Self.second(of: text) == "60" { throw .leapSecond }
    default: break
    }
    return text
  }

  /// The text of a value, not null, that the column is compared with; an error where no value of
  /// the column can be equal to it.
  func compared(_ value: Value) throws(Misfit) -> String {
    if case .text(let text) = value, text.holdsZero { throw .zero }
    switch family {
    case .integer: return try integer(value)
    case .numeric: return try number(value)
    case .real, .double: return try float(value)
    case .boolean: return try boolean(value)
    case .text, .other:
      switch value {
      case .bytes: throw .wrongType
      case .decimal(let number): return number.canonical
      default: return value.text
      }
    case .date:
      guard case .text(let text) = value, DateText.isDate(text) else { throw .wrongType }
      if text.hasPrefix("0000") { throw .yearZero }
      return text
    case .time(let hasZone):
      guard case .text(let text) = value, DateText.isTime(text) else { throw .wrongType }
      try checkZone(text, isWanted: hasZone)
      return text
    case .timestamp(let hasZone):
      guard case .text(let text) = value, DateText.isTimestamp(text) else { throw .wrongType }
      if text.hasPrefix("0000") { throw .yearZero }
      try checkZone(String(text.dropFirst(11)), isWanted: hasZone)
      return text
    case .uuid:
      guard case .text(let text) = value, Self.isUUID(text) else { throw .wrongType }
      return text
    case .bytes:
      guard case .bytes(let bytes) = value else { throw .wrongType }
      return "\\x" + hexadecimal(bytes)
    case .json, .jsonb:
      // Its texts may hold no U+0000, and hold it escaped.
      let text = value.json
      guard !text.contains("\\u0000") else { throw .zero }
      return text
    case .array:
      guard case .list(let items) = value, let element = element.first else { throw .wrongType }
      return try Self.array(items, of: element)
    }
  }

  private func integer(_ value: Value) throws(Misfit) -> String {
    switch value {
    case .integer(let number): return String(number)
    case .decimal(let number):
      guard number.isInteger else { throw .inexact }
      guard Int64(number.canonical) != nil else { throw .tooLarge }
      return number.canonical
    case .float(let number):
      guard let integer = Int64(exactly: number) else { throw .inexact }
      return String(integer)
    case .text(let text):
      guard let number = Int64(text), String(number) == text else { throw .wrongType }
      return text
    default: throw .wrongType
    }
  }

  private func number(_ value: Value) throws(Misfit) -> String {
    switch value {
    case .integer(let number): return String(number)
    case .decimal(let number): return number.canonical
    case .float(let number):
      guard let decimal = ExactDecimal(String(number)) else { throw .wrongType }
      return decimal.canonical
    case .text(let text):
      guard let decimal = ExactDecimal(text) else { throw .wrongType }
      return decimal.canonical
    default: throw .wrongType
    }
  }

  private func float(_ value: Value) throws(Misfit) -> String {
    switch value {
    case .integer(let number): return String(number)
    case .decimal(let number): return number.canonical
    case .float(let number): return String(number)
    case .text(let text):
      guard ExactDecimal(text) != nil else { throw .wrongType }
      return text
    default: throw .wrongType
    }
  }

  private func boolean(_ value: Value) throws(Misfit) -> String {
    switch value {
    case .boolean(let flag): return flag ? "t" : "f"
    case .text("true"): return "t"
    case .text("false"): return "f"
    default: throw .wrongType
    }
  }

  private static func array(_ items: [Value], of element: ColumnType) throws(Misfit) -> String {
    var array = ArrayText()
    for item in items {
      switch item {
      case .null: array.append(nil as String?)
      // An array within an array stands there without quotes, and has the same type.
      case .list(let inner) where element.family != .json && element.family != .jsonb:
        array.append(nested: try Self.array(inner, of: element))
      default: array.append(try element.written(item))
      }
    }
    return array.text
  }

  // MARK: What would be altered

  private func checkSurvival(of text: String) throws(Misfit) {
    guard let double = Double(text), double.isFinite, let wanted = ExactDecimal(text) else {
      // A double below the exponents of exact numbers is one all the same.
      if family == .double, Double(text)?.isFinite == true { return }
      throw .inexact
    }
    let kept = family == .real ? String(Float(double)) : String(double)
    guard let decimal = ExactDecimal(kept), decimal == wanted else { throw .inexact }
  }

  private func checkZone(_ time: String, isWanted: Bool) throws(Misfit) {
    let hasZone = time.utf8.contains { "Zz+-".utf8.contains($0) }
    if isWanted, !hasZone { throw .wantsZone }
    if !isWanted, hasZone { throw .wantsNoZone }
  }

  /// The number of digits after the point, zeros at the end left out.
  private static func fraction(of text: String) -> Int {
    guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return 0 }
    let digits = text.utf8[text.utf8.index(after: point)...].prefix { $0 >= 0x30 && $0 <= 0x39 }
    return digits.count - digits.reversed().prefix { $0 == 0x30 }.count
  }

  private static func second(of text: String) -> Substring {
    let time = text.count > 10 && text.dropFirst(4).first == "-" ? text.dropFirst(11) : text[...]
    return time.dropFirst(6).prefix(2)
  }

  private static func isUUID(_ text: String) -> Bool {
    text.utf8.count == 36
      && text.utf8.enumerated().allSatisfy { place, byte in
        [8, 13, 18, 23].contains(place) ? byte == 0x2D : hexadecimalValue(byte) != nil
      }
  }
}

// MARK: Reading

extension ColumnType {
  /// What a column is read as: arrays as JSON, all else as its text.
  func read(_ column: String) -> String {
    family == .array ? "to_json(" + column + ")" : column
  }

  /// The value in `column` of a row.
  func value(_ row: AnswerRow, _ column: Int) -> Value {
    guard !row.isNull(column) else { return .null }
    let text = row.text(column)
    switch family {
    case .integer: return Int64(text).map(Value.integer) ?? .text(text)
    case .numeric: return ExactDecimal(text).map(Value.decimal) ?? .text(text)
    case .real, .double: return Double(text).map(Value.float) ?? .text(text)
    case .boolean: return .boolean(text == "t")
    case .time: return .text(Self.zoned(text))
    case .timestamp: return .text(Self.timestamp(text))
    case .bytes: return bytes(ofText: text).map(Value.bytes) ?? .text(text)
    case .json, .jsonb, .array: return Value(json: text) ?? .text(text)
    case .text, .date, .uuid, .other: return .text(text)
    }
  }

  /// `2024-02-29 12:30:00+00` as RFC 3339 writes it; another form, such as `infinity`, as it is.
  private static func timestamp(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, bytes[10] == UInt8(ascii: " "), !text.hasSuffix("BC") else {
      return text
    }
    return String(text.prefix(10)) + "T" + zoned(String(text.dropFirst(11)))
  }

  /// `12:30:00+07` with the zone as RFC 3339 writes it.
  private static func zoned(_ time: String) -> String {
    guard let sign = time.utf8.lastIndex(where: { $0 == 0x2B || $0 == 0x2D }) else { return time }
    let zone = time[sign...]
    if zone == "+00" { return time[..<sign] + "Z" }
    return zone.utf8.count == 3 ? time + ":00" : time
  }
}

/// The bytes of `\x00ff`, as the server writes them; nil for another text.
func bytes(ofText text: String) -> [UInt8]? {
  text.hasPrefix("\\x") ? bytes(hexadecimal: text.dropFirst(2)) : nil
}
