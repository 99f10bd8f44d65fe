import SowDatabase
import SowModel
import Testing

struct SelectingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let comparison: Comparison
    let operands: [Value]
    let column: String
    /// The keys of the rows that pass.
    let keys: [Int64]

    init(_ column: String, _ comparison: Comparison, _ operands: [Value], _ keys: [Int64]) {
      self.column = column
      self.comparison = comparison
      self.operands = operands
      self.keys = keys
    }

    var testDescription: String {
      "\(column) \(comparison.rawValue) \(operands.map(\.text).joined(separator: ", "))"
    }
  }

  /// 1: "Anna", 10 · 2: "anna%", 20 · 3: "B_b", null · 4: null, 30 · 5: "ÄÖ", 20
  static let rows: [[Value]] = [
    [.integer(1), .text("Anna"), .integer(10)], [.integer(2), .text("anna%"), .integer(20)],
    [.integer(3), .text("B_b"), .null], [.integer(4), .null, .integer(30)],
    [.integer(5), .text("ÄÖ\\"), .integer(20)],
  ]

  static let cases: [Case] = [
    Case("n", .equal, [.integer(20)], [2, 5]), Case("n", .equal, [.null], [3]),
    Case("n", .notEqual, [.integer(20)], [1, 3, 4]), Case("n", .notEqual, [.null], [1, 2, 4, 5]),
    Case("n", .greater, [.integer(20)], [4]),
    Case("n", .greaterOrEqual, [.integer(20)], [2, 4, 5]),
    Case("n", .less, [.integer(20)], [1]), Case("n", .lessOrEqual, [.integer(20)], [1, 2, 5]),
    Case("n", .between, [.integer(10), .integer(20)], [1, 2, 5]),
    Case("n", .in, [.integer(10), .integer(30), .integer(99)], [1, 4]), Case("n", .in, [], []),
    Case("n", .in, [.null, .integer(10)], [1, 3]),
    Case("n", .notIn, [.integer(10), .integer(30)], [2, 3, 5]),
    Case("n", .notIn, [], [1, 2, 3, 4, 5]), Case("n", .notIn, [.null, .integer(10)], [2, 4, 5]),
    Case("n", .isNull, [.boolean(true)], [3]), Case("n", .isNull, [.boolean(false)], [1, 2, 4, 5]),
    Case("s", .like, [.text("A%")], [1]), Case("s", .like, [.text("%nna%")], [1, 2]),
    Case("s", .like, [.text("____")], [1]), Case("s", .like, [.text("___")], [3, 5]),
    Case("s", .like, [.text("%\\%")], [2]), Case("s", .like, [.text("B\\_b")], [3]),
    Case("s", .like, [.text("%\\\\")], [5]), Case("s", .like, [.text("%")], [1, 2, 3, 5]),
    Case("s", .like, [.text("")], []), Case("s", .like, [.text("anna")], []),
    Case("s", .ilike, [.text("ANNA%")], [1, 2]), Case("s", .ilike, [.text("äö%")], [5]),
    Case("s", .ilike, [.text("%N_a")], [1]), Case("s", .ilike, [.text("b\\_B")], [3]),
    Case("s", .in, [.text("Anna"), .text("ÄÖ\\")], [1, 5]),
    Case("s", .equal, [.text("anna")], []), Case("s", .greater, [.text("B")], [2, 3, 5]),
  ]

  @Test(arguments: DatabaseUnderTest.all, cases)
  func `a condition selects the rows that it says`(kind: DatabaseUnderTest, test: Case) throws {
    let (database, tables) = try kind.begin(.of("t", [("s", .string), ("n", .integer)]))
    try database.fill(tables[0], ["id", "s", "n"], Self.rows)
    let column = try #require(tables[0].position(of: test.column))
    let query = Query(
      table: tables[0],
      conditions: [.init(column: column, comparison: test.comparison, operands: test.operands)],
      columns: [])
    #expect(try database.select(query).map(\.key) == test.keys.map(RowKey.integer))
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `conditions are joined, and lists do not mix`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.of("t", [("s", .string), ("n", .integer)]))
    try database.fill(tables[0], ["id", "s", "n"], Self.rows)
    let query = Query(
      table: tables[0],
      conditions: [
        .init(column: 0, comparison: .in, operands: (1...4).map(Value.integer)),
        .init(column: 1, comparison: .notIn, operands: [.text("Anna"), .integer(2)]),
        .init(column: 2, comparison: .greater, operands: [.integer(5)]),
      ], columns: [1])
    #expect(try database.select(query).map(\.key) == [.integer(2), .integer(4)])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `rows come sorted, nulls first, then by key, up to the limit`(kind: DatabaseUnderTest) throws
  {
    let (database, tables) = try kind.begin(.of("t", [("s", .string), ("n", .integer)]))
    try database.fill(tables[0], ["id", "s", "n"], Self.rows.reversed())
    var query = Query(table: tables[0], conditions: [], columns: [])
    func keys() throws -> [String] { try database.select(query).map(\.key.text) }
    #expect(try keys() == ["1", "2", "3", "4", "5"])
    query.sort = [(2, false)]
    #expect(try keys() == ["3", "1", "2", "5", "4"])
    query.sort = [(2, true)]
    #expect(try keys() == ["4", "2", "5", "1", "3"])
    query.limit = 2
    #expect(try keys() == ["4", "2"])
    query.limit = 0
    #expect(try keys() == [])
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `a selected row says whether it holds the values already`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.of("t", [("s", .string), ("n", .integer)]))
    try database.fill(tables[0], ["id", "s", "n"], Self.rows)
    var query = Query(table: tables[0], conditions: [], columns: [2])
    query.comparison = [(2, .integer(20))]
    #expect(try database.select(query).map(\.isEqual) == [false, true, false, false, true])
    query.comparison = [(2, .null), (1, .text("B_b"))]
    #expect(try database.select(query).map(\.isEqual) == [false, false, true, false, false])
  }
}
