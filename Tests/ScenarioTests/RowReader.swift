import CSQLite

/// As much of SQLite as tests need to look at what sow wrote.
final class RowReader {
  /// What SQLite complains about.
  struct Failure: Error {
    let message: String
  }

  private var handle: OpaquePointer?

  init(path: String) throws {
    guard sqlite3_open(path, &handle) == SQLITE_OK else { throw failure() }
  }

  deinit { sqlite3_close(handle) }

  func execute(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  /// All rows, each value as text; nil is NULL.
  func rows(_ sql: String) throws -> [[String?]] {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    var rows: [[String?]] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        rows.append(
          (0..<sqlite3_column_count(statement)).map { column in
            sqlite3_column_text(statement, column).map { String(cString: $0) }
          })
      case SQLITE_DONE: return rows
      default: throw failure()
      }
    }
  }

  /// Inserts rows of text, which the columns turn into what they hold, in one transaction.
  func insert(_ rows: [[String?]], into table: String, width: Int) throws {
    try execute("BEGIN")
    let places = Array(repeating: "?", count: width).joined(separator: ", ")
    let statement = try prepare("INSERT INTO \(table) VALUES (\(places))")
    defer { sqlite3_finalize(statement) }
    // SQLITE_TRANSIENT, which the importer does not see: SQLite copies the text.
    let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    for row in rows {
      for (column, cell) in row.enumerated() {
        if let cell {
          sqlite3_bind_text(statement, Int32(column + 1), cell, -1, copies)
        } else {
          sqlite3_bind_null(statement, Int32(column + 1))
        }
      }
      guard sqlite3_step(statement) == SQLITE_DONE else { throw failure() }
      sqlite3_reset(statement)
    }
    try execute("COMMIT")
  }

  private func prepare(_ sql: String) throws -> OpaquePointer {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw failure()
    }
    return statement
  }

  private func failure() -> Failure {
    Failure(message: handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory")
  }
}
