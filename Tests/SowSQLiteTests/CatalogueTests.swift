import SowDatabase
import SowModel
import SowSQLite
import Testing

struct CatalogueTests {
  @Test(arguments: [
    ("INT", FieldType.integer), ("bigint unsigned", .integer), ("Boolean", .boolean),
    ("VARCHAR(20)", .string), ("text", .string), ("CLOB", .string), ("STRING", .string),
    ("DECIMAL(10,2)", .decimal), ("numeric", .decimal), ("NUMBER", .decimal), ("MONEY", .decimal),
    ("REAL", .float), ("double precision", .float), ("FLOAT", .float), ("DATETIME", .timestamp),
    ("TIMESTAMP", .timestamp), ("date", .date), ("TIME", .time), ("UUID", .uuid),
    ("GUID", .uuid), ("JSON", .object([:])), ("BLOB", .bytes), ("", .any), ("GEOMETRY", .any),
  ])
  func `a declared type says what a field accepts`(declared: String, type: FieldType) throws {
    let sandbox = try Sandbox("CREATE TABLE t (a \(declared));")
    let (_, table) = try sandbox.begin("t")
    #expect(table.columns[0].type == type)
    #expect(table.columns[0].declaredType.lowercased() == declared.lowercased())
  }

  @Test(arguments: [
    ("CREATE TABLE t (a INTEGER PRIMARY KEY)", Column.Generation.key(recycled: true)),
    ("CREATE TABLE t (a integer PRIMARY KEY AUTOINCREMENT)", .key(recycled: false)),
    ("CREATE TABLE t (\"autoincrement\" TEXT, a INTEGER, PRIMARY KEY (a))", .key(recycled: true)),
    ("CREATE TABLE t (a INTEGER PRIMARY KEY DESC)", .none),
    ("CREATE TABLE t (a INT PRIMARY KEY)", .none),
    ("CREATE TABLE t (a INTEGER PRIMARY KEY) WITHOUT ROWID", .none),
    ("CREATE TABLE t (a TEXT PRIMARY KEY)", .none),
    ("CREATE TABLE t (b INTEGER PRIMARY KEY, a INTEGER AS (b + 1))", .computed),
    ("CREATE TABLE t (b INTEGER PRIMARY KEY, a INTEGER AS (b + 1) STORED)", .computed),
  ])
  func `a key that is the row's number counts itself up`(
    sql: String, generation: Column.Generation
  ) throws {
    let sandbox = try Sandbox(sql)
    let (_, table) = try sandbox.begin("t")
    #expect(table.columns.first { $0.name == "a" }?.generation == generation)
  }

  @Test(
    arguments: [
      ("TEXT", "'it''s'", Value.text("it's")), ("TEXT", "''", .text("")), ("TEXT", "5", nil),
      ("TEXT", "('a' || 'b')", nil), ("TEXT", "NULL", nil), ("TEXT", "\"word\"", nil),
      ("INTEGER", "-7", .integer(-7)), ("INTEGER", "'7'", .integer(7)), ("INTEGER", "1.5", nil),
      ("INTEGER", "(1 + 1)", nil),
      ("DECIMAL(9,2)", "1.50", ExactDecimal("1.50").map(Value.decimal)),
      ("REAL", "0.5", .float(0.5)), ("BOOLEAN", "TRUE", .boolean(true)),
      ("BOOLEAN", "0", .boolean(false)), ("BOOLEAN", "2", nil),
      (
        "DATE", "'2026-01-31'",
        .text("2026-01-31")
      ), ("DATE", "'soon'", nil), ("DATE", "CURRENT_DATE", nil),
      ("BLOB", "x'00ff'", .bytes([0, 255])), ("BLOB", "'text'", nil),
      ("JSON", "'{\"a\":1}'", .object([.init("a", .integer(1))])), ("", "7", .integer(7)),
      ("", "'7'", .text("7")), ("", "CURRENT_TIME", nil),
    ] as [(String, String, Value?)])
  func `a default that is a value is known, an expression is not`(
    type: String, text: String, value: Value?
  ) throws {
    let sandbox = try Sandbox("CREATE TABLE t (a \(type) DEFAULT \(text));")
    let (_, table) = try sandbox.begin("t")
    #expect(table.columns[0].hasDefault)
    #expect(table.columns[0].defaultValue == value)
  }

