/// How much of a plan a run is about.
package enum RunScope: Hashable, Sendable {
  /// Its operations; with `prunes` what left the plan, too.
  case operations(prunes: Bool)
  /// Some of its operations, or of their rows: what left the plan or a set is not looked at.
  case targeted
  /// Only what left the plan.
  case orphans
  /// Everything that the plan made, and nothing else.
  case destroy

  package static let plan = RunScope.operations(prunes: false)

  package var runsOperations: Bool {
    switch self {
    case .operations, .targeted: true
    case .orphans, .destroy: false
    }
  }

  var prunes: Bool { self == .orphans || self == .operations(prunes: true) }
}
