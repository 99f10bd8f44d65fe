package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func insert(_ rows: RowSet, stopsAtFailure: Bool) throws(DatabaseError) -> [RowError] {
    let table = rows.table
    let statement = try connection.prepare(SQL.insert(into: table, columns: rows.columns))
    let affinities = rows.affinities
    let part = rowsAtOnce(of: rows)
    let many =
      part > 1 && part <= rows.count
      ? try connection.prepare(SQL.insert(into: table, columns: rows.columns, rows: part)) : nil
    var failures: [RowError] = []
    var next = 0
    while next < rows.count {
      let some = next..<min(next + part, rows.count)
      next = some.upperBound
      if let many, some.count == part, try insert(some, of: rows, affinities, by: many) { continue }
      failures += try writeEach(of: some, in: table, stopsAtFailure: stopsAtFailure) {
        row throws(DatabaseError) in
        try bind(rows, row, affinities, to: statement)
        try statement.run()
        guard connection.changes == 0 else { return }
        throw .refusedByTrigger
      } explaining: { row throws(DatabaseError) in
        try missingParent(of: rows, row: row)
      }
      if stopsAtFailure, !failures.isEmpty { break }
    }
    return failures
  }

  /// How many rows a statement inserts: one by one where a trigger may refuse some of them in
  /// silence, and where a row may refer to one that comes after it, which only the end of a
  /// statement would see.
  private func rowsAtOnce(of rows: RowSet) -> Int {
    let table = rows.table
    if table.hasTriggers || rows.columns.isEmpty { return 1 }
    if table.foreignKeys.contains(where: { $0.table == table.name }) { return 1 }
    return SQL.rowsAtOnce(width: rows.columns.count)
  }

  /// Inserts some rows by one statement; false where one of them is to blame for its failure, of
  /// which nothing is left then.
  private func insert(
    _ some: Range<Int>, of rows: RowSet, _ affinities: [Affinity], by statement: Statement
  ) throws(DatabaseError) -> Bool {
    do throws(DatabaseError) {
      for (offset, row) in some.enumerated() {
        try bind(rows, row, affinities, to: statement, from: offset * affinities.count)
      }
      try statement.run()
      return true
    } catch {
      guard connection.isInTransaction, error.kind.isOfTheRow else { throw error }
      return false
    }
  }

  package func update(_ rows: RowSet, keys: [RowKey], stopsAtFailure: Bool) throws(DatabaseError)
    -> [RowError]
  {
    precondition(keys.count == rows.count, "an update has one key a row")
    precondition(!rows.columns.isEmpty, "an update sets columns")
    let table = rows.table
    let key = try KeyColumns(table)
    let statement = try connection.prepare(SQL.update(table, columns: rows.columns, key: key))
    let affinities = rows.affinities
    return try writeEach(of: 0..<rows.count, in: table, stopsAtFailure: stopsAtFailure) {
      row throws(DatabaseError) in
      try bind(rows, row, affinities, to: statement)
      guard key.bind(keys[row], to: statement, from: rows.columns.count + 1) else {
        throw .missingRow
      }
      try statement.run()
      try checkWritten(keys[row], key, in: table)
    } explaining: { row throws(DatabaseError) in
      if let error = try missingParent(of: rows, row: row) { return error }
      return try referringRows(to: keys[row], in: table)
    }
  }

  package func delete(_ keys: [RowKey], from table: Table, stopsAtFailure: Bool)
    throws(DatabaseError) -> [RowError]
  {
    let key = try KeyColumns(table)
    let statement = try connection.prepare(SQL.delete(from: table, key: key))
    return try writeEach(of: keys.indices, in: table, stopsAtFailure: stopsAtFailure) {
      row throws(DatabaseError) in
      guard key.bind(keys[row], to: statement, from: 1) else { throw .missingRow }
      try statement.run()
      try checkWritten(keys[row], key, in: table)
    } explaining: { row throws(DatabaseError) in
      try referringRows(to: keys[row], in: table)
    }
  }

  /// Runs `write` for each row and collects the errors that a row is to blame for; where a foreign
  /// key is broken, `explaining` may say which.
  ///
  /// A statement that fails leaves nothing behind, but for a trigger that raises FAIL: so with
  /// triggers each row is a unit of its own.
  private func writeEach(
    of rows: Range<Int>, in table: Table, stopsAtFailure: Bool,
    write: (Int) throws(DatabaseError) -> Void,
    explaining: (Int) throws(DatabaseError) -> DatabaseError?
  ) throws(DatabaseError) -> [RowError] {
    var failures: [RowError] = []
    for row in rows {
      do throws(DatabaseError) {
        guard table.hasTriggers else {
          try write(row)
          continue
        }
        try savepoint()
        try write(row)
        try release()
      } catch {
        let message = connection.handle.message
        guard connection.isInTransaction else {
          throw error.kind.isOfTheRow ? .rolledBackByTrigger : error
        }
        if table.hasTriggers { try takeBack() }
        guard error.kind.isOfTheRow else { throw error }
        var failure = error.named(for: table.name, text: message)
        if error.kind == .foreignKey { failure = try explaining(row) ?? error }
        failure.table = failure.table ?? table.name
        failures.append(RowError(row: row, error: failure))
        if stopsAtFailure { break }
      }
    }
    return failures
  }

  /// `undo` without forgetting what is known: one row's statement changed none of it.
  private func takeBack() throws(DatabaseError) {
    try connection.execute("ROLLBACK TO sow")
    try connection.execute("RELEASE sow")
  }

  private func bind(
    _ rows: RowSet, _ row: Int, _ affinities: [Affinity], to statement: Statement,
    from first: Int = 0
  ) throws(DatabaseError) {
    let width = affinities.count
    for index in 0..<width {
      let value = rows.values[row * width + index]
      if let loss = value.loss(in: affinities[index]) {
        var error = loss
        error.columns = [rows.table.columns[rows.columns[index]].name]
        throw error
      }
      statement.bind(value, as: affinities[index], at: first + index + 1)
    }
  }

  private func checkWritten(_ wanted: RowKey, _ key: KeyColumns, in table: Table)
    throws(DatabaseError)
  {
    guard connection.changes == 0 else { return }
    guard table.hasTriggers else { throw .missingRow }
    let statement = try connection.prepare(SQL.exists(in: table, key: key))
    defer { statement.reset() }
    _ = key.bind(wanted, to: statement, from: 1)
    throw try statement.step() ? .refusedByTrigger : .missingRow
  }
}

extension DatabaseError {
  fileprivate static var missingRow: DatabaseError {
    DatabaseError(.missing, "the row is not there")
  }
  fileprivate static var refusedByTrigger: DatabaseError {
    DatabaseError(.refused, "refused by a trigger")
  }
  fileprivate static var rolledBackByTrigger: DatabaseError {
    DatabaseError(.other, "a trigger rolled the whole transaction back")
  }
}
