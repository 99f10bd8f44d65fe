import SowDatabase
import SowModel
import Testing

/// Set-valued columns, whose members are rows of another table.
struct LinkTests {
  let digester = KeyedDigester(secret: [7])

  /// Three artists, three genres, and the artists' table with the set of their genres.
  private func start(
    _ kind: DatabaseUnderTest, items: FieldType = .integer
  ) throws -> (any Database, artist: Table, links: Table) {
    let genre = TableDefinition.of("genre", key: [("id", items)], [])
    let join = TableDefinition.of(
      "artist_genre", key: [("artist_id", .integer), ("genre_id", items)], [],
      foreignKeys: [
        .init(column: "artist_id", table: "artist", target: "id"),
        .init(column: "genre_id", table: "genre", target: "id"),
      ])
    let (database, tables) = try kind.begin(.artist, genre, join)
    let keys: [Value] = items == .integer ? (1...3).map { .integer($0) } : texts
    try database.fill(tables[1], ["id"], keys.map { [$0] })
    var artist = tables[0]
    artist.columns.append(
      Column(
        name: "genre_ids", declaredType: "", type: .list(of: items), isNullable: false,
        hasDefault: true, generation: .none, link: LinkTable(table: tables[2], own: 0, other: 1)))
    return (database, artist, tables[2])
  }

  private let texts: [Value] = [.text("đờn ca"), .text("a\"b\\"), .text("007")]

  private func set(_ numbers: Int64...) -> Value { .list(numbers.map { .integer($0) }) }

