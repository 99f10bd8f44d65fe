internal import CSQLite
internal import SowDatabase
internal import SowModel

/// How `sow_row.key` holds a key: a number as INTEGER, a text as TEXT, any other as JSON
/// (`KeyJSON`) in a BLOB, so that the storage class says which it is.
enum LedgerKey {
  static func bind(_ key: RowKey, to statement: Statement, at index: Int) {
    switch key {
    case .integer(let number): statement.bind(number, at: index)
    case .text(let text): statement.bind(text, at: index)
    case .composite(let values):
      var text = KeyJSON.text(values)
      text.withUTF8 { statement.bind(UnsafeRawBufferPointer($0), at: index) }
    }
  }

  static func read(_ statement: Statement, at column: Int) throws(DatabaseError) -> RowKey {
    switch statement.storage(column) {
    case SQLITE_INTEGER: return .integer(statement.integer(column))
    case SQLITE_TEXT: return .text(statement.text(column))
    default:
      guard let values = KeyJSON.values(String(decoding: statement.bytes(column), as: UTF8.self))
      else { throw .unreadableKey }
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
    guard let values = KeyJSON.values(String(decoding: bytes, as: UTF8.self)),
      values.indices.contains(part)
    else { return }
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
}
