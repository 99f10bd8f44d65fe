import SowDatabase
import SowModel
import SowSQLite
import Testing

struct LockingTests {
  @Test func `a second run waits as long as it was told and then gives up`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (a);")
    let (first, second) = (try sandbox.begin(), try sandbox.open())
    let clock = ContinuousClock()
    let spent = clock.measure {
      let error = #expect(throws: DatabaseError.self) { try second.begin(.write, patience: 0.2) }
      #expect(error?.kind == .locked)
    }
    #expect(spent >= .seconds(0.2) && spent < .seconds(2))
    first.rollback()
    try second.begin(.write, patience: 0)
  }

  @Test func `the lock of a run that has ended is free`() async throws {
    let sandbox = try Sandbox("CREATE TABLE t (a INTEGER PRIMARY KEY);")
    let path = sandbox.path
    let holder = try sandbox.begin()
    try holder.create(Ledger(lineage: "00", secret: []))
    async let waited: Bool = Task.detached {
      let second = try SQLiteDatabase.open(path: path, mode: .write)
      try second.begin(.write, patience: 10)
      return try second.ledger() != nil
    }.value
    try await Task.sleep(for: .milliseconds(100))
    try holder.commit()
    #expect(try await waited)
  }

  @Test func `a reader sees one state and does not stop a run from starting`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1);")
    let reader = try sandbox.open(.read(standsIn: false))
    try reader.begin(.read, patience: 0)
    let table = try #require(try reader.catalogue()["t"])
    let writer = try sandbox.begin()
    _ = try writer.insert(table.rows(["a"], [[.integer(2)]]), stopsAtFailure: true)
    #expect(
      try reader.rows(of: table, columns: [], keys: [.integer(1), .integer(2)]) == [[], nil])
    reader.rollback()
    try writer.commit()
    try reader.begin(.read, patience: 0)
    #expect(try reader.rows(of: table, columns: [], keys: [.integer(2)]) == [[]])
  }

  @Test func `a commit that readers hold back gives up and leaves nothing`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (a INTEGER PRIMARY KEY);")
    let reader = try sandbox.open(.read(standsIn: false))
    try reader.begin(.read, patience: 0)
    let writer = try sandbox.open()
    try writer.begin(.write, patience: 0.05)
    let table = try #require(try writer.catalogue()["t"])
    _ = try writer.insert(table.rows(["a"], [[.integer(2)]]), stopsAtFailure: true)
    let error = #expect(throws: DatabaseError.self) { try writer.commit() }
    #expect(error?.kind == .locked)
    reader.rollback()
    #expect(try sandbox.run("SELECT * FROM t") == [])
  }

  @Test func `an interruption ends a statement under way`() async throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (a INTEGER PRIMARY KEY);
      CREATE TRIGGER slow BEFORE INSERT ON t BEGIN
        SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
          SELECT i FROM n);
      END;
      """)
    let (database, table) = try sandbox.begin("t")
    let interruption = database.interruption
    let stopper = Task.detached {
      try await Task.sleep(for: .milliseconds(100))
      interruption.interrupt()
    }
    let error = #expect(throws: DatabaseError.self) {
      try database.insert(table.rows(["a"], [[.integer(1)]]), stopsAtFailure: false)
    }
    #expect(error?.kind == .interrupted)
    database.rollback()
    try await stopper.value
    #expect(try sandbox.run("SELECT * FROM t") == [])
  }

  @Test func `a statement that takes too long ends its transaction, and the next may begin`() throws
  {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (a INTEGER PRIMARY KEY);
      CREATE TABLE slow (a INTEGER PRIMARY KEY);
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
      INSERT INTO t SELECT i FROM n;
      CREATE TRIGGER slowly AFTER INSERT ON slow BEGIN
        UPDATE slow SET a = (SELECT max(x.a + y.a) FROM t x, t y, t z, t v, t w);
      END;
      """)
    let database = try SQLiteDatabase.open(
      path: sandbox.path, mode: .write, statementLimit: .milliseconds(50))
    try database.begin(.write, patience: 0)
    let table = try #require(try database.catalogue()["slow"])
    let clock = ContinuousClock()
    let spent = clock.measure {
      let error = #expect(throws: DatabaseError.self) {
        try database.insert(table.rows(["a"], [[.integer(1)]]), stopsAtFailure: true)
      }
      #expect(error?.kind == .timedOut)
      #expect(error?.kind.isOfTheRow == false)
    }
    #expect(spent >= .milliseconds(50) && spent < .seconds(5))
    database.rollback()
    try database.begin(.write, patience: 0)
    #expect(try database.rows(of: table, columns: [], keys: [.integer(1)]) == [nil])
    // Many short statements may take longer together.
    let start = clock.now
    let other = try #require(try database.catalogue()["t"])
    var next: Int64 = 2_000
    while clock.now - start < .milliseconds(120) {
      _ = try database.insert(other.rows(["a"], [[.integer(next)]]), stopsAtFailure: true)
      next += 1
    }
    try database.commit()
  }
}
