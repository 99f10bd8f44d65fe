internal import SowApplying
internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Session {
  /// What an apply would change, read in one transaction that writes nothing.
  func preview(
    _ target: Target, _ databases: Databases, patience: Double, extent: RunScope = .plan,
    taken: Set<RowAddress> = [], isCompared: Bool = false, isSaved: Bool = false,
    isRefreshed: Bool = true
  ) -> PlanResult {
    var result = PlanResult(label: target.label)
    var settings = settings(
      of: target, patience: patience, reportsRows: false, isWriting: false,
      extent: extent, taken: taken, isCompared: isCompared || isSaved)
    settings.isFingerprinted = isSaved
    settings.isRefreshed = isRefreshed
    do {
      let database = try databases.reading(target.choice.database)
      switch try PlanRun(target.plan, on: database, settings).preview() {
      case .invalid(let diagnostics): result.stop(diagnostics)
      case .refused(let diagnostics, let changeset):
        result.changeset = changeset
        result.stop(diagnostics)
      case .changes(let changeset, let diagnostics, let ledger, let basis):
        result.changeset = changeset
        result.basis = basis
        result.stop(diagnostics)
        if let lock = target.lock {
          result.stop(lock.compare(with: ledger, files: &files).diagnostics)
        }
      }
      remark(.statements(database.statementCount, target.plan.name))
    } catch {
      result.stop(Diagnostic(error, database: target.choice.database.text))
    }
    result.allowedDeletes = target.limits.deletable(
      owned: result.changeset?.owned ?? 0, allowed: nil,
      wantsConsent: target.wantsConsent(extent))
    return result
  }
}
