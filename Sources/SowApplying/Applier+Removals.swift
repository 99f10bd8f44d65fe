internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Applier {
  /// Takes rows away step by step, each with its ledger rows; true where one could not go.
  mutating func remove(_ steps: [RemovalStep]) throws -> Bool {
    var hasFailures = false
    for step in steps {
      switch step {
      case .unlink(let keys, let columns, let table):
        try unlink(keys, columns, table)
      case .delete(let rows, let table):
        if try delete(rows, table) { hasFailures = true }
      }
      if hasFailures, stopsAtFailure { break }
    }
    return hasFailures
  }

  /// Rows that only leave the ledger.
  mutating func forget(_ rows: [Removal]) throws {
    guard !rows.isEmpty else { return }
    try database.forget(rows.map(ledgerAddress))
    for removal in rows { changes.add("forget", removal.row.operation, removal.row.instance) }
    progress.rows.forgotten += rows.count
    for removal in rows { meter.add(of: removal.row.operation) }
    note(rows, isDelete: false, [:])
    hasOpenChanges = true
  }

  /// Takes out what the ledger remembers of operations without rows.
  mutating func forget(operations: [String]) throws {
    guard !operations.isEmpty else { return }
    try database.forget(operations: operations, of: owner)
    hasOpenChanges = true
  }

  private mutating func delete(_ rows: [Removal], _ table: Table) throws -> Bool {
    let keys = rows.map(\.row.key)
    let failures =
      if let entity = checked.entity(of: table.name) {
        try discard(keys, of: entity, stopsAtFailure: stopsAtFailure)
      } else {
        try database.delete(keys, from: table, stopsAtFailure: stopsAtFailure)
      }
    var failed: [Int: Diagnostic] = [:]
    for failure in failures {
      failed[failure.row] = Diagnostic(removal: rows[failure.row], failure.error, checked)
    }
    var gone = rows.indices.filter { failed[$0] == nil }
    if stopsAtFailure, let first = failures.first { gone = gone.filter { $0 < first.row } }
    try database.forget(gone.map { ledgerAddress(rows[$0]) })
    progress.rows.deleted += gone.count
    for index in gone {
      meter.add(of: rows[index].row.operation)
      changes.add("delete", rows[index].row.operation, rows[index].row.instance)
    }
    hasOpenChanges = hasOpenChanges || !gone.isEmpty
    note(rows, isDelete: true, failed)
    return !failures.isEmpty
  }

  /// A failure here shows when the rows are to be deleted.
  private func unlink(_ keys: [RowKey], _ columns: [Int], _ table: Table) throws {
    var set = RowSet(table: table, columns: columns)
    for _ in keys { set.append(columns.map { _ in Value.null }) }
    _ = try database.update(set, keys: keys, stopsAtFailure: true)
  }

  private mutating func note(_ rows: [Removal], isDelete: Bool, _ failed: [Int: Diagnostic]) {
    let firstFailed = stopsAtFailure ? failed.keys.min() ?? .max : .max
    for (index, removal) in rows.enumerated() where collectsRows || failed[index] != nil {
      removed.append(
        RemovalResult(
          address: removal.address, entity: removal.entity, key: removal.row.key.text,
          isDelete: isDelete, reason: removal.reason,
          status: failed[index] != nil ? .failed : index < firstFailed ? .completed : .notRun,
          failure: failed[index].map(Failure.init)))
    }
  }

  private func ledgerAddress(_ removal: Removal) -> LedgerAddress {
    LedgerAddress(
      owner: owner, operation: removal.row.operation, instance: removal.row.instance)
  }

  // MARK: Policies

  /// Writes what the plan says about the rows of operations that have some, where the ledger
  /// remembers something else.
  mutating func rememberPolicies() throws {
    for (index, operation) in checked.operations.enumerated()
    where operation.action.insertsRows
      && decider.rememberedLifecycle(of: operation.name) != operation.lifecycle
      && entries.counts[operation.name] != nil
    {
      try rememberPolicy(of: index)
      progress.rows.noted += 1
    }
  }

  /// An operation's policy goes with its first rows.
  mutating func rememberPolicy(of index: Int) throws {
    let operation = checked.operations[index]
    guard decider.rememberedLifecycle(of: operation.name) != operation.lifecycle,
      knownPolicies.insert(index).inserted
    else { return }
    try database.record(
      LedgerPolicy(
        action: operation.action, entity: checked.entities[operation.entity].name, done: nil,
        lifecycle: operation.lifecycle), operation: operation.name, of: owner)
    changes.add("policy", operation.name, "")
    hasOpenChanges = true
  }
}

extension Diagnostic {
  /// A row that the database did not let go, at the place of its operation where there still is one.
  fileprivate init(removal: Removal, _ error: DatabaseError, _ plan: CheckedPlan) {
    let range = plan.operationNames[removal.row.operation].map { plan.operations[$0].range }
    self.init(
      .removalFailed, ["address": removal.address, "problem": error.message], at: range)
  }
}
