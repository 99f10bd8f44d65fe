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
}

package struct StreamSummary: Sendable {
  package var fold: RowDigest
  package var fileDigest: String
  package var rows: Int
  /// How many rows will be created, for which numbers are reserved.
  package var created: Int
  /// How many rows are not as asked.
  package var differing: Int
}

/// Decides a whole plan, set by set: the arrow from a checked plan to a changeset.
package struct Planner {
  let plan: CheckedPlan
  let decider: Decider
  let scope: RunScope
  var view: ChangesetView
  package private(set) var entries: LedgerEntries
  package private(set) var streams: [Int: StreamSummary] = [:]
  var diagnostics = Diagnostics()
  var removals = Removals()
  /// Addresses of rows that left the plan and are not touched.
  var orphans: [String] = []
  var moves: RowMoves
  var fingerprints: FingerprintMaker?

  /// - Note: `isFingerprinted` asks for digests of all that is read and decided.
  package init(
    _ decider: Decider, detail: ChangesetView.Detail, scope: RunScope = .plan,
    isFingerprinted: Bool = false
  ) throws {
    plan = decider.plan
    self.decider = decider
    self.scope = scope
    view = ChangesetView(decider.plan, decider.snapshot, detail)
    moves = RowMoves(decider.plan, scope)
    fingerprints = isFingerprinted ? FingerprintMaker(decider) : nil
    entries = try LedgerEntries(
      decider.plan, decider.hasLedger ? decider.snapshot : nil, scope)
  }

  /// Decides all that the scope is about: sets in the order of the plan, then what goes.
  package mutating func run() throws -> PlannedRun {
    var state = RunState(plan)
    switch scope {
    case .operations, .targeted:
      for set in plan.sets { try decide(set, in: &state) }
      reportFailures(state)
    case .orphans:
      for (index, operation) in plan.operations.enumerated() where operation.stream != nil {
        try findLeavers(ofUnread: index)
      }
    case .destroy: break
    }
    try decideRemovals(&state)
    if scope.runsOperations { view.addPolicies(decider, entries) }
    let changeset = changeset
    return PlannedRun(
      changeset: changeset, state: state, entries: entries, removals: removals, streams: streams,
      fingerprint: fingerprints?.finish(changeset), diagnostics: diagnostics)
  }

  /// A run in which nothing is decided yet.
  package var undecided: PlannedRun {
    PlannedRun(
      changeset: changeset, state: RunState(plan), entries: entries, removals: removals,
      streams: [:], diagnostics: diagnostics)
  }

  /// Decides the next set.
  package mutating func decide(_ set: WorkSet, in state: inout RunState) throws {
    if !state.openLookups.isEmpty { try decider.decideLookups(in: &state) }
    switch set.members {
    case .instances(let members):
      switch set.action {
      case .create, .upsert, .sync: try decideRows(set, members, &state)
      case .update, .delete, .read: try decideQueries(members, &state)
      }
    case .stream(let operation): try decideStream(operation, &state)
    }
    state.noteWriter(set)
  }

  /// What was decided so far.
  package var changeset: Changeset {
    var changeset = view.finish(makesTables: scope.runsOperations)
    changeset.orphans = orphans
    changeset.owned = entries.counts.values.reduce(0, +)
    return changeset
  }

  private mutating func decideRows(
    _ set: WorkSet, _ members: [Int32], _ state: inout RunState
  ) throws {
    for start in stride(from: 0, to: members.count, by: Batch.size) {
      let part = members[start..<min(start + Batch.size, members.count)]
      var batch = state.batch(set, part)
      entries.fill(&batch)
      try decider.decide(&batch)
      state.claim(&batch)
      state.keep(batch)
      try decider.fetch(for: batch, into: &state, areWritten: false)
      moves.note(batch)
      try view.add(batch, state)
      try fingerprints?.add(batch)
    }
  }

  private mutating func decideQueries(_ members: [Int32], _ state: inout RunState) throws {
    for member in members {
      try decider.decideQuery(Int(member), in: &state)
      if !decider.keepsLedger { try decider.followDeletes(of: Int(member), in: &state) }
      moves.note(Int(member), state)
      view.add(query: Int(member), state)
      fingerprints?.add(query: Int(member), state)
    }
  }

  private mutating func decideStream(_ operation: Int, _ state: inout RunState) throws {
    if let failed = state.failedDependency(of: operation) {
      return state.skip(stream: operation, because: plan.operations[failed].name)
    }
    let count = entries.counts[plan.operations[operation].name] ?? 0
    var pass = try StreamPass(operation, decider, count > 0 ? .owned : .unowned)
    var batch = pass.emptyBatch
    var created = 0
    var matched = 0
    var differing = 0
    while try pass.next(&batch, &state) {
      for row in batch.rows {
        if row.fate == .create || row.fate == .recreate { created += 1 }
        if row.entry != nil { matched += 1 }
        if row.fate != .unchanged { differing += 1 }
        if let failure = row.failure, diagnostics.all.count < 1_000 {
          report(failure)
        }
      }
      try decider.fetch(for: batch, into: &state, areWritten: false)
      moves.note(batch)
      try view.add(batch, state, pass)
      try fingerprints?.add(batch)
    }
    if matched < count { try findLeavers(operation) { pass.holds($0) } }
    streams[operation] = StreamSummary(
      fold: pass.fold, fileDigest: pass.fileDigest, rows: pass.rowCount, created: created,
      differing: differing)
  }

  /// Rows that left the file: the ledger knows them and the file does not.
  private mutating func findLeavers(_ operation: Int, holds: (String) -> Bool) throws {
    let name = plan.operations[operation].name
    var instances: [String] = []
    try decider.snapshot.ledgerRows(operation: name) { row in
      if !holds(row.instance) { instances.append(row.instance) }
    }
    let found = try decider.snapshot.ledgerRows(operation: name, instances: instances)
    entries.add(found.compactMap { $0.map { Leaver(row: $0.row, presence: $0.presence) } })
  }

  private mutating func findLeavers(ofUnread operation: Int) throws {
    guard entries.counts[plan.operations[operation].name] != nil else { return }
    var reader = try StreamReader(operation, of: plan)
    var batch = reader.emptyBatch
    var hasMistakes = false
    while try reader.next(&batch) {
      if batch.rows.contains(where: \.fate.isDead) { hasMistakes = true }
    }
    // A row that cannot be read may be one of those that seem to be missing.
    if !hasMistakes { try findLeavers(operation) { reader.holds($0) } }
  }

  private mutating func reportFailures(_ state: RunState) {
    for (instance, failure) in state.failures.sorted(by: { $0.key < $1.key })
    where state.fates[instance] == .failed {
      report(failure)
    }
  }

  /// Where other rows may go on, a row's failure belongs into the report alone.
  mutating func report(_ failure: Diagnostic) {
    if !plan.options.atomic, plan.options.onError == .continue { return }
    diagnostics.report(failure)
  }
}
