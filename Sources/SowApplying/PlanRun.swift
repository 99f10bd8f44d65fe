package import SowDatabase
package import SowModel
package import SowPlanning
internal import SowThreads

/// One plan against one database: what the commands `plan`, `apply` and `run` are made of.
///
/// Every call is one transaction, but for `atomic: false`, which commits operation by operation.
package struct PlanRun {
  let plan: Plan
  let database: any Database
  let settings: Settings
  private let memory: CheckMemory

  package struct Settings {
    /// Schemas, variables and limits; the catalogue is filled in from the database.
    package var context: CheckContext
    package var scope: String
    /// How long to wait for the lock, in seconds.
    package var patience: Double
    package var detail: ChangesetView.Detail
    /// The commit of the project's repository and who runs, for the ledger.
    package var commit: String
    package var actor: String
    /// Whether the report names every row, with data.
    package var reportsRows: Bool
    /// How much of the plan the run is about.
    package var extent: RunScope
    /// Whether the environment wants every delete agreed to aloud.
    package var isProtected = false
    /// The ledger that is made where there is none; nil to draw one.
    package var identity: Ledger?
    /// Whether all that is read and decided is digested.
    package var isFingerprinted = false
    /// Whether rows that the ledger knows are looked at; else they count as sow left them.
    package var isRefreshed = true
    /// Rows that are ours, whatever became of them.
    package var taken: Set<RowAddress> = []
    /// What the run is limited to; nil for all that its extent is about.
    package var repetition: Repetition?
    /// Is told how far the run has come.
    package var watch: ProgressWatcher?

    package init(
      context: CheckContext, scope: String, patience: Double, detail: ChangesetView.Detail,
      commit: String, actor: String, reportsRows: Bool, extent: RunScope = .plan
    ) {
      self.extent = extent
      self.context = context
      self.scope = scope
      self.patience = patience
      self.detail = detail
      self.commit = commit
      self.actor = actor
      self.reportsRows = reportsRows
    }
  }

  package init(_ plan: Plan, on database: any Database, _ settings: Settings) {
    self.init(plan, on: database, settings, CheckMemory())
  }

  private init(
    _ plan: Plan, on database: any Database, _ settings: Settings, _ memory: CheckMemory
  ) {
    self.plan = plan
    self.database = database
    self.settings = settings
    self.memory = memory
  }

  /// What would change; nothing is written.
  package func preview() throws -> PlanOutcome {
    try database.begin(.read, patience: settings.patience)
    defer { database.rollback() }
    var diagnostics = Diagnostics()
    guard var prepared = try prepare(readsLedger: true, into: &diagnostics) else {
      return .invalid(diagnostics)
    }
    let lock = try prepared.lock()
    let run = try prepared.decide(settings)
    diagnostics.merge(run.diagnostics)
    if run.diagnostics.hasErrors { return .refused(diagnostics, run.changeset) }
    return .changes(run.changeset, diagnostics, lock, basis(of: prepared, run))
  }

  /// What is wrong with the plan, or not as it was `saved`, found in a transaction that only reads.
  package func mistakes(of saved: SavedPlan?) throws -> Diagnostics {
    try database.begin(.read, patience: settings.patience)
    defer { database.rollback() }
    var diagnostics = Diagnostics()
    guard var prepared = try prepare(into: &diagnostics), let saved else { return diagnostics }
    let planned = try prepared.decide(settings)
    let stale =
      saved.ledgerDifference(from: prepared.ledger)
      ?? saved.difference(from: basis(of: prepared, planned), planned.changeset)
    if let stale { diagnostics.report(stale) }
    return diagnostics
  }

  /// The same run on another database; where it looks like this one, the plan is not checked again.
  package func on(_ database: any Database) -> PlanRun {
    PlanRun(plan, on: database, settings, memory)
  }

  /// The same run, that nobody follows.
  var unwatched: PlanRun {
    var settings = settings
    settings.watch = nil
    settings.reportsRows = false
    return PlanRun(plan, on: database, settings, memory)
  }

  /// Checks the plan against the open transaction's catalogue; nil after diagnostics. Where what the
  /// ledger says will be wanted, too, it is read meanwhile.
  func prepare(
    readsLedger: Bool = false, into diagnostics: inout Diagnostics
  ) throws -> PreparedRun? {
    database.declare(settings.context.schemas.declaredKeys)
    let catalogue = try database.catalogue()
    let ledger = try database.ledger()
    let found = try elements(catalogue, ledger)
    let check: CheckMemory.Check
    var reading: Ahead<Result<LedgerReading, any Error>>?
    if let last = memory.last, last.tables == catalogue.tables, last.ledger == ledger,
      last.elements == found.known, !found.problems.hasErrors
    {
      check = last
    } else {
      let identity = ledger ?? settings.identity ?? .drawn()
      let context = try context(catalogue, identity, found.known)
      // From here on the check asks nothing of the database.
      if readsLedger, let ledger { reading = readAhead(ledger) }
      check = self.check(context, ledger, identity, found)
      memory.last = check
    }
    diagnostics.merge(check.diagnostics)
    guard let checked = check.checked else { return nil }
    var prepared = PreparedRun(
      checked: checked, ledger: ledger, database: database,
      owner: Owner(scope: settings.scope, plan: plan.name), identity: check.identity,
      digester: KeyedDigester(secret: check.identity.secret), isRefreshed: settings.isRefreshed,
      taken: settings.taken, repetition: settings.repetition, schemas: settings.context.schemas)
    prepared.reading = try reading?.value().get()
    return prepared
  }

  private func check(
    _ context: CheckContext, _ ledger: Ledger?, _ identity: Ledger, _ elements: FoundElements
  ) -> CheckMemory.Check {
    var diagnostics = Diagnostics()
    var checked = CheckedPlan.check(plan, context, watch: settings.watch, into: &diagnostics)
    if checked != nil, elements.problems.hasErrors {
      diagnostics.merge(elements.problems)
      checked = nil
    }
    return CheckMemory.Check(
      tables: context.catalogue?.tables ?? [], ledger: ledger, elements: elements.known,
      identity: identity, checked: checked, diagnostics: diagnostics)
  }

  /// What the plan is checked with.
  func context(
    _ catalogue: Catalogue, _ identity: Ledger, _ elements: [String: ReadElements]
  ) throws -> CheckContext {
    var context = settings.context
    context.catalogue = catalogue
    context.keyed = KeyedDigester(secret: identity.secret)
    context.dialect = database.dialect
    context.answers = try answers()
    context.elements = elements
    return context
  }

  /// What the database says of the statements of the queries that the plan names.
  private func answers() throws -> [String: Result<StatementShape, QueryRefusal>] {
    let named = Set(plan.operations.compactMap(\.query?.value))
    var answers: [String: Result<StatementShape, QueryRefusal>] = [:]
    for query in settings.context.queries where named.contains(query.name) {
      guard let statement = query.statement(for: database.dialect) else { continue }
      answers[query.name] = try database.inspect(statement)
    }
    return answers
  }
}

