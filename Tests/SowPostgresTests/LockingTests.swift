import Foundation
import SowDatabase
import SowModel
import SowPostgres
import Testing

struct LockingTests {
  private let ledger = Ledger(lineage: "00", secret: [1])

  /// A database with a ledger, or without.
  private func sandbox(hasLedger: Bool) throws -> Sandbox {
    let sandbox = try Sandbox(
      "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 1)")
    if hasLedger {
      let database = try sandbox.begin()
      try database.create(ledger)
      try database.commit()
    }
    return sandbox
  }

  @Test(arguments: [true, false])
  func `a second run waits, and is told who holds the lock`(hasLedger: Bool) throws {
    let sandbox = try sandbox(hasLedger: hasLedger)
    let first = try sandbox.begin()
    let second = try sandbox.open()
    let error = #expect(throws: DatabaseError.self) { try second.begin(.write, patience: 0.3) }
    #expect(error?.kind == .locked)
    #expect(error?.message.english.contains("sow holds the lock (process ") == true)
    // Who reads passes.
    try second.begin(.read, patience: 0)
    second.rollback()
    first.rollback()
    try second.begin(.write, patience: 0)
  }

  @Test func `a holder that is gone blocks nobody`() throws {
    let sandbox = try sandbox(hasLedger: true)
    let first = try sandbox.begin()
    try sandbox.run(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'sow' AND datname = current_database()
      """)
    try sandbox.open().begin(.write, patience: 5)
    #expect(throws: DatabaseError.self) { try first.commit() }
    // The session comes back for the next transaction.
    try first.begin(.read, patience: 0)
  }

  @Test func `a ledger that another run made after the first look is not there yet`() throws {
    let sandbox = try sandbox(hasLedger: false)
    let reader = try sandbox.begin(.read)
    #expect(try reader.catalogue()["t"] != nil)
    let writer = try sandbox.begin()
    try writer.create(ledger)
    try writer.commit()
    #expect(try reader.ledger() == nil)
    reader.rollback()
    try reader.begin(.read, patience: 0)
    #expect(try reader.ledger() == ledger)
  }

  @Test func `the ledger that another run made is seen`() throws {
    let sandbox = try sandbox(hasLedger: false)
    let second = try sandbox.open()
    let first = try sandbox.begin()
    try first.create(ledger)
    try first.commit()
    try second.begin(.write, patience: 1)
    #expect(try second.ledger() == ledger)
  }

  @Test func `a row that somebody changed meanwhile is a conflict`() throws {
    let sandbox = try sandbox(hasLedger: true)
    let database = try sandbox.begin()
    let table = try database.table("t")
    try sandbox.run("UPDATE t SET n = 2")
    var rows = RowSet(table: table, columns: [1])
    rows.append([.integer(3)])
    let error = #expect(throws: DatabaseError.self) {
      try database.update(rows, keys: [.integer(1)], stopsAtFailure: true)
    }
    #expect(error?.kind == .conflict)
  }

  @Test func `a statement that takes too long is ended`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (id int PRIMARY KEY)")
    var settings = PostgresDatabase.Settings()
    settings.statementLimit = .seconds(0.2)
    let database = try sandbox.open(settings)
    try database.begin(.write, patience: 1)
    let table = try database.table("t")
    try sandbox.run(
      """
      CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_sleep(5); RETURN new; END';
      CREATE TRIGGER wait BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION wait()
      """)
    let error = #expect(throws: DatabaseError.self) {
      try database.insert(table, ["id"], [[.integer(1)]])
    }
    #expect(error?.kind == .timedOut)
  }

  @Test(arguments: [false, true])
  func `the wait for the lock is no part of what a statement may take`(hasLedger: Bool) throws {
    let sandbox = try sandbox(hasLedger: hasLedger)
    let holder = try sandbox.begin()
    var settings = PostgresDatabase.Settings()
    settings.statementLimit = .milliseconds(50)
    let waiting = try sandbox.open(settings)
    let error = #expect(throws: DatabaseError.self) { try waiting.begin(.write, patience: 0.3) }
    #expect(error?.kind == .locked)
    holder.rollback()
  }

  @Test func `an interruption ends the statement that is under way`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id int PRIMARY KEY);
      CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_sleep(20); RETURN new; END';
      CREATE TRIGGER wait BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION wait()
      """)
    let database = try sandbox.begin()
    let table = try database.table("t")
    let interruption = database.interruption
    // A thread of its own: those of tasks may all be in tests that wait.
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.3)
      interruption.interrupt()
    }
    let start = ContinuousClock.now
    let error = #expect(throws: DatabaseError.self) {
      try database.insert(table, ["id"], [[.integer(1)]])
    }
    #expect(error?.kind == .interrupted)
    #expect(ContinuousClock.now - start < .seconds(15))
    database.rollback()
  }
}
