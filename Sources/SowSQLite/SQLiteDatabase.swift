internal import CSQLite
package import SowDatabase
internal import SowModel

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A SQLite database: one connection to one file, or to memory.
///
/// Rows go one by one to statements that are prepared once a text: in this process that is the
/// set. Not for more than one thread, but for `interruption`.
package final class SQLiteDatabase: Database {
  let connection: Connection
  let digests: DigestFunction
  /// Whether this stands in for a file that does not exist.
  package let isStandIn: Bool
  /// Nil where the file was there before.
  var made: MadeFile?
  /// What is known of the database within this transaction.
  var known = Known()
  package let batchSize = 2_500
  private var patience: Double = 0

  /// Facts that were read or written in the open transaction; a rollback forgets them all.
  struct Known {
    var catalogue: Catalogue?
    /// By table and columns of a unique index: the collations of the index.
    var collations: [String: [Set<Int>: [Int: String]]] = [:]
    var hasLedger = false
    /// By owner: the numbers of operations.
    var operations: [Owner: [String: Int64]] = [:]
    var shapes: [Int: KnownShape]?
    /// By table: the highest key that was reserved.
    var reserved: [String: Int64] = [:]
    var touched = TouchedRows()
    /// Whether there are triggers or cascades.
    var hasSideEffects: Bool?
    var digester: KeyedDigester?
  }

  init(_ connection: Connection, digests: DigestFunction, isStandIn: Bool) {
    self.connection = connection
    self.digests = digests
    self.isStandIn = isStandIn
  }

  package var statementCount: Int { connection.statementCount }

  /// How often each text was run.
  package var runsByText: [String: Int] { connection.runsByText }
  package var interruption: any Interrupting { Interruption(handle: connection.handle) }
}

// MARK: Transactions

extension SQLiteDatabase {
  package func begin(_ access: Access, patience: Double) throws(DatabaseError) {
    known = Known()
    self.patience = patience
    try waiting { () throws(DatabaseError) in try configure() }
    switch access {
    case .write, .rehearsal:
      // SQLite would begin, and refuse only the first write.
      guard sqlite3_db_readonly(connection.handle.pointer, "main") == 0 else {
        throw DatabaseError(
          .readOnly, "the database cannot be written", vi: "không ghi được cơ sở dữ liệu")
      }
      try waiting { () throws(DatabaseError) in try connection.execute("BEGIN IMMEDIATE") }
      guard !isGone else {
        rollback()
        throw DatabaseError(
          .unavailable, "the database file was removed meanwhile",
          vi: "tệp cơ sở dữ liệu đã bị xóa trong lúc đó")
      }
    case .read:
      try connection.execute("BEGIN")
      // The first read takes the lock and fixes what the transaction sees.
      do throws(DatabaseError) {
        try waiting { () throws(DatabaseError) in
          try connection.execute("SELECT count(*) FROM main.sqlite_schema")
        }
      } catch {
        rollback()
        throw error
      }
    }
  }

  package func commit() throws(DatabaseError) {
    do throws(DatabaseError) {
      // Readers may hold the file when the pages are to be written.
      try waiting { () throws(DatabaseError) in try connection.execute("COMMIT") }
      known = Known()
    } catch {
      var failure = error
      if error.kind == .foreignKey, let named = try? danglingRows() { failure = named.error }
      rollback()
      throw failure
    }
  }

  package func rollback() {
    known = Known()
    // Not through the statements, which an interruption stops. SQLite fails here only where it
    // has rolled back already.
    guard connection.isInTransaction else { return }
    sqlite3_exec(connection.handle.pointer, "ROLLBACK", nil, nil, nil)
  }

  package func savepoint() throws(DatabaseError) { try connection.execute("SAVEPOINT sow") }

  package func release() throws(DatabaseError) { try connection.execute("RELEASE sow") }

  package func undo() throws(DatabaseError) {
    let (reserved, touched) = (known.reserved, known.touched)
    known = Known()
    // Numbers are never drawn twice, and a row more to answer does no harm.
    known.reserved = reserved
    known.touched = touched
    try connection.execute("ROLLBACK TO sow")
    try connection.execute("RELEASE sow")
  }

  /// Repeats `body` while another connection holds a lock, at most as long as `begin` said.
  private func waiting(_ body: () throws(DatabaseError) -> Void) throws(DatabaseError) {
    let end = ContinuousClock.now + .seconds(patience)
    while true {
      do throws(DatabaseError) {
        return try body()
      } catch {
        guard error.kind == .locked, ContinuousClock.now < end else { throw error }
      }
      usleep(10_000)
    }
  }
}
