import SowDatabase
import SowModel
import SowPostgres
import SowTestSupport
import Testing

/// Tables whose rows lie on another server, which hold no key unique.
struct KeyCheckTests {
  private static let columns = "id bigint NOT NULL, code text, place text NOT NULL"

  /// A table of two parts: one lies in another database, one beside the table.
  private func sandbox() throws -> Sandbox {
    let server = try PostgresServer.shared()
    let other = try server.makeDatabase()
    try server.run("CREATE TABLE far (\(Self.columns))", on: other)
    return try Sandbox(
      """
      CREATE EXTENSION postgres_fdw;
      CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw
        OPTIONS (host '\(server.socket)', dbname '\(PostgresServer.name(in: other))');
      CREATE USER MAPPING FOR sow SERVER far OPTIONS (user 'sow');
      CREATE TABLE t (\(Self.columns)) PARTITION BY LIST (lower(place));
      CREATE FOREIGN TABLE far PARTITION OF t FOR VALUES IN ('far') SERVER far;
      CREATE TABLE near PARTITION OF t FOR VALUES IN ('near');
      INSERT INTO t VALUES (1, 'a', 'far'), (2, 'b', 'near')
      """)
  }

  private func begin(_ sandbox: Sandbox) throws -> PostgresDatabase {
    let database = try sandbox.open()
    database.declare(["t": DeclaredKeys(primary: ["id"], unique: [["code"]])])
    try database.begin(.write, patience: 1)
    return database
  }

  private func row(_ id: Int64, _ code: String?, _ place: String) -> [Value] {
    [.integer(id), code.map { .text($0) } ?? .null, .text(place)]
  }

  @Test func `its keys are those that a schema declares, its parts the columns that never change`()
    throws
  {
    let sandbox = try sandbox()
    let database = try sandbox.open()
    try database.begin(.read, patience: 1)
    let bare = try database.table("t")
    #expect(bare.primaryKey == [] && bare.uniqueKeys == [])
    #expect(bare.distribution?.columns == [2])
    database.declare(["t": DeclaredKeys(primary: ["id"], unique: [["code"]])])
    let table = try database.table("t")
    #expect(table.primaryKey == [0] && table.uniqueKeys == [[1]])
    // A part is no table of its own, and what is not there is no key.
    #expect(try database.catalogue()["far"] == nil)
    database.declare(["t": DeclaredKeys(primary: ["number"], unique: [["code", "x"]])])
    #expect(try database.table("t").primaryKey == [])
    #expect(try database.table("t").uniqueKeys == [])
  }

  @Test func `a row fails alone that has a key of another one, wherever that lies`() throws {
    let database = try begin(try sandbox())
    let table = try database.table("t")
    let failures = try database.insert(
      table, ["id", "code", "place"],
      [
        row(3, "c", "far"), row(1, "d", "near"), row(4, "b", "far"), row(5, nil, "far"),
        row(3, "e", "near"), row(6, nil, "near"),
      ])
    #expect(failures.map(\.row) == [1, 2, 4])
    #expect(failures.map(\.error.kind) == [.unique, .unique, .unique])
    #expect(failures.map(\.error.columns) == [["id"], ["code"], ["id"]])
    #expect(
      try database.contents(of: table, ["id"])
        == [1, 2, 3, 5, 6].map { [Value.integer($0)] })
  }

  @Test func `an update that takes a key of another row fails alone`() throws {
    let database = try begin(try sandbox())
    let table = try database.table("t")
    var rows = RowSet(table: table, columns: [1])
    rows.append([.text("b")])
    rows.append([.text("z")])
    let failures = try database.update(
      rows, keys: [.integer(1), .integer(2)], stopsAtFailure: false)
    // In the order of the rows: by then the second one has given nothing up.
    #expect(failures.map(\.row) == [0])
    #expect(failures.map(\.error.columns) == [["code"]])
    #expect(try database.contents(of: table, ["code"]) == [[.text("a")], [.text("z")]])
  }

  @Test func `of two rows with one key neither is read, changed or deleted`() throws {
    let sandbox = try sandbox()
    try sandbox.run("INSERT INTO t VALUES (1, 'c', 'near'), (7, 'b', 'far')")
    let database = try begin(sandbox)
    let table = try database.table("t")
    var probe = RowSet(table: table, columns: [1])
    probe.append([.text("b")])
    #expect(throws: DatabaseError.self) {
      try database.match(Probe(rows: probe, keyColumns: [0]))
    }
    #expect(throws: DatabaseError.self) {
      try database.rows(of: table, columns: [1], keys: [.integer(1)])
    }
    #expect(throws: DatabaseError.self) {
      try database.select(Query(table: table, conditions: [], columns: [0]))
    }
    var rows = RowSet(table: table, columns: [1])
    rows.append([.text("x")])
    let updated = try database.update(rows, keys: [.integer(1)], stopsAtFailure: false)
    #expect(updated.map(\.error.kind) == [.unique])
    let deleted = try database.delete([.integer(1)], from: table, stopsAtFailure: false)
    #expect(deleted.map(\.error.kind) == [.unique])
    try database.commit()
    #expect(try sandbox.run("SELECT count(*) FROM t WHERE id = 1 AND code IN ('a', 'c')") == "2")
  }
}
