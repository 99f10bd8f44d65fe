internal import FoundationEssentials
internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// Carries a decided plan out inside the transaction that it was decided in.
struct Execution {
  private let run: PlanRun
  private let prepared: PreparedRun
  private let options: ApplyOptions
  private let checked: CheckedPlan
  private let serial: Int
  private let runID: String
  private let started = Date()
  private var applier: Applier
  private var isCommitted = false
  private var lockProblem: (any Error)?

  init(
    _ run: PlanRun, _ prepared: PreparedRun, _ planned: PlannedRun, _ options: ApplyOptions
  ) throws {
    self.run = run
    self.prepared = prepared
    self.options = options
    checked = prepared.checked
    serial = prepared.identity.serial + 1
    runID = randomUUID()
    applier = Applier(
      prepared, planned, decider: try prepared.decider(), serial: serial,
      collectsRows: run.settings.reportsRows, showsSensitive: run.settings.detail.showsSensitive)
  }

  mutating func run(
    _ changeset: Changeset, _ diagnostics: Diagnostics
  ) throws -> ApplyOutcome.Finish {
    if changeset.isEmpty {
      for number in checked.sets.indices { _ = try applier.write(number) { _ in } }
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
    if prepared.ledger == nil { try database.create(prepared.identity) }
    Step.ledgerMade.reached()
  }

  // MARK: One transaction

  /// False where a failure takes everything back.
  private mutating func runAtomic() throws -> Bool {
    var hasFailures = false
    for number in checked.sets.indices {
      let failed = try applier.write(number) { _ in }
      Step.setWritten.reached()
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

  // MARK: A commit an operation

  /// Always complete: what failed was taken back alone.
  private mutating func runStepwise() throws -> Bool {
    let stops = checked.options.onError == .stop
    for number in checked.sets.indices {
      let failed = try applier.write(number) { [self] applier in
        if !options.isDryRun { try checkpoint(applier) }
      }
      Step.setWritten.reached()
      if failed, stops {
        applier.rolledBackSets.insert(number)
        prepared.database.rollback()
        return true
      }
      if !options.isDryRun, applier.hasOpenChanges { try commitStep(isLast: false) }
    }
    if !options.isDryRun { try writeLock() }
    return true
  }

  private func checkpoint(_ applier: Applier) throws {
    try close(applier)
    try prepared.database.commit()
    try prepared.database.begin(.write, patience: run.settings.patience)
  }

  private mutating func commitStep(isLast: Bool) throws {
    try checkpoint(applier)
    applier.hasOpenChanges = false
    isCommitted = true
  }

  // MARK: Closing

  /// The last statements before a commit: what the database holds now, and the run.
  private func close(_ applier: Applier? = nil) throws {
    let applier = applier ?? self.applier
    try prepared.database.answer(serial: serial, digester: prepared.digester)
    Step.answered.reached()
    try prepared.database.record(ledgerRun(applier))
    Step.runRecorded.reached()
  }

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
    guard prepared.ledger != nil else { return }
    try projection().flatMap { try options.stageLock($0) }?.commit()
  }

  private func projection() throws -> Lock? {
    guard let ledger = try prepared.database.ledger() else { return nil }
    return try Lock(of: prepared.owner, ledger, prepared.database, entities: checked.entities)
  }

  private func ledgerRun(_ applier: Applier) -> LedgerRun {
    LedgerRun(
      id: runID, serial: serial, scope: prepared.owner.scope, plan: prepared.owner.plan,
      actor: run.settings.actor, commit: run.settings.commit,
      started: started.formatted(.iso8601), finished: Date().formatted(.iso8601),
      created: applier.created, updated: applier.updated, deleted: applier.deleted,
      message:
        "\(applier.created) created, \(applier.updated) updated, \(applier.deleted) deleted")
  }

  private func finish(
    _ changeset: Changeset, _ diagnostics: Diagnostics, isRolledBack: Bool
  ) -> ApplyOutcome.Finish {
    var report = applier.report(
      isDryRun: options.isDryRun, isRolledBack: isRolledBack && !options.isDryRun)
    report.counts.deleted = isRolledBack && !options.isDryRun ? 0 : applier.deleted
    return ApplyOutcome.Finish(
      report: report, changeset: changeset, diagnostics: diagnostics, isCommitted: isCommitted,
      lockProblem: lockProblem)
  }
}
