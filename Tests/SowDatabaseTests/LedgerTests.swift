import SowDatabase
import SowModel
import Testing

struct LedgerTests {
  let digester = KeyedDigester(secret: [7])
  let owner = Owner(scope: "", plan: "shop")
  let other = Owner(scope: "tenant", plan: "shop")

  private var asked: RowDigest { digester.digest(RowEncoder()) }

  /// A database with a ledger, three artists and a shape of their names.
  private func start(_ kind: DatabaseUnderTest) throws -> (any Database, Table, shape: Int) {
    let (database, tables) = try kind.begin(.artist)
    try database.create(Ledger(lineage: "00", secret: [7]))
    try database.fill(
      tables[0], ["id", "name", "fans"],
      (1...3).map { [.integer($0), .text("artist \($0)"), .integer($0)] })
    return (
      database, tables[0],
      try database.number(of: LedgerShape(table: "artist", columns: ["name"]))
    )
  }

  private func row(_ instance: String, _ key: RowKey, shape: Int, operation: String = "artists")
    -> LedgerRow
  {
    LedgerRow(
      operation: operation, instance: instance, shape: shape, key: key, asked: asked,
      answered: nil, origin: .created)
  }

  private func presences(_ database: any Database, of owner: Owner) throws
    -> [String: (LedgerRow, Presence)]
  {
    var rows: [String: (LedgerRow, Presence)] = [:]
    try database.ledgerRows(of: owner, except: [], digester: digester) { row, presence in
      rows[row.operation + "/" + row.instance] = (row, presence)
    }
    return rows
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a database without a ledger holds nothing of anybody`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    #expect(try database.ledger() == nil)
    #expect(try database.shapes() == [:])
    #expect(try database.ledgerOwners() == [])
    #expect(try database.runs() == [])
    #expect(try database.policies(of: owner) == [:])
    #expect(try database.ledgerCounts(of: owner) == [:])
    #expect(try database.owners(of: [.integer(1)], in: tables[0]) == [nil])
    #expect(try presences(database, of: owner).isEmpty)
    let rows = try database.ledgerRows(
      of: owner, operation: "a", instances: ["x"], digester: digester)
    #expect(rows.count == 1 && rows[0] == nil)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the ledger's identity and the newest serial come back`(kind: DatabaseUnderTest) throws {
    let database = try kind.begin()
    var ledger = Ledger(lineage: "ab12", secret: Array(0...31))
    try database.create(ledger)
    #expect(try database.ledger() == ledger)
    let runs = (1...2).map {
      LedgerRun(
        id: "run \($0)", serial: $0, scope: "s", plan: "p", actor: "luís", commit: "",
        tenant: "acme", started: "2024-01-01T00:00:00Z", finished: "2024-01-01T00:00:01Z",
        created: 1, updated: 2, deleted: 3,
        changeset: $0 == 1 ? nil : RowDigest(high: .max, low: 2),
        message: Phrase("it's \"1\"", vi: "tạo 1"))
    }
    for run in runs { try database.record(run) }
    ledger.serial = 2
    #expect(try database.ledger() == ledger)
    #expect(try database.runs() == runs.reversed())
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `many rows of several operations and shapes are all found again`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, table, shape) = try start(kind)
    let other = try database.number(of: LedgerShape(table: "artist", columns: ["name", "fans"]))
    try database.fill(
      table, ["id", "name"], (4...300).map { [.integer($0), .text("artist \($0)")] })
    let rows = (1...300).map {
      row(
        "\($0)", .integer(Int64($0)), shape: $0 % 100 < 50 ? shape : other,
        operation: $0 < 100 ? "artists" : "artist_\($0)")
    }
    try database.record(rows, of: owner, serial: 1)
    try database.record(rows, of: owner, serial: 2)
    try database.answer(serial: 2, digester: digester)
    let found = try presences(database, of: owner)
    #expect(found.count == 300)
    for row in rows {
      let (recorded, presence) = try #require(found[row.operation + "/" + row.instance])
      #expect(recorded.key == row.key)
      #expect(recorded.shape == row.shape)
      #expect(recorded.serial == 2)
      #expect(recorded.answered != nil)
      #expect(presence == recorded.answered.map(Presence.found))
    }
    // A row that another operation owns is refused among many, too.
    let stolen = rows.map { row("x" + $0.instance, $0.key, shape: shape, operation: "thief") }
    let error = #expect(throws: DatabaseError.self) {
      try database.record(stolen, of: owner, serial: 3)
      try database.settle()
    }
    #expect(error?.kind == .unique)
    #expect(error?.table == "artist")
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `answered is what the database holds, and stays so when the row changes`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, table, shape) = try start(kind)
    try database.record(
      [row("a", .integer(1), shape: shape), row("b", .integer(2), shape: shape)], of: owner,
      serial: 1)
    try database.answer(serial: 1, digester: digester)

    let before = try presences(database, of: owner)
    for (row, presence) in before.values {
      #expect(presence == row.answered.map(Presence.found))
    }
    let (first, second) = (before["artists/a"]?.0.answered, before["artists/b"]?.0.answered)
    #expect(first != second)

    _ = try database.update(
      table.rows(["name", "fans"], [[.text("changed"), .integer(1)]]), keys: [.integer(1)],
      stopsAtFailure: true)
    _ = try database.update(
      table.rows(["fans"], [[.integer(99)]]), keys: [.integer(2)], stopsAtFailure: true)
    let after = try presences(database, of: owner)
    #expect(after["artists/a"]?.0.answered == first)
    #expect(after["artists/a"]?.1 != first.map(Presence.found))
    // Fans are not in the shape.
    #expect(after["artists/b"]?.1 == second.map(Presence.found))

    _ = try database.delete([.integer(2)], from: table, stopsAtFailure: true)
    #expect(try presences(database, of: owner)["artists/b"]?.1 == .missing)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the rows of named instances come in their order, with the same digests`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, _, shape) = try start(kind)
    try database.record(
      [row("a", .integer(1), shape: shape), row("b", .integer(9), shape: shape)], of: owner,
      serial: 1)
    try database.answer(serial: 1, digester: digester)
    let rows = try database.ledgerRows(
      of: owner, operation: "artists", instances: ["b", "x", "a"], digester: digester)
    #expect(rows.map { $0?.row.key } == [.integer(9), nil, .integer(1)])
    #expect(rows[0]?.presence == .missing)
    #expect(rows[0]?.row.answered == nil)
    let answered = try #require(rows[2]?.row.answered)
    #expect(rows[2]?.presence == .found(answered))
    #expect(try presences(database, of: owner)["artists/a"]?.1 == .found(answered))
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `rows are replaced by address and refused where another address has the key`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, table, shape) = try start(kind)
    try database.record([row("a", .integer(1), shape: shape)], of: owner, serial: 1)
    try database.record([row("a", .integer(1), shape: shape)], of: owner, serial: 2)
    try database.record([row("a", .integer(2), shape: shape)], of: owner, serial: 3)
    #expect(
      try database.owners(of: [.integer(1), .integer(2)], in: table)
        == [nil, LedgerAddress(owner: owner, operation: "artists", instance: "a")])
    let error = #expect(throws: DatabaseError.self) {
      try database.record([row("z", .integer(2), shape: shape)], of: other, serial: 3)
      try database.settle()
    }
    #expect(error?.kind == .unique)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `owners are apart by scope and plan`(kind: DatabaseUnderTest) throws {
    let (database, table, shape) = try start(kind)
    try database.record(
      [row("a", .integer(1), shape: shape), row("", .integer(3), shape: shape, operation: "one")],
      of: owner, serial: 1)
    try database.record([row("a", .integer(2), shape: shape)], of: other, serial: 1)
    #expect(try database.ledgerOwners() == [owner, other])
    #expect(try database.ledgerCounts(of: owner) == ["artists": 1, "one": 1])
    #expect(try Set(presences(database, of: owner).keys) == ["artists/a", "one/"])
    #expect(try Set(presences(database, of: other).keys) == ["artists/a"])
    var names: [String] = []
    try database.ledgerRows(of: owner, except: ["artists"], digester: digester) { row, _ in
      names.append(row.operation)
    }
    #expect(names == ["one"])
    try database.forget([.integer(1), .integer(2)], in: table)
    #expect(try database.ledgerOwners() == [owner])
    #expect(try database.ledgerCounts(of: other) == [:])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a touched row is answered anew, whoever owns it`(kind: DatabaseUnderTest) throws {
    let (database, table, shape) = try start(kind)
    try database.record([row("a", .integer(1), shape: shape)], of: other, serial: 1)
    try database.answer(serial: 1, digester: digester)
    _ = try database.update(
      table.rows(["name"], [[.text("x")]]), keys: [.integer(1)], stopsAtFailure: true)
    #expect(
      try presences(database, of: other).values.allSatisfy {
        $0.1 != $0.0.answered.map(Presence.found)
      })
    try database.touch([.integer(1), .integer(2)], in: table, serial: 2)
    try database.answer(serial: 2, digester: digester)
    #expect(
      try presences(database, of: other).values.allSatisfy {
        $0.1 == $0.0.answered.map(Presence.found)
      })
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the list is in byte order and names the table`(kind: DatabaseUnderTest) throws {
    let (database, _, shape) = try start(kind)
    try database.record(
      [
        row("\"b\"", .integer(1), shape: shape), row("\"10\"", .integer(2), shape: shape),
        row("é", .integer(3), shape: shape), row("", .integer(4), shape: shape, operation: "Zoo"),
        row("\"9\"", .integer(5), shape: shape),
      ], of: owner, serial: 1)
    var lines: [String] = []
    try database.listLedger(of: owner, operation: nil) { row, table in
      lines.append("\(row.operation)[\(row.instance)] \(table) \(row.key.text)")
    }
    #expect(
      lines == [
        "Zoo[] artist 4", "artists[\"10\"] artist 2", "artists[\"9\"] artist 5",
        "artists[\"b\"] artist 1", "artists[é] artist 3",
      ])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the list of one operation holds no other`(kind: DatabaseUnderTest) throws {
    let (database, _, shape) = try start(kind)
    try database.record(
      [
        row("b", .integer(1), shape: shape), row("a", .integer(2), shape: shape),
        row("", .integer(3), shape: shape, operation: "one"),
      ], of: owner, serial: 1)
    func instances(_ operation: String) throws -> [String] {
      var found: [String] = []
      try database.listLedger(of: owner, operation: operation) { row, _ in
        found.append(row.instance)
      }
      return found
    }
    #expect(try instances("artists") == ["a", "b"])
    #expect(try instances("nobody") == [])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a row says which run wrote it last`(kind: DatabaseUnderTest) throws {
    let (database, table, shape) = try start(kind)
    try database.record(
      [row("a", .integer(1), shape: shape), row("b", .integer(2), shape: shape)], of: owner,
      serial: 3)
    try database.touch([.integer(2)], in: table, serial: 5)
    #expect(
      try presences(database, of: owner).mapValues(\.0.serial) == ["artists/a": 3, "artists/b": 5])
    let rows = try database.ledgerRows(
      of: owner, operation: "artists", instances: ["b"], digester: digester)
    #expect(rows[0]?.row.serial == 5)
    var listed: [Int] = []
    try database.listLedger(of: owner, operation: nil) { row, _ in listed.append(row.serial) }
    #expect(listed == [3, 5])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `what is held at an address moves to another as it is`(kind: DatabaseUnderTest) throws {
    let (database, table, shape) = try start(kind)
    try database.record(
      [
        row("a", .integer(1), shape: shape), row("b", .integer(2), shape: shape),
        row("", .integer(3), shape: shape, operation: "one"),
      ], of: owner, serial: 1)
    try database.answer(serial: 1, digester: digester)
    func address(_ operation: String, _ instance: String = "") -> LedgerAddress {
      LedgerAddress(owner: owner, operation: operation, instance: instance)
    }
    #expect(try database.ledgerTables(of: "artists", of: owner) == ["artist"])
    try database.move([
      LedgerMove(from: address("artists"), to: address("people"), isWhole: true),
      LedgerMove(from: address("people", "b"), to: address("people", "c"), isWhole: false),
      LedgerMove(from: address("one"), to: address("two"), isWhole: false),
      LedgerMove(from: address("nobody"), to: address("three"), isWhole: false),
    ])
    #expect(
      try database.owners(of: (1...3).map { .integer($0) }, in: table)
        == [address("people", "a"), address("people", "c"), address("two")])
    #expect(try database.ledgerTables(of: "artists", of: owner) == [])
    #expect(
      try presences(database, of: owner).values.allSatisfy {
        $0.1 == $0.0.answered.map(Presence.found)
      })
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `rows are forgotten by address, whatever became of them`(kind: DatabaseUnderTest) throws {
    let (database, table, shape) = try start(kind)
    try database.record(
      [row("a", .integer(1), shape: shape), row("b", .integer(99), shape: shape)], of: owner,
      serial: 1)
    try database.record([row("a", .integer(2), shape: shape)], of: other, serial: 1)
    try database.forget([
      LedgerAddress(owner: owner, operation: "artists", instance: "a"),
      LedgerAddress(owner: owner, operation: "artists", instance: "b"),
      LedgerAddress(owner: owner, operation: "nobody", instance: "a"),
    ])
    #expect(try database.ledgerCounts(of: owner) == [:])
    #expect(try database.ledgerCounts(of: other) == ["artists": 1])
    #expect(try database.owners(of: [.integer(1)], in: table) == [nil])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `an operation is forgotten once it has no rows`(kind: DatabaseUnderTest) throws {
    let (database, _, shape) = try start(kind)
    try database.record([row("a", .integer(1), shape: shape)], of: owner, serial: 1)
    let policy = LedgerPolicy(
      action: .sync, entity: "artist", done: nil,
      lifecycle: Lifecycle(protects: true, onRemove: .forget))
    for operation in ["artists", "gone", "stays"] {
      try database.record(policy, operation: operation, of: owner)
    }
    try database.forget(operations: ["artists", "gone", "nobody"], of: owner)
    #expect(try database.policies(of: owner) == ["artists": policy, "stays": policy])
    // Its number is drawn anew.
    try database.record(
      [row("x", .integer(2), shape: shape, operation: "gone")], of: owner, serial: 1)
    #expect(try database.ledgerCounts(of: owner) == ["artists": 1, "gone": 1])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `policies are kept by operation, and rows alone make none`(kind: DatabaseUnderTest) throws {
    let (database, _, shape) = try start(kind)
    try database.record([row("a", .integer(1), shape: shape)], of: owner, serial: 1)
    #expect(try database.policies(of: owner) == [:])
    let policy = LedgerPolicy(action: .create, entity: "artist", done: nil)
    try database.record(policy, operation: "artists", of: owner)
    try database.record(policy, operation: "gone", of: owner)
    let done = LedgerPolicy(action: .update, entity: "artist", done: asked)
    try database.record(done, operation: "gone", of: owner)
    #expect(try database.policies(of: owner) == ["artists": policy, "gone": done])
    #expect(try database.policies(of: other) == [:])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a shape keeps its number and shapes of a table share its rows`(kind: DatabaseUnderTest)
    throws
  {
    let (database, table, shape) = try start(kind)
    let wider = LedgerShape(table: "artist", columns: ["name", "fans"])
    let second = try database.number(of: wider)
    #expect(try database.number(of: wider) == second)
    #expect(second != shape)
    #expect(
      try database.shapes() == [
        shape: LedgerShape(table: "artist", columns: ["name"]), second: wider,
      ])
    try database.record(
      [row("a", .integer(1), shape: shape), row("b", .integer(2), shape: second)], of: owner,
      serial: 1)
    try database.answer(serial: 1, digester: digester)
    #expect(
      try presences(database, of: owner).values.allSatisfy {
        $0.1 == $0.0.answered.map(Presence.found)
      })
    #expect(throws: DatabaseError.self) {
      try database.record([row("c", .integer(2), shape: shape)], of: owner, serial: 1)
      try database.settle()
    }
    #expect(
      try database.owners(of: [.integer(2)], in: table).map { $0?.instance } == ["b"])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `keys of every kind come back exactly`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(
      .of("text", key: [("k", .string)], [("v", .string)]),
      .of("flag", key: [("k", .boolean)], [("v", .string)]),
      .of(
        "parts", key: [("a", .string), ("b", .integer), ("c", .decimal), ("d", .bytes)],
        [("v", .string)]))
    try database.create(Ledger(lineage: "00", secret: [7]))
    let number = Value.decimal(try #require(ExactDecimal("3.98")))
    let keys: [[RowKey]] = [
      [.text("VN"), .text("[\"a\"]"), .text("\"\\\n🌱"), .text("12"), .text("")],
      [.composite([.boolean(true)]), .composite([.boolean(false)])],
      [
        .composite([.text("x\"'\\"), .integer(.max), number, .bytes([0, 255])]),
        .composite([.text("x\"'"), .integer(.min), number, .bytes([])]),
      ],
    ]
    for (table, keys) in zip(tables, keys) {
      let columns = table.columns.map(\.name)
      try database.fill(table, columns, keys.map { $0.values + [.text("v")] })
      let shape = try database.number(of: LedgerShape(table: table.name, columns: ["v"]))
      try database.record(
        keys.enumerated().map {
          row(table.name + "\($0)", $1, shape: shape, operation: table.name)
        },
        of: owner, serial: 1)
      #expect(try database.owners(of: keys, in: table).allSatisfy { $0 != nil })
    }
    try database.answer(serial: 1, digester: digester)
    let rows = try presences(database, of: owner)
    #expect(Set(rows.values.map(\.0.key)) == Set(keys.flatMap(\.self)))
    for (row, presence) in rows.values {
      #expect(row.answered != nil)
      #expect(presence == row.answered.map(Presence.found))
    }
    for (table, keys) in zip(tables, keys) {
      let named = try database.ledgerRows(
        of: owner, operation: table.name, instances: keys.indices.map { table.name + "\($0)" },
        digester: digester)
      #expect(named.map { $0?.row.key } == keys)
      #expect(named.allSatisfy { $0?.presence == $0?.row.answered.map(Presence.found) })
    }
  }

  /// Makes the key of the row of that number.
  struct KeyStyle: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let types: [TableDefinition.Field]
    let key: @Sendable (Int64) -> RowKey

    static let all = [
      KeyStyle(testDescription: "numbers", types: [("id", .integer)]) { .integer($0 - 7_000) },
      KeyStyle(testDescription: "texts", types: [("k", .string)]) { .text("key \($0)") },
      KeyStyle(testDescription: "parts", types: [("a", .integer), ("b", .string)]) {
        .composite([.integer($0 % 100), .text("\"\($0)")])
      },
    ]
  }

  @Test(arguments: DatabaseUnderTest.all, KeyStyle.all)
  func `many rows are answered as few are`(kind: DatabaseUnderTest, style: KeyStyle) throws {
    let (database, tables) = try kind.begin(.of("t", key: style.types, [("name", .string)]))
    try database.create(Ledger(lineage: "00", secret: [7]))
    let shape = try database.number(of: LedgerShape(table: "t", columns: ["name"]))
    try database.fill(
      tables[0], style.types.map(\.name) + ["name"],
      (1...21_000).map { style.key($0).values + [.text("name \($0)")] })
    func record(_ numbers: some Sequence<Int64>, serial: Int) throws {
      try database.record(
        numbers.map { row("\($0)", style.key($0), shape: shape) }, of: owner, serial: serial)
      try database.answer(serial: serial, digester: digester)
    }
    try record(1...21_000, serial: 1)
    let many = try presences(database, of: owner).mapValues(\.0.answered)
    try record([1, 17, 21_000], serial: 2)
    let few = try presences(database, of: owner)
    #expect(few.count == 21_000)
    #expect(few.mapValues(\.0.answered) == many)
    #expect(few.values.allSatisfy { $0.1 == $0.0.answered.map(Presence.found) })
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `what was recorded in a unit that was undone is gone`(kind: DatabaseUnderTest) throws {
    let (database, table, shape) = try start(kind)
    try database.savepoint()
    try database.record([row("a", .integer(1), shape: shape)], of: owner, serial: 1)
    let undone = try database.number(of: LedgerShape(table: "artist", columns: ["fans"]))
    try database.undo()
    #expect(try database.shapes()[undone] == nil)
    try database.record([row("b", .integer(1), shape: shape)], of: owner, serial: 1)
    try database.answer(serial: 1, digester: digester)
    #expect(try database.owners(of: [.integer(1)], in: table).map { $0?.instance } == ["b"])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `reserved keys are above table, ledger and each other`(kind: DatabaseUnderTest) throws {
    let (database, table, shape) = try start(kind)
    #expect(try database.reserveKeys(of: table, count: 10) == 4)
    #expect(try database.reserveKeys(of: table, count: 1) == 14)
    try database.record([row("a", .integer(500), shape: shape)], of: owner, serial: 1)
    #expect(try database.reserveKeys(of: table, count: 1) == 501)
    // A number that was used is not given again, though its row is gone.
    try database.fill(table, ["id", "name"], [[.integer(900), .text("x")]])
    _ = try database.delete([.integer(900)], from: table, stopsAtFailure: true)
    #expect(try database.reserveKeys(of: table, count: 1) == 901)
    try database.fill(table, ["id", "name"], [[.integer(.max - 1), .text("x")]])
    #expect(throws: DatabaseError.self) { try database.reserveKeys(of: table, count: 2) }
    #expect(try database.reserveKeys(of: table, count: 1) == .max)
  }
}

extension LedgerTests {
  @Test(arguments: DatabaseUnderTest.all)
  func `the ledger's text makes a ledger`(kind: DatabaseUnderTest) throws {
    let database = try kind.begin()
    #expect(database.ledgerSQL.contains { $0.contains("sow_row") })
    #expect(database.ledgerSQL.allSatisfy { !$0.contains(";") })
  }
}
