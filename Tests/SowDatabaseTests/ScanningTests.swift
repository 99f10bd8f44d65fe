import SowDatabase
import SowModel
import Testing

struct ScanningTests {
  private func music(_ kind: DatabaseUnderTest) throws -> (any Database, [Table]) {
    let (database, tables) = try kind.begin(.artist, .album)
    try database.fill(
      tables[0], ["id", "name", "fans"],
      [
        [.integer(7), .text("b"), .integer(1)], [.integer(9), .text("B"), .null],
        [.integer(2), .text("é"), .integer(3)],
      ])
    try database.fill(
      tables[1], ["id", "title", "artist_id"],
      [
        [.integer(1), .text("x"), .integer(9)], [.integer(2), .text("y"), .null],
        [.integer(3), .text("z"), .integer(7)],
      ])
    return (database, tables)
  }

  private func scan(
    _ database: any Database, _ scan: Scan, atMost limit: Int = .max
  ) throws -> [[Value]] {
    var rows: [[Value]] = []
    try database.scan(scan) { row in
      rows.append(row)
      return rows.count < limit
    }
    return rows
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `rows come in the order of the bytes, and stop where nobody wants more`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, tables) = try music(kind)
    let columns = try tables[0].positions(["name", "fans"]).map {
      Scan.Source(table: tables[0], column: $0)
    }
    let byName = Scan(table: tables[0], columns: columns, order: [0])
    let rows: [[Value]] = [
      [.text("B"), .null], [.text("b"), .integer(1)], [.text("é"), .integer(3)],
    ]
    #expect(try scan(database, byName) == rows)
    #expect(try scan(database, byName, atMost: 2) == Array(rows.prefix(2)))
    // A scan that was ended early is no obstacle to the next one.
    #expect(try scan(database, byName) == rows)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a link brings a column of the row that it leads to, or null`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, tables) = try music(kind)
    let link = Scan.Link(
      column: try #require(tables[1].position(of: "artist_id")), table: tables[0],
      target: try #require(tables[0].position(of: "id")))
    let name = Scan.Source(
      links: [link], table: tables[0], column: try #require(tables[0].position(of: "name")))
    let title = Scan.Source(
      table: tables[1], column: try #require(tables[1].position(of: "title")))
    let all = Scan(table: tables[1], columns: [title, name], order: [0])
    #expect(
      try scan(database, all) == [
        [.text("x"), .text("B")], [.text("y"), .null], [.text("z"), .text("b")],
      ])
    let byArtist = Scan(
      table: tables[1],
      conditions: [
        ResolvedCondition(
          column: link.column, comparison: .in, operands: [.integer(7), .integer(9)])
      ], columns: [title, name], order: [1])
    #expect(
      try scan(database, byArtist) == [[.text("x"), .text("B")], [.text("z"), .text("b")]])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a table that links to itself is joined as often as it takes`(
    kind: DatabaseUnderTest
  ) throws {
    let person = TableDefinition.of(
      "person", [("name", .string), ("boss", .integer)],
      foreignKeys: [.init(column: "boss", table: "person", target: "id")])
    let (database, tables) = try kind.begin(person)
    let table = tables[0]
    try database.fill(
      table, ["id", "name", "boss"],
      [
        [.integer(1), .text("a"), .null], [.integer(2), .text("b"), .integer(1)],
        [.integer(3), .text("c"), .integer(2)],
      ])
    let link = Scan.Link(
      column: try #require(table.position(of: "boss")), table: table,
      target: try #require(table.position(of: "id")))
    let name = try #require(table.position(of: "name"))
    let columns = (0...2).map {
      Scan.Source(links: Array(repeating: link, count: $0), table: table, column: name)
    }
    #expect(
      try scan(database, Scan(table: table, columns: columns, order: [0])) == [
        [.text("a"), .null, .null], [.text("b"), .text("a"), .null],
        [.text("c"), .text("b"), .text("a")],
      ])
  }
}
