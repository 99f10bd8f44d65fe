internal import FoundationEssentials
internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// Carries a plan out inside the transaction that it was decided in.
///
/// With a ledger everything is decided before; without one (`sow run`) each set is decided when its
/// turn comes, so that it sees what earlier ones wrote.
struct Execution {
  let run: PlanRun
  let prepared: PreparedRun
  let options: ApplyOptions
  private let checked: CheckedPlan
  let removals: Removals
  /// What is carried out of the sets; none where only rows go.
  let sets: [WorkSet]
  /// Nil without a ledger.
  private let serial: Int?
  private var planner: Planner?
  private let runID = randomUUID()
  private let started = Date()
  var applier: Applier
  var isCommitted = false
  var lockProblem: (any Error)?
  /// Why it ended between two commits.
  var stop: RunStop?
  /// The projection of the ledger as it was found, where the lockfile is not that already.
  private let lagging: Lock?
  /// Whether addresses were moved in the ledger already.
  private let hasMoves: Bool

  init(
    _ run: PlanRun, _ prepared: PreparedRun, _ planned: consuming PlannedRun,
    _ options: ApplyOptions, lagging: Lock?
  ) throws {
    self.lagging = lagging
    hasMoves = !planned.moves.isEmpty
    self.run = run
    self.prepared = prepared
    self.options = options
    checked = prepared.checked
    removals = planned.removals
    sets = run.settings.extent.runsOperations ? checked.sets : []
    let serial = prepared.identity.serial + 1
    self.serial = serial
    applier = Applier(
      prepared, planned, decider: try prepared.decider(isApplying: true), serial: serial,
      started: started, settings: run.settings, deleteLimit: nil)
  }

  /// An execution without a ledger.
  init(_ run: PlanRun, _ prepared: PreparedRun, _ options: ApplyOptions) throws {
    lagging = nil
    hasMoves = false
    self.run = run
    self.prepared = prepared
    self.options = options
    checked = prepared.checked
    removals = Removals()
    sets = checked.sets
    serial = nil
    let decider = try prepared.decider(usesLedger: false, isApplying: true)
    let planner = try Planner(decider, detail: run.settings.detail)
    applier = Applier(
      prepared, planner.undecided, decider: decider, serial: nil, started: started,
      settings: run.settings,
      deleteLimit: options.allowedDeletes ?? run.settings.context.limits.deletes)
    self.planner = planner
  }

  /// Decides and carries out set by set.
  mutating func runOnce(_ diagnostics: Diagnostics) throws -> ApplyOutcome.Finish {
    try prepareDatabase()
    try carryOut()
    return finish(planner?.changeset ?? Changeset(plan: checked.name), diagnostics)
  }

  mutating func run(
    _ changeset: Changeset, _ diagnostics: Diagnostics
  ) throws -> ApplyOutcome.Finish {
    if changeset.isEmpty {
      for number in sets.indices { _ = try write(number) { _ in } }
      if !options.isDryRun { writeLagging() }
    } else {
      try prepareDatabase()
      try carryOut()
    }
    return finish(changeset, diagnostics)
  }

  /// Missing tables and columns, and the ledger where this is the first change.
  private mutating func prepareDatabase() throws {
    guard run.settings.extent.runsOperations else { return }
    let database = prepared.database
    let tables = TableDefinition.missing(of: checked.entities)
    try database.create(tables)
    applier.hasOpenChanges = !tables.isEmpty || hasMoves
    for entity in checked.entities where entity.isLive && !entity.newColumns.isEmpty {
      let columns = entity.newColumns.map { TableDefinition.Column(entity, $0) }
      try database.add(columns, to: entity.table.name)
      applier.hasOpenChanges = true
    }
    Step.tablesMade.reached()
    if serial != nil, prepared.ledger == nil { try database.create(prepared.identity) }
    Step.ledgerMade.reached()
  }

  private mutating func carryOut() throws {
    applier.meter = PhaseMeter(
      .apply, of: checked.name, total: rowCount, to: run.settings.watch)
    if checked.options.atomic {
      try runAtomic()
    } else {
      try runStepwise()
    }
  }

