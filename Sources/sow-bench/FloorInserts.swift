import CSQLite

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The rows of a workload by prepared statements in one transaction.
enum FloorInserts {
  /// The time of the transaction alone: making the rows is not counted.
  static func seconds(
    for workload: any Workload, asIn model: String, into path: String
  ) throws -> Double {
    unlink(path)
    let definitions = try Connection(model).texts(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name IN ("
        + workload.tables.map { "'\($0.name)'" }.joined(separator: ", ") + ") ORDER BY rowid")
    let connection = try Connection(path)
    try connection.execute("PRAGMA foreign_keys = ON")
    for definition in definitions { try connection.execute(definition) }

    let clock = ContinuousClock()
    var statements: [OpaquePointer] = []
    defer { for statement in statements { sqlite3_finalize(statement) } }
    var time = try clock.measure {
      try connection.execute("BEGIN IMMEDIATE")
      statements = try workload.tables.map { table in
        try connection.prepare(
          "INSERT INTO \(table.name) (\(table.columns.joined(separator: ", "))) VALUES ("
            + table.columns.map { _ in "?" }.joined(separator: ", ") + ")")
      }
    }
    var block = RowBlock()
    for start in stride(from: 0, to: workload.rowCount, by: 10_000) {
      block.removeAll()
      workload.fill(&block, rows: start..<min(start + 10_000, workload.rowCount))
      time += try clock.measure { try connection.insert(block, with: statements) }
    }
    time += try clock.measure { try connection.execute("COMMIT") }
    return time.seconds
  }
}

/// As much of SQLite as the floor needs.
final class Connection {
  private var handle: OpaquePointer?

  init(_ path: String) throws {
    guard sqlite3_open(path, &handle) == SQLITE_OK else { throw Complaint("cannot open \(path)") }
  }

  deinit { sqlite3_close(handle) }

  func execute(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw complaint(sql) }
  }

  func prepare(_ sql: String) throws -> OpaquePointer {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw complaint(sql)
    }
    return statement
  }

  /// The first column of each row.
  func texts(_ sql: String) throws -> [String] {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    var found: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      found.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
    }
    return found
  }

  func insert(_ block: RowBlock, with statements: [OpaquePointer]) throws {
    try block.bytes.withUnsafeBufferPointer { bytes in
      for (index, row) in block.rows.enumerated() {
        let end = index + 1 < block.rows.count ? block.rows[index + 1].start : block.cells.count
        let statement = statements[row.table]
        for (column, cell) in block.cells[row.start..<end].enumerated() {
          bind(cell, of: bytes, to: statement, Int32(column + 1))
        }
        guard sqlite3_step(statement) == SQLITE_DONE else { throw complaint("insert") }
        sqlite3_reset(statement)
      }
    }
  }

  private func bind(
    _ cell: RowBlock.Cell, of bytes: UnsafeBufferPointer<UInt8>, to statement: OpaquePointer,
    _ column: Int32
  ) {
    switch cell {
    case .integer(let number): sqlite3_bind_int64(statement, column, number)
    case .real(let number): sqlite3_bind_double(statement, column, number)
    case .text(let offset, let count):
      let start = bytes.baseAddress.map { UnsafeRawPointer($0 + offset) }
      sqlite3_bind_text(
        statement, column, start?.assumingMemoryBound(to: CChar.self), Int32(count), nil)
    }
  }

  private func complaint(_ what: String) -> Complaint {
    Complaint("\(what): \(String(cString: sqlite3_errmsg(handle)))")
  }
}
