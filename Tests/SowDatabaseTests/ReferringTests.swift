import SowDatabase
import SowModel
import Testing

/// Who refers to whom, asked for many rows at once.
struct ReferringTests {
  private func referring(
    _ database: any Database, to keys: [RowKey], _ parent: Table, _ child: Table
  ) throws -> [String] {
    try database.referring(to: keys, in: parent, from: child, by: child.foreignKeys[0])
      .map { "\($0.child.text) → \($0.parent.text)" }.sorted()
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `each referring row comes with the row that it refers to`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist, .album)
    try database.fill(
      tables[0], ["id", "name"], (1...4).map { [.integer($0), .text("artist \($0)")] })
    try database.fill(
      tables[1], ["id", "artist_id"],
      [(1, 1), (2, 1), (3, 2), (4, 4)].map { [.integer($0.0), .integer($0.1)] })
    try database.fill(tables[1], ["id", "artist_id"], [[.integer(5), .null]])
    #expect(
      try referring(database, to: [1, 2, 3, 9].map { .integer($0) }, tables[0], tables[1])
        == ["1 → 1", "2 → 1", "3 → 2"])
    #expect(try referring(database, to: [], tables[0], tables[1]) == [])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `rows of one table refer to each other, and text is no number`(kind: DatabaseUnderTest)
    throws
  {
    let node = TableDefinition.of(
      "node", key: [("code", .string)], [("parent", .string)],
      foreignKeys: [.init(column: "parent", table: "node", target: "code")])
    let (database, tables) = try kind.begin(node)
    try database.fill(
      tables[0], ["code", "parent"],
      [[.text("01"), .null], [.text("1"), .text("01")], [.text("a"), .text("1")]])
    #expect(try referring(database, to: [.text("01")], tables[0], tables[0]) == ["1 → 01"])
    #expect(try referring(database, to: [.text("1")], tables[0], tables[0]) == ["a → 1"])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a key of several parts is referred to by a unique column`(kind: DatabaseUnderTest) throws {
    let place = TableDefinition.of(
      "place", key: [("row", .integer), ("seat", .integer)], [("label", .string)],
      unique: [["label"]])
    let ticket = TableDefinition.of(
      "ticket", [("label", .string)],
      foreignKeys: [.init(column: "label", table: "place", target: "label")])
    let (database, tables) = try kind.begin(place, ticket)
    try database.fill(
      tables[0], ["row", "seat", "label"],
      [(1, 1, "A"), (1, 2, "B")].map { [.integer($0.0), .integer($0.1), .text($0.2)] })
    try database.fill(
      tables[1], ["id", "label"],
      [[.integer(1), .text("B")], [.integer(2), .text("A")], [.integer(3), .text("B")]])
    #expect(
      try referring(
        database, to: [.composite([.integer(1), .integer(2)])], tables[0], tables[1])
        == ["1 → 1, 2", "3 → 1, 2"])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `the number of statements does not grow with the rows`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist, .album)
    try database.fill(
      tables[0], ["id", "name"], (1...500).map { [.integer($0), .text("artist \($0)")] })
    _ = try referring(database, to: [.integer(1)], tables[0], tables[1])
    let count = database.statementCount
    _ = try referring(database, to: (1...500).map { .integer($0) }, tables[0], tables[1])
    #expect(database.statementCount == count)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `foreign keys that are put off may be broken until the commit`(
    under: DatabaseUnderTest
  ) throws {
    let (database, tables) = try under.begin(.artist, .album)
    let (artist, album) = (tables[0], tables[1])
    func insert(_ id: Int64) throws {
      let row = try artist.rows(["id", "name"], [[.integer(id), .text("a")]])
      #expect(try database.insert(row, stopsAtFailure: true).isEmpty)
    }
    try insert(1)
    let title = try album.rows(["title", "artist_id"], [[.text("x"), .integer(1)]])
    _ = try database.insert(title, stopsAtFailure: true)
    #expect(try !database.delete([.integer(1)], from: artist, stopsAtFailure: true).isEmpty)
    try database.deferForeignKeys()
    #expect(try database.delete([.integer(1)], from: artist, stopsAtFailure: true).isEmpty)
    try insert(1)
    try database.commit()
    try database.begin(.write, patience: 1)
    #expect(try !database.delete([.integer(1)], from: artist, stopsAtFailure: true).isEmpty)
    try database.deferForeignKeys()
    _ = try database.delete([.integer(1)], from: artist, stopsAtFailure: true)
    #expect(throws: DatabaseError.self) { try database.commit() }
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `what was put off is asked about before the commit, and stays put off`(
    under: DatabaseUnderTest
  ) throws {
    let (database, tables) = try under.begin(.artist, .album)
    let (artist, album) = (tables[0], tables[1])
    #expect(try database.deferredFailure() == nil)
    try database.deferForeignKeys()
    for id in 1...3 as ClosedRange<Int64> {
      try database.fill(
        album, ["id", "title", "artist_id"], [[.integer(id), .text("x"), .integer(id)]])
    }
    try database.fill(artist, ["id", "name"], [[.integer(2), .text("a")]])
    let failure = try #require(try database.deferredFailure())
    #expect(failure.error.kind == .foreignKey)
    #expect(failure.error.table == "album")
    #expect(failure.error.columns == ["artist_id"])
    #expect(
      failure.error.message.english
        == "\"artist_id\" refers to a row of \"artist\" that is not there")
    #expect(Set(failure.rows) == [.integer(1), .integer(3)])
    for id in [1, 3] as [Int64] {
      try database.fill(artist, ["id", "name"], [[.integer(id), .text("a\(id)")]])
    }
    #expect(try database.deferredFailure() == nil)
    try database.commit()
  }
}
