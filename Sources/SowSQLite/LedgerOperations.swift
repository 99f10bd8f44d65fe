package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func policies(of owner: Owner) throws(DatabaseError) -> [String: LedgerPolicy] {
    guard try hasLedger() else { return [:] }
    let statement = try connection.prepare(
      LedgerSQL.policies(format: try ledger()?.format ?? Ledger.currentFormat))
    defer { statement.reset() }
    statement.bind(owner.scope, at: 1)
    statement.bind(owner.plan, at: 2)
    var policies: [String: LedgerPolicy] = [:]
    while try statement.step() {
      let onRemove = statement.isNull(5) ? .delete : Lifecycle.OnRemove(rawValue: statement.text(5))
      guard let action = Action(rawValue: statement.text(1)), let onRemove else {
        throw DatabaseError(
          .unusable, "the ledger holds a policy that cannot be read",
          vi: "sổ cái chứa một chính sách không đọc được")
      }
      policies[statement.text(0)] = LedgerPolicy(
        action: action, entity: statement.text(2), done: statement.digest(3),
        lifecycle: Lifecycle(protects: statement.integer(4) != 0, onRemove: onRemove))
    }
    return policies
  }

  package func record(_ policy: LedgerPolicy, operation: String, of owner: Owner)
    throws(DatabaseError)
  {
    try upgradeLedger()
    let number = try number(of: operation, of: owner)
    let statement = try connection.prepare(LedgerSQL.writePolicy)
    statement.bind(number, at: 1)
    statement.bind(policy.action.rawValue, at: 2)
    statement.bind(policy.entity, at: 3)
    statement.bind(policy.done, at: 4)
    statement.bind(policy.lifecycle.protects ? 1 : 0, at: 5)
    statement.bind(policy.lifecycle.onRemove.rawValue, at: 6)
    try statement.run()
  }

  package func forget(operations: [String], of owner: Owner) throws(DatabaseError) {
    guard try hasLedger() else { return }
    let statement = try connection.prepare(LedgerSQL.forgetUnused)
    for operation in operations {
      statement.bind(owner.scope, at: 1)
      statement.bind(owner.plan, at: 2)
      statement.bind(operation, at: 3)
      try statement.run()
      if connection.changes > 0 { known.operations[owner]?[operation] = nil }
    }
  }

  /// The number of an operation, made where it is new.
  func number(of operation: String, of owner: Owner) throws(DatabaseError) -> Int64 {
    if let numbers = known.operations[owner] {
      if let number = numbers[operation] { return number }
    } else if let number = try knownNumber(of: operation, of: owner) {
      return number
    }
    let statement = try connection.prepare(LedgerSQL.writeOperations(1))
    return try makeNumbers(of: [operation], owner, by: statement)
  }

  /// Makes the numbers of operations that the ledger does not know, each one above the one before;
  /// the last one.
  @discardableResult
  private func makeNumbers(
    of operations: ArraySlice<String>, _ owner: Owner, by statement: Statement
  ) throws(DatabaseError) -> Int64 {
    for (row, operation) in operations.enumerated() {
      statement.bindOnce(owner.scope, at: row * 3 + 1)
      statement.bindOnce(owner.plan, at: row * 3 + 2)
      statement.bindOnce(operation, at: row * 3 + 3)
    }
    try statement.run()
    let last = connection.lastInsertedRow
    for (row, operation) in operations.enumerated() {
      known.operations[owner]?[operation] = last - Int64(operations.count - 1 - row)
    }
    return last
  }

  /// Makes those numbers of many operations that are still to be made, many at once.
  func makeNumbers(of rows: [LedgerRow], _ owner: Owner) throws(DatabaseError) {
    let part = SQL.rowsAtOnce(width: 3)
    var rest = Self.names(in: rows, without: try numbers(of: owner))[...]
    guard !rest.isEmpty else { return }
    let single = try connection.prepare(LedgerSQL.writeOperations(1))
    let many =
      rest.count < part ? single : try connection.prepare(LedgerSQL.writeOperations(part))
    while !rest.isEmpty {
      let (count, statement) = rest.count < part ? (1, single) : (part, many)
      try makeNumbers(of: rest.prefix(count), owner, by: statement)
      rest = rest.dropFirst(count)
    }
  }

  /// The names of operations that have no number, each once.
  private static func names(in rows: [LedgerRow], without numbers: [String: Int64]) -> [String] {
    var seen: Set<String> = []
    return rows.compactMap { row in
      let isNew = numbers[row.operation] == nil && seen.insert(row.operation).inserted
      return isNew ? row.operation : nil
    }
  }

  /// The number of one operation, so that a small transaction need not read those of all.
  private func knownNumber(of operation: String, of owner: Owner) throws(DatabaseError) -> Int64? {
    let statement = try connection.prepare(LedgerSQL.operation)
    defer { statement.reset() }
    statement.bind(owner.scope, at: 1)
    statement.bind(owner.plan, at: 2)
    statement.bind(operation, at: 3)
    return try statement.step() ? statement.integer(0) : nil
  }

  /// The operations of an owner that the ledger knows.
  func numbers(of owner: Owner) throws(DatabaseError) -> [String: Int64] {
    if let numbers = known.operations[owner] { return numbers }
    guard try hasLedger() else { return [:] }
    let statement = try connection.prepare(LedgerSQL.operations)
    defer { statement.reset() }
    statement.bind(owner.scope, at: 1)
    statement.bind(owner.plan, at: 2)
    var numbers: [String: Int64] = [:]
    while try statement.step() { numbers[statement.text(0)] = statement.integer(1) }
    known.operations[owner] = numbers
    return numbers
  }
}
