internal import SowDatabase
internal import SowModel

/// How `sow_row.key` holds a key: a number as its digits, a text after an apostrophe, any other as
/// JSON, so that the first character says which it is.
///
/// JSON has no exact form for all values: a decimal, a float, bytes and structure are objects of
/// one member that says so.
enum LedgerKey {
  static func text(_ key: RowKey) -> String {
    switch key {
    case .integer(let number): String(number)
    case .text(let text): "'" + text
    case .composite(let values): Value.list(values.map(encoded)).json
    }
  }

  static func array(_ keys: some Sequence<RowKey>) -> Parameter {
    var array = ArrayText()
    for key in keys { array.append(text(key)) }
    return array.parameter
  }

  static func read(_ row: AnswerRow, _ column: Int) throws(DatabaseError) -> RowKey {
    let text = row.text(column)
    if text.utf8.first == UInt8(ascii: "'") {
      return .text(String(decoding: text.utf8.dropFirst(), as: UTF8.self))
    }
    if let number = Int64(text) { return .integer(number) }
    guard case .list(let items)? = Value(json: text) else { throw unreadable }
    let values = items.compactMap(decoded)
    guard values.count == items.count else { throw unreadable }
    return .composite(values)
  }

  private static var unreadable: DatabaseError {
    DatabaseError(
      .unusable, "the ledger holds a key that cannot be read",
      vi: "sổ cái chứa một khóa không đọc được")
  }

  /// Whether the row of `t` is that of a key; a key of another kind is that of none.
  static func isSame(_ key: String, _ columns: KeyColumns) -> String {
    guard columns.count == 1 else { return isSameComposite(key, columns) }
    let type = columns.types[0]
    let column = type.compared(SQL.column(columns.names[0]))
    if case .integer = type.family {
      return column + " = CASE WHEN \(key) >= '-' AND \(key) < ':' THEN \(key)::bigint END"
    }
    switch type.family {
    case .text, .date, .time, .timestamp, .uuid, .other:
      return column + " = CASE WHEN left(\(key), 1) = '''' THEN substr(\(key), 2)::"
        + type.comparedAs + " END"
    default: return isSameComposite(key, columns)
    }
  }

  private static func isSameComposite(_ key: String, _ columns: KeyColumns) -> String {
    SQL.all(
      columns.names.enumerated().map { part, name in
        let type = columns.types[part]
        let json = "(\(key)::jsonb -> \(part))"
        return type.compared(SQL.column(name)) + " = CASE WHEN left(\(key), 1) = '[' THEN coalesce("
          + "\(json) ->> 'decimal', \(json) ->> 'float', '\\x' || (\(json) ->> 'bytes'), "
          + "\(json) ->> 'json', \(json) #>> '{}')::" + type.comparedAs + " END"
      })
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
    let digits = text.utf8.compactMap(hexadecimalValue)
    guard digits.count.isMultiple(of: 2), digits.count == text.utf8.count else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
