internal import SowDatabase
package import SowModel
internal import SowPlanning

/// How an apply is to be carried out.
package struct ApplyOptions {
  /// What was shown and agreed to; nil to apply whatever is found.
  package var expected: Changeset?
  /// The saved plan that is applied, which must hold still.
  package var saved: SavedPlan?
  /// Whether everything runs and is then taken back.
  package var isDryRun: Bool
  /// The number of deletes agreed to; nil for the limits alone.
  package var allowedDeletes: Int?
  /// Compares the lockfile with the ledger's projection before anything is written.
  package var checkLock: (Lock?) -> LockCheck
  /// Writes the lockfile beside its place, synced, for the rename after the commit.
  package var stageLock: (Lock) throws -> StagedLock?

  package init(
    expected: Changeset? = nil, saved: SavedPlan? = nil, isDryRun: Bool = false,
    allowedDeletes: Int? = nil,
    checkLock: @escaping (Lock?) -> LockCheck = { _ in LockCheck() },
    stageLock: @escaping (Lock) throws -> StagedLock? = { _ in nil }
  ) {
    self.expected = expected
    self.saved = saved
    self.isDryRun = isDryRun
    self.allowedDeletes = allowedDeletes
    self.checkLock = checkLock
    self.stageLock = stageLock
  }
}

/// What the lockfile says beside the ledger.
package struct LockCheck {
  package var diagnostics: Diagnostics
  /// Whether the file is the ledger's projection already, byte for byte.
  package var isWritten: Bool

  package init(_ diagnostics: Diagnostics = Diagnostics(), isWritten: Bool = false) {
    self.diagnostics = diagnostics
    self.isWritten = isWritten
  }
}

/// A lockfile that waits for the commit.
package struct StagedLock {
  package var commit: () throws -> Void
  package var discard: () -> Void

  package init(commit: @escaping () throws -> Void, discard: @escaping () -> Void) {
    self.commit = commit
    self.discard = discard
  }
}

package enum ApplyOutcome {
  /// The files, or the lockfile, are wrong.
  case invalid(Diagnostics)
  /// The files are right, and the database stands against them.
  case refused(Diagnostics, Changeset)
  /// More deletes than agreed to.
  case unconsented(Diagnostic, Changeset?)
  /// What was shown, or read, no longer holds.
  case stale(Diagnostic?, Changeset?)
  case finished(Finish)

  package struct Finish {
    package var report: Report
    package var changeset: Changeset
    /// Warnings.
    package var diagnostics: Diagnostics
    /// Whether rows or ownership were written and kept.
    package var isCommitted: Bool
    /// Why the lockfile could not be written after the commit.
    package var lockProblem: (any Error)?
    /// Whether an interruption came between the last commit and the lockfile.
    package var isLockInterrupted: Bool {
      (lockProblem as? DatabaseError)?.kind == .interrupted
    }
    /// Why the rest was not carried out after some operations had been committed.
    package var stop: RunStop?
  }
}

extension PlanRun {
  /// Takes the lock, decides once and carries exactly that out; all of it once more where somebody
  /// else changed the same rows at the same time.
  package func apply(_ options: ApplyOptions) throws -> ApplyOutcome {
    try repeating { try decideAndApply(options) }
  }

  /// Five times at most, after which the conflict is the outcome.
  private func repeating(_ body: () throws -> ApplyOutcome) throws -> ApplyOutcome {
    for _ in 0..<5 {
      do {
        return try body()
      } catch let error as DatabaseError where error.kind == .conflict {
        continue
      }
    }
    return try body()
  }

