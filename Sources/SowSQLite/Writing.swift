package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func insert(_ rows: RowSet, stopsAtFailure: Bool) throws(DatabaseError) -> [RowError] {
    if try insertWithLinks(rows) { return [] }
    let affinities = rows.affinities
    let part = rowsAtOnce(of: rows)
    guard part > 1, part <= rows.count else {
      return try insert(0..<rows.count, of: rows, affinities, stopsAtFailure: stopsAtFailure)
    }
    let many = try connection.prepare(
      SQL.insert(into: rows.table, columns: rows.columns, rows: part))
    var failures: [RowError] = []
    for start in stride(from: 0, to: rows.count, by: part) {
      let some = start..<min(start + part, rows.count)
      if some.count == part, try insert(some, of: rows, affinities, by: many) { continue }
      failures += try insert(some, of: rows, affinities, stopsAtFailure: stopsAtFailure)
      if stopsAtFailure, !failures.isEmpty { break }
    }
    return failures
  }

  package func insertCounted(
    _ rows: RowSet, stopsAtFailure: Bool
  ) throws(DatabaseError) -> CountedRows {
    var keys = [Int64?](repeating: nil, count: rows.count)
    let failures = try insert(
      0..<rows.count, of: rows, rows.affinities, stopsAtFailure: stopsAtFailure
    ) { row, key in keys[row] = key }
    for failure in failures { keys[failure.row] = nil }
    return CountedRows(keys: keys, failures: failures)
  }

  /// How many rows a statement inserts: one by one where they have links, where a trigger may
  /// refuse some of them in silence, and where a row may refer to one that comes after it, which
  /// the end of a statement would let pass.
  private func rowsAtOnce(of rows: RowSet) -> Int {
    let table = rows.table
    if table.hasTriggers || rows.columns.isEmpty || rows.stored != Array(rows.columns.indices) {
      return 1
    }
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
        try bind(
          rows, row, rows.columns.indices, affinities, to: statement,
          from: offset * affinities.count)
      }
      try statement.run()
      return true
    } catch {
      guard connection.isInTransaction, error.kind.isOfTheRow else { throw error }
      return false
    }
  }

  /// Inserts some rows one by one; `counting` is told the number that each got.
  private func insert(
    _ some: Range<Int>, of rows: RowSet, _ affinities: [Affinity], stopsAtFailure: Bool,
    counting: (Int, Int64) -> Void = { _, _ in }
  ) throws(DatabaseError) -> [RowError] {
    let table = rows.table
    let stored = rows.stored
    let statement = try connection.prepare(
      SQL.insert(into: table, columns: stored.map { rows.columns[$0] }))
    let links = try LinkWriter(rows, areNew: true, on: self)
    return try writeEach(of: some, in: table, stopsAtFailure: stopsAtFailure) {
      row throws(DatabaseError) in
      try bind(rows, row, stored, affinities, to: statement)
      try statement.run()
      guard connection.changes > 0 else { throw .refusedByTrigger }
      counting(row, connection.lastInsertedRow)
      try links?.write(rows, row, key: try insertedKey(of: rows, row))
    } explaining: { row throws(DatabaseError) in
      try missingParent(of: rows, row: row)
    }
  }

  /// The key of the row that was inserted last.
  private func insertedKey(of rows: RowSet, _ row: Int) throws(DatabaseError) -> Value {
    if rows.table.primaryKey.count == 1,
      let offset = rows.columns.firstIndex(of: rows.table.primaryKey[0])
    {
      let value = rows[row, offset]
      if !value.isNull { return value }
    }
    guard try KeyColumns(rows.table).isNumber else {
      throw DatabaseError(
        .refused, "the row has links, so its key must be written",
        vi: "bản ghi có liên kết nên phải viết khóa của nó")
    }
    return .integer(connection.lastInsertedRow)
  }

  package func update(
    _ rows: RowSet, keys: [RowKey], guarding: RowGuard?, stopsAtFailure: Bool
  ) throws(DatabaseError) -> [RowError] {
    precondition(keys.count == rows.count, "an update has one key a row")
    precondition(!rows.columns.isEmpty, "an update sets columns")
    let table = rows.table
    let key = try KeyColumns(table)
    let stored = rows.stored
    // Where nothing but links is to change, the row must be there all the same.
    let statement = try connection.prepare(
      stored.isEmpty
        ? SQL.exists(in: table, key: key)
        : SQL.update(
          table, columns: stored.map { rows.columns[$0] }, key: key, guarding: guarding?.column))
    let guardAffinity = guarding.map { Affinity(of: table.columns[$0.column]) }
    let affinities = rows.affinities
    let links = try LinkWriter(rows, areNew: false, on: self)
    return try writeEach(of: 0..<rows.count, in: table, stopsAtFailure: stopsAtFailure) {
      row throws(DatabaseError) in
      try bind(rows, row, stored, affinities, to: statement)
      guard key.bind(keys[row], to: statement, from: stored.count + 1) else { throw .missingRow }
      if stored.isEmpty {
        defer { statement.reset() }
        guard try statement.step() else { throw .missingRow }
      } else {
        if let guarding, let guardAffinity {
          statement.bind(
            guarding.values[row], as: guardAffinity, at: stored.count + key.count + 1)
        }
        try statement.run()
        try checkWritten(keys[row], key, in: table, isGuarded: guarding != nil)
      }
      try links?.write(rows, row, key: keys[row].values[0])
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
    let links = try table.links.compactMap { table.columns[$0].link }.map {
      link throws(DatabaseError) in
      (try connection.prepare(SQL.deleteLinks(link)), Affinity(of: link.table.columns[link.own]))
    }
    return try writeEach(of: keys.indices, in: table, stopsAtFailure: stopsAtFailure) {
      row throws(DatabaseError) in
      guard key.bind(keys[row], to: statement, from: 1) else { throw .missingRow }
      for (deletion, affinity) in links {
        deletion.bind(keys[row].values[0], as: affinity, at: 1)
        try deletion.run()
      }
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
  /// triggers each row is a unit of its own. A row with links is several statements: all rows are a
  /// unit as long as none fails, else they are written once more, each as a unit.
  private func writeEach(
    of rows: Range<Int>, in table: Table, stopsAtFailure: Bool,
    write: (Int) throws(DatabaseError) -> Void,
    explaining: (Int) throws(DatabaseError) -> DatabaseError?
  ) throws(DatabaseError) -> [RowError] {
    let areUnits = table.hasTriggers || table.linksHaveTriggers
    guard !areUnits, !table.links.isEmpty else {
      return try writeEach(
        of: rows, in: table, areUnits: areUnits, stopsAtFailure: stopsAtFailure, write: write,
        explaining: explaining)
    }
    try savepoint()
    let failures = try writeEach(
      of: rows, in: table, areUnits: false, stopsAtFailure: true, write: write,
      explaining: explaining)
    if failures.isEmpty {
      try release()
      return []
    }
    try takeBack()
    return try writeEach(
      of: rows, in: table, areUnits: true, stopsAtFailure: stopsAtFailure, write: write,
      explaining: explaining)
  }

  private func writeEach(
    of rows: Range<Int>, in table: Table, areUnits: Bool, stopsAtFailure: Bool,
    write: (Int) throws(DatabaseError) -> Void,
    explaining: (Int) throws(DatabaseError) -> DatabaseError?
  ) throws(DatabaseError) -> [RowError] {
    var failures: [RowError] = []
    for row in rows {
      do throws(DatabaseError) {
        guard areUnits else {
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
        if areUnits { try takeBack() }
        guard error.kind.isOfTheRow else { throw error }
        var failure = error.named(for: table.name, text: message)
        if error.kind == .foreignKey, error.columns.isEmpty {
          failure = try explaining(row) ?? error
        }
        failure.table = failure.table ?? table.name
        failures.append(RowError(row: row, error: failure))
        if stopsAtFailure { break }
      }
    }
    return failures
  }

  /// `undo` without forgetting what is known: one row's statement changed none of it.
  func takeBack() throws(DatabaseError) {
    try connection.execute("ROLLBACK TO sow")
    try connection.execute("RELEASE sow")
  }

  private func bind(
    _ rows: RowSet, _ row: Int, _ stored: some Sequence<Int>, _ affinities: [Affinity],
    to statement: Statement, from first: Int = 0
  ) throws(DatabaseError) {
    for (position, index) in stored.enumerated() {
      let value = rows[row, index]
      if let loss = value.loss(in: affinities[index]) {
        var error = loss
        error.columns = [rows.table.columns[rows.columns[index]].name]
        throw error
      }
      statement.bindOnce(value, as: affinities[index], at: first + position + 1)
    }
  }

  private func checkWritten(
    _ wanted: RowKey, _ key: KeyColumns, in table: Table, isGuarded: Bool = false
  ) throws(DatabaseError) {
    guard connection.changes == 0 else { return }
    guard table.hasTriggers || isGuarded else { throw .missingRow }
    let statement = try connection.prepare(SQL.exists(in: table, key: key))
    defer { statement.reset() }
    _ = key.bind(wanted, to: statement, from: 1)
    guard try statement.step() else { throw .missingRow }
    throw isGuarded ? .changedRow : .refusedByTrigger
  }
}

extension RowSet {
  /// The offsets of the columns that lie in the table itself.
  var stored: [Int] {
    columns.indices.filter { table.columns[columns[$0]].link == nil }
  }
}

extension Table {
  var linksHaveTriggers: Bool {
    columns.contains { $0.link?.table.hasTriggers == true }
  }
}

extension DatabaseError {
  fileprivate static var missingRow: DatabaseError {
    DatabaseError(.missing, "the row is not there", vi: "bản ghi không tồn tại")
  }
  fileprivate static var changedRow: DatabaseError {
    DatabaseError(
      .changed, "somebody changed the row meanwhile",
      vi: "có người đã thay đổi bản ghi trong lúc đó")
  }
  fileprivate static var refusedByTrigger: DatabaseError {
    DatabaseError(.refused, "refused by a trigger", vi: "bị một trigger từ chối")
  }
  fileprivate static var rolledBackByTrigger: DatabaseError {
    DatabaseError(
      .other, "a trigger rolled the whole transaction back",
      vi: "một trigger đã hoàn tác toàn bộ giao dịch")
  }
}
