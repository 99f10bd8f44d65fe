package import SowModel

/// What sow asks of a database: one connection, one ordered transaction, rows in sets.
///
/// Every call about rows takes or gives many of them, so that an adapter can serve it with a number
/// of statements that does not grow with the operations. Calls happen inside `begin` … `commit` or
/// `rollback`, but for those that say otherwise. Names of tables and columns come from the
/// catalogue, so that an unknown name never reaches SQL.
///
/// A column with a `link` is a set whose members are rows of another table (`LinkTable`). It is read
/// as a list of its members, sorted and each once, is compared as a set, and is written and deleted
/// with its row: a row whose members cannot be written fails whole, and leaves none behind. It is
/// never part of a key, a filter or an order.
package protocol Database: AnyObject {
  // MARK: Transactions

  /// Starts a transaction; for `write` it takes the lock of sow's runs first and waits for it at
  /// most `patience` seconds: after that the error's kind is `locked`.
  func begin(_ access: Access, patience: Double) throws(DatabaseError)
  /// Makes the transaction permanent; deferred constraints may fail here, and then it is gone.
  func commit() throws(DatabaseError)
  /// Ends the transaction without a trace; does nothing outside of one.
  func rollback()
  /// Opens a nested unit, which `release` keeps and `undo` takes back; they nest.
  func savepoint() throws(DatabaseError)
  func release() throws(DatabaseError)
  func undo() throws(DatabaseError)

  // MARK: Structure

  /// Says what schemas declare to be the keys of tables, by table: `catalogue` gives these where
  /// rows lie on other servers, so that no key is the database's own to hold. Reading and writing
  /// then fail where two rows have one key. May be said at any time.
  func declare(_ keys: [String: DeclaredKeys])
  /// The tables as they stand, sow's own left out.
  func catalogue() throws(DatabaseError) -> Catalogue
  /// Makes tables in the order given, which respects their foreign keys.
  func create(_ tables: [TableDefinition]) throws(DatabaseError)
  /// Adds columns that are nullable or have a default.
  func add(_ columns: [TableDefinition.Column], to table: String) throws(DatabaseError)

  // MARK: Reading rows

  /// How many rows of a file are best asked for and written at once: many where every question is
  /// a way over a network, few where none is, so that reading the file and using it overlap.
  var batchSize: Int { get }
  /// For each row of `probe`, the row of the table that has equal key columns, as the database
  /// compares them; nil where there is none.
  func match(_ probe: Probe) throws(DatabaseError) -> [Match?]
  /// The `columns` of the rows with `keys`; nil where there is none.
  func rows(of table: Table, columns: [Int], keys: [RowKey]) throws(DatabaseError) -> [[Value]?]
  /// The rows that pass a filter, in the order of `sort` (nulls first, or last when descending),
  /// then of the primary key.
  func select(_ query: Query) throws(DatabaseError) -> [SelectedRow]
  /// The rows of `table` that refer by `foreignKey`, one of its own, to the rows of `parent` with
  /// `keys`: each with the key of the row that it refers to, unordered.
  func referring(
    to keys: [RowKey], in parent: Table, from table: Table, by foreignKey: Table.ForeignKey
  ) throws(DatabaseError) -> [Referring]

  /// Hands `body` the rows of a scan in its order and holds none of them; false ends it early.
  /// `body` must not call the database.
  func scan(_ scan: Scan, _ body: ([Value]) -> Bool) throws(DatabaseError)

  // MARK: Named queries

  /// Whose statements it takes before those for every database.
  var dialect: Dialect { get }
  /// What a statement of the project gives and reads, without running it. It is one statement that
  /// reads and can do nothing else; any other is refused, and so is one that reads the ledger. The
  /// transaction goes on after a refusal, here and in `run`.
  func inspect(_ statement: QueryStatement) throws(DatabaseError)
    -> Result<StatementShape, QueryRefusal>
  /// All rows that a statement gives, which was held to the same.
  func run(_ call: QueryCall) throws(DatabaseError) -> Result<QueryRows, QueryRefusal>

  // MARK: Writing rows

  /// Draws `count` consecutive numbers above every key of table, sequence and ledger, and returns
  /// the first. Only for a table whose key column has `generation` `key`. Nil where this role may
  /// not draw them: then `insertCounted` tells which ones rows got.
  func reserveKeys(of table: Table, count: Int) throws(DatabaseError) -> Int64?
  /// Until the end of the transaction rows may refer to some that are not there; what still does
  /// then fails the commit.
  func deferForeignKeys() throws(DatabaseError)
  /// What would fail the commit as it stands; nil where nothing was put off, or all of it holds now.
  func deferredFailure() throws(DatabaseError) -> DeferredFailure?
  /// Inserts all rows; each failing row is left out and reported, in order. With
  /// `stopsAtFailure` the first one ends the work.
  func insert(_ rows: RowSet, stopsAtFailure: Bool) throws(DatabaseError) -> [RowError]
  /// The same for rows without their keys, which the database counts: `keys` says what each row
  /// got, nil for one that failed.
  func insertCounted(_ rows: RowSet, stopsAtFailure: Bool) throws(DatabaseError) -> CountedRows
  /// Sets the columns of `rows` on the rows with `keys`, one key a row, failures as in `insert`; a
  /// key without a row is a failure of kind `missing`, one whose row does not hold what `guarding`
  /// says one of kind `changed`.
  func update(
    _ rows: RowSet, keys: [RowKey], guarding: RowGuard?, stopsAtFailure: Bool
  ) throws(DatabaseError) -> [RowError]
  /// Deletes the rows with `keys`, failures as in `update`.
  func delete(_ keys: [RowKey], from table: Table, stopsAtFailure: Bool) throws(DatabaseError)
    -> [RowError]

  // MARK: The ledger

  /// Nil where the database has no ledger; a ledger of a newer format is an error.
  func ledger() throws(DatabaseError) -> Ledger?
  /// Makes the ledger's tables.
  func create(_ ledger: Ledger) throws(DatabaseError)
  /// The same as text for someone else to run: one statement each, and the database draws the
  /// lineage and the secret. May be asked for at any time.
  var ledgerSQL: [String] { get }
  /// Hands `body` every row that the ledger holds of `owner`, but for the operations in `streams`,
  /// with what the database answers now; grouped by shape, else unordered. `body` must not call
  /// the database.
  func ledgerRows(
    of owner: Owner, except streams: [String], digester: any Digesting,
    _ body: (LedgerRow, Presence) -> Void
  ) throws(DatabaseError)
  /// The ledger's rows of one operation with these instances; nil where there is none.
  func ledgerRows(
    of owner: Owner, operation: String, instances: [String], digester: any Digesting
  ) throws(DatabaseError) -> [(row: LedgerRow, presence: Presence)?]
  /// How many rows the ledger holds of each operation of `owner`.
  func ledgerCounts(of owner: Owner) throws(DatabaseError) -> [String: Int]
  /// The tables in which the rows of an operation lie, sorted.
  func ledgerTables(of operation: String, of owner: Owner) throws(DatabaseError) -> [String]
  /// Who owns the rows with `keys`; nil where nobody does.
  func owners(of keys: [RowKey], in table: Table) throws(DatabaseError) -> [LedgerAddress?]
  /// The remembered policies of `owner`, by operation.
  func policies(of owner: Owner) throws(DatabaseError) -> [String: LedgerPolicy]

  /// Writes the row of the run; its serial is one above the highest. The same id again brings
  /// what a longer run comes to know: `finished`, the counts and the message.
  func record(_ run: LedgerRun) throws(DatabaseError)
  /// The shapes that the ledger knows, by number.
  func shapes() throws(DatabaseError) -> [Int: LedgerShape]
  /// The number of a shape, made where it is new.
  func number(of shape: LedgerShape) throws(DatabaseError) -> Int
  /// How new rows lie in `table`, set-valued columns too, until the commit; nil where something
  /// beside sow's own statements, such as a trigger, may change them.
  func storedForms(of table: Table) throws(DatabaseError) -> (any StoredForms)?
  /// Inserts or replaces rows by address. What they do not say of `answered` stays open until
  /// `answer`, or is what the table holds now where nothing else can change the row until then.
  /// A key that another address holds is an error of kind `unique`: `forget` it first. Some of the
  /// rows may be written later: then their failure is one of `settle`, or of any call before it.
  func record(_ rows: [LedgerRow], of owner: Owner, serial: Int) throws(DatabaseError)
  /// Waits until all rows that were to be recorded are.
  func settle() throws(DatabaseError)
  func record(_ policy: LedgerPolicy, operation: String, of owner: Owner) throws(DatabaseError)
  /// Gives what the ledger holds of addresses to others, in order; an address at which nothing is
  /// gives nothing. At the new addresses there is nothing, but perhaps after a move before.
  func move(_ moves: [LedgerMove]) throws(DatabaseError)
  /// Marks the ledger's rows of these keys, whoever owns them, as touched by the run.
  func touch(_ keys: [RowKey], in table: Table, serial: Int) throws(DatabaseError)
  /// Takes the rows with these keys out of the ledger, whoever owns them.
  func forget(_ keys: [RowKey], in table: Table) throws(DatabaseError)
  /// Takes the rows with these addresses out of the ledger, whatever became of their tables.
  func forget(_ addresses: [LedgerAddress]) throws(DatabaseError)
  /// Takes out what is remembered of these operations, but for those that still have rows.
  func forget(operations: [String], of owner: Owner) throws(DatabaseError)
  /// Sets `answered` of every row touched by the run to what the database holds now; the last step
  /// before `commit`.
  func answer(serial: Int, digester: any Digesting) throws(DatabaseError)
  /// Hands `body` all rows of `owner`, or those of one operation, by operation and instance in byte
  /// order; `body` must not call the database.
  func listLedger(
    of owner: Owner, operation: String?, _ body: (LedgerRow, _ table: String) -> Void
  ) throws(DatabaseError)
  /// All rows, as far as a lockfile tells of them, operation by operation in any order, those of one
  /// by instance in byte order.
  func listRows(
    ownedBy owner: Owner, _ body: (OwnedRow, _ table: String) -> Void
  ) throws(DatabaseError)
  /// The owners that have rows, sorted.
  func ledgerOwners() throws(DatabaseError) -> [Owner]
  /// The runs, newest first.
  func runs() throws(DatabaseError) -> [LedgerRun]

  /// The number of distinct statement texts that this connection prepared so far; may be asked
  /// at any time.
  var statementCount: Int { get }
  /// Stops the work from elsewhere, such as on SIGINT; may be asked for at any time.
  var interruption: any Interrupting { get }
  /// Leaves no trace of a database that opening made and that was never written to.
  func discardIfUnused()
}

