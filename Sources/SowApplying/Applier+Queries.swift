internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Applier {
  /// Carries out an `update` or `delete`; a `read` was answered when it was decided.
  mutating func runQuery(_ number: Int) throws {
    if state.fates[number] == .failed { hasFailures = true }
    guard state.fates[number] == .query, let result = state.results[number] else { return }
    let operation = checked.operations[Int(checked.instances[number].operation)]
    switch operation.action {
    case .update: try update(number, operation, result)
    case .delete: try delete(number, operation, result)
    case .read, .create, .upsert: break
    }
  }

  private mutating func update(
    _ number: Int, _ operation: CheckedOperation, _ result: QueryResult
  ) throws {
    let entity = checked.entities[operation.entity]
    let instance = checked.instances[number]
    let columns = checked.columnSets[Int(instance.columnSet)].columns
    let values: [Value]
    switch state.values(of: number) {
    case .success(let known): values = known.compactMap { $0 }
    case .failure(let problem):
      hasFailures = true
      return state.end(number, problem)
    }
    precondition(values.count == columns.count, "every reference is resolved before an update")
    var keys = zip(result.keys, result.changes).filter(\.1).map(\.0)
    keys += pendingKeys(result)
    var set = RowSet(table: entity.table, columns: columns)
    for _ in keys { set.append(values) }
    let failures = try database.update(set, keys: keys, stopsAtFailure: stopsAtFailure)
    if let failure = failures.first {
      hasFailures = true
      state.fail(number, Diagnostic(failure.error, at: instance.range))
    }
    updated += keys.count - failures.count
    try remember(operation, result, keys, in: entity)
  }

  private mutating func delete(
    _ number: Int, _ operation: CheckedOperation, _ result: QueryResult
  ) throws {
    let entity = checked.entities[operation.entity]
    let keys = result.keys + pendingKeys(result)
    let failures = try database.delete(
      keys, from: entity.table, stopsAtFailure: stopsAtFailure)
    if let failure = failures.first {
      hasFailures = true
      state.fail(number, Diagnostic(failure.error, at: checked.instances[number].range))
    }
    deleted += keys.count - failures.count
    guard serial != nil else { return }
    try database.forget(keys, in: entity.table)
    try remember(operation, result, [], in: entity)
  }

  private mutating func remember(
    _ operation: CheckedOperation, _ result: QueryResult, _ touched: [RowKey], in entity: Entity
  ) throws {
    hasOpenChanges = true
    guard let serial else { return }
    if !touched.isEmpty { try database.touch(touched, in: entity.table, serial: serial) }
    try database.record(
      LedgerPolicy(action: operation.action, entity: entity.name, done: result.done),
      operation: operation.name, of: owner)
  }

  /// Keys of rows that an earlier set of this run has written by now.
  private func pendingKeys(_ result: QueryResult) -> [RowKey] {
    result.pending.compactMap { state.keys[Int($0)] }
  }
}
