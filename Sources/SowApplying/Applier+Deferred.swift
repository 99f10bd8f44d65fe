internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// What stands against a constraint that was put off, as the failure of whoever wrote it.
extension Applier {
  /// - Throws: the failure itself, where none of its rows is of this run.
  mutating func blame(_ failure: DeferredFailure) throws {
    let instances = culprits(of: failure)
    for number in instances {
      state.fail(number, Diagnostic(failure.error, at: checked.instances[number].range))
    }
    guard instances.isEmpty else { return }
    guard let operation = try streamToBlame(for: failure) else { throw failure.error }
    fail(operation, Diagnostic(failure.error, at: checked.operations[operation].range))
  }

  /// The same as an error that ends the run.
  func placed(_ failure: DeferredFailure) -> any Error {
    if let number = culprits(of: failure).first {
      return PlacedError(cause: failure.error, range: checked.instances[number].range)
    }
    guard let operation = try? streamToBlame(for: failure) else { return failure.error }
    return PlacedError(cause: failure.error, range: checked.operations[operation].range)
  }

  private func culprits(of failure: DeferredFailure) -> [Int] {
    let keys = Set(failure.rows)
    return checked.instances.indices.filter { number in
      let operation = checked.operations[Int(checked.instances[number].operation)]
      guard operation.stream == nil, operation.action.insertsRows, let key = state.keys[number]
      else { return false }
      return checked.entities[operation.entity].table.name == failure.error.table
        && keys.contains(key)
    }
  }

  /// Rows of streams are known to the ledger alone.
  private func streamToBlame(for failure: DeferredFailure) throws -> Int? {
    guard serial != nil, let name = failure.error.table,
      let table = try database.catalogue()[name]
    else { return nil }
    for case let address? in try database.owners(of: failure.rows, in: table)
    where address.owner == owner {
      if let number = checked.operationNames[address.operation] { return number }
    }
    return nil
  }
}
