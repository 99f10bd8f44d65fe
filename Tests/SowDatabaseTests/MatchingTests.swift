import SowDatabase
import SowModel
import Testing

struct MatchingTests {
  @Test(arguments: DatabaseUnderTest.all)
  func `a probe finds its row and says whether it is equal`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(.artist)
    try database.fill(
      tables[0], ["id", "name", "fans"],
      [[.integer(1), .text("a"), .integer(5)], [.integer(2), .text("b"), .null]])
    let probe = Probe(
      rows: try tables[0].rows(
        ["fans", "name"],
        [
          [.integer(5), .text("a")], [.integer(6), .text("a")], [.null, .text("a")],
          [.null, .text("b")], [.integer(0), .text("b")], [.null, .text("c")], [.null, .null],
        ]), keyColumns: [1])
    #expect(
      try database.match(probe) == [
        Match(key: .integer(1), isEqual: true), Match(key: .integer(1), isEqual: false),
        Match(key: .integer(1), isEqual: false), Match(key: .integer(2), isEqual: true),
        Match(key: .integer(2), isEqual: false), nil, nil,
      ])
  }

  struct Sample: Sendable, CustomTestStringConvertible {
    let type: FieldType
    let value: Value
    let other: Value

    var testDescription: String { "\(type.name) \(value.text)" }

    static func decimal(_ text: String, not other: String) -> Sample {
      Sample(type: .decimal, value: number(text), other: number(other))
    }

    private static func number(_ text: String) -> Value {
      ExactDecimal(text).map(Value.decimal) ?? .null
    }

    static let all: [Sample] = [
      decimal("3.98", not: "3.97"), decimal("3.980", not: "3.9800001"),
      decimal("123456789012.345", not: "123456789012.346"), decimal("-0.1", not: "0.1"),
      decimal("0.00000000123456789012345", not: "0"), decimal("7", not: "7.5"),
      decimal("9223372036854775807", not: "9223372036854775806"), decimal("1e20", not: "2e20"),
      Sample(type: .integer, value: .integer(.max), other: .integer(.max - 1)),
      Sample(type: .integer, value: .integer(.min), other: .integer(.min + 1)),
      Sample(type: .boolean, value: .boolean(true), other: .boolean(false)),
      Sample(type: .float, value: .float(0.1 + 0.2), other: .float(0.3)),
      Sample(type: .float, value: .float(-1e-300), other: .float(0)),
      Sample(type: .float, value: .float(3), other: .float(4)),
      Sample(type: .bytes, value: .bytes([0, 1, 255]), other: .bytes([0, 1])),
      Sample(type: .bytes, value: .bytes([]), other: .null),
      Sample(type: .string, value: .text(""), other: .null),
      Sample(type: .string, value: .text("01234"), other: .text("1234")),
      Sample(type: .string, value: .text("1.10"), other: .text("1.1")),
      Sample(type: .string, value: .text("e\u{301}🌱"), other: .text("é🌱")),
      Sample(type: .string, value: .text("A"), other: .text("a")),
      Sample(type: .date, value: .text("2024-02-29"), other: .text("2024-03-01")),
      Sample(type: .time, value: .text("12:30:00"), other: .text("12:30:01")),
      Sample(
        type: .timestamp, value: .text("2024-02-29T12:30:00Z"), other: .text("2024-02-29T12:30:01Z")
      ),
      Sample(
        type: .uuid, value: .text("00000000-0000-0000-0000-00000000e123"),
        other: .text("00000000-0000-0000-0000-00000000e124")),
      Sample(
        type: .object([:]),
        value: .object([
          .init("a", .list([.integer(1), .null, .text("x\"\\\n\u{1}é")])),
          .init("b", .object([])), .init("c", .boolean(false)),
          .init("d", number("1.25")),
        ]), other: .object([])),
      Sample(type: .string, value: .null, other: .text("null")),
    ]
  }

  @Test(arguments: DatabaseUnderTest.all, Sample.all)
  func `a value comes back as it went and equals itself alone`(
    kind: DatabaseUnderTest, sample: Sample
  ) throws {
    let (database, tables) = try kind.begin(.of("t", [("v", sample.type)]))
    try database.fill(tables[0], ["id", "v"], [[.integer(1), sample.value]])
    #expect(
      try database.rows(of: tables[0], columns: [1], keys: [.integer(1), .integer(2)])
        == [[sample.value], nil])
    let probe = Probe(
      rows: try tables[0].rows(
        ["id", "v"], [[.integer(1), sample.value], [.integer(1), sample.other]]),
      keyColumns: [0])
    #expect(try database.match(probe).map { $0?.isEqual } == [true, false])
    var query = Query(
      table: tables[0],
      conditions: [.init(column: 1, comparison: .equal, operands: [sample.value])], columns: [1])
    query.comparison = [(1, sample.value)]
    #expect(
      try database.select(query)
        == [SelectedRow(key: .integer(1), values: [sample.value], isEqual: true)])
    query.conditions = [
      .init(column: 1, comparison: .in, operands: [sample.other, sample.value])
    ]
    #expect(try database.select(query).count == 1)
    query.conditions = [.init(column: 1, comparison: .in, operands: [sample.other])]
    #expect(try database.select(query).count == 0)
  }

  @Test(arguments: DatabaseUnderTest.all)
  func `keys of text and of several parts find their rows`(kind: DatabaseUnderTest) throws {
    let (database, tables) = try kind.begin(
      .of("country", key: [("code", .string)], [("name", .string)]),
      .of(
        "line", key: [("order", .integer), ("place", .string), ("rate", .decimal)],
        [("name", .string)]))
    try database.fill(
      tables[0], ["code", "name"], [[.text("VN"), .text("Việt Nam")], [.text(""), .text("none")]])
    #expect(
      try database.rows(of: tables[0], columns: [1], keys: [.text(""), .text("VN"), .text("vn")])
        == [[.text("none")], [.text("Việt Nam")], nil])

    let rate = Value.decimal(try #require(ExactDecimal("1.5")))
    let key = RowKey.composite([.integer(1), .text("a"), rate])
    try database.fill(
      tables[1], ["order", "place", "rate", "name"],
      [[.integer(1), .text("a"), rate, .text("x")], [.integer(1), .text("b"), rate, .text("y")]])
    #expect(try database.rows(of: tables[1], columns: [3], keys: [key]) == [[.text("x")]])
    let probe = Probe(
      rows: try tables[1].rows(["place", "order"], [[.text("a"), .integer(1)]]), keyColumns: [0, 1])
    #expect(try database.match(probe) == [Match(key: key, isEqual: true)])
    #expect(
      try database.update(
        tables[1].rows(["name"], [[.text("z")]]), keys: [key], stopsAtFailure: true) == [])
    #expect(try database.contents(of: tables[1], ["name"]) == [[.text("z")], [.text("y")]])
    #expect(try database.delete([key], from: tables[1], stopsAtFailure: true) == [])
    #expect(try database.contents(of: tables[1], ["name"]) == [[.text("y")]])
  }
}