/// What became of rows whose keys the database counted.
package struct CountedRows: Sendable {
  package var keys: [Int64?]
  package var failures: [RowError]

  package init(keys: [Int64?], failures: [RowError]) {
    self.keys = keys
    self.failures = failures
  }
}

/// What rows must hold when they are updated.
package struct RowGuard: Sendable {
  package let column: Int
  /// One a row.
  package let values: [Value]

  package init(column: Int, values: [Value]) {
    self.column = column
    self.values = values
  }
}

extension Database {
  /// All tables lie in the database itself.
  package func declare(_ keys: [String: DeclaredKeys]) {}

  /// Opening makes nothing.
  package func discardIfUnused() {}

  /// Nothing is written later.
  package func settle() throws(DatabaseError) {}

  package func update(
    _ rows: RowSet, keys: [RowKey], stopsAtFailure: Bool
  ) throws(DatabaseError) -> [RowError] {
    try update(rows, keys: keys, guarding: nil, stopsAtFailure: stopsAtFailure)
  }
}

/// What another thread holds of a database to stop its work.
package protocol Interrupting: Sendable {
  /// From now on every call but `rollback` ends with an error of kind `interrupted`, the one that
  /// is under way too.
  func interrupt()
}

package enum Access: Sendable {
  case read, write
  /// As `write`, in a transaction that is to be rolled back: nothing is moved that would stay.
  case rehearsal
}
