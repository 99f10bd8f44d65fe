internal import SowDatabase
internal import SowModel

/// How `sow_row.key` holds a key: a number as its digits, a text after an apostrophe, any other as
/// JSON (`KeyJSON`), so that the first character says which it is.
enum LedgerKey {
  static func text(_ key: RowKey) -> String {
    switch key {
    case .integer(let number): String(number)
    case .text(let text): "'" + text
    case .composite(let values): KeyJSON.text(values)
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
    guard let values = KeyJSON.values(text) else { throw .unreadableKey }
    return .composite(values)
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
}