  private func decideAndApply(_ options: ApplyOptions) throws -> ApplyOutcome {
    try database.begin(options.isDryRun ? .rehearsal : .write, patience: settings.patience)
    defer { database.rollback() }
    Step.locked.reached()
    var diagnostics = Diagnostics()
    guard var prepared = try prepare(readsLedger: true, into: &diagnostics) else {
      return .invalid(diagnostics)
    }
    if let stale = options.saved?.ledgerDifference(from: prepared.ledger) {
      return .stale(stale, nil)
    }
    let lock = try prepared.lock()
    let lockCheck = options.checkLock(lock)
    diagnostics.merge(lockCheck.diagnostics)
    if lockCheck.diagnostics.hasErrors { return .invalid(diagnostics) }
    let planned = try prepared.decide(settings) { $0.keepsRows = true }
    if let stale = options.saved?.difference(
      from: basis(of: prepared, planned), planned.changeset)
    {
      return .stale(stale, planned.changeset)
    }
    diagnostics.merge(planned.diagnostics)
    if planned.diagnostics.hasErrors { return .refused(diagnostics, planned.changeset) }
    Step.decided.reached()
    if let expected = options.expected, expected != planned.changeset, !planned.changeset.isEmpty {
      return .stale(nil, planned.changeset)
    }
    let limits = settings.context.limits
    if let gate = limits.deleteGate(
      planned.changeset, allowed: options.allowedDeletes, wantsConsent: settings.wantsConsent)
    {
      return .unconsented(gate, planned.changeset)
    }
    let changeset = planned.changeset
    try database.move(planned.moves)
    Step.moved.reached()
    do {
      var execution = try Execution(
        self, prepared, consume planned, options, lagging: lockCheck.isWritten ? nil : lock)
      return .finished(try execution.run(changeset, diagnostics))
    } catch let stale as StaleError {
      return .stale(stale.diagnostic, changeset)
    }
  }

  /// Carries the plan out once, without a ledger, set by set.
  package func applyOnce(_ options: ApplyOptions) throws -> ApplyOutcome {
    try repeating { try decideAndApplyOnce(options) }
  }

  private func decideAndApplyOnce(_ options: ApplyOptions) throws -> ApplyOutcome {
    if let gate = try unwatched.gateOfCommits(options) { return .unconsented(gate, nil) }
    try database.begin(options.isDryRun ? .rehearsal : .write, patience: settings.patience)
    defer { database.rollback() }
    var diagnostics = Diagnostics()
    guard let prepared = try prepare(into: &diagnostics) else { return .invalid(diagnostics) }
    do {
      var execution = try Execution(self, prepared, options)
      return .finished(try execution.runOnce(diagnostics))
    } catch let stale as StaleError {
      return .stale(stale.diagnostic, nil)
    } catch let unconsented as UnconsentedError {
      return .unconsented(unconsented.diagnostic, nil)
    }
  }
}

extension PlanRun {
  /// Whether a run that commits operation by operation would come to more deletes than agreed to:
  /// the first commit is too early to find out later, so it is rehearsed. What else is wrong is the
  /// run's own to say.
  fileprivate func gateOfCommits(_ options: ApplyOptions) throws -> Diagnostic? {
    guard !plan.options.atomic, !options.isDryRun,
      plan.operations.contains(where: { $0.action.value == .delete })
    else { return nil }
    try database.begin(.rehearsal, patience: settings.patience)
    defer { database.rollback() }
    var ignored = Diagnostics()
    guard let prepared = try prepare(into: &ignored) else { return nil }
    var rehearsal = options
    rehearsal.isDryRun = true
    do {
      var execution = try Execution(self, prepared, rehearsal)
      _ = try execution.runOnce(ignored)
      return nil
    } catch let unconsented as UnconsentedError {
      return unconsented.diagnostic
    } catch let interrupted as DatabaseError where interrupted.kind == .interrupted {
      throw interrupted
    } catch {
      return nil
    }
  }
}

extension Limits {
  /// Nil where the deletes are within the limits or agreed to; with `wantsConsent` they have to be
  /// agreed to aloud, however few they are.
  package func deleteGate(
    _ changeset: Changeset, allowed: Int?, wantsConsent: Bool
  ) -> Diagnostic? {
    let count = changeset.deletes
    let limit = deletable(owned: changeset.owned, allowed: allowed, wantsConsent: wantsConsent)
    guard count > limit else { return nil }
    return .tooManyDeletes(count, limit: limit)
  }
}

extension Diagnostic {
  static func tooManyDeletes(_ count: Int, limit: Int) -> Diagnostic {
    Diagnostic(
      .tooManyDeletes, ["count": Phrase.count(count, .row), "limit": String(limit)],
      at: nil,
      hint: .text("add --allow-deletes \(count)", vi: "hãy thêm --allow-deletes \(count)"))
  }
}

extension PlanRun.Settings {
  /// Whether every delete must be agreed to aloud.
  var wantsConsent: Bool { extent == .destroy || isProtected }
}
