import SowDatabase
import SowModel
import Testing

struct WritingTests {
  @Test(arguments: DatabaseUnderTest.all)
  func `failing rows are left out and reported by position`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    let rows = try tables[0].rows(
      ["name"], [[.text("a")], [.null], [.text("b")], [.text("a")], [.text("c")]])
    let failures = try database.insert(rows, stopsAtFailure: false)
    #expect(failures.map(\.row) == [1, 3])
    #expect(failures.map(\.error.kind) == [.notNull, .unique])
    #expect(failures.map(\.error.columns) == [["name"], ["name"]])
    #expect(
      try database.contents(of: tables[0], ["name"]) == [[.text("a")], [.text("b")], [.text("c")]])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `texts of any length are written and found as they are`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    let texts =
      ["", "ừ", String(repeating: "b", count: 3_000)]
      + (0..<3).map { String(repeating: "long \($0) ", count: 400 * ($0 + 1)) }
    let rows = try tables[0].rows(["name"], texts.map { [.text($0)] })
    #expect(try database.insert(rows, stopsAtFailure: false) == [])
    #expect(try database.contents(of: tables[0], ["name"]) == texts.map { [.text($0)] })
    let found = try database.match(Probe(rows: rows, keyColumns: [0]))
    #expect(found.map { $0?.isEqual } == texts.map { _ in true })
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the first failure ends the work where that is asked`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    let rows = try tables[0].rows(["name"], [[.text("a")], [.null], [.null], [.text("b")]])
    #expect(try database.insert(rows, stopsAtFailure: true).map(\.row) == [1])
    #expect(try database.contents(of: tables[0], ["name"]).count == 1)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `of many rows those that fail are left out, wherever they stand`(
    kind: DatabaseUnderTest
  ) throws {
    var names = (0..<200).map { Value.text("artist \($0)") }
    for bad in [0, 40, 41, 199] { names[bad] = .null }
    names[150] = .text("artist 7")
    for stops in [false, true] {
      let (database, tables) = try kind.begin(.artist)
      let rows = try tables[0].rows(["name"], names.map { [$0] })
      let failures = try database.insert(rows, stopsAtFailure: stops)
      #expect(failures.map(\.row) == (stops ? [0] : [0, 40, 41, 150, 199]))
      let written = names.enumerated().filter { !stops && ![0, 40, 41, 150, 199].contains($0.0) }
      #expect(try database.contents(of: tables[0], ["name"]) == written.map { [$0.1] })
    }
    let (database, tables) = try kind.begin(.artist)
    let rows = try tables[0].rows(["name"], names.dropFirst().map { [$0] })
    #expect(try database.insert(rows, stopsAtFailure: true).map(\.row) == [39])
    #expect(try database.contents(of: tables[0], ["name"]).count == 39)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a row that refers to one after it fails, however many there are`(
    kind: DatabaseUnderTest
  ) throws {
    let person = TableDefinition.of(
      "person", [("boss", .integer)],
      foreignKeys: [TableDefinition.ForeignKey(column: "boss", table: "person", target: "id")])
    let (database, tables) = try kind.begin(person)
    let rows = try tables[0].rows(
      ["id", "boss"],
      (1...100).map { [.integer($0), $0 == 50 ? .integer(51) : $0 == 60 ? .integer(2) : .null] })
    let failures = try database.insert(rows, stopsAtFailure: false)
    #expect(failures.map(\.row) == [49])
    #expect(failures.map(\.error.kind) == [.foreignKey])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a broken reference is named, forwards and backwards`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist, .album)
    try database.fill(tables[0], ["id", "name"], [[.integer(1), .text("a")]])
    let rows = try tables[1].rows(
      ["id", "artist_id"], [[.integer(1), .integer(1)], [.integer(2), .integer(77)]])
    let forwards = try database.insert(rows, stopsAtFailure: false)
    #expect(forwards.map(\.row) == [1])
    #expect(forwards.map(\.error.kind) == [.foreignKey])
    #expect(forwards.first?.error.table == "album")
    #expect(forwards.first?.error.columns == ["artist_id"])
    #expect(forwards.first?.error.message.english.contains("artist") == true)

    let backwards = try database.delete([.integer(1)], from: tables[0], stopsAtFailure: false)
    #expect(backwards.map(\.error.kind) == [.foreignKey])
    #expect(backwards.first?.error.table == "album")
    #expect(backwards.first?.error.columns == ["artist_id"])

    let moved = try database.update(
      tables[1].rows(["artist_id"], [[.integer(78)]]), keys: [.integer(1)], stopsAtFailure: false)
    #expect(moved.map(\.error.columns) == [["artist_id"]])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a key without a row is missing`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    try database.fill(tables[0], ["id", "name"], [[.integer(1), .text("a")]])
    let updates = try database.update(
      tables[0].rows(["name"], [[.text("x")], [.text("b")], [.text("y")]]),
      keys: [.integer(2), .integer(1), .text("no number")], stopsAtFailure: false)
    #expect(updates.map(\.row) == [0, 2])
    #expect(updates.map(\.error.kind) == [.missing, .missing])
    let deletes = try database.delete(
      [.integer(2), .integer(1)], from: tables[0], stopsAtFailure: false)
    #expect(deletes.map(\.row) == [0])
    #expect(try database.contents(of: tables[0], ["name"]) == [])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `no error shows a value`(kind: DatabaseUnderTest) throws {
    let secret = "hunter2"
    let (database, tables) = try kind.begin(
      .of(
        "person", key: [("code", .string)], [("name", .string), ("boss", .string)],
        required: ["name"], unique: [["name"]],
        foreignKeys: [.init(column: "boss", table: "person", target: "code")]))
    try database.fill(tables[0], ["code", "name"], [[.text("a"), .text(secret)]])
    let failures = try database.insert(
      tables[0].rows(
        ["code", "name", "boss"],
        [
          [.text(secret), .text(secret), .null], [.text(secret), .null, .null],
          [.text(secret), .text("b"), .text(secret + "3")], [.text("a"), .text("c"), .null],
        ]), stopsAtFailure: false)
    #expect(failures.map(\.error.kind) == [.unique, .notNull, .foreignKey, .unique])
    for failure in failures { #expect(!String(describing: failure).contains(secret)) }
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `rows that swap a unique value inside a set fail alone`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    try database.fill(
      tables[0], ["id", "name"], [[.integer(1), .text("a")], [.integer(2), .text("b")]])
    let failures = try database.update(
      tables[0].rows(["name"], [[.text("b")], [.text("c")]]), keys: [.integer(1), .integer(2)],
      stopsAtFailure: false)
    #expect(failures.map(\.row) == [0])
    #expect(try database.contents(of: tables[0], ["name"]) == [[.text("a")], [.text("c")]])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the number of statements does not grow with the rows`(kind: DatabaseUnderTest) throws {
    func statements(for count: Int) throws -> Int {
      let (database, tables) = try kind.begin(.artist)
      try database.create(Ledger(lineage: "00", secret: [1]))
      let digester = KeyedDigester(secret: [1])
      let owner = Owner(scope: "", plan: "p")
      let shape = try database.number(of: LedgerShape(table: "artist", columns: ["name"]))
      let first = try #require(try database.reserveKeys(of: tables[0], count: count))
      let keys = (0..<count).map { RowKey.integer(first + Int64($0)) }
      let names = (0..<count).map { [Value.text("artist \($0)")] }
      try database.fill(
        tables[0], ["id", "name"], zip(keys, names).map { $0.values + $1 })
      let asked = digester.digest(RowEncoder())
      try database.record(
        keys.enumerated().map {
          LedgerRow(
            operation: "artists", instance: "\($0)", shape: shape, key: $1, asked: asked,
            answered: nil, origin: .created)
        }, of: owner, serial: 1)
      try database.answer(serial: 1, digester: digester)
      let probe = Probe(rows: try tables[0].rows(["name"], names), keyColumns: [0])
      #expect(try database.match(probe).allSatisfy { $0?.isEqual == true })
      #expect(try database.rows(of: tables[0], columns: [1], keys: keys).count == count)
      #expect(try database.owners(of: keys, in: tables[0]).allSatisfy { $0 != nil })
      var query = Query(table: tables[0], conditions: [], columns: [1])
      query.conditions = [.init(column: 1, comparison: .in, operands: names.flatMap(\.self))]
      #expect(try database.select(query).count == count)
      var seen = 0
      try database.ledgerRows(of: owner, except: [], digester: digester) { row, presence in
        if presence == row.answered.map(Presence.found) { seen += 1 }
      }
      #expect(seen == count)
      #expect(
        try database.update(tables[0].rows(["name"], names), keys: keys, stopsAtFailure: true)
          == [])
      try database.forget(keys, in: tables[0])
      #expect(try database.delete(keys, from: tables[0], stopsAtFailure: true) == [])
      return database.statementCount
    }
    #expect(try statements(for: 100) == statements(for: 10_000))
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `rows whose keys the database counts say which ones they got`(kind: DatabaseUnderTest) throws
  {
    let (database, tables) = try kind.begin(.artist)
    try database.fill(tables[0], ["id", "name"], [[.integer(7), .text("taken")]])
    let names = ["b", "a", "taken", "d", "c"]
    let rows = try tables[0].rows(["name"], names.map { [.text($0)] })
    let counted = try database.insertCounted(rows, stopsAtFailure: false)
    #expect(counted.failures.map(\.row) == [2])
    #expect(counted.failures.map(\.error.kind) == [.unique])
    let contents = try database.contents(of: tables[0], ["id", "name"])
    for (name, key) in zip(names, counted.keys) where name != "taken" {
      #expect(contents.contains([.integer(try #require(key)), .text(name)]))
    }
    #expect(counted.keys[2] == nil)

    let more = try tables[0].rows(["name"], ["x", "a", "y"].map { [.text($0)] })
    let stopped = try database.insertCounted(more, stopsAtFailure: true)
    #expect(stopped.failures.map(\.row) == [1])
    #expect(try database.contents(of: tables[0], ["name"]).count == 6)
  }
}
