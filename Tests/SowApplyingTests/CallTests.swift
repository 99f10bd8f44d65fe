import SowApplying
import SowModel
import SowPlanning
import Testing

struct CallTests {
  static let tables = """
    CREATE TABLE item (item_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, price NUMERIC);
    INSERT INTO item (code, price) VALUES ('A', 1.5), ('B', 7), ('C', 20);
    CREATE TABLE sale (sale_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT UNIQUE, item_id INTEGER, price NUMERIC);
    CREATE TABLE tag (tag_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, least NUMERIC);
    """

  private func bench() throws -> Workbench {
    let bench = try Workbench(Self.tables)
    try bench.query(
      "dear", "SELECT item_id, code, price FROM item WHERE price >= :least ORDER BY price DESC",
      """
      properties: { least: { type: number, minimum: 0, default: 5 } }
      x-sow:
        limits: { for_each: [1, 2] }
        columns: { item_id: { type: integer }, code: { type: string }, price: { type: number } }
      """)
    return bench
  }

  static let sale = """
    sale: { action: create, entity: sale, values: { code: s, item_id: $ref:dear.0.item_id, price: $ref:dear.0.price } }
    """

  private func plan(_ lines: String...) -> String {
    "operations:\n" + lines.map { "  " + $0 }.joined(separator: "\n")
  }

