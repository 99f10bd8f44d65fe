internal import SowDatabase
internal import SowModel
internal import SowPlanning
internal import SowThreads

/// What the ledger says of a plan's rows in the open transaction.
struct LedgerReading {
  /// Every row with what the table holds; nil where only the check of the plan says which of them
  /// are to be read.
  let rows: [(row: LedgerRow, presence: Presence)]?
  let lock: Lock
  /// The names that entities have in `lock`, by table.
  let entityNames: [String: String]
}

extension PlanRun {
  /// Reads the ledger on a second thread: until that is done, or nobody waits for it any more,
  /// nothing else may use the database.
  func readAhead(_ ledger: Ledger) -> Ahead<Result<LedgerReading, any Error>> {
    Ahead { Result { try read(ledger) } }
  }

  private func read(_ ledger: Ledger) throws -> LedgerReading {
    let owner = Owner(scope: settings.scope, plan: plan.name)
    let names = settings.context.schemas.namesByTable
    var rows: [(row: LedgerRow, presence: Presence)]?
    if case .operations = settings.extent, !plan.operations.contains(where: \.isOverFile) {
      let snapshot = DatabaseSnapshot(
        database: database, owner: owner, digester: KeyedDigester(secret: ledger.secret),
        hasStructure: false, isRefreshed: settings.isRefreshed, reading: nil)
      var found: [(row: LedgerRow, presence: Presence)] = []
      found.reserveCapacity(plan.operations.count)
      try snapshot.ledgerRows(except: []) { found.append(($0, $1)) }
      rows = found
    }
    return LedgerReading(
      rows: rows, lock: try Lock(of: owner, ledger, database, entityNames: names),
      entityNames: names)
  }
}

extension [EntitySchema] {
  /// The names of entities, by table.
  var namesByTable: [String: String] {
    Dictionary(map { ($0.table?.value ?? $0.name, $0.name) }, uniquingKeysWith: { $1 })
  }
}
