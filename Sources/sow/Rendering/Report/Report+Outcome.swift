internal import SowModel

extension Report {
  /// How the whole run ended.
  enum Outcome: Hashable, Sendable {
    case done
    /// Some failed and others are committed, or items of a read failed.
    case partly
    case rolledBack
  }

  var outcome: Outcome {
    if isSuccess { return .done }
    if isAtomic {
      guard removals.allSatisfy({ $0.status == .completed }) else { return .rolledBack }
      let failed = results.filter { $0.status == .failed }
      let onlyReads = !failed.isEmpty && failed.allSatisfy { $0.action == .read }
      return onlyReads ? .partly : .rolledBack
    }
    let stays =
      results.contains { $0.has(.completed) || $0.has(.unchanged) }
      || removals.contains { $0.status == .completed } || counts.deleted > 0
    return stays ? .partly : .rolledBack
  }

  var ending: Ending {
    switch outcome {
    case .done: .done
    case .partly: .partlyFailed
    case .rolledBack: .failed
    }
  }

  /// What happened, in one or two sentences.
  var message: String {
    let changed = enumerated([
      (counts.created, "created"), (counts.updated, "updated"), (counts.deleted, "deleted"),
      (counts.forgotten, "forgotten"),
      (counts.renamed, "renamed"),
    ])
    let unchanged = "\(counts.unchanged) unchanged"
    let unremoved = removals.count { $0.status == .failed }
    let failed = enumerated([
      (counts.failed, "failed"), (counts.skipped, "skipped"), (unremoved, "not deleted"),
    ])
    // The database itself may have failed, and no row.
    let rest = counts.total - counts.succeeded
    let broken = failed.isEmpty ? "\(rest) not done" : failed.joined(separator: ", ")
    let skipped = enumerated([(isSuccess ? counts.skipped : 0, "skipped")])
    let done = (changed + [unchanged] + skipped).joined(separator: ", ")
    switch outcome {
    case .done where changed.isEmpty && !makesTables:
      return "Nothing to do. \((skipped + [unchanged]).joined(separator: ", "))."
    case .done where isDryRun: return "Dry run: \(done). Nothing was kept."
    case .done: return "Applied: \(done)."
    case .partly where isDryRun: return "Dry run, in part: \(done); \(broken). Nothing was kept."
    case .partly: return "Applied in part: \(done); \(broken)."
    case .rolledBack: return "Failed: \(broken). Nothing was kept."
    }
  }

  /// What went wrong, by place; what was skipped because of it is only counted.
  var failures: Diagnostics {
    var diagnostics = Diagnostics()
    for result in results {
      if result.instances.isEmpty, result.status == .failed, let failure = result.failure {
        diagnostics.report(failure.diagnostic)
      }
      for instance in result.instances where instance.status == .failed {
        if let failure = instance.failure { diagnostics.report(failure.diagnostic) }
      }
    }
    for removal in removals {
      if let failure = removal.failure { diagnostics.report(failure.diagnostic) }
    }
    return diagnostics
  }
}

extension OperationResult {
  fileprivate func has(_ status: Status) -> Bool {
    self.status == status || instances.contains { $0.status == status }
  }
}
