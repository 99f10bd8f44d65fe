import CPostgres

/// The rows of a workload by libpq: `INSERT … SELECT FROM unnest(…) RETURNING` in one transaction,
/// ten thousand rows a statement; then a look at all of them, and a request for each.
struct ServerFloor {
  private let workload: any Workload
  private let model: String

  init(_ workload: any Workload, asIn model: String) {
    self.workload = workload
    self.model = model
  }

  /// The time of the transaction alone: making the rows is not counted.
  func inserts() throws -> Double {
    let session = try emptied("inserts")
    let clock = ContinuousClock()
    var statements: [ArrayInsert] = []
    var time = try clock.measure {
      try session.run("BEGIN")
      statements = try workload.tables.map { try ArrayInsert($0.name, $0.columns, session) }
    }
    try forEachBlock(of: 10_000) { block in
      time += try clock.measure {
        for (number, statement) in statements.enumerated() {
          try statement.run(block, table: number, on: session)
        }
      }
    }
    time += try clock.measure { try session.run("COMMIT") }
    return time.seconds
  }

  /// All rows once, of all tables of the model.
  func scan() throws -> Double {
    let session = try Session(model)
    return try ContinuousClock().measure {
      for table in workload.tables {
        try session.run("SELECT \(table.columns.joined(separator: ", ")) FROM \(table.name)")
      }
    }.seconds
  }

  /// A request a row, each its own transaction, as whoever calls a service for each record has it.
  func requests() throws -> Double {
    let session = try emptied("requests")
    let statements = try workload.tables.map { try ArrayInsert($0.name, $0.columns, session) }
    var time = Duration.zero
    try forEachBlock(of: 1) { block in
      time += try ContinuousClock().measure {
        try statements[block.rows[0].table].run(block, table: block.rows[0].table, on: session)
      }
    }
    return time.seconds
  }

  /// A copy of the model without rows.
  private func emptied(_ purpose: String) throws -> Session {
    let (server, name) = try (Session(model, database: "postgres"), Session.database(in: model))
    let copy = "\(name)_\(purpose)"
    try server.run("DROP DATABASE IF EXISTS \(copy)")
    try server.run("CREATE DATABASE \(copy) TEMPLATE \(name)")
    let session = try Session(model, database: copy)
    try session.run("TRUNCATE " + workload.tables.map(\.name).joined(separator: ", "))
    return session
  }

  private func forEachBlock(of size: Int, _ body: (RowBlock) throws -> Void) throws {
    var block = RowBlock()
    for start in stride(from: 0, to: workload.rowCount, by: size) {
      block.removeAll()
      workload.fill(&block, rows: start..<min(start + size, workload.rowCount))
      try body(block)
    }
  }
}

/// One statement for any number of rows of a table, a column an array.
private struct ArrayInsert {
  private let text: String
  private let width: Int

  init(_ table: String, _ columns: [String], _ session: Session) throws {
    let types = try columns.map { column in
      try session.text(
        """
        SELECT format_type(atttypid, -1) FROM pg_attribute
        WHERE attrelid = '\(table)'::regclass AND attname = '\(column)'
        """)
    }
    let arrays = types.enumerated().map { "$\($0 + 1)::\($1)[]" }
    let list = columns.joined(separator: ", ")
    text =
      "INSERT INTO \(table) (\(list)) SELECT * FROM unnest(\(arrays.joined(separator: ", ")))"
      + " RETURNING \(columns[0])"
    width = columns.count
  }

  func run(_ block: RowBlock, table: Int, on session: Session) throws {
    var arrays = Array(repeating: [UInt8(ascii: "{")], count: width)
    for (index, row) in block.rows.enumerated() where row.table == table {
      let end = index + 1 < block.rows.count ? block.rows[index + 1].start : block.cells.count
      for (column, cell) in block.cells[row.start..<end].enumerated() {
        if arrays[column].count > 1 { arrays[column].append(UInt8(ascii: ",")) }
        block.append(cell, to: &arrays[column])
      }
    }
    guard let first = arrays.first, first.count > 1 else { return }
    for column in arrays.indices { arrays[column] += [UInt8(ascii: "}"), 0] }
    try session.run(text, arrays)
  }
}

extension RowBlock {
  /// A cell as an element of an array.
  fileprivate func append(_ cell: Cell, to array: inout [UInt8]) {
    switch cell {
    case .integer(let number): array += String(number).utf8
    case .real(let number): array += String(number).utf8
    case .text(let offset, let count):
      array.append(UInt8(ascii: "\""))
      for byte in bytes[offset..<offset + count] {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
          array.append(UInt8(ascii: "\\"))
        }
        array.append(byte)
      }
      array.append(UInt8(ascii: "\""))
    }
  }
}

/// As much of libpq as the floor needs.
final class Session {
  private let pointer: OpaquePointer?

  /// Connects to the database of a URL, or to another one there.
  init(_ url: String, database: String? = nil) throws {
    let own = Self.database(in: url)
    let url = database.map { url.replacing("/\(own)?", with: "/\($0)?") } ?? url
    pointer = PQconnectdb(url)
    guard PQstatus(pointer) == CONNECTION_OK else { throw complaint("connect") }
  }

  deinit { PQfinish(pointer) }

  static func database(in url: String) -> String {
    String(url.prefix { $0 != "?" }.split(separator: "/").last ?? "")
  }

  func run(_ sql: String) throws { try check(PQexec(pointer, sql), sql) { _ in } }

  func text(_ sql: String) throws -> String {
    var found = ""
    try check(PQexec(pointer, sql), sql) { answer in
      found = PQntuples(answer) > 0 ? String(cString: PQgetvalue(answer, 0, 0)) : ""
    }
    return found
  }

  /// Runs a statement with parameters that end in a zero.
  func run(_ sql: String, _ parameters: [[UInt8]]) throws {
    var pointers: [UnsafePointer<CChar>?] = []
    let answer = Self.withPointers(parameters[...], &pointers) { pointers in
      PQexecParams(pointer, sql, Int32(pointers.count), nil, pointers, nil, nil, 0)
    }
    try check(answer, sql) { _ in }
  }

  private static func withPointers<Answer>(
    _ parameters: ArraySlice<[UInt8]>, _ pointers: inout [UnsafePointer<CChar>?],
    _ body: ([UnsafePointer<CChar>?]) -> Answer
  ) -> Answer {
    guard let first = parameters.first else { return body(pointers) }
    return first.withUnsafeBytes { bytes in
      pointers.append(bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
      return withPointers(parameters.dropFirst(), &pointers, body)
    }
  }

  private func check(
    _ answer: OpaquePointer?, _ sql: String, _ body: (OpaquePointer?) -> Void
  ) throws {
    defer { PQclear(answer) }
    guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(answer)) else {
      throw complaint(String(sql.prefix(200)))
    }
    body(answer)
  }

  private func complaint(_ what: String) -> Complaint {
    Complaint("\(what): \(String(cString: PQerrorMessage(pointer)))")
  }
}
