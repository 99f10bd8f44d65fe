import SowDatabase
import SowModel

/// A database that is lost at one of its writing calls: from then on nothing but `rollback` works.
final class FailingDatabase: Database {
  private let inner: any Database
  /// Which writing call is the last one.
  private let last: Int
  /// Whether the last call still does its work, and only its answer is lost.
  private let losesAnswer: Bool
  private(set) var calls = 0
  private var isLost = false

  init(_ inner: any Database, last: Int = .max, losesAnswer: Bool = false) {
    self.inner = inner
    self.last = last
    self.losesAnswer = losesAnswer
  }

  private func reading<T>(_ body: () throws(DatabaseError) -> T) throws(DatabaseError) -> T {
    if isLost { throw Self.lost }
    return try body()
  }

  private func writing<T>(_ body: () throws(DatabaseError) -> T) throws(DatabaseError) -> T {
    if isLost { throw Self.lost }
    calls += 1
    guard calls >= last else { return try body() }
    isLost = true
    if losesAnswer { _ = try body() }
    throw Self.lost
  }

  private static let lost = DatabaseError(
    .unavailable, Phrase(same: "lost on purpose"))

  var batchSize: Int { inner.batchSize }
  var ledgerSQL: [String] { inner.ledgerSQL }
  var statementCount: Int { inner.statementCount }
  var interruption: any Interrupting { inner.interruption }

  // MARK: Transactions

