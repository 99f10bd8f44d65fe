package import SowModel

/// A plan with everything decided: what an apply works from, and what people are shown of it.
package struct PlannedRun: Sendable {
  package var changeset: Changeset
  package var state: RunState
  package var entries: LedgerEntries
  package var removals: Removals
  /// What the pass over each stream came to, by operation.
  package var streams: [Int: StreamSummary]
  /// Nil where it was not asked for.
  package var fingerprint: Fingerprint?
  /// Mistakes that stop the plan: of rows too, but for the mode in which other rows go on.
  package var diagnostics: Diagnostics
  /// Rows that someone else changed or removed, where that was asked for.
  package var drift: [RowChange] = []
  /// To be made in the ledger before anything else.
  package var moves: [LedgerMove]
  /// The plan in another order, in which unique values are given up before they are taken, or
  /// without rows that cannot be had: then everything is to be decided once more.
  package var revised: CheckedPlan?
}

/// Decides a whole plan, set by set: the arrow from a checked plan to a changeset.
package struct Planner {
  let plan: CheckedPlan
  let decider: Decider
  let scope: RunScope
  var view: ChangesetView
  package var entries: LedgerEntries
  package var streams: [Int: StreamSummary] = [:]
  var diagnostics = Diagnostics()
  var removals = Removals()
  /// The entities of rows that leave, by table; only those of which a schema says something.
  var leaving: [String: Entity] = [:]
  /// Addresses of rows that left the plan and are not touched.
  var orphans: [String] = []
  var redirects: RowRedirects
  var fingerprints: FingerprintMaker?
  /// Whether drift is looked for.
  package var seeksDrift = false
  /// Counts what is decided, where that is a phase of its own.
  package var meter = PhaseMeter()
  /// Whether what is decided will be carried out, so that rows of small files are kept for that.
  package var keepsRows = false
  var keptRows = 0
  /// Is shown every batch once it is decided.
  package var observe: ((Batch) -> Void)?

  /// Rows that are deleted and inserted anew.
  var replacements: [Replacement] = []
  private let moves: LedgerMoves
  /// Nil where the database alone says who may have what.
  var finder: ExchangeFinder?
  /// Rows that take what they cannot have.
  var refused: [(row: ExchangeRow, failure: Diagnostic)] = []
  /// Rows that leave, by table.
  var gone: [String: [RowKey: Departure]] = [:]
  var watch: FilterWatch?
  var queryWatch: QueryWatch?

  /// - Note: `moves` are those that the decider's snapshot shows as made; `isFingerprinted` asks
  ///   for digests of all that is read and decided.
  package init(
    _ decider: Decider, detail: ChangesetView.Detail, scope: RunScope = .plan,
    moves: LedgerMoves = LedgerMoves(), isFingerprinted: Bool = false
  ) throws {
    plan = decider.plan
    self.decider = decider
    self.scope = scope
    self.moves = moves
    view = ChangesetView(decider.plan, decider.snapshot, detail)
    redirects = RowRedirects(decider.plan, scope)
    fingerprints = isFingerprinted ? FingerprintMaker(decider) : nil
    finder = decider.keepsLedger ? ExchangeFinder(decider) : nil
    watch = decider.keepsLedger ? FilterWatch(decider.plan) : nil
    queryWatch = decider.keepsLedger ? QueryWatch(decider.plan) : nil
    entries = try LedgerEntries(
      decider.plan, decider.hasLedger ? decider.snapshot : nil, scope)
  }

  /// Decides all that the scope is about: sets in the order of the plan, then what goes.
  package mutating func run() throws -> PlannedRun {
    var state = RunState(plan)
    diagnostics.merge(moves.diagnostics)
    view.add(moves, entries)
    var revised: CheckedPlan?
    switch scope {
    case .operations, .targeted:
      try view.add(parkings: plan.sets.indices.flatMap { plan.parkings(before: $0) })
      if let circles = plan.exchange?.diagnostics { diagnostics.merge(circles) }
      for set in plan.sets {
        try reportingFiles { planner in try planner.decide(set, in: &state) }
      }
      checkRepeated()
      revised = reordered()
      reportFailures(state)
      for place in plan.changedElements(in: state) {
        diagnostics.report(.forEachNotKnown, at: place)
      }
      if let found = watch?.diagnostics { diagnostics.merge(found) }
      try checkReplacements(state)
    case .orphans:
      for (index, operation) in plan.operations.enumerated() where operation.stream != nil {
        try reportingFiles { planner in try planner.findLeavers(ofUnread: index) }
      }
    case .destroy: break
    }
    try decideRemovals(&state)
    queryWatch?.note(removals)
    if let found = queryWatch?.diagnostics { diagnostics.merge(found) }
    if revised == nil {
      try checkUniques()
      revised = withoutRefused()
    }
    if scope.runsOperations { view.addPolicies(decider, entries) }
    try checkTaken()
    if seeksDrift {
      let names = entries.leavers.map { leaver in
        decider.shapes[leaver.row.shape].map { entityName(of: $0.table) } ?? ""
      }
      view.addDrift(entries.leavers, names)
    }
    let changeset = changeset
    meter.finish()
    return PlannedRun(
      changeset: changeset, state: state, entries: entries, removals: removals, streams: streams,
      fingerprint: fingerprints?.finish(changeset), diagnostics: diagnostics, drift: view.drift,
      moves: moves.all, revised: revised)
  }

  /// The plan in the order that unique values ask for, where rows take those of others.
  private func reordered() -> CheckedPlan? {
    guard decider.isHopeful, let finder else { return nil }
    let exchanges = finder.exchanges
    guard finder.isHopeful || !exchanges.isEmpty else { return nil }
    return plan.ordered(by: exchanges, finder.releases)
  }

  /// The plan without the rows that cannot be had, where others may go on.
  private func withoutRefused() -> CheckedPlan? {
    guard !refused.isEmpty, !plan.stopsAtMistakes, let order = plan.order else { return nil }
    return plan.without(refused, order.sets(with: [], together: []) ?? plan.sets)
  }

  /// A run in which nothing is decided yet.
  package var undecided: PlannedRun {
    PlannedRun(
      changeset: changeset, state: RunState(plan), entries: entries, removals: removals,
      streams: [:], diagnostics: diagnostics, moves: [], revised: nil)
  }

  /// What was decided so far.
  package var changeset: Changeset {
    var changeset = view.finish(makesTables: scope.runsOperations)
    changeset.orphans = orphans
    changeset.owned = entries.owned
    return changeset
  }

  /// `--take` names rows that the ledger holds.
  private mutating func checkTaken() throws {
    for taken in decider.taken.sorted(by: { $0.text < $1.text }) {
      let found =
        decider.hasLedger
        ? try decider.snapshot.ledgerRows(operation: taken.operation, instances: [taken.instance])
        : []
      if found.first.flatMap({ $0 }) == nil {
        diagnostics.report(.takeUnknown, ["address": taken.text], at: nil)
      }
    }
  }

  private mutating func reportFailures(_ state: RunState) {
    for (instance, failure) in state.failures.sorted(by: { $0.key < $1.key })
    where state.fates[instance] == .failed {
      report(failure)
    }
  }

  /// A file of rows that cannot be read stops the plan in every mode, once all else is looked at.
  private mutating func reportingFiles(_ body: (inout Self) throws -> Void) throws {
    do {
      try body(&self)
    } catch let unreadable as RowFailure {
      diagnostics.report(unreadable.diagnostic)
    }
  }

  /// Where other rows may go on, a row's failure belongs into the report alone.
  mutating func report(_ failure: Diagnostic) {
    if plan.stopsAtMistakes { diagnostics.report(failure) }
  }
}
