internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// Answers planning's questions from the database's open transaction.
struct DatabaseSnapshot: Snapshot {
  let database: any Database
  let owner: Owner
  let digester: any Digesting
  let hasStructure: Bool
  /// Whether rows that the ledger knows are looked at; else they count as sow left them.
  let isRefreshed: Bool
  /// What was read of the ledger already.
  let reading: LedgerReading?

  var batchSize: Int { database.batchSize }

  func match(_ probe: Probe) throws -> [Match?] { try database.match(probe) }

  func rows(of table: Table, columns: [Int], keys: [RowKey]) throws -> [[Value]?] {
    try database.rows(of: table, columns: columns, keys: keys)
  }

  func select(_ query: Query) throws -> [SelectedRow] { try database.select(query) }

  func run(_ call: QueryCall) throws -> Result<QueryRows, QueryRefusal> { try database.run(call) }

  func catalogue() throws -> Catalogue { try database.catalogue() }

  func referring(
    to keys: [RowKey], in parent: Table, from table: Table, by foreignKey: Table.ForeignKey
  ) throws -> [Referring] {
    try database.referring(to: keys, in: parent, from: table, by: foreignKey)
  }

  func owners(of keys: [RowKey], in table: Table) throws -> [LedgerAddress?] {
    try database.owners(of: keys, in: table)
  }

  func ledgerRows(except streams: [String], _ body: (LedgerRow, Presence) -> Void) throws {
    if streams.isEmpty, let rows = reading?.rows {
      for (row, presence) in rows { body(row, presence) }
      return
    }
    guard !isRefreshed else {
      return try database.ledgerRows(of: owner, except: streams, digester: digester, body)
    }
    let unread = Set(streams)
    try database.listLedger(of: owner, operation: nil) { row, _ in
      guard !unread.contains(row.operation), let answered = row.answered else { return }
      body(row, .found(answered))
    }
  }

  func ledgerRows(operation: String, instances: [String]) throws
    -> [(row: LedgerRow, presence: Presence)?]
  {
    let found = try database.ledgerRows(
      of: owner, operation: operation, instances: instances, digester: digester)
    if isRefreshed { return found }
    return found.map { entry in
      entry.map { ($0.row, $0.row.answered.map { .found($0) } ?? $0.presence) }
    }
  }

  func ledgerRows(operation: String, _ body: (LedgerRow) -> Void) throws {
    try database.listLedger(of: owner, operation: operation) { row, _ in body(row) }
  }

  func shapeNumbers(of operation: String, instances: [String], owner: Owner) throws -> [Int?] {
    try database.ledgerRows(
      of: owner, operation: operation, instances: instances, digester: digester
    ).map { $0?.row.shape }
  }

  func of(_ owner: Owner) -> any Snapshot {
    DatabaseSnapshot(
      database: database, owner: owner, digester: digester, hasStructure: hasStructure,
      isRefreshed: isRefreshed, reading: owner == self.owner ? reading : nil)
  }

  func ledgerTables(of operation: String) throws -> [String] {
    try database.ledgerTables(of: operation, of: owner)
  }

  func ledgerCounts() throws -> [String: Int] { try database.ledgerCounts(of: owner) }

  func policies() throws -> [String: LedgerPolicy] { try database.policies(of: owner) }

  func shapes() throws -> [Int: LedgerShape] { try database.shapes() }
}
