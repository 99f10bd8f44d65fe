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
  /// Is shown every batch once it is decided.
  package var observe: ((Batch) -> Void)?

  /// Rows that are deleted and inserted anew.
  var replacements: [Replacement] = []
  private let moves: LedgerMoves
  /// Nil where the database alone says who may have what.
  private(set) var finder: ExchangeFinder?
  /// Rows that take what they cannot have.
  var refused: [(row: ExchangeRow, failure: Diagnostic)] = []
  /// Rows that leave, by table.
  var gone: [String: [RowKey: Departure]] = [:]
  private var watch: FilterWatch?
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
      for operation in plan.operations where operation.stream == nil {
        let plan = plan
        checkRepeated(of: operation) { plan.instance(operation: operation.name, key: $0) != nil }
      }
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

  /// Decides the next set.
  ///
  /// - Throws: ``RowFailure`` for a file of rows that cannot be read.
  package mutating func decide(_ set: WorkSet, in state: inout RunState) throws {
    if !state.openLookups.isEmpty { try decider.decideLookups(in: &state) }
    switch set.members {
    case .instances(let members):
      switch set.action {
      case .create, .upsert, .sync: try decideRows(set, members, &state)
      case .update, .delete, .read: try decideQueries(members, &state)
      }
    case .stream(let operation):
      do {
        try decideStream(operation, &state)
      } catch {
        state.noteUnread(stream: operation)
        throw error
      }
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
    var members = members
    if set.phase == .completion {
      for part in Batch.parts(of: members.filter { state.fates[Int($0)].isStarted }) {
        let batch = state.batch(set, part)
        state.keep(batch)
        watch?.note(batch)
        note(changes: batch, &state)
        try finder?.note(batch, from: 0, completed: true)
        try view.add(completed: batch, state)
        meter.add(batch, plan)
      }
      members.removeAll { state.fates[Int($0)] != .undecided }
    }
    for part in Batch.parts(of: members) {
      var batch = state.batch(set, part)
      entries.fill(&batch)
      try decider.decide(&batch)
      if set.phase == .start {
        try decider.fetch(for: batch, into: &state, areWritten: false)
        batch.postponeRowsThatAreThere()
      }
      state.claim(&batch)
      try finder?.note(batch, from: 0)
      state.keep(batch)
      replacements += try decider.replacements(in: batch)
      try decider.fetch(for: batch, into: &state, areWritten: false)
      redirects.note(batch)
      watch?.note(batch)
      note(changes: batch, &state)
      observe?(batch)
      if seeksDrift { try view.addDrift(batch, pass: nil) }
      try view.add(batch, state)
      try fingerprints?.add(batch)
      if set.phase != .start { meter.add(batch, plan) }
    }
  }

  private mutating func decideQueries(_ members: [Int32], _ state: inout RunState) throws {
    for member in members {
      try decider.decideQuery(Int(member), in: &state)
      if !decider.keepsLedger { try decider.followDeletes(of: Int(member), in: &state) }
      redirects.note(Int(member), state)
      watch?.note(Int(member), state)
      note(changes: Int(member), &state)
      try finder?.note(Int(member), state)
      view.add(query: Int(member), state)
      fingerprints?.add(query: Int(member), state)
      meter.add(member, plan)
    }
  }

  private mutating func decideStream(_ operation: Int, _ state: inout RunState) throws {
    if let obstacle = state.obstacle(of: operation, instance: nil) {
      state.end(stream: operation, obstacle)
      if obstacle.fate == .failed { report(obstacle.diagnostic) }
      return view.add(obstacle, of: try rowCount(of: operation), in: operation)
    }
    let count = entries.counts[plan.operations[operation].name] ?? 0
    var pass = try StreamPass(operation, decider, count > 0 ? .owned : .unowned)
    var batch = pass.emptyBatch
    var created = 0
    var matched = 0
    var differing = 0
    while try pass.next(&batch, &state) {
      for row in batch.rows {
        if [.create, .recreate, .replace].contains(row.fate) { created += 1 }
        if row.entry != nil { matched += 1 }
        if row.fate != .unchanged { differing += 1 }
        if row.fate != .idle, let failure = row.failure, diagnostics.all.count < 1_000 {
          report(failure)
        }
      }
      try finder?.note(batch, from: pass.rowCount - batch.rows.count)
      replacements += try decider.replacements(in: batch)
      try decider.fetch(for: batch, into: &state, areWritten: false)
      redirects.note(batch)
      watch?.note(batch)
      note(changes: batch, &state)
      observe?(batch)
      if seeksDrift { try view.addDrift(batch, pass: pass) }
      try view.add(batch, state, pass)
      try fingerprints?.add(batch)
      meter.add(batch.rows.count, of: plan.operations[operation].name)
    }
    if matched < count { try findLeavers(operation) { pass.holds($0) } }
    checkRepeated(of: plan.operations[operation]) { pass.holds($0) }
    streams[operation] = StreamSummary(
      fold: pass.fold, fileDigest: pass.fileDigest, rows: pass.rowCount, created: created,
      differing: differing)
  }

  private func rowCount(of operation: Int) throws -> Int {
    var reader = try StreamReader(operation, of: plan)
    var batch = reader.emptyBatch
    while try reader.next(&batch) {}
    return reader.rowCount
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
