import CSQLite
import SowDatabase
import SowModel
import SowSQLite
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct OpeningTests {
  @Test func `reading a file that does not exist makes none`() throws {
    let sandbox = try Sandbox()
    let error = #expect(throws: DatabaseError.self) { try sandbox.open(.read(standsIn: false)) }
    #expect(error?.kind == .unavailable)
    let database = try sandbox.open(.read(standsIn: true))
    #expect(database.isStandIn)
    try database.begin(.read, patience: 0)
    #expect(try database.catalogue().tables == [])
    #expect(try database.ledger() == nil)
    database.rollback()
    #expect(!sandbox.exists("test.db"))
  }

  @Test func `opening for writing makes the file's folder`() throws {
    let sandbox = try Sandbox()
    let database = try SQLiteDatabase.open(path: sandbox.folder + "/.sow/local.db", mode: .write)
    try database.begin(.write, patience: 0)
    database.rollback()
    #expect(sandbox.exists(".sow/local.db"))
    unlink(sandbox.folder + "/.sow/local.db")
    let error = #expect(throws: DatabaseError.self) {
      try SQLiteDatabase.open(path: sandbox.folder + "/no/such/local.db", mode: .write)
    }
    #expect(error?.kind == .unavailable)
  }

  @Test(arguments: [SQLiteDatabase.Mode.write, .read(standsIn: true)])
  func `a file that is no database is refused and left alone`(mode: SQLiteDatabase.Mode) throws {
    let sandbox = try Sandbox()
    sandbox.write(Array(String(repeating: "this is not a database. ", count: 50).utf8))
    let error = #expect(throws: DatabaseError.self) { try sandbox.open(mode) }
    #expect(error?.kind == .unusable)
    #expect(sandbox.exists("test.db"))
  }

  @Test func `a damaged file is refused`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (a); INSERT INTO t VALUES (1);")
    sandbox.write(Array(repeating: 0xFF, count: 2000), at: 100)
    let error = #expect(throws: DatabaseError.self) { try sandbox.open() }
    #expect(error?.kind == .unusable)
  }

  @Test func `an empty file is an empty database`() throws {
    let sandbox = try Sandbox()
    sandbox.write([])
    let database = try sandbox.open(.read(standsIn: false))
    try database.begin(.read, patience: 0)
    #expect(try database.catalogue().tables == [])
  }

  @Test func `a path that looks like a URI is a file`() throws {
    let sandbox = try Sandbox()
    let previous = try #require(getcwd(nil, 0))
    defer {
      chdir(previous)
      free(previous)
    }
    chdir(sandbox.folder)
    let database = try SQLiteDatabase.open(path: "file:x.db?mode=memory", mode: .write)
    try database.begin(.write, patience: 0)
    try database.create([
      TableDefinition(name: "t", columns: [.key], primaryKey: ["id"], unique: [], foreignKeys: [])
    ])
    try database.commit()
    #expect(sandbox.exists("file:x.db?mode=memory"))
  }

  @Test func `double quotes never make a string`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (a TEXT);")
    let (database, table) = try sandbox.begin("t")
    var unknown = table
    unknown.columns[0].name = "no such column"
    let query = Query(table: unknown, conditions: [], columns: [0])
    #expect(throws: DatabaseError.self) { try database.select(query) }
  }

  @Test func `another program's view of journal and contents stays as it was`() throws {
    let sandbox = try Sandbox("PRAGMA journal_mode = WAL; CREATE TABLE t (a);")
    let database = try sandbox.begin()
    try database.create(Ledger(lineage: "00", secret: []))
    try database.commit()
    #expect(try sandbox.run("PRAGMA journal_mode") == [["wal"]])
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everything"))
  func `a file and folder that cannot be written can be read`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (a); INSERT INTO t VALUES (1);")
    chmod(sandbox.path, 0o400)
    chmod(sandbox.folder, 0o500)
    let database = try sandbox.open(.read(standsIn: false))
    try database.begin(.read, patience: 0)
    #expect(try database.catalogue().tables.map(\.name) == ["t"])
    database.rollback()
    let error = #expect(throws: DatabaseError.self) {
      try sandbox.open().begin(.write, patience: 0)
    }
    #expect(error?.kind == .readOnly)
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everything"))
  func `a WAL file in a folder that cannot be written is refused with the reason`() throws {
    let sandbox = try Sandbox("PRAGMA journal_mode = WAL; CREATE TABLE t (a);")
    chmod(sandbox.path, 0o400)
    chmod(sandbox.folder, 0o500)
    let error = #expect(throws: DatabaseError.self) { try sandbox.open(.read(standsIn: false)) }
    #expect(error?.message.english.contains("WAL") == true)
  }

  @Test func `a connection for reading cannot write`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (a INTEGER PRIMARY KEY);")
    let database = try sandbox.open(.read(standsIn: false))
    try database.begin(.read, patience: 0)
    let table = try #require(try database.catalogue()["t"])
    let error = #expect(throws: DatabaseError.self) {
      try database.insert(table.rows(["a"], [[.integer(1)]]), stopsAtFailure: false)
    }
    #expect(error?.kind == .readOnly)
    database.rollback()
    let refused = #expect(throws: DatabaseError.self) { try database.begin(.write, patience: 0) }
    #expect(refused?.kind == .readOnly)
  }

  @Test func `a list is looked up on a connection for reading too`() throws {
    let sandbox = try Sandbox(
      "CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3);")
    let database = try sandbox.open(.read(standsIn: false))
    try database.begin(.read, patience: 0)
    let table = try #require(try database.catalogue()["t"])
    let query = Query(
      table: table,
      conditions: [
        .init(column: 0, comparison: .in, operands: [.integer(2), .integer(3), .integer(4)])
      ], columns: [0])
    #expect(try database.select(query).map(\.key) == [.integer(2), .integer(3)])
  }

  @Test func `a journal that a killed run left is rolled back on reading`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (a INTEGER PRIMARY KEY, b);")
    _ = try sandbox.run("INSERT INTO t (b) VALUES (1)")
    // A copy of file and journal in the middle of a write is what a kill leaves.
    var pointer: OpaquePointer?
    try #require(sqlite3_open(sandbox.path, &pointer) == SQLITE_OK)
    _ = try Sandbox.run(
      """
      PRAGMA cache_size = 1; BEGIN;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
      INSERT INTO t (b) SELECT randomblob(500) FROM n;
      """, on: pointer)
    for suffix in ["", "-journal"] {
      sandbox.write(sandbox.read("test.db" + suffix), to: "copy.db" + suffix)
    }
    _ = try Sandbox.run("ROLLBACK", on: pointer)
    sqlite3_close(pointer)
    let database = try SQLiteDatabase.open(
      path: sandbox.folder + "/copy.db", mode: .read(standsIn: false))
    try database.begin(.read, patience: 0)
    let table = try #require(try database.catalogue()["t"])
    #expect(
      try database.select(Query(table: table, conditions: [], columns: [1])).map(\.values)
        == [[.integer(1)]])
  }
}

extension TableDefinition.Column {
  static let key = TableDefinition.Column(
    name: "id", type: .integer, isNullable: false, defaultValue: nil, isGeneratedKey: true)
}