  private func sets(_ database: any Database, _ artist: Table) throws -> [Value?] {
    try database.rows(
      of: artist, columns: try artist.positions(["genre_ids"]),
      keys: [.integer(1), .integer(2), .integer(3)]
    ).map { $0?[0] }
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `members are written with their row and read back sorted, each once`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, artist, links) = try start(kind)
    try database.fill(
      artist, ["id", "genre_ids", "name"],
      [
        [.integer(1), set(3, 1, 3), .text("a")], [.integer(2), set(), .text("b")],
        [.integer(3), set(2), .text("c")],
      ])
    #expect(try sets(database, artist) == [set(1, 3), set(), set(2)])
    #expect(
      try database.contents(of: links, ["artist_id", "genre_id"]) == [
        [.integer(1), .integer(1)], [.integer(1), .integer(3)], [.integer(3), .integer(2)],
      ])
    // Without the column nothing is said of the members.
    try database.fill(artist, ["name"], [[.text("d")]])
    #expect(
      try database.contents(of: artist, ["name", "genre_ids"]).last == [.text("d"), set()])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a key that the database counts is that of the row of the members`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, artist, links) = try start(kind)
    try database.fill(artist, ["id", "name"], [[.integer(40), .text("before")]])
    try database.fill(
      artist, ["name", "genre_ids"], [[.text("a"), set(1)], [.text("b"), set(2, 3)]])
    #expect(
      try database.contents(of: links, ["artist_id", "genre_id"]) == [
        [.integer(41), .integer(1)], [.integer(42), .integer(2)], [.integer(42), .integer(3)],
      ])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `an update brings what is missing and takes what is left over`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, artist, links) = try start(kind)
    try database.fill(
      artist, ["id", "name", "genre_ids"],
      (1...3).map { [.integer($0), .text("a\($0)"), set(1, 2)] })
    let both = try artist.rows(
      ["genre_ids", "name"], [[set(2, 3, 2), .text("x")], [set(), .text("y")]])
    #expect(
      try database.update(both, keys: [.integer(1), .integer(2)], stopsAtFailure: true) == [])
    #expect(try sets(database, artist) == [set(2, 3), set(), set(1, 2)])
    let only = try artist.rows(["genre_ids"], [[set(1)], [set(2)]])
    let failures = try database.update(
      only, keys: [.integer(9), .integer(3)], stopsAtFailure: false)
    #expect(failures.map(\.row) == [0])
    #expect(failures.map(\.error.kind) == [.missing])
    #expect(try sets(database, artist) == [set(2, 3), set(), set(2)])
    #expect(try database.contents(of: links, ["artist_id"]).count == 3)
  }

  @Test(arguments: DatabaseUnderTest.all, [true, false])
  func `a row fails with its members, and leaves none behind`(
    kind: DatabaseUnderTest, stops: Bool
  ) throws {
    let (database, artist, links) = try start(kind)
    let rows: [[Value]] = [
      [.integer(1), .text("a"), set(1, 2)], [.integer(2), .text("b"), set(1, 77)],
      [.integer(3), .null, set(3)], [.integer(4), .text("a"), set(1)],
      [.integer(5), .text("e"), .list([.null])], [.integer(6), .text("f"), .integer(1)],
      [.integer(7), .text("g"), set(2)],
    ]
    let failures = try database.insert(
      try artist.rows(["id", "name", "genre_ids"], rows), stopsAtFailure: stops)
    #expect(failures.map(\.row) == (stops ? [1] : [1, 2, 3, 4, 5]))
    #expect(failures.first?.error.kind == .foreignKey)
    #expect(failures.first?.error.table == "artist_genre")
    #expect(failures.first?.error.columns == ["genre_id"])
    if !stops {
      #expect(
        failures.map(\.error.kind) == [.foreignKey, .notNull, .unique, .refused, .refused])
      #expect(failures[3].error.columns == ["genre_ids"])
    }
    let expected: [[Value]] = [
      [.integer(1), .integer(1)], [.integer(1), .integer(2)], [.integer(7), .integer(2)],
    ]
    #expect(
      try database.contents(of: links, ["artist_id", "genre_id"])
        == (stops ? Array(expected.prefix(2)) : expected))
    #expect(try database.contents(of: artist, ["id"]).count == (stops ? 1 : 2))

    let updates = try database.update(
      try artist.rows(["name", "genre_ids"], [[.text("z"), set(3, 78)], [.text("y"), set()]]),
      keys: [.integer(1), .integer(stops ? 8 : 7)], stopsAtFailure: stops)
    #expect(updates.map(\.row) == [0])
    #expect(
      try database.rows(
        of: artist, columns: try artist.positions(["name", "genre_ids"]), keys: [.integer(1)])
        == [[.text("a"), set(1, 2)]])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `members go with their row, and stay with one that cannot go`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, artist, links) = try start(kind)
    try database.create([.album])
    let album = try #require(try database.catalogue()["album"])
    try database.fill(
      artist, ["id", "name", "genre_ids"],
      (1...3).map { [.integer($0), .text("a\($0)"), set(1, 2)] })
    try database.fill(album, ["id", "artist_id"], [[.integer(1), .integer(2)]])
    let failures = try database.delete(
      [.integer(1), .integer(2), .integer(3), .integer(4)], from: artist, stopsAtFailure: false)
    #expect(failures.map(\.row) == [1, 3])
    #expect(failures.map(\.error.kind) == [.foreignKey, .missing])
    #expect(
      try database.contents(of: links, ["artist_id", "genre_id"]) == [
        [.integer(2), .integer(1)], [.integer(2), .integer(2)],
      ])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `sets are compared as sets`(kind: DatabaseUnderTest) throws {
    let (database, artist, _) = try start(kind)
    try database.fill(
      artist, ["id", "name", "genre_ids"], [[.integer(1), .text("a"), set(2, 1)]])
    let wanted: [(Value, Bool)] = [
      (set(1, 2), true), (set(2, 1, 2), true), (set(1), false), (set(1, 2, 3), false),
      (set(), false), (.list([.text("1"), .text("2")]), false),
    ]
    let probe = Probe(
      rows: try artist.rows(["name", "genre_ids"], wanted.map { [.text("a"), $0.0] }),
      keyColumns: [0])
    #expect(try database.match(probe).map { $0?.isEqual } == wanted.map(\.1))
    for (value, isEqual) in wanted {
      var query = Query(table: artist, conditions: [], columns: try artist.positions(["genre_ids"]))
      query.comparison = [(column: try artist.positions(["genre_ids"])[0], value: value)]
      let rows = try database.select(query)
      #expect(rows.map(\.isEqual) == [isEqual])
      #expect(rows.map(\.values) == [[set(1, 2)]])
    }
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `texts are members byte for byte`(kind: DatabaseUnderTest) throws {
    let (database, artist, links) = try start(kind, items: .string)
    try database.fill(
      artist, ["id", "name", "genre_ids"], [[.integer(1), .text("a"), .list(texts)]])
    let sorted: Value = .list([.text("007"), .text("a\"b\\"), .text("đờn ca")])
    #expect(try sets(database, artist)[0] == sorted)
    let rows = try artist.rows(["genre_ids"], [[.list([texts[0], texts[2]])]])
    #expect(try database.update(rows, keys: [.integer(1)], stopsAtFailure: true) == [])
    #expect(
      try database.contents(of: links, ["genre_id"]) == [[.text("007")], [.text("đờn ca")]])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a set is part of what the database answers for a row`(kind: DatabaseUnderTest) throws {
    let (database, artist, links) = try start(kind)
    try database.create(Ledger(lineage: "00", secret: [7]))
    try database.fill(
      artist, ["id", "name", "genre_ids"], [[.integer(1), .text("a"), set(1, 2)]])
    let owner = Owner(scope: "", plan: "shop")
    let shape = LedgerShape(
      table: "artist", columns: ["name", "genre_ids"],
      links: ["genre_ids": LinkNames(table: "artist_genre", own: "artist_id", other: "genre_id")])
    let number = try database.number(of: shape)
    #expect(try database.shapes() == [number: shape])
    try database.record(
      [
        LedgerRow(
          operation: "a", instance: "", shape: number, key: .integer(1),
          asked: digester.digest(RowEncoder()), answered: nil, origin: .created)
      ], of: owner, serial: 1)
    try database.answer(serial: 1, digester: digester)
    func isAsLeft() throws -> Bool {
      let rows = try database.ledgerRows(
        of: owner, operation: "a", instances: [""], digester: digester)
      let found = try #require(rows[0])
      return found.presence == found.row.answered.map { .found($0) }
    }
    #expect(try isAsLeft())
    try database.fill(links, ["artist_id", "genre_id"], [[.integer(1), .integer(3)]])
    #expect(try !isAsLeft())
    let rows = try artist.rows(["genre_ids"], [[set(2, 1)]])
    #expect(try database.update(rows, keys: [.integer(1)], stopsAtFailure: true) == [])
    #expect(try isAsLeft())
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a scan brings what the members lead to`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(
      .artist, .of("genre", [("code", .string)]),
      .of("artist_genre", key: [("artist_id", .integer), ("genre_id", .integer)], []))
    var artist = tables[0]
    artist.columns.append(
      Column(
        name: "genre_ids", declaredType: "", type: .list(of: .integer), isNullable: false,
        hasDefault: true, generation: .none, link: LinkTable(table: tables[2], own: 0, other: 1)))
    try database.fill(
      tables[1], ["id", "code"], [[.integer(1), .text("z")], [.integer(2), .text("b")]])
    try database.fill(
      artist, ["id", "name", "genre_ids"],
      [[.integer(1), .text("a"), set(1, 2)], [.integer(2), .text("b"), set(1, 9)]])
    let set = artist.columns.count - 1
    let link = Scan.Link(column: 1, table: tables[1], target: 0)
    let scan = Scan(
      table: artist,
      columns: [
        Scan.Source(table: artist, column: 0), Scan.Source(set: set, table: artist, column: set),
        Scan.Source(set: set, links: [link], table: tables[1], column: 1),
      ], order: [0])
    var rows: [[Value]] = []
    try database.scan(scan) { row in
      rows.append(row)
      return true
    }
    #expect(
      rows == [
        [.integer(1), self.set(1, 2), .list([.text("b"), .text("z")])],
        [.integer(2), self.set(1, 9), .list([.null, .text("z")])],
      ])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `statements do not grow with the rows and their members`(kind: DatabaseUnderTest) throws {
    func statements(_ count: Int64) throws -> Int {
      let (database, artist, _) = try start(kind)
      let before = database.statementCount
      try database.fill(
        artist, ["id", "name", "genre_ids"],
        (1...count).map { [.integer($0), .text("a\($0)"), set(1, $0 % 2 + 2)] })
      let keys = (1...count).map { RowKey.integer($0) }
      let rows = try artist.rows(["genre_ids"], (1...count).map { [set($0 % 3 + 1)] })
      #expect(try database.update(rows, keys: keys, stopsAtFailure: true) == [])
      #expect(try database.delete(keys, from: artist, stopsAtFailure: true) == [])
      return database.statementCount - before
    }
    #expect(try statements(100) == statements(500))
  }
}
