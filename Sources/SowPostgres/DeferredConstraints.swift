package import SowDatabase
internal import SowModel

/// Constraints that are put off until the commit, and what stands against them then.
extension PostgresDatabase {
  /// What a constraint that cannot be put off holds is held at once all the same.
  package func deferForeignKeys() throws(DatabaseError) {
    try connection.execute("SET CONSTRAINTS ALL DEFERRED")
  }

  package func deferredFailure() throws(DatabaseError) -> DeferredFailure? {
    do throws(DatabaseError) {
      // Taken back in either case: what is put off stays so.
      try connection.execute(
        "SAVEPOINT sow; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK TO sow; RELEASE sow")
      return nil
    } catch {
      guard error.kind.isOfTheRow else { throw error }
      try takeBack()
      let error = mended(error)
      return DeferredFailure(error: error, rows: try culprits(of: error))
    }
  }

  /// Some rows that break a constraint; none where it is neither a reference nor a unique key.
  private func culprits(of error: DatabaseError) throws(DatabaseError) -> [RowKey] {
    guard
      let table = try error.table.flatMap({ name throws(DatabaseError) in
        try catalogue()[name]
      }), !table.primaryKey.isEmpty, !error.columns.isEmpty
    else { return [] }
    let detail = try detail(of: table)
    let key = try KeyColumns(detail)
    switch error.kind {
    case .foreignKey:
      let reference = table.foreignKeys.first { reference in
        reference.columns.map { table.columns[$0].name } == error.columns
      }
      guard let reference, let parent = try structure().places[reference.table] else { return [] }
      return try keys(
        key, SQL.dangling(detail, key, reference, parent: parent.sql))
    case .unique: return try keys(key, SQL.doubled(error.columns, in: detail, key))
    default: return []
    }
  }

  private func keys(_ key: KeyColumns, _ text: String) throws(DatabaseError) -> [RowKey] {
    try connection.query(text).rows.map { key.read($0, from: 0) }
  }
}

extension SQL {
  private static let few = " LIMIT 10"

  /// Rows that refer to one that is not there.
  fileprivate static func dangling(
    _ table: TableDetail, _ key: KeyColumns, _ reference: Table.ForeignKey, parent: String
  ) -> String {
    let columns = reference.columns.map { column(table.table.columns[$0].name) }
    let pairs = zip(columns, reference.referencedColumns).map { "p." + identifier($1) + " = " + $0 }
    return "SELECT " + key.results.joined(separator: ", ") + " FROM " + table.place.sql
      + " AS t WHERE " + all(columns.map { $0 + " IS NOT NULL" })
      + " AND NOT EXISTS (SELECT FROM " + parent + " AS p WHERE " + all(pairs) + ")" + few
  }

  /// Rows that are not alone with their values.
  fileprivate static func doubled(
    _ names: [String], in table: TableDetail, _ key: KeyColumns
  ) -> String {
    let columns = names.map(identifier).joined(separator: ", ")
    return "SELECT " + key.results.joined(separator: ", ") + " FROM " + table.place.sql
      + " AS t WHERE (" + columns + ") IN (SELECT " + columns + " FROM " + table.place.sql
      + " GROUP BY " + columns + " HAVING count(*) > 1)" + few
  }
}
