package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func ledgerTables(of operation: String, of owner: Owner) throws(DatabaseError)
    -> [String]
  {
    guard try hasLedger() else { return [] }
    let statement = try connection.prepare(LedgerSQL.tablesOfOperation)
    defer { statement.reset() }
    bind(owner, operation, to: statement, from: 1)
    var tables: [String] = []
    while try statement.step() { tables.append(statement.text(0)) }
    return tables
  }

  package func move(_ moves: [LedgerMove]) throws(DatabaseError) {
    for move in moves {
      if move.isWhole, move.from.instance == move.to.instance {
        try rename(move)
      } else {
        try moveRow(move)
      }
    }
    known.operations = [:]
  }

  /// Rows name their operation by number, so they stay as they are.
  private func rename(_ move: LedgerMove) throws(DatabaseError) {
    guard try number(move.from) != nil else { return }
    let unused = try connection.prepare(LedgerSQL.forgetUnused)
    bind(move.to.owner, move.to.operation, to: unused, from: 1)
    try unused.run()
    for text in [LedgerSQL.rename, LedgerSQL.renameInstances] {
      let statement = try connection.prepare(text)
      bind(move.from.owner, move.from.operation, to: statement, from: 1)
      bind(move.to.owner, move.to.operation, to: statement, from: 4)
      try statement.run()
    }
  }

  private func moveRow(_ move: LedgerMove) throws(DatabaseError) {
    // What is remembered of an instance beyond its row lies under its whole address.
    let from = address(operation: move.from.operation, instance: move.from.instance)
    let to = address(operation: move.to.operation, instance: move.to.instance)
    if !move.from.instance.isEmpty || !move.to.instance.isEmpty {
      let statement = try connection.prepare(LedgerSQL.rename)
      bind(move.from.owner, from, to: statement, from: 1)
      bind(move.to.owner, to, to: statement, from: 4)
      try statement.run()
    }
    known.operations = [:]
    guard let number = try number(move.from) else { return }
    let target = try self.number(of: move.to.operation, of: move.to.owner)
    let statement = try connection.prepare(LedgerSQL.moveRow)
    statement.bind(number, at: 1)
    statement.bind(move.from.instance, at: 2)
    statement.bind(target, at: 3)
    statement.bind(move.to.instance, at: 4)
    try statement.run()
  }

  /// The number of an operation, where the ledger knows it.
  private func number(_ address: LedgerAddress) throws(DatabaseError) -> Int64? {
    let statement = try connection.prepare(LedgerSQL.operation)
    defer { statement.reset() }
    bind(address.owner, address.operation, to: statement, from: 1)
    return try statement.step() ? statement.integer(0) : nil
  }

  private func bind(_ owner: Owner, _ operation: String, to statement: Statement, from index: Int) {
    statement.bind(owner.scope, at: index)
    statement.bind(owner.plan, at: index + 1)
    statement.bind(operation, at: index + 2)
  }
}