/// What the last check of a run came to, and the database that it was made for.
private final class CheckMemory {
  var last: Check?

  struct Check {
    let tables: [Table]
    let ledger: Ledger?
    let elements: [String: ReadElements]
    let identity: Ledger
    let checked: CheckedPlan?
    let diagnostics: Diagnostics
  }
}

package enum PlanOutcome {
  /// The files are wrong.
  case invalid(Diagnostics)
  /// The files are right, and the database stands against them.
  case refused(Diagnostics, Changeset)
  /// The changeset, with warnings, the lock as the ledger has it (nil without a ledger), and what
  /// all of it rests on.
  case changes(Changeset, Diagnostics, Lock?, PlanBasis)
}

/// A checked plan with the ledger that it meets.
struct PreparedRun {
  var checked: CheckedPlan
  /// The database's ledger, nil where it has none.
  let ledger: Ledger?
  let database: any Database
  let owner: Owner
  /// The ledger that an apply makes where there is none.
  let identity: Ledger
  let digester: KeyedDigester
  let isRefreshed: Bool
  let taken: Set<RowAddress>
  let repetition: Repetition?
  let schemas: [EntitySchema]
  /// What was read of the ledger while the plan was checked, until everything is decided.
  var reading: LedgerReading?

  /// Decides before anything is written, or, with `isApplying`, once missing tables are made.
  func decider(usesLedger: Bool = true, isApplying: Bool) throws -> Decider {
    var decider = try Decider(
      plan: checked,
      snapshot: DatabaseSnapshot(
        database: database, owner: owner, digester: digester, hasStructure: isApplying,
        isRefreshed: isRefreshed, reading: reading),
      digester: digester, owner: owner, hasLedger: usesLedger && ledger != nil,
      keepsLedger: usesLedger, isHopeful: !isApplying && !checked.isReordered)
    decider.taken = taken
    decider.repetition = repetition
    return decider
  }

  /// Decides everything, with the ledger as it will be once its moves are made; once more where
  /// rows take unique values of others, in the order that this asks for, or without rows that cannot
  /// be had. `ready` gets the planner before it starts.
  mutating func decide(
    _ settings: PlanRun.Settings, _ ready: (inout Planner) -> Void = { _ in }
  ) throws -> PlannedRun {
    defer { reading = nil }
    var planned = try decideOnce(settings, ready)
    // A row that is left out does not give way to others, which then are to be left out, too. What
    // is still open after so many times is for the database to refuse.
    var count = 0
    while let revised = planned.revised, count < 16 {
      count += 1
      checked = revised
      planned = try decideOnce(settings, ready)
    }
    return planned
  }

  private func decideOnce(
    _ settings: PlanRun.Settings, _ ready: (inout Planner) -> Void
  ) throws -> PlannedRun {
    let total = settings.extent.runsOperations ? checked.rowCount : nil
    let meter = PhaseMeter(.plan, of: checked.name, total: total, to: settings.watch)
    var decider = try decider(isApplying: false)
    let moves = ledger == nil ? LedgerMoves() : try LedgerMoves(checked, decider.snapshot, owner)
    if !moves.isEmpty { decider = try decider.moved(moves) }
    var planner = try Planner(
      decider, detail: settings.detail, scope: settings.extent, moves: moves,
      isFingerprinted: settings.isFingerprinted)
    planner.meter = meter
    ready(&planner)
    return try planner.run()
  }

  /// The projection of the ledger as it stands in the open transaction.
  func lock() throws -> Lock? {
    guard let ledger else { return nil }
    if let reading, reading.entityNames == namesInLock { return reading.lock }
    return try lock(of: ledger)
  }

  /// The same once the run made it.
  func lock(of ledger: Ledger) throws -> Lock {
    try Lock(of: owner, ledger, database, entityNames: namesInLock)
  }

  /// Rows of operations that this run is not about are lines of the lockfile, too.
  private var namesInLock: [String: String] {
    schemas.namesByTable.merging(checked.entities.map { ($0.table.name, $0.name) }) { $1 }
  }
}

extension Ledger {
  /// A new identity: 128 random bits of lineage and 256 of secret, from the system's generator.
  package static func drawn() -> Ledger {
    var generator = SystemRandomNumberGenerator()
    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
    return Ledger(lineage: hexadecimal(bytes(16)), secret: bytes(32))
  }
}
