import SowApplying
import SowDatabase
import SowModel
import SowPlanning
import SowSQLite
import Testing

struct StreamTests {
  static let tables = """
    CREATE TABLE item (
      item_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, name TEXT);
    CREATE TABLE part (
      part_id INTEGER PRIMARY KEY AUTOINCREMENT, item_id INTEGER REFERENCES item, name TEXT UNIQUE);
    CREATE TABLE color (color_id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO color VALUES (1, 'red'), (2, 'blue'), (3, 'blue');
    """

  static let plan =
    "operations: { items: { action: create, entity: item, key: [code], rows: { file: items.csv } } }"

  static func rows(_ numbers: some Sequence<Int>, name: String = "n") -> String {
    numbers.reduce(into: "code,name\n") { text, number in text += "c\(number),\(name)\(number)\n" }
  }

  @Test func `many rows are written and found again`() throws {
    let bench = try Workbench(Self.tables)
    bench.reportsRows = false
    try bench.write(Self.rows(1...25_000), to: "items.csv")
    let first = try bench.finish(Self.plan)
    #expect(first.report.counts.created == 25_000)
    #expect(first.changeset.counts.create == 25_000)
    #expect(first.changeset.operations[0].rows.count == 20)
    #expect(try bench.strays("item", key: "item_id") == [])
    let again = try bench.finish(Self.plan)
    #expect(again.changeset.isEmpty)
    #expect(again.changeset.counts.unchanged == 25_000)
    #expect(again.report.counts.unchanged == 25_000)
    #expect(!again.isCommitted)
  }

  @Test func `a long file that is cut or repeats a row is refused as a whole`() throws {
    let bench = try Workbench(Self.tables)
    bench.reportsRows = false
    try bench.write(Self.rows(1...25_000) + "c7,again\n", to: "items.csv")
    #expect(try bench.refusals(Self.plan) == ["duplicate-instance"])
    // Of the rows before the place that is no CSV none is taken.
    try bench.write(Self.rows(1...25_000) + "c25001,\"open\n", to: "items.csv")
    guard case .refused(let diagnostics, _) = try bench.apply(Self.plan) else {
      throw BenchFailure(text: "not refused")
    }
    #expect(diagnostics.all.map(\.code.id) == ["open-quote"])
    #expect(diagnostics.all.first?.range?.start.line == 25_002)
    #expect(try bench.sql("SELECT count(*) FROM item") == ["0"])
    try bench.write(Self.rows(1...25_000), to: "items.csv")
    #expect(try bench.finish(Self.plan).report.counts.created == 25_000)
  }

