package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func select(_ query: Query) throws(DatabaseError) -> [SelectedRow] {
    let key = try KeyColumns(query.table)
    try fillLists(of: query)
    let statement = try connection.prepare(SQL.select(query, key: key))
    defer { statement.reset() }
    bind(query, to: statement)
    let types = query.columns.map { query.table.columns[$0].type }
    var rows: [SelectedRow] = []
    while try statement.step() {
      rows.append(
        SelectedRow(
          key: try key.read(statement, from: 0, on: connection),
          values: try values(of: statement, from: key.count + 1, as: types),
          isEqual: statement.integer(key.count) != 0))
    }
    return rows
  }

  /// In the order in which `SQL.select` counts its parameters.
  private func bind(_ query: Query, to statement: Statement) {
    var parameter = 1
    func bind(_ value: Value, for column: Int) {
      statement.bind(value, as: query.affinity(of: column), at: parameter)
      parameter += 1
    }
    for (column, value) in query.comparison { bind(value, for: column) }
    for condition in query.conditions {
      switch condition.comparison {
      case .in, .notIn, .isNull: break
      default: for value in condition.operands { bind(value, for: condition.column) }
      }
    }
    // A negative limit is none.
    statement.bind(query.limit ?? -1, at: parameter)
  }

  /// Puts the operands of `in` and `not_in` where the statement looks for them, so that its text
  /// does not grow with them.
  private func fillLists(of query: Query) throws(DatabaseError) {
    let lists = query.conditions.enumerated().filter {
      $1.comparison == .in || $1.comparison == .notIn
    }
    guard !lists.isEmpty else { return }
    try emptyLists()
    let filling = try connection.prepare(SQL.fillList)
    defer { filling.reset() }
    for (list, condition) in lists {
      let affinity = query.affinity(of: condition.column)
      for value in condition.operands where !value.isNull {
        filling.bind(list, at: 1)
        filling.bind(value, as: affinity, at: 2)
        try filling.run()
      }
    }
  }

  func emptyLists() throws(DatabaseError) {
    try connection.execute(SQL.makeList)
    try connection.execute(SQL.emptyList)
  }
}

extension Query {
  fileprivate func affinity(of column: Int) -> Affinity {
    Affinity(of: table.columns[column])
  }
}
