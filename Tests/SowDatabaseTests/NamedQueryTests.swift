import SowDatabase
import SowModel
import Testing

struct NamedQueryTests {
  private func statement(_ text: String) -> QueryStatement {
    QueryStatement(text, file: FileID(index: 0))
  }

  private func filled(_ kind: DatabaseUnderTest) throws -> any Database {
    let (database, tables) = try kind.begin(.artist, .album)
    try database.fill(
      tables[0], ["id", "name", "fans"],
      [
        [.integer(1), .text("Åse"), .integer(7)], [.integer(2), .text("Bo"), .null],
      ])
    return database
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a statement gives its rows, with a value for each parameter`(
    kind: DatabaseUnderTest
  ) throws {
    let database = try filled(kind)
    let query = statement(
      "SELECT name, fans, id FROM artist WHERE name <> :name AND id < :most ORDER BY :name, id")
    let call = QueryCall(
      query, values: [.text("'; DROP TABLE artist; --"), .integer(9)], types: [:])
    let found = try database.run(call).get()
    #expect(found.columns == ["name", "fans", "id"])
    #expect(
      found.rows == [
        [.text("Åse"), .integer(7), .integer(1)], [.text("Bo"), .null, .integer(2)],
      ])
    let few = QueryCall(query, values: [.text("Bo"), .integer(2)], types: [:])
    #expect(try database.run(few).get().rows.count == 1)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `what a statement gives and reads is known without running it`(
    kind: DatabaseUnderTest
  ) throws {
    let database = try filled(kind)
    let shape = try database.inspect(
      statement("SELECT a.name AS who, count(*) AS albums FROM artist a, album GROUP BY a.name")
    ).get()
    #expect(shape.columns == ["who", "albums"])
    if let tables = shape.tables { #expect(tables.isSuperset(of: ["artist", "album"])) }
  }

  struct Typed: Sendable, CustomTestStringConvertible {
    let type: FieldType
    let value: Value
    var testDescription: String { "\(type.name) \(value.text)" }
  }

  @Test(
    arguments: DatabaseUnderTest.all,
    [
      Typed(type: .string, value: .text("Việt\u{0301} 🌱")), Typed(type: .string, value: .text("")),
      Typed(type: .integer, value: .integer(.max)), Typed(type: .boolean, value: .boolean(true)),
      Typed(type: .decimal, value: .decimal(ExactDecimal("0.1") ?? ExactDecimal(0))),
      Typed(type: .float, value: .float(0.1)), Typed(type: .date, value: .text("2026-01-31")),
      Typed(type: .list(of: .any), value: .list([.text("a"), .integer(1)])),
      Typed(type: .object([:]), value: .object([.init("a", .null)])),
      Typed(type: .integer, value: .null),
    ])
  func `a value goes through a parameter and comes back as its type`(
    kind: DatabaseUnderTest, test: Typed
  ) throws {
    let database = try kind.begin()
    let call = QueryCall(
      statement("SELECT :value AS value"), values: [test.value], types: ["value": test.type])
    #expect(try database.run(call).get().rows == [[test.value]])
  }

  @Test(
    arguments: DatabaseUnderTest.all,
    [
      "DELETE FROM artist", "UPDATE artist SET name = 'x'",
      "INSERT INTO artist (name) VALUES ('x')",
      "INSERT INTO artist (name) VALUES ('x') RETURNING id", "DROP TABLE artist", "COMMIT",
      "ROLLBACK", "SAVEPOINT x", "CREATE TABLE x (id INTEGER)",
      "SELECT 1; DELETE FROM artist", "SELECT 1; SELECT 2", "",
      "-- nothing", "SELECT", "SELECT nowhere FROM artist", "SELECT * FROM nowhere",
    ])
  func `what does not read alone, or not at all, is refused and does nothing`(
    kind: DatabaseUnderTest, text: String
  ) throws {
    let database = try filled(kind)
    let query = statement(text)
    #expect(throws: QueryRefusal.self) { try database.inspect(query).get() }
    #expect(throws: QueryRefusal.self) {
      try database.run(QueryCall(query, values: [], types: [:])).get()
    }
    // The transaction is the same one, with all that is in it.
    let artist = try #require(try database.catalogue()["artist"])
    #expect(try database.contents(of: artist, ["name"]) == [[.text("Åse")], [.text("Bo")]])
    database.rollback()
    try database.begin(.read, patience: 1)
    #expect(try database.catalogue().tables == [])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a name that is not there is told apart, with its place`(kind: DatabaseUnderTest) throws {
    let database = try filled(kind)
    for (text, offset) in [("SELECT 1 FROM nowhere", nil), ("SELECT nowhere FROM artist", 7)] {
      let refusal = #expect(throws: QueryRefusal.self) {
        try database.inspect(statement(text)).get()
      }
      #expect(refusal?.lacksName == true, "\(refusal?.reason.english ?? "")")
      if let offset { #expect(refusal?.offset == offset) }
    }
    let syntax = #expect(throws: QueryRefusal.self) {
      try database.inspect(statement("SELECT 1 FORM artist")).get()
    }
    #expect(syntax?.lacksName == false)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the ledger is not to be read`(kind: DatabaseUnderTest) throws {
    let database = try kind.begin()
    try database.create(Ledger(lineage: "l", secret: [1, 2, 3]))
    for text in ["SELECT secret FROM sow_meta", "SELECT count(*) FROM sow_row"] {
      #expect(throws: QueryRefusal.self) { try database.inspect(statement(text)).get() }
    }
  }
}
