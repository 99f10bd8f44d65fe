internal import CSQLite
package import SowDatabase
internal import SowModel

/// Foreign keys that are put off until the commit, and what stands against them then.
extension SQLiteDatabase {
  /// SQLite itself ends this with the transaction. RESTRICT is held at once all the same.
  package func deferForeignKeys() throws(DatabaseError) {
    try connection.execute("PRAGMA defer_foreign_keys = ON")
  }

  package func deferredFailure() throws(DatabaseError) -> DeferredFailure? {
    var (open, peak): (Int32, Int32) = (0, 0)
    let code = sqlite3_db_status(
      connection.handle.pointer, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &peak, 0)
    return code == SQLITE_OK && open > 0 ? try danglingRows() : nil
  }

  /// The rows of the first foreign key that leads nowhere.
  func danglingRows() throws(DatabaseError) -> DeferredFailure? {
    let statement = try connection.prepare(
      "SELECT \"table\", fkid FROM pragma_foreign_key_check LIMIT 1")
    guard try statement.step() else { return nil }
    let (name, number) = (statement.text(0), Int(statement.integer(1)))
    statement.reset()
    // The pragma counts from the last foreign key of the table, the catalogue from the first.
    guard let table = try catalogue()[name] else { return nil }
    let position = table.foreignKeys.count - 1 - number
    guard table.foreignKeys.indices.contains(position) else { return nil }
    let foreignKey = table.foreignKeys[position]
    let key = try KeyColumns(table)
    let dangling = try connection.prepare(SQL.dangling(table, key, foreignKey))
    defer { dangling.reset() }
    var rows: [RowKey] = []
    while try dangling.step() { rows.append(try key.read(dangling, from: 0, on: connection)) }
    return DeferredFailure(error: missing(foreignKey, of: table), rows: rows)
  }
}

extension SQL {
  /// Some rows that refer to one that is not there.
  fileprivate static func dangling(
    _ table: Table, _ key: KeyColumns, _ foreignKey: Table.ForeignKey
  ) -> String {
    let columns = foreignKey.columns.map { column(table.columns[$0].name) }
    let pairs = zip(columns, foreignKey.referencedColumns).map {
      "p." + identifier($1) + " = " + $0
    }
    return "SELECT " + key.names.map(column).joined(separator: ", ") + " FROM "
      + Self.table(table.name) + " AS t WHERE " + all(columns.map { $0 + " IS NOT NULL" })
      + " AND NOT EXISTS (SELECT 1 FROM " + Self.table(foreignKey.table) + " AS p WHERE "
      + all(pairs) + ") LIMIT 10"
  }
}
