package import SowDatabase
package import SowModel
package import SowPlanning

/// One plan against one database: what the commands `plan`, `apply` and `run` are made of.
///
/// Every call is one transaction, but for `atomic: false`, which commits operation by operation.
package struct PlanRun {
  let plan: Plan
  let database: any Database
  let settings: Settings
  private let ahead: CheckedAhead?

  package struct Settings: Sendable {
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

    package init(
      context: CheckContext, scope: String, patience: Double, detail: ChangesetView.Detail,
      commit: String, actor: String, reportsRows: Bool
    ) {
      self.context = context
      self.scope = scope
      self.patience = patience
      self.detail = detail
      self.commit = commit
      self.actor = actor
      self.reportsRows = reportsRows
    }
  }

  /// `ahead` is what a check found before the database was made.
  package init(
    _ plan: Plan, on database: any Database, _ settings: Settings, ahead: CheckedAhead? = nil
  ) {
    self.plan = plan
    self.database = database
    self.settings = settings
    self.ahead = ahead
  }

  /// Checks the plan against an empty database that stands in for one that is yet to be made, so
  /// that a wrong plan makes none; nil after diagnostics.
  package func checkAhead(into diagnostics: inout Diagnostics) throws -> CheckedAhead? {
    try database.begin(.read, patience: settings.patience)
    defer { database.rollback() }
    var found = Diagnostics()
    guard let prepared = try prepare(into: &found) else {
      diagnostics.merge(found)
      return nil
    }
    return CheckedAhead(prepared: prepared, diagnostics: found)
  }

  /// What would change; nothing is written.
  package func preview() throws -> PlanOutcome {
    try database.begin(.read, patience: settings.patience)
    defer { database.rollback() }
    var diagnostics = Diagnostics()
    guard let prepared = try prepare(into: &diagnostics) else { return .invalid(diagnostics) }
    let run = try prepared.decide(settings.detail)
    diagnostics.merge(run.diagnostics)
    if run.diagnostics.hasErrors { return .refused(diagnostics, run.changeset) }
    let lock = try prepared.lock(of: plan)
    return .changes(run.changeset, diagnostics, lock)
  }

  /// Checks the plan against the open transaction's catalogue; nil after diagnostics.
  func prepare(into diagnostics: inout Diagnostics) throws -> PreparedRun? {
    var context = settings.context
    let catalogue = try database.catalogue()
    let ledger = try database.ledger()
    if let ahead, ledger == nil, catalogue.tables.isEmpty {
      diagnostics.merge(ahead.diagnostics)
      return ahead.prepared.moved(to: database)
    }
    context.catalogue = catalogue
    let identity = ledger ?? .drawn()
    let digester = KeyedDigester(secret: identity.secret)
    context.keyed = digester
    guard let checked = CheckedPlan.check(plan, context, into: &diagnostics) else { return nil }
    return PreparedRun(
      checked: checked, ledger: ledger, database: database,
      owner: Owner(scope: settings.scope, plan: plan.name), identity: identity,
      digester: digester)
  }
}

/// A plan that was checked before its database was made, with its warnings.
package struct CheckedAhead {
  fileprivate let prepared: PreparedRun
  fileprivate let diagnostics: Diagnostics
}

package enum PlanOutcome {
  /// The files are wrong.
  case invalid(Diagnostics)
  /// The files are right, and the database stands against them.
  case refused(Diagnostics, Changeset)
  /// The changeset, with warnings, and the lock as the ledger has it; nil without a ledger.
  case changes(Changeset, Diagnostics, Lock?)
}

/// A checked plan with the ledger that it meets.
struct PreparedRun {
  let checked: CheckedPlan
  /// The database's ledger, nil where it has none.
  let ledger: Ledger?
  let database: any Database
  let owner: Owner
  /// The ledger that an apply makes where there is none.
  let identity: Ledger
  let digester: KeyedDigester

  /// Decides before anything is written, or, with `isApplying`, once missing tables are made.
  /// The same against another database without a table.
  fileprivate func moved(to database: any Database) -> PreparedRun {
    PreparedRun(
      checked: checked, ledger: nil, database: database, owner: owner, identity: identity,
      digester: digester)
  }

  func decider(usesLedger: Bool = true, isApplying: Bool) throws -> Decider {
    try Decider(
      plan: checked,
      snapshot: DatabaseSnapshot(
        database: database, owner: owner, digester: digester, hasStructure: isApplying),
      digester: digester, owner: owner, hasLedger: usesLedger && ledger != nil,
      keepsLedger: usesLedger)
  }

  func decide(_ detail: ChangesetView.Detail) throws -> PlannedRun {
    var planner = try Planner(try decider(isApplying: false), detail: detail)
    return try planner.run()
  }

  /// The projection of the ledger as it stands in the open transaction.
  func lock(of plan: Plan) throws -> Lock? {
    guard let ledger else { return nil }
    return try Lock(of: owner, ledger, database, entities: checked.entities)
  }
}

extension Ledger {
  /// A new identity: 128 random bits of lineage and 256 of secret, from the system's generator.
  static func drawn() -> Ledger {
    var generator = SystemRandomNumberGenerator()
    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
    return Ledger(lineage: hexadecimal(bytes(16)), secret: bytes(32))
  }
}
