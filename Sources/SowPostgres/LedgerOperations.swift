package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func policies(of owner: Owner) throws(DatabaseError) -> [String: LedgerPolicy] {
    guard try hasLedger() else { return [:] }
    var policies: [String: LedgerPolicy] = [:]
    for row in try connection.query(sql.policies, owner.parameters).rows {
      let onRemove = row.isNull(5) ? .delete : Lifecycle.OnRemove(rawValue: row.text(5))
      guard let action = Action(rawValue: row.text(1)), let onRemove else {
        throw DatabaseError(
          .unusable, "the ledger holds a policy that cannot be read",
          vi: "sổ cái chứa một chính sách không đọc được")
      }
      policies[row.text(0)] = LedgerPolicy(
        action: action, entity: row.text(2), done: row.digest(3),
        lifecycle: Lifecycle(protects: row.isTrue(4), onRemove: onRemove))
    }
    return policies
  }

  package func record(_ policy: LedgerPolicy, operation: String, of owner: Owner)
    throws(DatabaseError)
  {
    try makeNumbers(of: [operation], owner)
    try connection.query(
      sql.writePolicy,
      [
        Parameter(try number(of: operation, of: owner)), Parameter(policy.action.rawValue),
        Parameter(policy.entity),
        Parameter(policy.done),
        Parameter(policy.lifecycle.protects ? "t" : "f"),
        Parameter(policy.lifecycle.onRemove.rawValue),
      ])
  }

  package func forget(operations: [String], of owner: Owner) throws(DatabaseError) {
    guard try hasLedger(), !operations.isEmpty else { return }
    var names = ArrayText()
    for operation in operations { names.append(operation) }
    try connection.query(sql.forgetUnused, owner.parameters + [names.parameter])
    known.operations[owner] = nil
  }

  /// The number of an operation that has one.
  func number(of operation: String, of owner: Owner) throws(DatabaseError) -> Int64 {
    guard let number = try numbers(of: owner)[operation] else {
      throw DatabaseError(
        .unusable, "the ledger has lost an operation", vi: "sổ cái đã mất một thao tác")
    }
    return number
  }

  /// Makes those numbers that are still to be made, above all others: who writes holds the lock.
  func makeNumbers(of operations: some Sequence<String>, _ owner: Owner) throws(DatabaseError) {
    let first = try highestNumber() + 1
    var numbers = try numbers(of: owner)
    // Else they would be copied with the first new one.
    known.operations[owner] = nil
    var names = ArrayBytes(of: .text, capacity: 0)
    for operation in operations where numbers[operation] == nil {
      numbers[operation] = first + Int64(names.count)
      names.append(operation)
    }
    known.operations[owner] = PostgresDatabase.Operations(numbers: numbers)
    guard names.count > 0 else { return }
    known.highestNumber = first - 1 + Int64(names.count)
    known.firstNewNumber = known.firstNewNumber ?? first
    try connection.post(
      sql.writeOperations, owner.parameters + [names.parameter, Parameter(first - 1)]
    ) { failure throws(DatabaseError) in
      if let failure { throw failure }
    }
  }

  private func highestNumber() throws(DatabaseError) -> Int64 {
    if let number = known.highestNumber { return number }
    let number = try connection.query(sql.highestNumber)[0].integer(0)
    known.highestNumber = number
    return number
  }

  /// The operations of an owner that the ledger knows.
  func numbers(of owner: Owner) throws(DatabaseError) -> [String: Int64] {
    if let numbers = known.operations[owner]?.numbers { return numbers }
    let names = try names(of: owner)
    var numbers: [String: Int64] = [:]
    numbers.reserveCapacity(names.count)
    for (number, name) in names { numbers[name] = number }
    known.operations[owner]?.numbers = numbers
    return numbers
  }

  /// The same by number.
  func names(of owner: Owner) throws(DatabaseError) -> [Int64: String] {
    if let names = known.operations[owner]?.names { return names }
    var names: [Int64: String] = [:]
    if let numbers = known.operations[owner]?.numbers {
      names.reserveCapacity(numbers.count)
      for (name, number) in numbers { names[number] = name }
      known.operations[owner]?.names = names
      return names
    }
    guard try hasLedger() else { return [:] }
    let answer = try connection.query(sql.operations, owner.parameters)
    names.reserveCapacity(answer.count)
    for row in answer.rows { names[row.integer(1)] = row.text(0) }
    known.operations[owner] = Operations(names: names)
    return names
  }
}

extension Owner {
  var parameters: [Parameter] { [Parameter(scope), Parameter(plan)] }
}