  /// Carries out one set, decided now where it was not before; true where a row failed.
  mutating func write(
    _ number: Int, checkpoint: (inout Applier) throws -> Void
  ) throws -> Bool {
    let set = sets[number]
    do {
      try planner?.decide(set, in: &applier.state)
    } catch let unreadable as RowFailure {
      guard case .stream(let operation) = set.members else { throw unreadable }
      applier.fail(operation, unreadable.diagnostic)
      return true
    }
    if let planner { applier.streams = planner.streams }
    defer { Step.setWritten.reached(number + 1) }
    do {
      let hasFailures = try applier.write(number, checkpoint: checkpoint)
      try prepared.database.settle()
      return hasFailures
    } catch let overtime as DatabaseError where overtime.kind == .timedOut {
      throw PlacedError(cause: overtime, range: checked.range(of: set))
    }
  }

  // MARK: One transaction

  private mutating func runAtomic() throws {
    var hasFailures = try removeEarly()
    for number in sets.indices where !stops(hasFailures) {
      if try write(number, checkpoint: { _ in }) { hasFailures = true }
    }
    if !stops(hasFailures), try removeLate() { hasFailures = true }
    if !hasFailures, let failure = try prepared.database.deferredFailure() {
      try applier.blame(failure)
      hasFailures = true
    }
    applier.meter.finish()
    if hasFailures {
      prepared.database.rollback()
      applier.takeBack()
    } else if options.isDryRun {
      try closing.close(applier)
      prepared.database.rollback()
    } else {
      try commit()
    }
  }

  func stops(_ hasFailures: Bool) -> Bool {
    hasFailures && checked.options.onError == .stop
  }

  // MARK: Rows that go

  /// What nothing refers to goes before the first row is written, because a new row may take over
  /// one of its unique values; true where a row could not go.
  mutating func removeEarly() throws -> Bool {
    guard serial != nil else { return false }
    if run.settings.extent.runsOperations { try applier.rememberPolicies() }
    defer { Step.removedEarly.reached() }
    try applier.forget(removals.forgotten)
    return try applier.remove(removals.early)
  }

  /// What rows that were rewritten meanwhile referred to goes last.
  mutating func removeLate() throws -> Bool {
    guard serial != nil else { return false }
    let hasFailures = try applier.remove(removals.late)
    try applier.forget(operations: removals.operations)
    Step.removedLate.reached()
    return hasFailures
  }

  private mutating func commit() throws {
    var meter = PhaseMeter(.commit, of: checked.name, to: run.settings.watch)
    try closing.close(applier)
    let staged = try projection().flatMap { try options.stageLock($0) }
    Step.lockStaged.reached()
    do {
      try prepared.database.commit()
    } catch {
      staged?.discard()
      throw error
    }
    isCommitted = true
    Step.committed.reached()
    do {
      try staged?.commit()
    } catch {
      lockProblem = error
    }
    Step.lockRenamed.reached()
    meter.finish()
  }

  /// What there is to do; nil where that shows as the files are read.
  private var rowCount: Int? {
    guard planner == nil else { return checked.rowCount }
    let instances = sets.isEmpty ? 0 : checked.instances.count
    return applier.streams.values.reduce(instances + removals.count) { $0 + $1.rows }
  }

  // MARK: Closing

  /// A lockfile that is missing or behind is written though nothing else is.
  private mutating func writeLagging() {
    do {
      try lagging.flatMap { try options.stageLock($0) }?.commit()
    } catch {
      lockProblem = error
    }
  }

  func projection() throws -> Lock? {
    guard serial != nil, let ledger = try prepared.database.ledger() else { return nil }
    return try prepared.lock(of: ledger)
  }

  var closing: Closing {
    Closing(
      database: prepared.database, owner: prepared.owner, digester: prepared.digester,
      serial: serial, runID: runID, started: started, settings: run.settings)
  }

  private func finish(
    _ changeset: Changeset, _ diagnostics: Diagnostics
  ) -> ApplyOutcome.Finish {
    var report = applier.report(isDryRun: options.isDryRun)
    var diagnostics = diagnostics
    diagnostics.merge(applier.remarks)
    if isCommitted || options.isDryRun { report.counts.renamed = changeset.counts.renamed }
    return ApplyOutcome.Finish(
      report: report, changeset: changeset,
      diagnostics: diagnostics, isCommitted: isCommitted, lockProblem: lockProblem, stop: stop)
  }
}