  @Test(
    arguments: [
      ("VARCHAR(40)", 40), ("NVARCHAR (160)", 160), ("CHAR(2)", 2), ("TEXT", nil),
      ("DECIMAL(10)", nil), ("VARCHAR(0)", nil), ("VARCHAR(max)", nil),
    ] as [(String, Int?)])
  func `a declared type says how long a text may be`(type: String, length: Int?) throws {
    let sandbox = try Sandbox("CREATE TABLE t (a \"\(type)\");")
    let (_, table) = try sandbox.begin("t")
    #expect(table.columns[0].declaredLength == length)
  }

  @Test func `indexes, references and triggers are read as they are declared`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE Parent (x INTEGER, y TEXT, PRIMARY KEY (y, x)) WITHOUT ROWID;
      CREATE TABLE child (
        id INTEGER PRIMARY KEY, py TEXT DEFAULT 'a', px INTEGER, email TEXT NOT NULL UNIQUE,
        a, b, FOREIGN KEY (PY, px) REFERENCES parent, FOREIGN KEY (a) REFERENCES Child (ID)
          ON DELETE CASCADE);
      CREATE UNIQUE INDEX plain ON child (b, a);
      CREATE UNIQUE INDEX partial ON child (a) WHERE a > 1;
      CREATE UNIQUE INDEX expression ON child (lower(email));
      CREATE INDEX common ON child (px);
      CREATE TRIGGER log AFTER INSERT ON Child BEGIN SELECT 1; END;
      CREATE VIEW seen AS SELECT * FROM child;
      CREATE VIRTUAL TABLE found USING fts5 (body);
      """)
    let database = try sandbox.begin()
    let catalogue = try database.catalogue()
    #expect(catalogue.tables.map(\.name) == ["Parent", "child"])
    #expect(
      catalogue.others == [
        OtherRelation(name: "found", kind: .virtual), OtherRelation(name: "seen", kind: .view),
      ])
    let (parent, child) = (catalogue.tables[0], catalogue.tables[1])
    #expect(parent.primaryKey == [1, 0])
    #expect(parent.uniqueKeys == [])
    #expect(!parent.hasTriggers && child.hasTriggers)
    #expect(child.uniqueKeys == [[3], [5, 4]])
    #expect(child.columns.map(\.hasDefault) == [false, true, false, false, false, false])
    #expect(child.columns.map(\.isNullable) == [false, true, true, false, true, true])
    #expect(
      child.foreignKeys == [
        .init(columns: [1, 2], table: "Parent", referencedColumns: ["y", "x"]),
        .init(columns: [4], table: "child", referencedColumns: ["id"], onDelete: .cascade),
      ])
  }

  @Test func `a scan is in the order of the bytes whatever a column's collation is`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (a TEXT PRIMARY KEY COLLATE NOCASE) WITHOUT ROWID;
      INSERT INTO t VALUES ('b'), ('A'), ('C');
      """)
    let (database, table) = try sandbox.begin("t")
    var rows: [Value] = []
    try database.scan(
      Scan(table: table, columns: [Scan.Source(table: table, column: 0)], order: [0])
    ) { row in
      rows += row
      return true
    }
    #expect(rows == [.text("A"), .text("C"), .text("b")])
  }

  @Test func `the catalogue costs the same number of statements for many tables`() throws {
    func statements(tables: Int) throws -> Int {
      let sandbox = try Sandbox(
        (1...tables).map {
          "CREATE TABLE t\($0) (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b REFERENCES t1 (id));"
        }.joined())
      let database = try sandbox.begin()
      let before = database.statementCount
      #expect(try database.catalogue().tables.count == tables)
      return database.statementCount - before
    }
    #expect(try statements(tables: 2) == statements(tables: 200))
  }
}
