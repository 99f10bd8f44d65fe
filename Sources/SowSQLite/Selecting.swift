package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func select(_ query: Query) throws(DatabaseError) -> [SelectedRow] {
    let key = try KeyColumns(query.table)
    try fillLists(of: query.conditions, query.table)
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

  package func scan(_ scan: Scan, _ body: ([Value]) -> Bool) throws(DatabaseError) {
    try fillLists(of: scan.conditions, scan.table)
    let statement = try connection.prepare(SQL.scan(scan))
    defer { statement.reset() }
    var parameter = 1
    for link in scan.paths.compactMap(\.last) {
      bind(link.conditions, of: link.table, to: statement, from: &parameter)
    }
    bind(scan.conditions, of: scan.table, to: statement, from: &parameter)
    let types = scan.columns.map { source in
      source.set == nil ? source.table.columns[source.column].type : .list(of: .any)
    }
    while try statement.step() {
      guard body(try values(of: statement, from: 0, as: types)) else { return }
    }
  }

  /// In the order in which `SQL.select` counts its parameters.
  private func bind(_ query: Query, to statement: Statement) {
    var parameter = 1
    for (column, value) in query.comparison {
      statement.bind(value, as: Affinity(of: query.table.columns[column]), at: parameter)
      parameter += 1
    }
    bind(query.conditions, of: query.table, to: statement, from: &parameter)
    // A negative limit is none.
    statement.bind(query.limit ?? -1, at: parameter)
  }

  func bind(
    _ conditions: [ResolvedCondition], of table: Table, to statement: Statement,
    from parameter: inout Int
  ) {
    for condition in conditions {
      switch condition.comparison {
      case .in, .notIn, .isNull: break
      default:
        for value in condition.operands {
          statement.bind(value, as: Affinity(of: table.columns[condition.column]), at: parameter)
          parameter += 1
        }
      }
    }
  }

  /// Puts the operands of `in` and `not_in` where the statement looks for them, so that its text
  /// does not grow with them.
  private func fillLists(
    of conditions: [ResolvedCondition], _ table: Table
  ) throws(DatabaseError) {
    let lists = conditions.enumerated().filter {
      $1.comparison == .in || $1.comparison == .notIn
    }
    guard !lists.isEmpty else { return }
    try emptyLists()
    let filling = try connection.prepare(SQL.fillList)
    defer { filling.reset() }
    for (list, condition) in lists {
      let affinity = Affinity(of: table.columns[condition.column])
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
