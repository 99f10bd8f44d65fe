import SowDatabase
import SowModel
import SowSQLite
import Testing

struct TriggerTests {
  @Test func `answered is what a trigger made of the row`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
      CREATE TRIGGER upper AFTER INSERT ON t BEGIN
        UPDATE t SET name = upper(name) WHERE id = new.id;
      END;
      """)
    let (database, table) = try sandbox.begin("t")
    try database.create(Ledger(lineage: "00", secret: []))
    let digester = KeyedDigester(secret: [])
    let owner = Owner(scope: "", plan: "p")
    let shape = try database.number(of: LedgerShape(table: "t", columns: ["name"]))
    #expect(
      try database.insert(
        table.rows(["id", "name"], [[.integer(1), .text("abc")]]), stopsAtFailure: true) == [])
    try database.record(
      [
        LedgerRow(
          operation: "o", instance: "", shape: shape, key: .integer(1),
          asked: digester.digest(RowEncoder()), answered: nil, origin: .created)
      ], of: owner, serial: 1)
    try database.answer(serial: 1, digester: digester)
    var upper = RowEncoder()
    upper.append(.text("ABC"))
    var rows: [(LedgerRow, Presence)] = []
    try database.ledgerRows(of: owner, except: [], digester: digester) { rows.append(($0, $1)) }
    #expect(rows.map(\.0.answered) == [digester.digest(upper)])
    #expect(rows.map(\.1) == [.found(digester.digest(upper))])
  }

  @Test(arguments: [
    "SELECT RAISE(ABORT, 'secret')", "SELECT RAISE(FAIL, 'secret')",
    "SELECT RAISE(IGNORE)",
  ])
  func `a row that a trigger refuses fails alone, and nobody hears its words`(body: String) throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE log (name TEXT);
      CREATE TRIGGER strict BEFORE INSERT ON t WHEN new.name = 'bad' BEGIN
        INSERT INTO log VALUES (new.name); \(body);
      END;
      """)
    let (database, table) = try sandbox.begin("t")
    let failures = try database.insert(
      table.rows(["name"], [[.text("a")], [.text("bad")], [.text("b")]]), stopsAtFailure: false)
    #expect(failures.map(\.row) == [1])
    #expect(failures.map(\.error.kind) == [.refused])
    #expect(failures.map(\.error.message.english) == ["refused by a trigger"])
    try database.commit()
    #expect(try sandbox.run("SELECT name FROM t") == [["a"], ["b"]])
    #expect(try sandbox.run("SELECT name FROM log") == [])
  }

  @Test func `an update and a delete that a trigger ignores are refused, not missing`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO t VALUES (1, 'a');
      CREATE TRIGGER fixed BEFORE UPDATE ON t BEGIN SELECT RAISE(IGNORE); END;
      CREATE TRIGGER kept BEFORE DELETE ON t BEGIN SELECT RAISE(IGNORE); END;
      """)
    let (database, table) = try sandbox.begin("t")
    let updates = try database.update(
      table.rows(["name"], [[.text("b")], [.text("c")]]), keys: [.integer(1), .integer(2)],
      stopsAtFailure: false)
    #expect(updates.map(\.error.kind) == [.refused, .missing])
    let deletes = try database.delete(
      [.integer(1), .integer(2)], from: table, stopsAtFailure: false)
    #expect(deletes.map(\.error.kind) == [.refused, .missing])
  }

  @Test func `a trigger that rolls everything back ends the work`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
      CREATE TRIGGER drastic BEFORE INSERT ON t WHEN new.name = 'bad' BEGIN
        SELECT RAISE(ROLLBACK, 'no');
      END;
      """)
    let (database, table) = try sandbox.begin("t")
    let error = #expect(throws: DatabaseError.self) {
      try database.insert(
        table.rows(["name"], [[.text("a")], [.text("bad")], [.text("b")]]), stopsAtFailure: false)
    }
    #expect(error?.kind.isOfTheRow == false)
    #expect(try sandbox.run("SELECT * FROM t") == [])
  }

  @Test func `a conflict clause of the table never replaces another row`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE ON CONFLICT REPLACE);
      INSERT INTO t VALUES (1, 'a');
      """)
    let (database, table) = try sandbox.begin("t")
    let failures = try database.insert(table.rows(["name"], [[.text("a")]]), stopsAtFailure: false)
    #expect(failures.map(\.error.kind) == [.unique])
    try database.commit()
    #expect(try sandbox.run("SELECT id FROM t") == [["1"]])
  }

  @Test func `a check is named and a strict table's refusal is the row's`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, CONSTRAINT positive CHECK (n > 0)) STRICT;
      """)
    let (database, table) = try sandbox.begin("t")
    let failures = try database.insert(
      table.rows(["n"], [[.integer(-5)], [.text("x")], [.integer(5)]]), stopsAtFailure: false)
    #expect(failures.map(\.error.kind) == [.check, .refused])
    #expect(failures.first?.error.constraint == "positive")
  }

  @Test func `a deferred reference fails at the commit, by name, and leaves nothing`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE p (id INTEGER PRIMARY KEY);
      CREATE TABLE c (id INTEGER PRIMARY KEY, a REFERENCES p (id),
        b REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);
      """)
    let (database, table) = try sandbox.begin("c")
    #expect(
      try database.insert(table.rows(["b"], [[.integer(9)]]), stopsAtFailure: false) == [])
    let error = #expect(throws: DatabaseError.self) { try database.commit() }
    #expect(error?.kind == .foreignKey)
    #expect(error?.table == "c")
    #expect(error?.columns == ["b"])
    #expect(try sandbox.run("SELECT * FROM c") == [])
    try database.begin(.write, patience: 0)
  }

  @Test func `a lost column changes the digest and a lost table loses its rows`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT, y TEXT); INSERT INTO a VALUES (1, 'x', 'y');
      CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO b VALUES (1, 'x');
      """)
    let digester = KeyedDigester(secret: [])
    let owner = Owner(scope: "", plan: "p")
    let database = try sandbox.begin()
    try database.create(Ledger(lineage: "00", secret: []))
    for (name, columns) in [("a", ["x", "y"]), ("b", ["x"])] {
      let shape = try database.number(of: LedgerShape(table: name, columns: columns))
      try database.record(
        [
          LedgerRow(
            operation: name, instance: "", shape: shape, key: .integer(1),
            asked: digester.digest(RowEncoder()), answered: nil, origin: .created)
        ], of: owner, serial: 1)
    }
    try database.answer(serial: 1, digester: digester)
    try database.commit()
    _ = try sandbox.run("ALTER TABLE a DROP COLUMN y; DROP TABLE b;")
    try database.begin(.read, patience: 0)
    var presences: [String: Presence] = [:]
    try database.ledgerRows(of: owner, except: [], digester: digester) {
      presences[$0.operation] = $1
    }
    var left = RowEncoder()
    left.append(.text("x"))
    #expect(presences == ["a": .found(digester.digest(left)), "b": .missing])
    let named = try database.ledgerRows(
      of: owner, operation: "b", instances: [""], digester: digester)
    #expect(named[0]?.presence == .missing)
  }

  @Test func `a row of more columns than a function takes has a digest`() throws {
    let names = (0..<300).map { "c\($0)" }
    let sandbox = try Sandbox(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, \(names.joined(separator: ", ")));"
        + "INSERT INTO t (id, c299) VALUES (1, 'x');")
    let digester = KeyedDigester(secret: [])
    let owner = Owner(scope: "", plan: "p")
    let (database, table) = try sandbox.begin("t")
    try database.create(Ledger(lineage: "00", secret: []))
    let shape = try database.number(of: LedgerShape(table: "t", columns: names))
    try database.record(
      [
        LedgerRow(
          operation: "o", instance: "", shape: shape, key: .integer(1),
          asked: digester.digest(RowEncoder()), answered: nil, origin: .created)
      ], of: owner, serial: 1)
    try database.answer(serial: 1, digester: digester)
    func isUnchanged() throws -> Bool {
      let row = try database.ledgerRows(
        of: owner, operation: "o", instances: [""], digester: digester)[0]
      return row?.presence == row?.row.answered.map(Presence.found) && row?.row.answered != nil
    }
    #expect(try isUnchanged())
    _ = try database.update(
      table.rows(["c299"], [[.text("y")]]), keys: [.integer(1)], stopsAtFailure: true)
    #expect(try !isUnchanged())
  }

  @Test func `a ledger of a newer format and a stranger's sow_meta are refused`() throws {
    for (sql, word) in [
      (
        "CREATE TABLE sow_meta (format, lineage, secret); CREATE TABLE sow_run (serial);"
          + "INSERT INTO sow_meta VALUES (99, 'x', x'00');", "99"
      ),
      ("CREATE TABLE sow_meta (mine);", "sow_meta"),
    ] {
      let sandbox = try Sandbox(sql)
      let database = try sandbox.begin()
      let error = #expect(throws: DatabaseError.self) { try database.ledger() }
      #expect(error?.kind == .unusable)
      #expect(error?.message.english.contains(word) == true)
    }
  }
}
