internal import CSQLite
internal import SowDatabase
internal import SowModel

/// How `sow_row.key` holds a key: a number as INTEGER, a text as TEXT, any other as JSON in a
/// BLOB, so that the storage class says which it is.
///
/// JSON has no exact form for all values: a decimal, a float, bytes and structure are objects of
/// one member that says so.
enum LedgerKey {
  static func bind(_ key: RowKey, to statement: Statement, at index: Int) {
    switch key {
    case .integer(let number): statement.bind(number, at: index)
    case .text(let text): statement.bind(text, at: index)
    case .composite(let values):
      var text = Value.list(values.map(encoded)).json
      text.withUTF8 { statement.bind(UnsafeRawBufferPointer($0), at: index) }
    }
  }

  static func read(_ statement: Statement, at column: Int) throws(DatabaseError) -> RowKey {
    switch statement.storage(column) {
    case SQLITE_INTEGER: return .integer(statement.integer(column))
    case SQLITE_TEXT: return .text(statement.text(column))
    default:
      guard let values = values(of: statement.bytes(column)) else {
        throw DatabaseError(
          .unusable, "the ledger holds a key that cannot be read",
          vi: "sổ cái chứa một khóa không đọc được")
      }
      return .composite(values)
    }
  }

  /// `sow_part(key, part)`: one part of a key, or null where the key has no such part.
  static func part(_ part: Int, of key: OpaquePointer?, to context: OpaquePointer) {
    guard sqlite3_value_type(key) == SQLITE_BLOB else {
      if part == 0 { sqlite3_result_value(context, key) }
      return
    }
    let bytes = UnsafeRawBufferPointer(
      start: sqlite3_value_blob(key), count: Int(sqlite3_value_bytes(key)))
    guard let values = values(of: bytes), values.indices.contains(part) else { return }
    switch values[part] {
    case .null: break
    case .boolean(let flag): sqlite3_result_int(context, flag ? 1 : 0)
    case .integer(let number): sqlite3_result_int64(context, number)
    case .float(let number): sqlite3_result_double(context, number)
    case .decimal(let number): give(number.canonical, to: context)
    case .text(let text): give(text, to: context)
    case .bytes(let bytes):
      bytes.withUnsafeBytes {
        csqlite_result_blob(context, $0.baseAddress ?? UnsafeRawPointer(context), Int32($0.count))
      }
    case .list, .object: give(values[part].json, to: context)
    }
  }

  private static func give(_ text: String, to context: OpaquePointer) {
    var text = text
    text.withUTF8 {
      csqlite_result_text(context, $0.baseAddress ?? nil, Int32(clamping: $0.count))
    }
  }

  // MARK: The JSON

  private static func encoded(_ value: Value) -> Value {
    func tagged(_ tag: String, _ value: Value) -> Value { .object([.init(tag, value)]) }
    return switch value {
    case .null, .boolean, .integer, .text: value
    case .decimal(let number): tagged("decimal", .text(number.canonical))
    case .float(let number): tagged("float", .text(String(number)))
    case .bytes(let bytes): tagged("bytes", .text(hexadecimal(bytes)))
    case .list, .object: tagged("json", value)
    }
  }

  private static func values(of bytes: UnsafeRawBufferPointer) -> [Value]? {
    guard case .list(let items)? = Value(json: String(decoding: bytes, as: UTF8.self)) else {
      return nil
    }
    let values = items.compactMap(decoded)
    return values.count == items.count ? values : nil
  }

  private static func decoded(_ value: Value) -> Value? {
    guard case .object(let members) = value else { return value }
    guard members.count == 1 else { return nil }
    switch (members[0].name, members[0].value) {
    case ("json", let value): return value
    case ("decimal", .text(let text)): return ExactDecimal(text).map(Value.decimal)
    case ("float", .text(let text)): return Double(text).map(Value.float)
    case ("bytes", .text(let text)): return bytes(hexadecimal: text).map(Value.bytes)
    default: return nil
    }
  }

  private static func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.map { $0 >= 0x61 ? $0 - 0x61 + 10 : $0 &- 0x30 }
    guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 < 16 }) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
