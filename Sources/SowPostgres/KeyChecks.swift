internal import SowDatabase
internal import SowModel

/// What no index does where rows lie on other servers: seeing that each key is there once.
extension PostgresDatabase {
  /// Fails, as an index would, where one of the rows with these keys, which were just written,
  /// shares a key with another row. Of the unique keys those count that `columns` are in.
  func checkKeys(
    of detail: TableDetail, _ keys: [Parameter], areNew: Bool, columns: [Int]
  ) throws(DatabaseError) {
    guard detail.table.distribution != nil else { return }
    let table = detail.table
    let key = try KeyColumns(detail)
    if areNew, try connection.query(SQL.repeated(key, in: detail), keys).count > 0 {
      throw .repeatedKey(table.primaryKey, of: table)
    }
    for unique in table.uniqueKeys where areNew || unique.contains(where: columns.contains) {
      let details = try self.columns(unique, of: detail)
      if try connection.query(SQL.shared(details, key, in: detail), keys).count > 0 {
        throw .repeatedKey(unique, of: table)
      }
    }
  }

  /// Fails where a row was found that has the key of another one.
  func checkAlone(_ isAlone: Bool, of table: Table) throws(DatabaseError) {
    guard table.distribution != nil, !isAlone else { return }
    throw .repeatedKey(table.primaryKey, of: table)
  }
}

extension SQL {
  /// One of the keys that more than one row has.
  fileprivate static func repeated(_ key: KeyColumns, in table: TableDetail) -> String {
    "SELECT 1 FROM " + rows(key.count) + " JOIN " + table.place.sql + " AS t ON "
      + equals(key, from: 0) + " GROUP BY v.place HAVING count(*) > 1 LIMIT 1"
  }

  /// One of the keys whose row has the unique columns of a row with another key.
  fileprivate static func shared(
    _ unique: [ColumnDetail], _ key: KeyColumns, in table: TableDetail
  ) -> String {
    func other(_ name: String) -> String { "o." + identifier(name) }
    let same = unique.map {
      $0.type.compared(other($0.name)) + " = " + $0.type.compared(column($0.name))
    }
    let own = key.names.enumerated().map { part, name in
      key.types[part].compared(other(name)) + " = " + key.types[part].compared(column(name))
    }
    return "SELECT 1 FROM " + rows(key.count) + " JOIN " + table.place.sql + " AS t ON "
      + equals(key, from: 0) + " JOIN " + table.place.sql + " AS o ON " + all(same)
      + " WHERE NOT (" + all(own) + ") LIMIT 1"
  }
}

extension DatabaseError {
  fileprivate static func repeatedKey(_ columns: [Int], of table: Table) -> DatabaseError {
    let names = columns.map { table.columns[$0].name }
    let words = quoted(names)
    return DatabaseError(
      .unique,
      Phrase(
        "two rows of {table} have the same {names}, which no index of the database holds unique",
        vi: "hai bản ghi của {table} có cùng {names}, mà không chỉ mục nào bảo đảm là duy nhất",
        ["table": table.name, "names": words]),
      table: table.name, columns: names)
  }
}
