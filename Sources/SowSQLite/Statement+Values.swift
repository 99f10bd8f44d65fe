internal import CSQLite
internal import SowDatabase
internal import SowModel

extension Statement {
  /// Binds `value` for a column of this affinity, to be written there or compared with it.
  ///
  /// A decimal goes as its canonical text, which a numeric column turns into a number and a text
  /// column keeps; only a column without an affinity would keep it as text, so there it goes as
  /// the number where that is exact.
  func bind(_ value: Value, as affinity: Affinity, at index: Int) {
    if let text = bindUnlessText(value, as: affinity, at: index) { bind(text, at: index) }
  }

  /// The same until the next reset alone: to be bound again before the statement runs again.
  func bindOnce(_ value: Value, as affinity: Affinity, at index: Int) {
    if let text = bindUnlessText(value, as: affinity, at: index) { bindOnce(text, at: index) }
  }

  /// The text that is still to be bound, where the value goes as one.
  private func bindUnlessText(_ value: Value, as affinity: Affinity, at index: Int) -> String? {
    switch value {
    case .null: bindNull(at: index)
    case .boolean(let flag): bind(flag ? 1 : 0, at: index)
    case .integer(let number): bind(number, at: index)
    case .decimal(let number) where affinity == .blob: return bindNumber(number, at: index)
    case .decimal(let number): return number.canonical
    case .float(let number) where affinity == .text: return String(number)
    case .float(let number): bind(number, at: index)
    case .text(let text): return text
    case .bytes(let bytes): bytes.withUnsafeBytes { bind($0, at: index) }
    case .list, .object: return value.json
    }
    return nil
  }

  private func bindNumber(_ number: ExactDecimal, at index: Int) -> String? {
    if let integer = Int64(number.canonical) {
      bind(integer, at: index)
    } else if number.significantDigits <= 15, let float = Double(number.canonical) {
      bind(float, at: index)
    } else {
      return number.canonical
    }
    return nil
  }
}

extension Value {
  /// Why a column of `affinity` would hold something else than this value; nil where it is exact.
  func loss(in affinity: Affinity) -> DatabaseError? {
    guard affinity.isNumeric else { return nil }
    switch self {
    case .decimal(let number):
      // 15 digits and no exponent to speak of always come back.
      if number.canonical.utf8.count <= 15 || Self.survives(number, in: affinity) { return nil }
      return DatabaseError(
        .refused, "the column cannot hold this number exactly",
        vi: "cột không chứa được chính xác số này")
    case .integer(let number) where affinity == .real:
      if Int64(exactly: Double(number)) == number { return nil }
      return DatabaseError(
        .refused, "the column cannot hold this number exactly",
        vi: "cột không chứa được chính xác số này")
    case .text(let text):
      guard Self.isNumber(text) else { return nil }
      if let number = ExactDecimal(text), number.canonical == text,
        Self.survives(number, in: affinity)
      {
        return nil
      }
      return DatabaseError(
        .refused, "the column would turn this text into a number",
        vi: "cột sẽ biến văn bản này thành số")
    default: return nil
    }
  }

  private static func survives(_ number: ExactDecimal, in affinity: Affinity) -> Bool {
    if affinity != .real, Int64(number.canonical) != nil { return true }
    guard let float = Double(number.canonical), float.isFinite else { return false }
    return number.significantDigits <= 15 && (float != 0 || number.canonical == "0")
  }

  /// Whether SQLite reads the whole text as a number: with spaces around it, needless zeros, or no
  /// digit on one side of the point.
  static func isNumber(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var place = 0
      func skip(_ isWanted: (UInt8) -> Bool) -> Int {
        let start = place
        while place < bytes.count, isWanted(bytes[place]) { place += 1 }
        return place - start
      }
      func isAt(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        place < bytes.count
          && (bytes[place] == UInt8(ascii: first) || bytes[place] == UInt8(ascii: second))
      }
      let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
      let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
      _ = skip(isSpace)
      if isAt("+", "-") { place += 1 }
      var digits = skip(isDigit)
      if isAt(".", ".") {
        place += 1
        digits += skip(isDigit)
      }
      guard digits > 0 else { return false }
      if isAt("e", "E") {
        place += 1
        if isAt("+", "-") { place += 1 }
        guard skip(isDigit) > 0 else { return false }
      }
      _ = skip(isSpace)
      return place == bytes.count
    }
  }
}

extension Connection {
  /// The value in `column` of the statement's row; a storage class that does not fit `type` gives
  /// the value of that storage class.
  func value(of statement: Statement, at column: Int, as type: FieldType) throws(DatabaseError)
    -> Value
  {
    switch statement.storage(column) {
    case SQLITE_INTEGER: Self.value(statement.integer(column), as: type)
    case SQLITE_FLOAT where type == .decimal: try decimal(of: statement, at: column)
    case SQLITE_FLOAT: .float(statement.double(column))
    case SQLITE_TEXT: Self.value(statement.text(column), as: type)
    case SQLITE_BLOB: .bytes(Array(statement.bytes(column)))
    default: .null
    }
  }

  private static func value(_ number: Int64, as type: FieldType) -> Value {
    switch type {
    case .boolean where number == 0 || number == 1: .boolean(number == 1)
    case .decimal: .decimal(ExactDecimal(number))
    case .float where Int64(exactly: Double(number)) == number: .float(Double(number))
    default: .integer(number)
    }
  }

  private static func value(_ text: String, as type: FieldType) -> Value {
    switch type {
    case .object, .list: Value(json: text) ?? .text(text)
    default: .text(text)
    }
  }

  /// The shortest text that gives the number again.
  ///
  /// Of a few numbers in ten thousand SQLite makes the neighbour of the nearest double (it rounds
  /// twice), so where the shortest text is longer than 15 digits, the number is what SQLite itself
  /// writes for it, if SQLite reads that as the same number.
  private func decimal(of statement: Statement, at column: Int) throws(DatabaseError) -> Value {
    let number = statement.double(column)
    guard let shortest = ExactDecimal(String(number)) else { return .float(number) }
    guard shortest.significantDigits > 15 else { return .decimal(shortest) }
    let short = statement.text(column)
    let reader = try prepare("SELECT CAST(?1 AS REAL)")
    defer { reader.reset() }
    reader.bind(short, at: 1)
    guard try reader.step(), reader.double(0) == number, let decimal = ExactDecimal(short) else {
      return .decimal(shortest)
    }
    return .decimal(decimal)
  }
}
