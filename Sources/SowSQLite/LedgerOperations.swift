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
    let number = try lastNumber() + 1
    try write([operation], from: number, of: owner)
    known.operations[owner]?[operation] = number
    return number
  }

  /// The number of each row's operation; those of new operations are made many at once.
  func operationNumbers(of rows: [LedgerRow], _ owner: Owner) throws(DatabaseError) -> [Int64] {
    // One operation alone, as where each is committed by itself, needs no others' numbers.
    guard let first = rows.first else { return [] }
    if rows.allSatisfy({ $0.operation == first.operation }) {
      return Array(repeating: try number(of: first.operation, of: owner), count: rows.count)
    }
    var known = try numbers(of: owner)
    // Held by nobody else while it grows, so that it is not copied.
    self.known.operations[owner] = nil
    let lastNumber = try lastNumber()
    var new: [String] = []
    var numbers: [Int64] = []
    numbers.reserveCapacity(rows.count)
    for index in rows.indices {
      if index > 0, rows[index].operation == rows[index - 1].operation {
        numbers.append(numbers[index - 1])
      } else if let number = known[rows[index].operation] {
        numbers.append(number)
      } else {
        new.append(rows[index].operation)
        let number = lastNumber + Int64(new.count)
        known[rows[index].operation] = number
        numbers.append(number)
      }
    }
    if !new.isEmpty { try write(new, from: lastNumber + 1, of: owner) }
    self.known.operations[owner] = known
    return numbers
  }

  /// Writes new operations under numbers that follow each other.
  private func write(_ operations: [String], from first: Int64, of owner: Owner)
    throws(DatabaseError)
  {
    let width = LedgerSQL.operationWidth
    let part = SQL.rowsAtOnce(width: width)
    let single = try connection.prepare(LedgerSQL.writeOperations(1))
    let many =
      operations.count < part ? single : try connection.prepare(LedgerSQL.writeOperations(part))
    var next = first
    var rest = operations[...]
    while !rest.isEmpty {
      let (count, statement) = rest.count < part ? (1, single) : (part, many)
      for (row, operation) in rest.prefix(count).enumerated() {
        statement.bind(next, at: row * width + 1)
        statement.bindOnce(owner.scope, at: row * width + 2)
        statement.bindOnce(owner.plan, at: row * width + 3)
        statement.bindOnce(operation, at: row * width + 4)
        next += 1
      }
      try statement.run()
      rest = rest.dropFirst(count)
    }
  }

  private func lastNumber() throws(DatabaseError) -> Int64 {
    let statement = try connection.prepare(LedgerSQL.lastOperation)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : 0
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