  @Test func `a row that is edited, added or left out is that one row`() throws {
    let bench = try Workbench(Self.tables)
    try bench.write(Self.rows(1...50), to: "items.csv")
    try bench.finish(Self.plan)
    var text = Self.rows(1...51).replacing("c7,n7", with: "c7,other")
    text = text.replacing("c9,n9\n", with: "")
    try bench.write(text, to: "items.csv")
    let finish = try bench.finish(Self.plan)
    #expect(finish.changeset.counts.update == 1)
    #expect(finish.changeset.counts.create == 1)
    #expect(finish.changeset.counts.unchanged == 48)
    #expect(finish.changeset.orphans == [#"items["c9"]"#])
    #expect(
      try bench.sql("SELECT name FROM item WHERE code IN ('c7', 'c9') ORDER BY 1") == [
        "n9", "other",
      ])
    let again = try bench.finish(Self.plan)
    #expect(again.changeset.isEmpty)
    #expect(again.changeset.orphans == [#"items["c9"]"#])
  }

  @Test(arguments: [("true", 0), ("false", 10_000)])
  func `a file that changes after it was decided on is stale`(atomic: String, kept: Int) throws {
    let bench = try Workbench(Self.tables)
    try bench.write(Self.rows(1...12_000), to: "items.csv")
    bench.edit = { [unowned bench] plan in
      guard case .file(let source, let range)? = plan.operations[0].rows else { return }
      let changing = ChangingSource(source) {
        try? bench.write(Self.rows(1...12_000, name: "m"), to: "items.csv")
      }
      plan.operations[0].rows = .file(changing, range)
    }
    let outcome = try bench.apply("options: { atomic: \(atomic) }\n" + Self.plan)
    switch outcome {
    case .stale(let diagnostic, _):
      #expect(atomic == "true")
      #expect(diagnostic?.code == .fileChanged)
    case .finished(let finish):
      // What was committed stays; the operation says what happened.
      #expect(atomic == "false")
      #expect(finish.report.lines.first == "items: failed 422 file-changed")
    default: Issue.record("\(outcome)")
    }
    #expect(try bench.sql("SELECT count(*) FROM item") == ["\(kept)"])
  }

  @Test func `a small file is applied as it was decided on, and not read again`() throws {
    let bench = try Workbench(Self.tables)
    try bench.write(Self.rows(1...2_000), to: "items.csv")
    bench.edit = { plan in
      guard case .file(let source, let range)? = plan.operations[0].rows else { return }
      let changing = ChangingSource(source) { Issue.record("read again") }
      plan.operations[0].rows = .file(changing, range)
    }
    let finish = try bench.finish(Self.plan)
    #expect(finish.report.counts.created == 2_000)
    #expect(try bench.sql("SELECT count(*) FROM item WHERE name LIKE 'n%'") == ["2000"])
    #expect(try bench.strays("item", key: "item_id") == [])
  }

  @Test(arguments: ["true", "false"])
  func `a file that cannot be read is a mistake at its line, in every mode`(atomic: String) throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      options: { atomic: \(atomic), on_error: continue }
      operations:
        items: { action: create, entity: item, key: [code], rows: { file: items.csv } }
        of_a: { action: create, entity: part, values: { item_id: '$ref:items["a"].item_id' } }
        wrong: { action: read, entity: item, where: { code: nowhere }, expect: one }
        other: { action: create, entity: color, values: { color_id: 9 } }
      """
    try bench.write("code,name\na,A\nb,\"open\n", to: "items.csv")
    guard case .refused(let diagnostics, _) = try bench.preview(plan) else {
      throw BenchFailure(text: "not refused")
    }
    let found = try #require(diagnostics.sorted.first { $0.code.id == "open-quote" })
    #expect(found.range?.start.line == 3)
    #expect(try bench.refusals(plan).contains("open-quote"))
    #expect(try bench.sql("SELECT count(*) FROM item") == ["0"])
    // Without a ledger it is the failure of its operation.
    let once = try bench.once(plan.replacing("expect: one", with: "expect: any"))
    #expect(
      once.report.lines == [
        "items: failed 422 open-quote", "of_a: skipped 424 dependency-failed",
        "wrong: completed 200", atomic == "true" ? "other: rolled_back" : "other: completed 201",
      ])
    // Nobody knows which rows left it.
    try bench.write("code,name\na,A\n", to: "items.csv")
    try bench.finish(Self.plan)
    try bench.write("code,name\nb,\"open\n", to: "items.csv")
    bench.extent = .orphans
    #expect(try bench.refusals(Self.plan) == ["open-quote"])
  }

  @Test func `a list that the database fills is held to the schema, each item of it`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE item (item_id INTEGER PRIMARY KEY, code TEXT, tags JSON DEFAULT ('["' || 'x"]'));
      CREATE TABLE part (part_id INTEGER PRIMARY KEY, code TEXT, tags JSON);
      """)
    try bench.schema(
      "part",
      """
      type: object
      properties: { code: { type: string }, tags: { type: array, items: { type: integer } } }
      """)
    try bench.schema(
      "item", "type: object\nproperties: { code: { type: string }, tags: { type: array } }")
    try bench.write("code\na\n", to: "parts.csv")
    let plan = """
      operations:
        item: { action: create, entity: item, values: { code: b } }
        parts:
          action: create
          entity: part
          for_each: { file: parts.csv, key: code }
          values: { code: $each:code, tags: $ref:item.tags }
      """
    let finish = try bench.finish(plan)
    #expect(
      finish.report.lines == [
        "item: rolled_back", "parts: failed 422 schema-type", "  \"a\": failed 422 schema-type",
      ])
  }

  @Test func `rows look up rows of the database`() throws {
    let bench = try Workbench(Self.tables)
    try bench.write("code,color\na,red\n", to: "items.csv")
    let plan = """
      operations:
        items:
          action: create
          entity: item
          for_each: { file: items.csv, key: code }
          values:
            code: $each:code
            name: { $lookup: { entity: color, where: { name: $each:color }, field: name } }
      """
    try bench.finish(plan)
    #expect(try bench.sql("SELECT code, name FROM item") == ["a|red"])
    try bench.write("code,color\na,red\nb,blue\n", to: "items.csv")
    #expect(try bench.refusals(plan) == ["lookup-ambiguous"])
    try bench.write("code,color\na,red\nb,green\n", to: "items.csv")
    #expect(try bench.refusals(plan) == ["lookup-nothing"])
  }

  @Test func `a plain lookup lists its candidates`() throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      operations:
        a:
          action: create
          entity: color
          values: { color_id: 9, name: { $lookup: { entity: color, where: { name: blue }, field: name } } }
      """
    switch try bench.apply(plan) {
    case .refused(let diagnostics, _):
      #expect(
        diagnostics.all.map(\.message) == [#"several rows of "color" match the $lookup: 2, 3"#])
    default: Issue.record("not refused")
    }
    try bench.finish(plan.replacing("blue", with: "red"))
    #expect(try bench.sql("SELECT name FROM color WHERE color_id = 9") == ["red"])
  }

  @Test func `a file depends on rows of another one that fail`() throws {
    let bench = try Workbench(Self.tables)
    try bench.sql(
      "CREATE TRIGGER no BEFORE INSERT ON item WHEN new.code = 'c2' BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    try bench.write(Self.rows(1...3), to: "items.csv")
    try bench.write("name,code\np1,c1\np2,c2\n", to: "parts.csv")
    let plan = """
      options: { atomic: false, on_error: continue }
      operations:
        items: { action: create, entity: item, key: [code], rows: { file: items.csv } }
        parts:
          action: create
          entity: part
          for_each: { file: parts.csv, key: name }
          values: { name: $each:name, item_id: "$ref:items[$each:code].item_id" }
        waits:
          action: create
          entity: part
          for_each: { file: parts.csv, key: name }
          values: { name: "w${each:name}" }
          depends_on: [items]
      """
    let finish = try bench.finish(plan)
    #expect(
      finish.report.lines == [
        "items: failed 400 database-refused", #"  "c1": completed 201"#,
        #"  "c2": failed 400 database-refused"#, #"  "c3": completed 201"#,
        "parts: skipped 424 dependency-failed", #"  "p1": completed 201"#,
        #"  "p2": skipped 424 dependency-failed"#,
        "waits: skipped 424 dependency-failed", #"  "p1": skipped 424 dependency-failed"#,
        #"  "p2": skipped 424 dependency-failed"#,
      ])
    try bench.sql("DROP TRIGGER no")
    #expect(try bench.finish(plan).report.isSuccess)
    #expect(try bench.sql("SELECT count(*) FROM part") == ["4"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  // MARK: Statements

  @Test func `the number of statements does not grow with the operations`() throws {
    /// Distinct texts, and how often all of them were run together.
    func count(_ operations: Int) throws -> (texts: [Int], runs: [Int]) {
      let bench = try Workbench(Self.tables)
      var plan = "operations:\n"
      for number in 1...operations {
        plan += "  i\(number): { action: create, entity: item, values: { code: c\(number) } }\n"
        plan +=
          "  p\(number): { action: create, entity: part, values: { item_id: $ref:i\(number).item_id } }\n"
      }
      var (texts, runs): ([Int], [Int]) = ([], [])
      for plan in [plan, plan, plan.replacing("code: c7 ", with: "code: d7 ")] {
        let database = try SQLiteDatabase.open(path: bench.databasePath, mode: .write)
        _ = try bench.run(plan, on: database).apply(ApplyOptions()).finish
        texts.append(database.statementCount)
        runs.append(database.runsByText.values.reduce(0, +))
      }
      return (texts, runs)
    }
    let few = try count(100)
    let many = try count(5_000)
    #expect(few.texts == many.texts)
    // A new row is inserted into its table and the ledger; one that is known is read, once.
    let grown = zip(few.runs, many.runs).map { $1 - $0 }
    #expect(grown[0] <= 2 * 2 * 4_900, "\(few) \(many)")
    #expect(grown[1] <= 2 * 4_900, "\(few) \(many)")
    #expect(grown[2] <= 2 * 4_900, "\(few) \(many)")
  }

  @Test(arguments: [
    plan,
    """
    operations:
      items:
        action: create
        entity: item
        for_each: { file: items.csv, key: code }
        values: { code: $each:code, name: $each:name }
    """,
  ])
  func `the number of statements does not grow with the rows of a file`(plan: String) throws {
    func count(_ rows: Int) throws -> [Int] {
      let bench = try Workbench(Self.tables)
      bench.reportsRows = false
      try bench.write(Self.rows(1...rows), to: "items.csv")
      return try (1...2).map { _ in
        let database = try SQLiteDatabase.open(path: bench.databasePath, mode: .write)
        _ = try bench.run(plan, on: database).apply(ApplyOptions()).finish
        return database.statementCount
      }
    }
    let few = try count(100)
    let many = try count(25_000)
    #expect(few[1] == many[1])
    // Above 20,000 rows the answers are read by one statement in place of two.
    #expect(abs(few[0] - many[0]) <= 1)
  }
}
