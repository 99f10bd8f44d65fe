internal import SowDatabase
internal import SowModel
internal import SowPlanning
internal import SowThreads

/// What the ledger says of a plan's rows in the open transaction.
struct LedgerReading {
  /// Every row with what the table holds; nil where only the check of the plan says which of them
  /// are to be read.
  let rows: [Row]?
  let lock: Lock
  /// The names that entities have in `lock`, by table.
  let entityNames: [String: String]

  typealias Row = (row: LedgerRow, presence: Presence)
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
    guard case .operations = settings.extent, settings.isRefreshed,
      !plan.operations.contains(where: \.isOverFile)
    else {
      let lock = try Lock(of: owner, ledger, database, entityNames: names)
      return LedgerReading(rows: nil, lock: lock, entityNames: names)
    }
    var rows: [LedgerReading.Row] = []
    rows.reserveCapacity(plan.operations.count)
    try database.ledgerRows(
      of: owner, except: [], digester: KeyedDigester(secret: ledger.secret)
    ) { rows.append(($0, $1)) }
    let entities = try database.shapes().mapValues { names[$0.table] ?? $0.table }
    return LedgerReading(
      rows: rows, lock: Lock(of: owner, ledger, rows, entities: entities), entityNames: names)
  }
}

extension [EntitySchema] {
  /// The names of entities, by table.
  var namesByTable: [String: String] {
    Dictionary(map { ($0.table?.value ?? $0.name, $0.name) }, uniquingKeysWith: { $1 })
  }
}
