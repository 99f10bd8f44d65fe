internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// What operations are repeated over that others of the plan find.
struct FoundElements {
  /// By operation.
  var known: [String: ReadElements] = [:]
  /// Why the rest cannot be known; none where the check of the plan says so.
  var problems = Diagnostics()
}

extension PlanRun {
  /// Decides what such operations wait for, and nothing else of the plan, in the open transaction.
  func elements(_ catalogue: Catalogue, _ ledger: Ledger?) throws -> FoundElements {
    var found = FoundElements()
    var open = plan.operations.filter(\.isOverResult)
    while !open.isEmpty {
      let names = Set(open.map(\.name))
      let next = open.firstIndex { operation in
        plan.limited(to: [operation.name]).operations
          .allSatisfy { $0.name == operation.name || !names.contains($0.name) }
      }
      guard let next else {
        found.problems.report(.forEachNotKnown, at: open[0].range)
        break
      }
      let operation = open.remove(at: next)
      switch try elements(of: operation.name, catalogue, ledger, found.known) {
      case .success(let elements)?: found.known[operation.name] = elements
      case .failure(let refused)?:
        found.problems.merge(refused.diagnostics)
        return found
      case nil: return found
      }
    }
    return found
  }

  /// Nil where the plan has mistakes.
  private func elements(
    of operation: String, _ catalogue: Catalogue, _ ledger: Ledger?,
    _ known: [String: ReadElements]
  ) throws -> Result<ReadElements, RefusedElements>? {
    let identity = ledger ?? settings.identity ?? .drawn()
    var mistakes = Diagnostics()
    let checked = CheckedPlan.check(
      plan.limited(to: [operation]), try context(catalogue, identity, known), into: &mistakes)
    guard let checked else { return nil }
    var settings = settings
    settings.extent = .targeted
    settings.isFingerprinted = false
    settings.watch = nil
    var prepared = PreparedRun(
      checked: checked, ledger: ledger, database: database,
      owner: Owner(scope: settings.scope, plan: plan.name), identity: identity,
      digester: KeyedDigester(secret: identity.secret), isRefreshed: settings.isRefreshed,
      taken: [], repetition: nil, schemas: settings.context.schemas)
    let planned = try prepared.decide(settings)
    if planned.diagnostics.hasErrors {
      return .failure(RefusedElements(diagnostics: planned.diagnostics))
    }
    return prepared.checked.elements(of: operation, in: planned.state).mapError { failure in
      var diagnostics = Diagnostics()
      diagnostics.report(failure.diagnostic)
      return RefusedElements(diagnostics: diagnostics)
    }
  }
}

private struct RefusedElements: Error {
  let diagnostics: Diagnostics
}
