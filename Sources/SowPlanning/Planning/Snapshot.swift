package import SowModel

/// What planning asks of the database and its ledger, in sets of rows; all of it reads.
///
/// Whoever implements it answers from one snapshot, so that equal questions have equal answers.
package protocol Snapshot {
  /// Whether missing tables and columns were made by now.
  var hasStructure: Bool { get }
  /// How many rows of a file to ask for at once.
  var batchSize: Int { get }

  /// For each row of `probe`, the row of the table with equal key columns.
  func match(_ probe: Probe) throws -> [Match?]
  func rows(of table: Table, columns: [Int], keys: [RowKey]) throws -> [[Value]?]
  func select(_ query: Query) throws -> [SelectedRow]
  /// The rows of a named query, or why the database refuses it.
  func run(_ call: QueryCall) throws -> Result<QueryRows, QueryRefusal>
  func catalogue() throws -> Catalogue
  /// The rows of `table` that refer by `foreignKey` to the rows of `parent` with `keys`.
  func referring(
    to keys: [RowKey], in parent: Table, from table: Table, by foreignKey: Table.ForeignKey
  ) throws -> [Referring]
  /// The same for the plan of another name.
  func of(_ owner: Owner) -> any Snapshot
  /// The tables in which rows of an operation of this plan lie.
  func ledgerTables(of operation: String) throws -> [String]
  /// Who owns the rows with `keys` according to the ledger.
  func owners(of keys: [RowKey], in table: Table) throws -> [LedgerAddress?]
  /// Every row that the ledger holds of this plan, but for the operations in `streams`.
  func ledgerRows(except streams: [String], _ body: (LedgerRow, Presence) -> Void) throws
  func ledgerRows(operation: String, instances: [String]) throws
    -> [(row: LedgerRow, presence: Presence)?]
  /// Every row that the ledger holds of an operation of this plan, without a look at the row itself.
  func ledgerRows(operation: String, _ body: (LedgerRow) -> Void) throws
  /// The shapes of rows that anybody owns; nil where the ledger has none.
  func shapeNumbers(of operation: String, instances: [String], owner: Owner) throws -> [Int?]
  /// How many rows the ledger holds of each operation of this plan.
  func ledgerCounts() throws -> [String: Int]
  func policies() throws -> [String: LedgerPolicy]
  func shapes() throws -> [Int: LedgerShape]
}

/// What becomes of one row.
package enum Fate: UInt8, Sendable {
  case undecided
  case create
  case update
  /// Was changed by someone else: is set back.
  case drift
  /// Was removed by someone else: is created again.
  case recreate
  /// May not change in place: is deleted and inserted anew.
  case replace
  /// Is as asked already; only the ledger learns of it.
  case adopt
  case unchanged
  /// A query that will write or read.
  case query
  case failed
  /// Depends on a row that failed.
  case skipped
  /// Is not carried out now: its `when` is false, or that of something that it needs.
  case idle
  /// Is marked as deleted: is brought back with the values of the plan.
  case revive

  /// Whether nothing becomes of it.
  package var isDead: Bool { self == .failed || self == .skipped || self == .idle }
}
