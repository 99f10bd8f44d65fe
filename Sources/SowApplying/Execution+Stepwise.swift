internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// A commit an operation: `atomic: false`.
extension Execution {
  mutating func runStepwise() throws {
    let (closing, database) = (closing, prepared.database)
    let commits = !options.isDryRun
    var count = 0
    func keep(_ applier: inout Applier) throws {
      if let failure = try database.deferredFailure() { throw applier.placed(failure) }
      guard commits else { return applier.keepAll() }
      try closing.commit(&applier)
      count += 1
      Step.committed.reached(count)
      try closing.goOn()
    }
    do {
      // Without a row that goes, what was made before comes with the first operation.
      let goes = !removals.early.isEmpty || !removals.forgotten.isEmpty
      var isGoing = try endUnit(try removeEarly(), isWhole: goes, keep)
      for (number, set) in sets.enumerated() where isGoing {
        let failed = try writeOrNote(number, checkpoint: keep)
        let isLast = number + 1 == sets.count
        isGoing = try endUnit(
          failed, isWhole: isLast || sets[number + 1].unit != set.unit, keep)
      }
      if isGoing { _ = try endUnit(try removeLate(), keep) }
    } catch {
      prepared.database.rollback()
      // Where nothing was committed this is as in one transaction.
      guard count > 0 else { throw error }
      applier.takeBack()
      stop = RunStop(error)
    }
    applier.meter.finish()
    isCommitted = count > 0
    if isCommitted { writeLock() }
  }

  /// Keeps what a unit did; false where a failure takes it back and ends the run.
  private mutating func endUnit(
    _ failed: Bool, isWhole: Bool = true, _ keep: (inout Applier) throws -> Void
  ) throws -> Bool {
    if stops(failed) {
      prepared.database.rollback()
      applier.takeBack()
      return false
    }
    guard applier.hasOpenChanges, isWhole else { return true }
    try applier.unpark()
    try keep(&applier)
    return true
  }

  /// Where other operations go on, a changed file is the failure of its operation.
  private mutating func writeOrNote(
    _ number: Int, checkpoint: (inout Applier) throws -> Void
  ) throws -> Bool {
    do {
      return try write(number, checkpoint: checkpoint)
    } catch let stale as StaleError {
      applier.fail(stale.operation, stale.diagnostic)
      return true
    }
  }

  /// After commits of single operations the lockfile follows once, under the lock again, so that
  /// lockfiles follow each other as the runs do.
  private mutating func writeLock() {
    let database = prepared.database
    database.rollback()
    defer { database.rollback() }
    do {
      try database.begin(.write, patience: run.settings.patience)
      let staged = try projection().flatMap { try options.stageLock($0) }
      Step.lockStaged.reached()
      try staged?.commit()
      Step.lockRenamed.reached()
    } catch {
      lockProblem = error
    }
  }
}
