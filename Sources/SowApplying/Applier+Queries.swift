internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Applier {
  /// Carries out an `update` or `delete`, all of it or nothing; false where it failed. A `read` was
  /// answered when it was decided, but for rows that had to be written first.
  mutating func runQuery(_ number: Int) throws -> Bool {
    let operation = checked.operations[Int(checked.instances[number].operation)]
    guard state.fates[number] == .query, let result = state.results[number] else {
      return state.fates[number] != .failed
    }
    if let problem = state.problem(of: number) {
      state.end(number, problem)
      return state.fates[number] != .failed
    }
    if operation.action == .read {
      if result.isOpen || !result.pending.isEmpty { try decider.decideQuery(number, in: &state) }
      return state.fates[number] != .failed
    }
    // With `stop` the failing set is taken back as a whole.
    if stopsAtFailure { return try carryOut(number, operation, result) }
    let before = progress.rows
    try database.savepoint()
    if try carryOut(number, operation, result) {
      try database.release()
      return true
    }
    try database.undo()
    forgetShapes()
    progress.rows = before
    return false
  }

  private mutating func carryOut(
    _ number: Int, _ operation: CheckedOperation, _ result: QueryResult
  ) throws -> Bool {
    let failure =
      operation.action == .update
      ? try update(number, operation, result) : try delete(number, operation, result)
    guard let failure else {
      hasOpenChanges = true
      return true
    }
    state.fail(number, failure)
    return false
  }

  private mutating func update(
    _ number: Int, _ operation: CheckedOperation, _ result: QueryResult
  ) throws -> Diagnostic? {
    let entity = checked.entities[operation.entity]
    let instance = checked.instances[number]
    let columns = checked.columnSets[Int(instance.columnSet)].columns
    let values: [Value]
    switch state.values(of: number) {
    case .success(let known): values = known.compactMap { $0 }
    case .failure(.failed(let diagnostic)): return diagnostic
    case .failure(.dead): preconditionFailure("an update without its values is skipped")
    }
    precondition(values.count == columns.count, "every reference is resolved before an update")
    let keys = zip(result.keys, result.changes).filter(\.1).map(\.0) + pendingKeys(result)
    if entity.schema != nil {
      let rows = try database.rows(
        of: entity.table, columns: Array(entity.fields.indices), keys: keys)
      if let invalid = decider.refuseInvalid(number, rows.compactMap { $0 }, values) {
        return invalid
      }
    }
    var set = RowSet(table: entity.table, columns: columns)
    set.reserve(keys.count)
    for _ in keys { set.append(values) }
    let failures = try change(
      set, keys: keys, of: entity, versions: decider.versions(of: number, state),
      stopsAtFailure: true)
    if let failure = failures.first { return Diagnostic(failure.error, at: instance.range) }
    progress.rows.updated += keys.count
    if !operation.fetched.isEmpty { try readBack(number, entity) }
    guard let serial else { return nil }
    try database.touch(keys, in: entity.table, serial: serial)
    try remember(number, operation, entity, keys)
    return nil
  }

  /// Others refer to the rows as the update left them.
  private mutating func readBack(_ number: Int, _ entity: Entity) throws {
    guard var result = state.results[number] else { return }
    let pending = pendingKeys(result)
    result.keys += pending
    result.changes += pending.map { _ in true }
    let found = try database.rows(of: entity.table, columns: result.fields, keys: result.keys)
    result.rows = found.map { $0 ?? [Value](repeating: .null, count: result.fields.count) }
    let first = result.keys.count - pending.count
    result.items = result.items?.map { item in
      guard case .pending(let instance) = item,
        let offset = result.pending.firstIndex(of: instance)
      else { return item }
      return .row(first + offset)
    }
    result.pending = []
    state.results[number] = result
  }

  private mutating func delete(
    _ number: Int, _ operation: CheckedOperation, _ result: QueryResult
  ) throws -> Diagnostic? {
    let entity = checked.entities[operation.entity]
    let keys = result.keys + pendingKeys(result)
    let count = progress.rows.deleted + keys.count
    cascaded += result.cascaded
    if let deleteLimit, count + cascaded > deleteLimit {
      throw UnconsentedError(diagnostic: .tooManyDeletes(count + cascaded, limit: deleteLimit))
    }
    let failures = try discard(
      keys, of: entity, versions: decider.versions(of: number, state), stopsAtFailure: true)
    if let failure = failures.first {
      return Diagnostic(failure.error, at: checked.instances[number].range)
    }
    progress.rows.deleted = count
    guard serial != nil else { return nil }
    try database.forget(keys, in: entity.table)
    try remember(number, operation, entity, keys)
    return nil
  }

  /// The same query may match nothing from now on.
  private mutating func remember(
    _ number: Int, _ operation: CheckedOperation, _ entity: Entity, _ keys: [RowKey]
  ) throws {
    let (address, done) = (checked.address(of: number), decider.doneDigest(number, state))
    try database.record(
      LedgerPolicy(action: operation.action, entity: entity.name, done: done),
      operation: address, of: owner)
    changes.add(query: address, done, keys)
  }

  /// Keys of rows that an earlier set of this run has written by now.
  private func pendingKeys(_ result: QueryResult) -> [RowKey] {
    result.pending.compactMap { state.keys[Int($0)] }
  }
}
