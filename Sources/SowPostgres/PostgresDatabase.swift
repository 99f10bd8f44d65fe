internal import CPostgres
package import SowDatabase
internal import SowModel

/// A PostgreSQL database: one session with its server.
///
/// Rows go in sets: a statement takes a column of values as one array. Not for more than one
/// thread, but for `interruption`.
package final class PostgresDatabase: Database {
  let connection: Connection
  let place: Place
  private let settings: Settings
  package let batchSize = 10_000
  /// What schemas say of the keys of tables.
  var declaredKeys: [String: DeclaredKeys] = [:]
  /// What is known of the database within this transaction.
  var known = Known()

  /// Where plain names of tables lead to, and where the ledger lies.
  struct Place {
    var schema: String
    var ledgerSchema: String
  }

  /// Facts that were read or written in the open transaction; a rollback forgets them all.
  struct Known {
    var access = Access.read
    var catalogue: Catalogue?
    var structure = Structure()
    var hasLedger = false
    var operations: [Owner: Operations] = [:]
    /// The highest of them all.
    var highestNumber: Int64?
    /// From this on this transaction gave them, to operations whose rows are new, too.
    var firstNewNumber: Int64?
    var shapes: [Int: KnownShape]?
    var counters: [String: Counter] = [:]
    /// By text: what is known of statements of the project.
    var statements: [String: StatementShape] = [:]
    /// The run that the transaction recorded.
    var run: String?
  }

  /// The operations of an owner by number and by name, each once it was asked for.
  struct Operations {
    var names: [Int64: String]?
    var numbers: [String: Int64]?
  }

  init(_ connection: Connection, place: Place, settings: Settings) {
    self.connection = connection
    self.place = place
    self.settings = settings
  }

  package var statementCount: Int { connection.statementCount }
  package var interruption: any Interrupting { Interruption(handle: connection.handle) }
}

// MARK: Transactions

extension PostgresDatabase {
  package func begin(_ access: Access, patience: Double) throws(DatabaseError) {
    known = Known()
    known.access = access
    if connection.isBroken { PQreset(connection.handle.pointer) }
    switch access {
    case .read: try connection.execute(opening("READ ONLY") + "; " + limit)
    case .write, .rehearsal: try lock(patience: patience)
    }
  }

  /// What begins a transaction: its kind, and what texts of values depend on, so that equal values
  /// are equal texts whatever the session was set to.
  func opening(_ kind: String) -> String {
    var steps = ["BEGIN ISOLATION LEVEL REPEATABLE READ \(kind)"]
    steps += [
      "TimeZone = 'UTC'", "DateStyle = 'ISO, YMD'", "IntervalStyle = 'iso_8601'",
      "bytea_output = 'hex'", "extra_float_digits = 1", "standard_conforming_strings = on",
      // Statements that run once are done before they would be compiled.
      "jit = off",
    ].map { "SET LOCAL " + $0 }
    for (name, value) in settings.identity.sorted(by: { $0.key < $1.key }) {
      steps.append(
        "SET LOCAL " + SQL.identifier(name) + " = " + SQL.quoted(value, by: UInt8(ascii: "'")))
    }
    if let role = settings.role { steps.append("SET LOCAL ROLE " + SQL.identifier(role)) }
    return steps.joined(separator: "; ")
  }

  /// How long each statement may take: as the run has it, else as the server.
  var limit: String {
    "SET LOCAL statement_timeout = "
      + (settings.statementLimit.map { String(Self.milliseconds($0)) } ?? "DEFAULT")
  }

  /// At least one: zero stands for no limit.
  static func milliseconds(_ time: Duration) -> Int {
    max(1, Int(min(time / .milliseconds(1), 2_000_000_000)))
  }

  package func commit() throws(DatabaseError) {
    do throws(DatabaseError) {
      let answer = try connection.query("COMMIT")
      // A transaction that failed before is rolled back without a complaint.
      guard answer.command == "COMMIT" else {
        throw DatabaseError(
          .other, "the transaction had failed and was rolled back",
          vi: "giao dịch đã hỏng và được hoàn tác")
      }
      known = Known()
    } catch {
      if connection.isBroken { return try lookUpCommit() }
      let failure = mended(error)
      rollback()
      throw failure
    }
  }

  package func rollback() {
    known = Known()
    endTransaction()
  }

  func endTransaction() {
    guard connection.isInTransaction else { return }
    connection.executeAnyway("ROLLBACK")
  }

  package func savepoint() throws(DatabaseError) { try connection.execute("SAVEPOINT sow") }

  package func release() throws(DatabaseError) { try connection.execute("RELEASE sow") }

  package func undo() throws(DatabaseError) {
    var fresh = Known()
    (fresh.access, fresh.run) = (known.access, known.run)
    // What a sequence gave is gone, and a number too high does no harm.
    fresh.counters = known.counters
    known = fresh
    try takeBack()
  }

  /// `undo` without forgetting what is known: rows alone changed none of it.
  func takeBack() throws(DatabaseError) {
    try connection.execute("ROLLBACK TO sow; RELEASE sow")
  }

  /// Runs `body` so that a failure takes back only what it did itself.
  func unit<Result>(_ body: () throws(DatabaseError) -> Result) throws(DatabaseError) -> Result {
    try savepoint()
    do throws(DatabaseError) {
      let result = try body()
      try release()
      return result
    } catch {
      if error.kind.isOfTheRow { try takeBack() }
      throw error
    }
  }
}
