import SowDatabase
import SowModel
import Testing

/// Rows that are met only where they hold what they must.
struct GuardingTests {
  private func artists(_ kind: DatabaseUnderTest) throws -> (any Database, Table) {
    let (database, tables) = try kind.begin(.artist)
    try database.fill(
      tables[0], ["id", "name", "fans"],
      [
        [.integer(1), .text("a"), .integer(1)], [.integer(2), .text("b"), .null],
        [.integer(3), .text("c"), .integer(3)],
      ])
    return (database, tables[0])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `an update meets the rows that hold what it says, null too`(
    kind: DatabaseUnderTest
  ) throws {
    let (database, table) = try artists(kind)
    let fans = try #require(table.position(of: "fans"))
    let failures = try database.update(
      table.rows(["name", "fans"], [1, 2, 3, 4].map { [.text("n\($0)"), .integer(9)] }),
      keys: [.integer(1), .integer(2), .integer(3), .integer(4)],
      guarding: RowGuard(column: fans, values: [.integer(1), .null, .integer(2), .integer(1)]),
      stopsAtFailure: false)
    #expect(failures.map(\.row) == [2, 3])
    #expect(failures.map(\.error.kind) == [.changed, .missing])
    #expect(
      try database.contents(of: table, ["name", "fans"]) == [
        [.text("n1"), .integer(9)], [.text("n2"), .integer(9)], [.text("c"), .integer(3)],
      ])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a row that is matched passes the conditions, too`(kind: DatabaseUnderTest) throws {
    let (database, table) = try artists(kind)
    let fans = try #require(table.position(of: "fans"))
    func keys(_ condition: ResolvedCondition) throws -> [RowKey?] {
      let rows = try table.rows(["name"], [[.text("a")], [.text("b")], [.text("x")]])
      return try database.match(
        Probe(rows: rows, keyColumns: [0], conditions: [condition])
      ).map { $0?.key }
    }
    #expect(
      try keys(.init(column: fans, comparison: .equal, operands: [.integer(1)]))
        == [.integer(1), nil, nil])
    #expect(
      try keys(.init(column: fans, comparison: .isNull, operands: [.boolean(true)]))
        == [nil, .integer(2), nil])
    #expect(
      try keys(.init(column: fans, comparison: .notEqual, operands: [.integer(1)]))
        == [nil, .integer(2), nil])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a link leads only to rows that pass its conditions`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist, .album)
    try database.fill(
      tables[0], ["id", "name", "fans"],
      [[.integer(1), .text("a"), .integer(1)], [.integer(2), .text("b"), .integer(2)]])
    try database.fill(
      tables[1], ["id", "title", "artist_id"],
      [
        [.integer(1), .text("x"), .integer(1)], [.integer(2), .text("y"), .integer(2)],
        [.integer(3), .text("z"), .integer(2)],
      ])
    let link = Scan.Link(
      column: try #require(tables[1].position(of: "artist_id")), table: tables[0],
      target: try #require(tables[0].position(of: "id")),
      conditions: [
        .init(
          column: try #require(tables[0].position(of: "fans")), comparison: .equal,
          operands: [.integer(2)])
      ])
    let title = try #require(tables[1].position(of: "title"))
    let name = try #require(tables[0].position(of: "name"))
    let scan = Scan(
      table: tables[1],
      conditions: [.init(column: title, comparison: .notEqual, operands: [.text("z")])],
      columns: [
        Scan.Source(table: tables[1], column: title),
        Scan.Source(links: [link], table: tables[0], column: name),
      ], order: [0])
    var rows: [[Value]] = []
    try database.scan(scan) { row in
      rows.append(row)
      return true
    }
    #expect(rows == [[.text("x"), .null], [.text("y"), .text("b")]])
  }
}
