internal import SowDatabase
package import SowModel
package import SowPlanning

extension Report {
  /// What is said of a plan that was refused before anything was written: what is wrong failed, and
  /// all else was not run. Each diagnostic belongs to the row, or the operation, that its place is
  /// in.
  package init(
    unrun plan: Plan, _ context: CheckContext, isDryRun: Bool, because diagnostics: Diagnostics
  ) {
    var context = context
    // Whoever reads the report must not find out what a key stands for.
    context.keyed = Self.anyDigester()
    self.init(plan: plan.name, isDryRun: isDryRun)
    isAtomic = plan.options.atomic
    isUnrun = true
    let errors = diagnostics.all.filter { $0.severity == .error }
    for outlined in CheckedPlan.outline(plan, context) {
      let operation = outlined.operation
      notePHI(in: outlined.entity)
      let own = errors.filter { $0.range.map(operation.extent.contains) ?? false }
      var result = OperationResult(
        name: operation.name, action: operation.action.value, entity: operation.entity.value,
        status: .notRun, range: operation.range)
      result.instances = outlined.instances.map { instance in
        let failure = errors.first { $0.range.map(instance.range.holds) ?? false }
        return InstanceResult(
          instance: instance.key, status: failure == nil ? .notRun : .failed,
          statusCode: failure?.statusCode, failure: failure.map(Failure.init))
      }
      let failure = result.instances.lazy.compactMap(\.failure).first ?? own.first.map(Failure.init)
      if let failure {
        result.status = .failed
        result.statusCode = failure.diagnostic.statusCode
        result.failure = failure
      }
      if result.instances.isEmpty {
        counts.total += 1
        counts.failed += failure == nil ? 0 : 1
      } else {
        counts.total += result.instances.count
        counts.failed += result.instances.count { $0.status == .failed }
      }
      results.append(result)
    }
  }

  private static func anyDigester() -> any Digesting & Sendable {
    KeyedDigester(secret: Ledger.drawn().secret)
  }
}

extension SourceRange {
  /// Whether the other one lies within.
  fileprivate func contains(_ other: SourceRange) -> Bool {
    file == other.file && start <= other.start && other.end <= end
  }

  /// The same of a row; one of a file is known by its start alone.
  fileprivate func holds(_ other: SourceRange) -> Bool {
    start == end ? file == other.file && start == other.start : contains(other)
  }
}
