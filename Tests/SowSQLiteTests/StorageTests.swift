import SowDatabase
import SowModel
import SowSQLite
import Testing

struct StorageTests {
  @Test func `a decimal equals the number that another program wrote`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, price DECIMAL(10, 2), label TEXT, any);
      INSERT INTO t VALUES (1, 3.98, '3.98', 3.98), (2, 4, '4', 4),
        (3, 123456789012.345, '123456789012.345', 123456789012.345);
      """)
    let (database, table) = try sandbox.begin("t")
    for (id, text) in [(1, "3.98"), (2, "4.00"), (3, "123456789012.345")] {
      let value = try decimal(text)
      let rows = try table.rows(
        ["id", "price", "label", "any"], [[.integer(Int64(id)), value, value, value]])
      #expect(
        try database.match(Probe(rows: rows, keyColumns: [0]))
          == [Match(key: .integer(Int64(id)), isEqual: true)])
      #expect(
        try database.match(Probe(rows: rows, keyColumns: [1, 2, 3])).map { $0?.key }
          == [.integer(Int64(id))])
    }
  }

  @Test func `decimals of 15 digits come back equal, all of them`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (id INTEGER PRIMARY KEY, v DECIMAL);")
    let (database, table) = try sandbox.begin("t")
    var generator = SystemRandomNumberGenerator()
    let values = try (0..<20_000).map { _ in
      let digits = Int64.random(in: 1..<1_000_000_000_000_000, using: &generator)
      return try decimal("\(digits)e\(Int.random(in: -20...3, using: &generator))")
    }
    let rows = try table.rows(["id", "v"], values.enumerated().map { [.integer(Int64($0)), $1] })
    #expect(try database.insert(rows, stopsAtFailure: true) == [])
    let query = Query(table: table, conditions: [], columns: [1])
    #expect(try database.select(query).map(\.values[0]) == values)
    let probe = Probe(rows: rows, keyColumns: [0])
    #expect(try database.match(probe).allSatisfy { $0?.isEqual == true })
  }

  @Test func `a value that the column would alter is refused`() throws {
    let sandbox = try Sandbox(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, n DECIMAL, r REAL, s STRING, t TEXT);")
    let (database, table) = try sandbox.begin("t")
    func kinds(_ column: String, _ values: [Value]) throws -> [Int] {
      let failures = try database.insert(
        table.rows([column], values.map { [$0] }), stopsAtFailure: false)
      #expect(failures.allSatisfy { $0.error.kind == .refused && $0.error.columns == [column] })
      return failures.map(\.row)
    }
    #expect(
      try kinds(
        "n",
        [
          decimal("1234567890.123456"), decimal("1234567890.12345"),
          decimal("12345678901234567890.5"), decimal("9223372036854775807"), decimal("1e-400"),
          decimal("1e400"), decimal("0"),
        ]) == [0, 2, 4, 5])
    #expect(try kinds("r", [.integer(1 << 53), .integer(1 << 53 + 1), .integer(.max)]) == [1, 2])
    let altered = ["01234", "1.10", "1e3", " 12", "12 ", ".5", "5.", "+5", "-0", "1e999"]
    #expect(try kinds("s", altered.map(Value.text)) == Array(altered.indices))
    let kept = [
      "12", "-1.5", "1-2", "x", "", " ", "1 2", "1e", "e5", ".", "-", "0x10", "2024-01-01",
    ]
    #expect(try kinds("s", kept.map(Value.text)) == [])
    let query = Query(
      table: table,
      conditions: [.init(column: 3, comparison: .isNull, operands: [.boolean(false)])],
      columns: [3])
    #expect(try database.select(query).map(\.values[0].text) == kept)
    #expect(try kinds("t", [.text("01234"), decimal("1234567890.123456789")]) == [])
  }

  @Test func `text with U+0000, bytes and large integers come back whole`() throws {
    let sandbox = try Sandbox(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, b BLOB, any, UNIQUE (s));")
    let (database, table) = try sandbox.begin("t")
    let row: [Value] = [
      .integer(.max), .text("a\u{0}b"), .bytes([0, 1, 0]), .integer(.min),
    ]
    let rows = try table.rows(["id", "s", "b", "any"], [row])
    #expect(try database.insert(rows, stopsAtFailure: true) == [])
    #expect(
      try database.rows(of: table, columns: [0, 1, 2, 3], keys: [.integer(.max)]) == [row])
    #expect(
      try database.match(Probe(rows: rows, keyColumns: [1])).map { $0?.isEqual } == [true])
    let shorter = try table.rows(["s"], [[.text("a")]])
    #expect(try database.match(Probe(rows: shorter, keyColumns: [0])) == [nil])
  }

  @Test func `a storage class that does not fit the declared type is shown as it is`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, b BOOLEAN, d DECIMAL, s TEXT, j JSON);
      INSERT INTO t VALUES (1, 'x', 7, 'y', x'00', '{broken');
      INSERT INTO t VALUES (2, 1.5, 'true', 2, 'z', '[1, {"a": null}]');
      """)
    let (database, table) = try sandbox.begin("t")
    let query = Query(table: table, conditions: [], columns: Array(1...5))
    #expect(
      try database.select(query).map(\.values) == [
        [.text("x"), .integer(7), .text("y"), .bytes([0]), .text("{broken")],
        [
          .float(1.5), .text("true"), decimal("2"), .text("z"),
          .list([.integer(1), .object([.init("a", .null)])]),
        ],
      ])
  }

  @Test func `keys and values compare as the column collates`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (code TEXT COLLATE NOCASE PRIMARY KEY, name TEXT, email TEXT);
      CREATE UNIQUE INDEX folded ON t (email COLLATE NOCASE);
      INSERT INTO t VALUES ('VN', 'Việt Nam', 'Luis@example.com');
      """)
    let (database, table) = try sandbox.begin("t")
    let byCode = try table.rows(["code", "name"], [[.text("vn"), .text("việt nam")]])
    #expect(
      try database.match(Probe(rows: byCode, keyColumns: [0]))
        == [Match(key: .text("VN"), isEqual: false)])
    // The index decides where it has another collation than its column.
    let byEmail = try table.rows(["email"], [[.text("luis@EXAMPLE.com")]])
    #expect(
      try database.match(Probe(rows: byEmail, keyColumns: [0]))
        == [Match(key: .text("VN"), isEqual: false)])
    #expect(
      try database.rows(of: table, columns: [1], keys: [.text("vN")]) == [[.text("Việt Nam")]])
  }

  @Test func `a list is compared as one value is`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT COLLATE NOCASE, n DECIMAL, any);
      INSERT INTO t VALUES (1, '5', 3.98, 3.98), (2, 'Ab', 4, '4'), (3, 'x', 1, x'01');
      """)
    let (database, table) = try sandbox.begin("t")
    func keys(_ column: Int, _ value: Value) throws -> [[RowKey]] {
      try [Comparison.equal, .in, .notIn].map { comparison in
        let condition = ResolvedCondition(
          column: column, comparison: comparison, operands: [value])
        return try database.select(Query(table: table, conditions: [condition], columns: []))
          .map(\.key)
      }
    }
    func expected(_ key: Int64) -> [[RowKey]] {
      [[.integer(key)], [.integer(key)], [1, 2, 3].filter { $0 != key }.map(RowKey.integer)]
    }
    #expect(try keys(1, .integer(5)) == expected(1))
    #expect(try keys(1, .text("aB")) == expected(2))
    #expect(try keys(2, decimal("3.980")) == expected(1))
    #expect(try keys(2, decimal("4.0")) == expected(2))
    #expect(try keys(3, decimal("3.98")) == expected(1))
    #expect(try keys(3, .text("4")) == expected(2))
    #expect(try keys(3, .bytes([1])) == expected(3))
  }

  @Test func `a database in UTF-16 holds the same text`() throws {
    let sandbox = try Sandbox(
      "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (k TEXT PRIMARY KEY, s TEXT);")
    let (database, table) = try sandbox.begin("t")
    let rows = try table.rows(["k", "s"], [[.text("é🌱"), .text("Ñandú")]])
    #expect(try database.insert(rows, stopsAtFailure: true) == [])
    #expect(
      try database.match(Probe(rows: rows, keyColumns: [0]))
        == [Match(key: .text("é🌱"), isEqual: true)])
    let query = Query(
      table: table,
      conditions: [.init(column: 1, comparison: .ilike, operands: [.text("ñ_nd%")])], columns: [1])
    #expect(try database.select(query).map(\.values) == [[.text("Ñandú")]])
    try database.create(Ledger(lineage: "00", secret: []))
    let digester = KeyedDigester(secret: [])
    let owner = Owner(scope: "", plan: "p")
    let shape = try database.number(of: LedgerShape(table: "t", columns: ["s"]))
    try database.record(
      [
        LedgerRow(
          operation: "o", instance: "\"é\"", shape: shape, key: .text("é🌱"),
          asked: digester.digest(RowEncoder()), answered: nil, origin: .created)
      ], of: owner, serial: 1)
    try database.answer(serial: 1, digester: digester)
    var encoder = RowEncoder()
    encoder.append(.text("Ñandú"))
    let found = try database.ledgerRows(
      of: owner, operation: "o", instances: ["\"é\""], digester: digester)
    #expect(found.map { $0?.presence } == [.found(digester.digest(encoder))])
  }

  @Test func `a table without a primary key is addressed by its row's number`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (rowid TEXT, v TEXT); INSERT INTO t VALUES ('x', 'a'), ('y', 'b');
      CREATE TABLE hidden (rowid, oid, _rowid_);
      """)
    let (database, table) = try sandbox.begin("t")
    let query = Query(
      table: table, conditions: [.init(column: 1, comparison: .equal, operands: [.text("b")])],
      columns: [0])
    #expect(
      try database.select(query)
        == [SelectedRow(key: .integer(2), values: [.text("y")], isEqual: true)])
    #expect(try database.delete([.integer(2)], from: table, stopsAtFailure: true) == [])
    #expect(try database.select(query) == [])
    let hidden = try #require(try database.catalogue()["hidden"])
    #expect(throws: DatabaseError.self) {
      try database.select(Query(table: hidden, conditions: [], columns: []))
    }
  }

  @Test func `a key in a table without row numbers is found and reserved by nobody`() throws {
    let sandbox = try Sandbox(
      "CREATE TABLE t (a TEXT, b INTEGER, v, PRIMARY KEY (b, a)) WITHOUT ROWID;")
    let (database, table) = try sandbox.begin("t")
    let rows = try table.rows(["a", "b", "v"], [[.text("x"), .integer(1), .integer(2)]])
    #expect(try database.insert(rows, stopsAtFailure: true) == [])
    #expect(
      try database.match(Probe(rows: rows, keyColumns: [0, 1]))
        == [Match(key: .composite([.integer(1), .text("x")]), isEqual: true)])
  }

  @Test func `recycled numbers are reserved above the ledger's`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);")
    let (database, table) = try sandbox.begin("t")
    try database.create(Ledger(lineage: "00", secret: []))
    let digester = KeyedDigester(secret: [])
    let shape = try database.number(of: LedgerShape(table: "t", columns: ["v"]))
    _ = try database.insert(
      table.rows(["id", "v"], [[.integer(41), .text("a")]]), stopsAtFailure: true)
    try database.record(
      [
        LedgerRow(
          operation: "o", instance: "", shape: shape, key: .integer(41),
          asked: digester.digest(RowEncoder()), answered: nil, origin: .created)
      ], of: Owner(scope: "", plan: "p"), serial: 1)
    _ = try database.delete([.integer(41)], from: table, stopsAtFailure: true)
    #expect(try database.reserveKeys(of: table, count: 1) == 42)
  }
}
