package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func referring(
    to keys: [RowKey], in parent: Table, from table: Table, by foreignKey: Table.ForeignKey
  ) throws(DatabaseError) -> [Referring] {
    let (key, own) = (try KeyColumns(parent), try KeyColumns(table))
    // A key of one part goes through a list, so that the child's table is gone over once.
    let isListed = key.count == 1
    if isListed { try emptyLists() }
    let statement = try connection.prepare(
      SQL.referring(table, foreignKey, own, to: parent, key: key, listed: isListed))
    defer { statement.reset() }
    var found: [Referring] = []
    func read() throws(DatabaseError) {
      while try statement.step() {
        found.append(
          Referring(
            parent: try key.read(statement, from: 0, on: connection),
            child: try own.read(statement, from: key.count, on: connection)))
      }
      statement.reset()
    }
    if isListed {
      let filling = try connection.prepare(SQL.fillList)
      defer { filling.reset() }
      for wanted in keys {
        filling.bind(0, at: 1)
        guard key.bind(wanted, to: filling, from: 2) else { continue }
        try filling.run()
      }
      try read()
    } else {
      for wanted in keys where key.bind(wanted, to: statement, from: 1) { try read() }
    }
    return found
  }
}

/// Which foreign key was broken: SQLite itself says only that one was.
extension SQLiteDatabase {
  /// The first foreign key of the row whose parent is not there; nil where none is found.
  func missingParent(of rows: RowSet, row: Int) throws(DatabaseError) -> DatabaseError? {
    let table = rows.table
    for foreignKey in table.foreignKeys {
      let places = foreignKey.columns.compactMap { rows.columns.firstIndex(of: $0) }
      let values = places.map { rows[row, $0] }
      guard values.count == foreignKey.columns.count, !values.contains(.null) else { continue }
      guard try catalogue()[foreignKey.table] != nil else {
        return missing(foreignKey, of: table)
      }
      let statement = try connection.prepare(
        SQL.referenced(foreignKey.table, columns: foreignKey.referencedColumns))
      defer { statement.reset() }
      for (index, value) in values.enumerated() {
        let column = table.columns[foreignKey.columns[index]]
        statement.bind(value, as: Affinity(of: column), at: index + 1)
      }
      if try !statement.step() { return missing(foreignKey, of: table) }
    }
    return nil
  }

  /// The first foreign key through which a row still refers to the one with this key.
  func referringRows(to key: RowKey, in parent: Table) throws(DatabaseError) -> DatabaseError? {
    let columns = try KeyColumns(parent)
    for table in try catalogue().tables {
      for foreignKey in table.foreignKeys
      where foreignKey.table == parent.name
        && (foreignKey.onDelete == .refuse || foreignKey.onDelete == .restrict)
      {
        let statement = try connection.prepare(
          SQL.referring(table, foreignKey, to: parent, key: columns))
        defer { statement.reset() }
        guard columns.bind(key, to: statement, from: 1), try statement.step() else { continue }
        let names = foreignKey.columns.map { table.columns[$0].name }
        return DatabaseError(
          .foreignKey,
          "rows of \(table.name) still refer to it by \(names.joined(separator: ", "))",
          vi:
            "các bản ghi của \(table.name) vẫn tham chiếu đến nó qua \(names.joined(separator: ", "))",
          table: table.name, columns: names)
      }
    }
    return nil
  }

  func missing(_ foreignKey: Table.ForeignKey, of table: Table) -> DatabaseError {
    let names = foreignKey.columns.map { table.columns[$0].name }
    return DatabaseError(
      .foreignKey,
      "\(quoted(names)) refers to a row of \"\(foreignKey.table)\" that is not there",
      vi: "\(quoted(names)) tham chiếu đến một bản ghi của \"\(foreignKey.table)\" không tồn tại",
      table: table.name, columns: names)
  }
}
