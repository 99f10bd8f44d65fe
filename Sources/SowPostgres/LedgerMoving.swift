package import SowDatabase
package import SowModel

extension PostgresDatabase {
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
    guard try numbers(of: move.from.owner)[move.from.operation] != nil else { return }
    try forget(operations: [move.to.operation], of: move.to.owner)
    let names =
      move.from.owner.parameters + [Parameter(move.from.operation)] + move.to.owner.parameters
      + [Parameter(move.to.operation)]
    try connection.query(sql.rename, names)
    try connection.query(sql.renameInstances, names)
    known.operations = [:]
  }

  private func moveRow(_ move: LedgerMove) throws(DatabaseError) {
    // What is remembered of an instance beyond its row lies under its whole address.
    let from = address(operation: move.from.operation, instance: move.from.instance)
    let to = address(operation: move.to.operation, instance: move.to.instance)
    if !move.from.instance.isEmpty || !move.to.instance.isEmpty {
      try connection.query(
        sql.rename,
        move.from.owner.parameters + [Parameter(from)] + move.to.owner.parameters
          + [Parameter(to)])
    }
    known.operations = [:]
    guard let number = try numbers(of: move.from.owner)[move.from.operation] else { return }
    try makeNumbers(of: [move.to.operation], move.to.owner)
    try connection.query(
      sql.moveRow,
      [
        Parameter(number), Parameter(move.from.instance),
        Parameter(try self.number(of: move.to.operation, of: move.to.owner)),
        Parameter(move.to.instance),
      ])
  }
}
