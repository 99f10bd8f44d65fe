internal import FoundationEssentials
internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// Carries a plan out inside the transaction that it was decided in.
///
/// With a ledger everything is decided before; without one (`sow run`) each set is decided when its
/// turn comes, so that it sees what earlier ones wrote.
struct Execution {
  private let run: PlanRun
  private let prepared: PreparedRun
  private let options: ApplyOptions
  private let checked: CheckedPlan
  /// Nil without a ledger.
  private let serial: Int?
  private var planner: Planner?
  private let runID = randomUUID()
  private let started = Date()
  private var applier: Applier
  private var isCommitted = false
  private var lockProblem: (any Error)?
  /// The projection of the ledger as it was found.
  private let lock: Lock?

  init(
    _ run: PlanRun, _ prepared: PreparedRun, _ planned: PlannedRun, _ options: ApplyOptions,
    lock: Lock?
  ) throws {
    self.lock = lock
    self.run = run
    self.prepared = prepared
    self.options = options
    checked = prepared.checked
    let serial = prepared.identity.serial + 1
    self.serial = serial
    applier = Applier(
      prepared, planned, decider: try prepared.decider(), serial: serial,
      collectsRows: run.settings.reportsRows, showsSensitive: run.settings.detail.showsSensitive)
  }

  /// An execution without a ledger.
  init(_ run: PlanRun, _ prepared: PreparedRun, _ options: ApplyOptions) throws {
    lock = nil
    self.run = run
    self.prepared = prepared
    self.options = options
    checked = prepared.checked
    serial = nil
    let decider = try prepared.decider(usesLedger: false)
    var planner = try Planner(decider, detail: run.settings.detail)
    applier = Applier(
      prepared, planner.finish(), decider: decider, serial: nil,
      collectsRows: run.settings.reportsRows, showsSensitive: run.settings.detail.showsSensitive)
    self.planner = planner
  }

  /// Decides and carries out set by set.
  mutating func runOnce(_ diagnostics: Diagnostics) throws -> ApplyOutcome.Finish {
    try prepareDatabase()
    let isComplete = checked.options.atomic ? try runAtomic() : try runStepwise()
    let changeset = planner?.finish().changeset ?? Changeset(plan: checked.name)
    return finish(changeset, diagnostics, isRolledBack: !isComplete || options.isDryRun)
  }

  mutating func run(
    _ changeset: Changeset, _ diagnostics: Diagnostics
  ) throws -> ApplyOutcome.Finish {
    if changeset.isEmpty {
      for number in checked.sets.indices { _ = try write(number) { _ in } }
      if !options.isDryRun { try writeLagging() }
      return finish(changeset, diagnostics, isRolledBack: false)
    }
    try prepareDatabase()
    let isComplete = checked.options.atomic ? try runAtomic() : try runStepwise()
    return finish(changeset, diagnostics, isRolledBack: !isComplete || options.isDryRun)
  }

  /// Missing tables and columns, and the ledger where this is the first change.
  private func prepareDatabase() throws {
    let database = prepared.database
    try database.create(TableDefinition.missing(of: checked.entities))
    for entity in checked.entities where entity.isLive && !entity.missingColumns.isEmpty {
      let columns = entity.missingColumns.map { TableDefinition.Column(entity, $0) }
      try database.add(columns, to: entity.table.name)
    }
    Step.tablesMade.reached()
    if serial != nil, prepared.ledger == nil { try database.create(prepared.identity) }
    Step.ledgerMade.reached()
  }

  // MARK: One transaction

  /// False where a failure takes everything back.
  private mutating func runAtomic() throws -> Bool {
    var hasFailures = false
    for number in checked.sets.indices {
      let failed = try write(number) { _ in }
      if failed { hasFailures = true }
      if failed, checked.options.onError == .stop { break }
    }
    guard !hasFailures else {
      prepared.database.rollback()
      return false
    }
    if options.isDryRun {
      try close()
      prepared.database.rollback()
    } else {
      try commit()
    }
    return true
  }

  /// Carries out one set, decided now where it was not before.
  private mutating func write(
    _ number: Int, checkpoint: (Applier) throws -> Void
  ) throws -> Bool {
    if var planner {
      planner.state = applier.state
      try planner.decide(checked.sets[number])
      applier.state = planner.state
      applier.streams = planner.streams
      self.planner = planner
    }
    defer { Step.setWritten.reached() }
    return try applier.write(number, checkpoint: checkpoint)
  }

  // MARK: A commit an operation

  /// Always complete: what failed was taken back alone.
  private mutating func runStepwise() throws -> Bool {
    let stops = checked.options.onError == .stop
    for number in checked.sets.indices {
      let closing = closing
      let commits = !options.isDryRun
      let failed = try write(number) { if commits { try closing.checkpoint($0) } }
      if failed, stops {
        applier.rolledBackSets.insert(number)
        prepared.database.rollback()
        return true
      }
      if commits, applier.hasOpenChanges {
        try closing.checkpoint(applier)
        applier.hasOpenChanges = false
        isCommitted = true
      }
    }
    if !options.isDryRun { try writeLock() }
    return true
  }

  // MARK: Closing

  private func close() throws { try closing.close(applier) }

  private mutating func commit() throws {
    try close()
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
  }

  /// After commits of single operations the lockfile follows once.
  private mutating func writeLock() throws {
    guard isCommitted else { return }
    do {
      try projection().flatMap { try options.stageLock($0) }?.commit()
    } catch {
      lockProblem = error
    }
  }

  /// A lockfile that is missing or behind is written though nothing else is.
  private mutating func writeLagging() throws {
    guard let lock else { return }
    try options.stageLock(lock)?.commit()
  }

  private func projection() throws -> Lock? {
    guard serial != nil, let ledger = try prepared.database.ledger() else { return nil }
    return try Lock(of: prepared.owner, ledger, prepared.database, entities: checked.entities)
  }

  private var closing: Closing {
    Closing(
      database: prepared.database, owner: prepared.owner, digester: prepared.digester,
      serial: serial, runID: runID, started: started, settings: run.settings,
      deleteLimit: planner == nil
        ? nil : options.allowedDeletes ?? run.settings.context.limits.deletes)
  }

  private func finish(
    _ changeset: Changeset, _ diagnostics: Diagnostics, isRolledBack: Bool
  ) -> ApplyOutcome.Finish {
    var report = applier.report(
      isDryRun: options.isDryRun, isRolledBack: isRolledBack && !options.isDryRun)
    report.counts.setWritten(
      isRolledBack && !options.isDryRun ? (0, 0, 0) : (applier.created, applier.updated, applier.deleted))
    return ApplyOutcome.Finish(
      report: report, changeset: changeset, diagnostics: diagnostics, isCommitted: isCommitted,
      lockProblem: lockProblem)
  }
}
