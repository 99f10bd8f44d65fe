import SowDatabase
import SowModel
import SowPostgres
import Testing

struct StorageTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let type: String
    let value: Value
    /// What comes back, where that is not what went.
    var back: Value?

    var testDescription: String { "\(type) \(value.text)" }

    init(_ type: String, _ value: Value, back: Value? = nil) {
      self.type = type
      self.value = value
      self.back = back
    }
  }

  static func decimal(_ text: String) -> Value { ExactDecimal(text).map(Value.decimal) ?? .null }

  static let kept: [Sample] = [
    Sample("smallint", .integer(-32768)), Sample("integer", .integer(2_147_483_647)),
    Sample("numeric(10,2)", decimal("12345678.99")), Sample("numeric", decimal("1e300")),
    Sample("real", .float(0.1)), Sample("real", decimal("0.25"), back: .float(0.25)),
    Sample("double precision", .float(2.5e-300)), Sample("varchar(3)", .text("đàn")),
    Sample("char(3)", .text("a"), back: .text("a  ")), Sample("text", .text("'; --\\\"{}")),
    Sample("time(0)", .text("12:30:00.000"), back: .text("12:30:00")),
    Sample("timetz", .text("12:30:00+07:00")), Sample("timestamp", .text("2024-02-29T12:30:00.5")),
    Sample(
      "timestamptz", .text("2024-02-29T12:30:00+07:00"), back: .text("2024-02-29T05:30:00Z")),
    Sample(
      "uuid", .text("00000000-0000-4000-8000-00000000E123"),
      back: .text("00000000-0000-4000-8000-00000000e123")),
    Sample("json", .object([.init("b", .integer(1)), .init("a", .null)])),
    Sample("bytea", .bytes([0, 92, 255])),
    Sample("integer[]", .list([.integer(1), .null, .integer(3)])),
    Sample("text[]", .list([.text("a,b"), .text("\"}{\\"), .text("NULL"), .text("")])),
    Sample("integer[]", .list([.list([.integer(1)]), .list([.integer(2)])])),
    Sample("integer[]", .list([])), Sample("mood", .text("ok")), Sample("zip", .text("12345")),
    Sample("inet", .text("10.0.0.1")), Sample("interval", .text("P1DT2H")),
    Sample("int4range", .text("[1,5)")),
  ]

  private func sandbox(_ type: String) throws -> Sandbox {
    try Sandbox(
      """
      CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN zip AS varchar(5);
      CREATE TABLE t (id int PRIMARY KEY, v \(type))
      """)
  }

  @Test(arguments: kept)
  func `a value of any type comes back, and equals itself`(sample: Sample) throws {
    let database = try sandbox(sample.type).begin()
    let table = try database.table("t")
    #expect(try database.insert(table, ["id", "v"], [[.integer(1), sample.value]]) == [])
    #expect(try database.contents(of: table, ["v"]) == [[sample.back ?? sample.value]])
    var rows = RowSet(table: table, columns: [0, 1])
    rows.append([.integer(1), sample.value])
    rows.append([.integer(1), .null])
    let matches = try database.match(Probe(rows: rows, keyColumns: [0]))
    #expect(matches.map { $0?.isEqual } == [true, false])
    var query = Query(table: table, conditions: [], columns: [])
    for comparison in [Comparison.equal, .in] {
      query.conditions = [.init(column: 1, comparison: comparison, operands: [sample.value])]
      #expect(try database.select(query).count == 1)
    }
    query.conditions = [.init(column: 1, comparison: .notEqual, operands: [sample.value])]
    #expect(try database.select(query).count == 0)
  }

  static let refused: [Sample] = [
    Sample("smallint", .integer(32768)), Sample("integer", decimal("1.5")),
    Sample("integer", .text("one")), Sample("numeric(10,2)", decimal("0.005")),
    Sample("numeric(3,1)", decimal("100")), Sample("real", .float(0.123456789)),
    Sample("double precision", .integer(9_007_199_254_740_993)),
    Sample("varchar(3)", .text("four")), Sample("zip", .text("123456")),
    Sample("char(3)", .text("four")), Sample("text", .text("a\u{0}b")),
    Sample("boolean", .integer(1)), Sample("date", .text("0000-01-01")),
    Sample("timestamp", .text("2024-02-29T12:30:00Z")),
    Sample("timestamptz", .text("2024-02-29T12:30:00")),
    Sample("timestamp(0)", .text("2024-02-29T12:30:00.5")),
    Sample("timestamptz", .text("2016-12-31T23:59:60Z")), Sample("uuid", .text("none")),
    Sample("mood", .text("happy")), Sample("inet", .text("nowhere")),
    Sample("bytea", .text("a")), Sample("integer[]", .text("1")),
    Sample("integer[]", .list([.text("x")])), Sample("jsonb", .text("a\u{0}")),
  ]

  @Test(arguments: refused)
  func `a value that the column would alter or not take is refused by name, alone`(
    sample: Sample
  ) throws {
    let database = try sandbox(sample.type).begin()
    let table = try database.table("t")
    let rows = (1...20).map { [Value.integer($0), $0 == 13 ? sample.value : .null] }
    let failures = try database.insert(table, ["id", "v"], rows)
    #expect(failures.map(\.row) == [12])
    #expect(failures.map(\.error.kind) == [.refused])
    #expect(failures.map(\.error.columns) == [["v"]])
    #expect(failures.map(\.error.table) == ["t"])
    #expect(try database.contents(of: table, ["id"]).count == 19)
    // Nothing is equal to it, and asking is no mistake.
    var query = Query(table: table, conditions: [], columns: [])
    query.conditions = [.init(column: 1, comparison: .equal, operands: [sample.value])]
    #expect(try database.select(query).count == 0)
    query.conditions = [.init(column: 1, comparison: .in, operands: [sample.value])]
    #expect(try database.select(query).count == 0)
  }

  @Test func `what the database computes is not written, and read back`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int,
        m int GENERATED ALWAYS AS (n * 2) STORED)
      """)
    let database = try sandbox.begin()
    let table = try database.table("t")
    #expect(try database.insert(table, ["id", "n"], [[.integer(5), .integer(2)]]) == [])
    #expect(try database.insert(table, ["n"], [[.integer(3)]]) == [])
    #expect(
      try database.contents(of: table, ["id", "m"])
        == [[.integer(5), .integer(4)], [.integer(6), .integer(6)]])
  }
}
