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

  /// A query that gives lists in one row, and items with a list of their own.
  private func listing() throws -> Workbench {
    let bench = try bench()
    try bench.query(
      "codes",
      "SELECT json_group_array(code) AS codes, count(*) AS n FROM item WHERE price < :below",
      """
      properties: { below: { type: number } }
      required: [below]
      x-sow:
        columns: { codes: { type: array, items: { type: string } }, n: { type: integer } }
      """)
    return bench
  }

  static let sales = """
    sales: { action: create, entity: sale, for_each: $ref:codes.0.codes, values: { code: "${each:value}" } }
    """
  static let codes = "codes: { action: read, query: codes, params: { below: 10 } }"

  @Test func `for_each takes a list that a read finds`() throws {
    let bench = try listing()
    // The reader stands behind, and a third operation refers to an instance.
    let plan = plan(
      Self.sales, Self.codes,
      "tag: { action: create, entity: tag, values: { name: t, least: '$ref:sales[\"B\"].sale_id' } }"
    )
    guard case .changes(let changeset, _, _, _) = try bench.preview(plan) else {
      throw BenchFailure(text: "refused")
    }
    #expect(
      changeset.operations.flatMap(\.rows).map(\.address).prefix(2) == [
        "sales[\"A\"]", "sales[\"B\"]",
      ])
    try bench.finish(plan)
    #expect(try bench.sql("SELECT code FROM sale ORDER BY code") == ["A", "B"])
    #expect(try bench.sql("SELECT least FROM tag") == ["2"])
    #expect(try bench.finish(plan).changeset.isEmpty)
    // What the read finds later is what there is to do later.
    try bench.sql("UPDATE item SET price = 9 WHERE code = 'C'")
    try bench.finish(plan)
    #expect(try bench.sql("SELECT code FROM sale ORDER BY code") == ["A", "B", "C"])
  }

  @Test func `for_each over a list of a list that is read in turn`() throws {
    let bench = try listing()
    let plan = plan(
      Self.codes,
      "each: { action: read, entity: item, for_each: $ref:codes.0.codes, where: { code: $each:value } }",
      "more: { action: read, query: codes, params: { below: '$ref:each[\"B\"].price' } }",
      "sales: { action: create, entity: sale, for_each: $ref:more.0.codes, values: { code: $each:value } }"
    )
    try bench.finish(plan)
    #expect(try bench.sql("SELECT code FROM sale") == ["A"])
    #expect(
      try bench.once(
        plan.replacing("$each:value }", with: "\"${each:value}2\" }")
          .replacing("where: { code: \"${each:value}2\" }", with: "where: { code: $each:value }")
      ).report.isSuccess)
    #expect(try bench.sql("SELECT code FROM sale ORDER BY code") == ["A", "A2"])
  }

  @Test func `for_each over what the run writes first is refused, and so is a circle`() throws {
    let bench = try listing()
    let dearer = "dearer: { action: create, entity: item, values: { code: D, price: 9 } }"
    #expect(try bench.refusals(plan(dearer, Self.codes, Self.sales)) == ["for-each-not-known"])
    #expect(
      try bench.refusals(plan(Self.codes, Self.sales, dearer)).contains("query-misses-written"))
    let circle = plan(
      "a: { action: read, query: codes, for_each: '$ref:b[\"1\"].0.codes', params: { below: 1 } }",
      "b: { action: read, query: codes, for_each: '$ref:a[\"1\"].0.codes', params: { below: 1 } }")
    #expect(try bench.refusals(circle) == ["for-each-not-known"])
    let missing = plan(
      "item: { action: read, entity: item, where: { code: X }, expect: one }",
      "sales: { action: create, entity: sale, for_each: $ref:item.code, values: { code: $each:value } }"
    )
    #expect(try bench.refusals(missing) == ["link-type"])
    #expect(
      try bench.refusals(
        plan(
          "codes: { action: read, query: codes, params: { below: 10 }, expect: none }", Self.sales))
        == ["unexpected-count"])
  }

  @Test func `limit takes a number that a read finds`() throws {
    let bench = try listing()
    func plan(_ limit: String) -> String {
      self.plan(
        Self.codes,
        "some: { action: read, entity: item, where: { price: { gt: 0 } }, sort: [-price], limit: \(limit) }"
      )
    }
    #expect(try bench.finish(plan("$ref:codes.0.n")).report.results[1].data.count == 2)
    #expect(try bench.once(plan("$ref:codes.0.n")).report.results[1].data.count == 2)
    #expect(try bench.refusals(plan("$ref:codes.0.codes")) == ["link-type"])
    try bench.sql(
      "CREATE TABLE number (number_id INTEGER PRIMARY KEY, n INTEGER NOT NULL); INSERT INTO number VALUES (1, -1)"
    )
    #expect(
      try bench.refusals(
        self.plan(
          "number: { action: read, entity: number, ids: [1] }",
          "some: { action: read, entity: item, where: { price: { gt: 0 } }, limit: $ref:number.0.n }"
        ))
        == ["limit-not-known"])
    let drawn = self.plan(
      "tag: { action: create, entity: tag, values: { name: t } }",
      "some: { action: read, entity: item, where: { price: { gt: 0 } }, limit: $ref:tag.tag_id }")
    #expect(try bench.refusals(drawn) == ["limit-not-known"])
  }

  @Test func `elements of a sensitive list are hidden wherever they go`() throws {
    let bench = try listing()
    try bench.query(
      "codes", "SELECT json_array('s3cret') AS codes, 1 AS n, :below AS x",
      """
      properties: { below: { type: number } }
      x-sow:
        columns: { codes: { type: array, items: { type: string } }, n: { type: integer }, x: {} }
        sensitive: { codes: PHI }
      """)
    let outcome = try bench.finish(plan(Self.codes, Self.sales))
    #expect(try bench.sql("SELECT code FROM sale") == ["s3cret"])
    #expect(!"\(outcome.changeset)\(outcome.report)".contains("s3cret"))
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