  @Test func `what a query gives is known while planning`() throws {
    let bench = try bench()
    let plan = plan("dear: { action: read, query: dear, params: { least: 2 } }", Self.sale)
    guard case .changes(let changeset, _, _, _) = try bench.preview(plan) else {
      throw BenchFailure(text: "refused")
    }
    let fields = changeset.operations.flatMap(\.rows).first?.fields.map(\.new)
    #expect(fields?.contains(.value(.integer(3))) == true)
    try bench.finish(plan)
    #expect(try bench.sql("SELECT code, item_id, price FROM sale") == ["s|3|20"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `rows that an earlier operation writes are waited for`() throws {
    let bench = try bench()
    let plan = plan(
      "dearer: { action: create, entity: item, values: { code: D, price: 99 } }",
      "dear: { action: read, query: dear }", Self.sale)
    guard case .changes(let changeset, _, _, _) = try bench.preview(plan) else {
      throw BenchFailure(text: "refused")
    }
    let fields = changeset.operations.flatMap(\.rows).last?.fields.map(\.new)
    #expect(fields?.filter { if case .value = $0 { false } else { true } }.count == 2)
    try bench.finish(plan)
    #expect(try bench.sql("SELECT item_id, price FROM sale") == ["4|99"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a parameter may be a key that the run is to draw`() throws {
    let bench = try bench()
    try bench.query(
      "above",
      "SELECT count(*) AS n FROM item WHERE price > (SELECT least FROM tag WHERE tag_id = :tag)",
      "properties: { tag: { type: integer } }\nrequired: [tag]")
    let plan = plan(
      "tag: { action: create, entity: tag, values: { name: t, least: 5 } }",
      "above: { action: read, query: above, params: { tag: $ref:tag.tag_id } }",
      "sale: { action: create, entity: sale, values: { code: s, item_id: $ref:above.n } }")
    try bench.finish(plan)
    #expect(try bench.sql("SELECT item_id FROM sale") == ["2"])
    #expect(try bench.finish(plan).changeset.isEmpty)
    #expect(
      try bench.once(
        plan.replacing("name: t", with: "name: u")
          .replacing("code: s", with: "code: v")
      ).report.isSuccess)
  }

  @Test func `a table that a later operation writes is an error where someone refers to it`() throws
  {
    let bench = try bench()
    let last =
      "later: { action: create, entity: item, values: { code: D, price: 99 }, depends_on: [sale] }"
    let read = "dear: { action: read, query: dear }"
    #expect(try bench.refusals(plan(read, Self.sale, last)) == ["query-misses-written"])
    #expect(try bench.refusals(plan(read, last.replacing(", depends_on: [sale]", with: ""))) == [])
    let other = try self.bench()
    let plan = plan(
      read, Self.sale,
      "later: { action: delete, entity: item, where: { code: A }, depends_on: [sale] }")
    #expect(try other.refusals(plan) == ["query-misses-written"])
    // In order, each operation sees what those before it wrote.
    #expect(try other.once(plan).report.isSuccess)
  }

  @Test(arguments: [
    ("params: { leest: 3 }", ["unknown-parameter"]), ("params: { least: -1 }", ["schema-minimum"]),
    ("params: { least: many }", ["value-type"]), ("expect: one", ["unexpected-count"]),
    ("expect: 2", []), ("for_each: [1, 2, 3], params: { least: $each:value }", ["entity-limit"]),
    ("for_each: [2, 3], params: { least: $each:value }", []), ("where: { a: 1 }", nil),
  ])
  func `what a query is asked for is checked`(rest: String, codes: [String]?) throws {
    let bench = try bench()
    let plan = plan("dear: { action: read, query: dear, \(rest) }")
    if let codes {
      #expect(try bench.refusals(plan) == codes)
    } else {
      #expect(throws: BenchFailure.self) { try bench.refusals(plan) }
    }
  }

  @Test(arguments: [
    ("SELECT :least AS least, :most AS most", "", ["parameter-undeclared"]),
    (
      "SELECT 1 AS price WHERE :least", "x-sow: { columns: { prise: { type: number } } }",
      ["query-column-missing"]
    ),
    ("SELECT :least AS a, 1 AS a", "", ["query-column-twice"]),
    ("SELECT :least FORM item", "", ["query-refused"]),
    ("DELETE FROM item WHERE price > :least", "", ["query-refused"]),
    (
      "SELECT :least AS least", "x-sow: { columns: { least: { type: string } } }",
      ["query-row-invalid"]
    ),
    ("SELECT json_extract('{' || :least, '$')", "", ["query-failed"]),
    (
      "SELECT :least AS least", "x-sow: { sensitive: { lest: PHI } , columns: { least: {} } }",
      ["query-unknown-name"]
    ),
    ("SELECT :least AS least", "required: [least]", ["missing-parameter"]),
    ("SELECT 1 AS n", "", []),
  ])
  func `the files of a query are held against each other and the database`(
    statement: String, text: String, codes: [String]
  ) throws {
    let bench = try Workbench(Self.tables)
    try bench.query("q", statement, "properties: { least: { type: number } }\n" + text)
    let asks = codes == ["missing-parameter"] ? "" : ", params: { least: 3 }"
    #expect(try bench.refusals(plan("q: { action: read, query: q\(asks) }")) == codes)
  }

  @Test func `without a description columns are what the statement gives`() throws {
    let bench = try bench()
    try bench.query("plain", "SELECT count(*) AS n, 'x' AS word FROM item", "{}")
    let plan = plan(
      "plain: { action: read, query: plain }",
      "sale: { action: create, entity: sale, values: { code: $ref:plain.word, item_id: $ref:plain.n } }"
    )
    try bench.finish(plan)
    #expect(try bench.sql("SELECT code, item_id FROM sale") == ["x|3"])
    #expect(
      try bench.refusals(plan.replacing("plain.n ", with: "plain.m "))
        == ["unknown-reference-field"])
  }

  @Test func `an element that breaks the schema fails alone where others go on`() throws {
    let bench = try bench()
    let plan =
      "options: { atomic: false, on_error: continue }\n"
      + plan(
        "dear: { action: read, query: dear, for_each: [-1, 3], params: { least: $each:value } }")
    #expect(
      try bench.finish(plan).report.lines == [
        "dear: failed 422 schema-minimum", #"  "-1": failed 422 schema-minimum"#,
        #"  "3": completed 200"#,
      ])
  }

  @Test func `sensitive parameters and columns are masked`() throws {
    let bench = try Workbench(Self.tables)
    try bench.query(
      "who", "SELECT code, price FROM item WHERE code = :code",
      """
      properties: { code: { type: string, maxLength: 3 } }
      x-sow: { columns: { code: { type: string }, price: { type: number } }, sensitive: { code: PHI } }
      """)
    let plan = plan(
      "who: { action: read, query: who, for_each: [B], params: { code: $each:value } }")
    let result = try bench.finish(plan).report.results[0]
    #expect(result.instances.first?.instance.contains("B") == false)
    #expect(result.instances.first?.data.first?.fields.first?.value == .masked(label: "PHI"))
    let database = try bench.refusals(plan.replacing("[B]", with: "[Secret]"))
    #expect(database == ["schema-max-length"])
  }
}