  func begin(_ access: Access, patience: Double) throws(DatabaseError) {
    try reading { () throws(DatabaseError) in try inner.begin(access, patience: patience) }
  }
  func commit() throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.commit() }
  }
  func rollback() { inner.rollback() }
  func savepoint() throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.savepoint() }
  }
  func release() throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.release() }
  }
  func undo() throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.undo() }
  }

  // MARK: Reading

  func catalogue() throws(DatabaseError) -> Catalogue {
    try reading { () throws(DatabaseError) in try inner.catalogue() }
  }
  func match(_ probe: Probe) throws(DatabaseError) -> [Match?] {
    try reading { () throws(DatabaseError) in try inner.match(probe) }
  }
  func rows(of table: Table, columns: [Int], keys: [RowKey]) throws(DatabaseError) -> [[Value]?] {
    try reading { () throws(DatabaseError) in
      try inner.rows(of: table, columns: columns, keys: keys)
    }
  }
  func select(_ query: Query) throws(DatabaseError) -> [SelectedRow] {
    try reading { () throws(DatabaseError) in try inner.select(query) }
  }
  var dialect: Dialect { inner.dialect }
  func inspect(_ statement: QueryStatement) throws(DatabaseError)
    -> Result<StatementShape, QueryRefusal>
  {
    try reading { () throws(DatabaseError) in try inner.inspect(statement) }
  }
  func run(_ call: QueryCall) throws(DatabaseError) -> Result<QueryRows, QueryRefusal> {
    try reading { () throws(DatabaseError) in try inner.run(call) }
  }
  func referring(
    to keys: [RowKey], in parent: Table, from table: Table, by foreignKey: Table.ForeignKey
  ) throws(DatabaseError) -> [Referring] {
    try reading { () throws(DatabaseError) in
      try inner.referring(to: keys, in: parent, from: table, by: foreignKey)
    }
  }
  func scan(_ scan: Scan, _ body: ([Value]) -> Bool) throws(DatabaseError) {
    try reading { () throws(DatabaseError) in try inner.scan(scan, body) }
  }
  func ledger() throws(DatabaseError) -> Ledger? {
    try reading { () throws(DatabaseError) in try inner.ledger() }
  }
  func ledgerRows(
    of owner: Owner, except streams: [String], digester: any Digesting,
    _ body: (LedgerRow, Presence) -> Void
  ) throws(DatabaseError) {
    try reading { () throws(DatabaseError) in
      try inner.ledgerRows(of: owner, except: streams, digester: digester, body)
    }
  }
  func ledgerRows(
    of owner: Owner, operation: String, instances: [String], digester: any Digesting
  ) throws(DatabaseError) -> [(row: LedgerRow, presence: Presence)?] {
    try reading { () throws(DatabaseError) in
      try inner.ledgerRows(
        of: owner, operation: operation, instances: instances, digester: digester)
    }
  }
  func ledgerCounts(of owner: Owner) throws(DatabaseError) -> [String: Int] {
    try reading { () throws(DatabaseError) in try inner.ledgerCounts(of: owner) }
  }
  func ledgerTables(of operation: String, of owner: Owner) throws(DatabaseError) -> [String] {
    try reading { () throws(DatabaseError) in try inner.ledgerTables(of: operation, of: owner) }
  }
  func owners(of keys: [RowKey], in table: Table) throws(DatabaseError) -> [LedgerAddress?] {
    try reading { () throws(DatabaseError) in try inner.owners(of: keys, in: table) }
  }
  func policies(of owner: Owner) throws(DatabaseError) -> [String: LedgerPolicy] {
    try reading { () throws(DatabaseError) in try inner.policies(of: owner) }
  }
  func shapes() throws(DatabaseError) -> [Int: LedgerShape] {
    try reading { () throws(DatabaseError) in try inner.shapes() }
  }
  func listLedger(
    of owner: Owner, operation: String?, _ body: (LedgerRow, _ table: String) -> Void
  ) throws(DatabaseError) {
    try reading { () throws(DatabaseError) in
      try inner.listLedger(of: owner, operation: operation, body)
    }
  }
  func listRows(
    ownedBy owner: Owner, _ body: (OwnedRow, _ table: String) -> Void
  ) throws(DatabaseError) {
    try reading { () throws(DatabaseError) in try inner.listRows(ownedBy: owner, body) }
  }
  func ledgerOwners() throws(DatabaseError) -> [Owner] {
    try reading { () throws(DatabaseError) in try inner.ledgerOwners() }
  }
  func runs() throws(DatabaseError) -> [LedgerRun] {
    try reading { () throws(DatabaseError) in try inner.runs() }
  }

  // MARK: Writing

  func create(_ tables: [TableDefinition]) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.create(tables) }
  }
  func add(_ columns: [TableDefinition.Column], to table: String) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.add(columns, to: table) }
  }
  func reserveKeys(of table: Table, count: Int) throws(DatabaseError) -> Int64? {
    try writing { () throws(DatabaseError) in try inner.reserveKeys(of: table, count: count) }
  }
  func insertCounted(
    _ rows: RowSet, stopsAtFailure: Bool
  ) throws(DatabaseError) -> CountedRows {
    try writing { () throws(DatabaseError) in
      try inner.insertCounted(rows, stopsAtFailure: stopsAtFailure)
    }
  }
  func deferForeignKeys() throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.deferForeignKeys() }
  }
  func deferredFailure() throws(DatabaseError) -> DeferredFailure? {
    try writing { () throws(DatabaseError) in try inner.deferredFailure() }
  }
  func insert(_ rows: RowSet, stopsAtFailure: Bool) throws(DatabaseError) -> [RowError] {
    try writing { () throws(DatabaseError) in
      try inner.insert(rows, stopsAtFailure: stopsAtFailure)
    }
  }
  func update(
    _ rows: RowSet, keys: [RowKey], guarding: RowGuard?, stopsAtFailure: Bool
  ) throws(DatabaseError) -> [RowError] {
    try writing { () throws(DatabaseError) in
      try inner.update(rows, keys: keys, guarding: guarding, stopsAtFailure: stopsAtFailure)
    }
  }
  func delete(_ keys: [RowKey], from table: Table, stopsAtFailure: Bool) throws(DatabaseError)
    -> [RowError]
  {
    try writing { () throws(DatabaseError) in
      try inner.delete(keys, from: table, stopsAtFailure: stopsAtFailure)
    }
  }
  func create(_ ledger: Ledger) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.create(ledger) }
  }
  func record(_ run: LedgerRun) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.record(run) }
  }
  func number(of shape: LedgerShape) throws(DatabaseError) -> Int {
    try writing { () throws(DatabaseError) in try inner.number(of: shape) }
  }
  func storedForms(of table: Table) throws(DatabaseError) -> (any StoredForms)? {
    try inner.storedForms(of: table)
  }

  func record(_ rows: [LedgerRow], of owner: Owner, serial: Int) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in
      try inner.record(rows, of: owner, serial: serial)
    }
  }
  func settle() throws(DatabaseError) { try inner.settle() }
  func record(_ policy: LedgerPolicy, operation: String, of owner: Owner) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in
      try inner.record(policy, operation: operation, of: owner)
    }
  }
  func move(_ moves: [LedgerMove]) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.move(moves) }
  }
  func touch(_ keys: [RowKey], in table: Table, serial: Int) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in
      try inner.touch(keys, in: table, serial: serial)
    }
  }
  func forget(_ keys: [RowKey], in table: Table) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.forget(keys, in: table) }
  }
  func forget(_ addresses: [LedgerAddress]) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.forget(addresses) }
  }
  func forget(operations: [String], of owner: Owner) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in try inner.forget(operations: operations, of: owner) }
  }
  func answer(serial: Int, digester: any Digesting) throws(DatabaseError) {
    try writing { () throws(DatabaseError) in
      try inner.answer(serial: serial, digester: digester)
    }
  }
}
