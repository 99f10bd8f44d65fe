import SowDatabase
import SowModel
import Testing

struct StructureTests {
  static let types: [TableDefinition.Field] = [
    ("s", .string), ("i", .integer), ("d", .decimal), ("f", .float), ("b", .boolean),
    ("day", .date), ("t", .time), ("at", .timestamp), ("u", .uuid), ("x", .bytes),
    ("j", .object([:])),
  ]

  @Test(arguments: DatabaseUnderTest.all)
  func `the catalogue gives back the types of a table that sow made`(kind: DatabaseUnderTest) throws
  {
    let (_, tables) = try kind.begin(.of("every", Self.types))
    #expect(tables[0].columns.dropFirst().map(\.type) == Self.types.map(\.type))
    #expect(tables[0].columns[0].generation == .key(recycled: false))
    #expect(tables[0].primaryKey == [0])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the catalogue gives back keys, references and what may be null`(kind: DatabaseUnderTest)
    throws
  {
    let line = TableDefinition.of(
      "line", key: [("order", .integer), ("place", .string)], [("album_id", .integer)],
      required: ["album_id"], unique: [["album_id", "place"]],
      foreignKeys: [.init(column: "album_id", table: "album", target: "id")])
    let (_, tables) = try kind.begin(.artist, .album, line)
    #expect(tables[2].primaryKey == [0, 1])
    #expect(tables[2].columns.map(\.isNullable) == [false, false, false])
    #expect(tables[1].columns.map(\.isNullable) == [false, true, true])
    #expect(tables[2].columns[0].generation == .none)
    #expect(tables[2].uniqueKeys == [[2, 1]])
    #expect(
      tables[2].foreignKeys
        == [Table.ForeignKey(columns: [2], table: "album", referencedColumns: ["id"])])
    #expect(!tables[2].hasTriggers)
  }

  @Test(
    arguments: DatabaseUnderTest.all,
    [
      "with space", "semi;colon", "quo\"te", "\"; DROP TABLE artist; --", "it's", "naïve", "Select",
      "dot.ted", "com, ma", "\"\u{301}",
    ])
  func `any name is a name`(kind: DatabaseUnderTest, name: String) throws {
    let definition = TableDefinition.of(
      name, key: [(name + "_key", .string)], [(name, .string)], required: [name], unique: [[name]])
    let (database, tables) = try kind.begin(.artist, definition)
    let table = tables[1]
    #expect(table.columns.map(\.name) == [name + "_key", name])
    try database.fill(table, [name + "_key", name], [[.text("k"), .text("v")]])
    let probe = Probe(rows: try table.rows([name], [[.text("v")]]), keyColumns: [0])
    #expect(try database.match(probe) == [Match(key: .text("k"), isEqual: true)])
    #expect(
      try database.update(
        table.rows([name], [[.text("w")]]), keys: [.text("k")], stopsAtFailure: true) == [])
    #expect(try database.contents(of: table, [name]) == [[.text("w")]])
    let failures = try database.insert(
      table.rows([name + "_key", name], [[.text("l"), .text("w")], [.text("l"), .null]]),
      stopsAtFailure: false)
    #expect(failures.map(\.error.columns) == [[name], [name]])
    #expect(failures.map(\.error.table) == [name, name])
    #expect(try database.delete([.text("k")], from: table, stopsAtFailure: true) == [])
    #expect(try database.contents(of: table, [name]) == [])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `defaults are quoted and fill what an insert leaves out`(kind: DatabaseUnderTest) throws {
    let defaults: [(String, FieldType, Value)] = [
      ("s", .string, .text("it's; -- \"\u{301}'\u{301}")), ("i", .integer, .integer(.min)),
      ("b", .boolean, .boolean(true)), ("x", .bytes, .bytes([0, 255])),
      ("j", .object([:]), .object([.init("a'b", .list([.integer(1)]))])),
      ("d", .decimal, .decimal(try #require(ExactDecimal("-1.25")))), ("f", .float, .float(0.1)),
    ]
    var definition = TableDefinition.of("defaults", [("n", .integer)])
    for (name, type, value) in defaults {
      definition.columns.append(
        .init(
          name: name, type: type, isNullable: false, defaultValue: value, isGeneratedKey: false))
    }
    let (database, tables) = try kind.begin(definition)
    #expect(tables[0].columns.suffix(7).allSatisfy { $0.hasDefault })
    #expect(tables[0].columns.suffix(7).map(\.defaultValue) == defaults.map(\.2))
    try database.fill(tables[0], [], [[]])
    #expect(
      try database.contents(of: tables[0], defaults.map(\.0)) == [defaults.map(\.2)])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `columns are added to a table that has rows`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    try database.fill(tables[0], ["name"], [[.text("AC/DC")]])
    try database.add(
      [
        .init(
          name: "country", type: .string, isNullable: true, defaultValue: nil, isGeneratedKey: false
        ),
        .init(
          name: "active", type: .boolean, isNullable: false, defaultValue: .boolean(true),
          isGeneratedKey: false),
      ], to: "artist")
    let table = try #require(try database.catalogue()["artist"])
    #expect(try database.contents(of: table, ["country", "active"]) == [[.null, .boolean(true)]])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the ledger's tables are not in the catalogue`(kind: DatabaseUnderTest) throws {
    let database = try kind.begin()
    try database.create([.artist])
    try database.create(Ledger(lineage: "00", secret: [1]))
    #expect(try database.catalogue().tables.map(\.name) == ["artist"])
  }
}
