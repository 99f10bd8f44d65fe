import SowApplying
import SowModel
import Testing

/// atomic × on_error, with rows that the database refuses for different reasons.
struct MatrixTests {
  static let tables = """
    CREATE TABLE item (
      item_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
      quantity INTEGER CHECK (quantity >= 0), owner INTEGER REFERENCES owner);
    CREATE TABLE owner (owner_id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE note (
      note_id INTEGER PRIMARY KEY AUTOINCREMENT, item_id INTEGER NOT NULL REFERENCES item,
      text TEXT);
    INSERT INTO owner VALUES (1, 'Ann');
    """

  /// A row that only the database refuses, and why.
  struct BadRow: CustomTestStringConvertible {
    let testDescription: String
    let values: String
    let code: String
    let mended: String

    static let all = [
      BadRow(
        testDescription: "CHECK", values: "{ code: bad, name: x, quantity: -1 }",
        code: "database-check", mended: "{ code: bad, name: x, quantity: 1 }"),
      BadRow(
        testDescription: "foreign key", values: "{ code: bad, name: x, owner: 9 }",
        code: "database-foreign-key", mended: "{ code: bad, name: x, owner: 1 }"),
    ]
  }

  static func plan(atomic: Bool, onError: String, bad: String) -> String {
    """
    options: { atomic: \(atomic), on_error: \(onError) }
    operations:
      first:
        action: create
        entity: item
        rows:
          - { code: a, name: A }
          - { code: b, name: B }
      items:
        action: create
        entity: item
        key: [code]
        rows:
          - { code: c, name: C, quantity: 1, owner: 1 }
          - \(bad)
          - { code: d, name: D, quantity: 1, owner: 1 }
      of_bad:
        action: create
        entity: note
        values: { item_id: '$ref:items["bad"].item_id', text: of bad }
      of_that:
        action: create
        entity: note
        values: { item_id: $ref:of_bad.item_id, text: of that }
      waits:
        action: create
        entity: owner
        values: { owner_id: 7, name: Wei }
        depends_on: [items]
      last:
        action: create
        entity: note
        values: { item_id: '$ref:items["d"].item_id', text: of d }
    """
  }

  @Test(arguments: BadRow.all)
  func `atomic and stop: one failure takes everything back`(bad: BadRow) throws {
    let bench = try Workbench(Self.tables)
    let finish = try bench.finish(Self.plan(atomic: true, onError: "stop", bad: bad.values))
    #expect(!finish.isCommitted)
    #expect(!finish.report.isSuccess)
    #expect(try bench.sql("SELECT count(*) FROM item") == ["0"])
    #expect(try bench.sql("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sow%'") == ["0"])
    let lines = finish.report.lines
    #expect(!lines.contains { $0.contains("completed") })
    #expect(lines.contains { $0.hasPrefix("items: failed") && $0.hasSuffix(bad.code) })
    #expect(lines.contains("first: rolled_back"))
    #expect(lines.contains("last: not_run"))
    #expect(finish.report.counts.created == 0)
    #expect(finish.report.counts.failed == 1)
  }

  @Test func `atomic and continue: every error is found and nothing stays`() throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      options: { atomic: true, on_error: continue }
      operations:
        items:
          action: create
          entity: item
          key: [code]
          rows:
            - { code: a, name: A, quantity: -1 }
            - { code: b, name: B, quantity: 1 }
            - { code: c, name: C, quantity: -1 }
        far: { action: create, entity: item, values: { code: f, name: F, owner: 5 } }
        of_a: { action: create, entity: note, values: { item_id: '$ref:items["a"].item_id' } }
        of_b: { action: create, entity: note, values: { item_id: '$ref:items["b"].item_id' } }
      """
    let finish = try bench.finish(plan)
    #expect(
      finish.report.lines == [
        "items: failed 400 database-check", #"  "a": failed 400 database-check"#,
        #"  "b": rolled_back"#, #"  "c": failed 400 database-check"#,
        "far: failed 409 database-foreign-key", "of_a: skipped 424 dependency-failed",
        "of_b: rolled_back",
      ])
    #expect(try bench.sql("SELECT count(*) FROM item") == ["0"])
  }

  @Test(arguments: BadRow.all)
  func `not atomic and stop: earlier operations stay, the failed one is taken back`(
    bad: BadRow
  ) throws {
    let bench = try Workbench(Self.tables)
    var locks: [Lock] = []
    let options = ApplyOptions(stageLock: { lock in
      locks.append(lock)
      return nil
    })
    let finish = try bench.finish(
      Self.plan(atomic: false, onError: "stop", bad: bad.values), options)
    #expect(finish.isCommitted)
    #expect(locks.last?.entries.count == 2)
    #expect(try bench.sql("SELECT code FROM item ORDER BY 1") == ["a", "b"])
    #expect(try bench.strays("item", key: "item_id") == [])
    let lines = finish.report.lines
    #expect(lines.contains("first: completed 201"))
    #expect(lines.contains(#"  "c": rolled_back"#) || lines.contains(#"  "c": not_run"#))
    #expect(lines.contains("waits: not_run"))
    #expect(lines.contains("last: not_run"))
    #expect(finish.report.counts.created == 2)
    try completes(bench, Self.plan(atomic: false, onError: "stop", bad: bad.mended))
  }

  @Test(arguments: BadRow.all)
  func `not atomic and continue: who depends on a failure is skipped, all others are written`(
    bad: BadRow
  ) throws {
    let bench = try Workbench(Self.tables)
    let finish = try bench.finish(
      Self.plan(atomic: false, onError: "continue", bad: bad.values))
    #expect(finish.isCommitted)
    #expect(try bench.sql("SELECT code FROM item ORDER BY 1") == ["a", "b", "c", "d"])
    #expect(try bench.sql("SELECT text FROM note") == ["of d"])
    #expect(try bench.sql("SELECT count(*) FROM owner") == ["1"])
    #expect(try bench.strays("item", key: "item_id") == [])
    #expect(try bench.strays("note", key: "note_id") == [])
    let lines = finish.report.lines
    #expect(lines.contains("first: completed 201"))
    #expect(lines.contains { $0.hasPrefix(#"  "bad": failed"#) && $0.hasSuffix(bad.code) })
    #expect(lines.contains(#"  "d": completed 201"#))
    #expect(lines.contains("of_bad: skipped 424 dependency-failed"))
    #expect(lines.contains("of_that: skipped 424 dependency-failed"))
    #expect(lines.contains("waits: skipped 424 dependency-failed"))
    #expect(lines.contains("last: completed 201"))
    #expect(finish.report.counts.total == 9)
    #expect(finish.report.counts.succeeded == 5)
    try completes(bench, Self.plan(atomic: false, onError: "continue", bad: bad.mended))
  }

  /// The mended plan completes what is missing, and then there is nothing left to do.
  private func completes(_ bench: Workbench, _ plan: String) throws {
    let mended = try bench.finish(plan)
    #expect(mended.report.isSuccess)
    #expect(try bench.sql("SELECT code FROM item ORDER BY 1") == ["a", "b", "bad", "c", "d"])
    #expect(try bench.sql("SELECT count(*) FROM note") == ["3"])
    #expect(try bench.sql("SELECT name FROM owner WHERE owner_id = 7") == ["Wei"])
    #expect(try bench.strays("item", key: "item_id") == [])
    let again = try bench.finish(plan)
    #expect(again.changeset.isEmpty)
    #expect(again.report.isSuccess)
  }

  @Test(arguments: [("true", "stop"), ("true", "continue"), ("false", "stop")])
  func `a natural key that exists stops the plan before anything is written`(
    atomic: String, onError: String
  ) throws {
    let bench = try Workbench(Self.tables)
    try bench.sql("INSERT INTO item (code, name) VALUES ('b', 'old')")
    let plan = """
      options: { atomic: \(atomic), on_error: \(onError) }
      operations:
        items:
          action: create
          entity: item
          rows: [{ code: a, name: A }, { code: b, name: B }]
      """
    #expect(try bench.refusals(plan) == ["natural-key-exists"])
    #expect(try bench.sql("SELECT name FROM item") == ["old"])
  }

  @Test func `not atomic and continue: rows that break their schema fail alone`() throws {
    let bench = try Workbench()
    try bench.schema("code", Self.codeSchema)
    let plan = """
      options: { atomic: false, on_error: continue }
      operations:
        codes:
          action: create
          entity: code
          rows: [{ code: AA }, { code: TOOLONG }, { code: CC }]
      """
    let finish = try bench.finish(plan)
    #expect(
      finish.report.lines == [
        "codes: failed 422 schema-max-length", #"  "AA": completed 201"#,
        #"  "TOOLONG": failed 422 schema-max-length"#, #"  "CC": completed 201"#,
      ])
    #expect(try bench.sql("SELECT code FROM code ORDER BY 1") == ["AA", "CC"])
    #expect(
      try bench.refusals(plan.replacing("atomic: false", with: "atomic: true"))
        == ["schema-max-length"])
  }

  static let codeSchema = """
    type: object
    properties:
      code_id: { type: integer, readOnly: true }
      code: { type: string, maxLength: 2 }
      label: { type: [string, "null"] }
    required: [code]
    x-sow: { primary_key: code_id, unique: [[code]] }
    """

  @Test func `without one transaction an operation of several levels is committed as one`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE node (node_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT UNIQUE,
        parent INTEGER REFERENCES node, size INTEGER CHECK (size < 10));
      """)
    let plan = """
      options: { atomic: false, on_error: stop }
      operations:
        tree:
          action: create
          entity: node
          key: [code]
          rows:
            - { code: root }
            - { code: leaf, parent: '$ref:tree["root"].node_id', size: 12 }
        other: { action: create, entity: node, values: { code: other } }
      """
    let finish = try bench.finish(plan)
    #expect(try bench.sql("SELECT code FROM node") == [])
    #expect(
      finish.report.lines == [
        "tree: failed 400 database-check", #"  "root": rolled_back"#,
        #"  "leaf": failed 400 database-check"#, "other: not_run",
      ])
  }

  @Test func `operations are committed after those that they wait for, or together with them`()
    throws
  {
    let bench = try Workbench(
      """
      CREATE TABLE node (node_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT UNIQUE,
        parent INTEGER REFERENCES node, size INTEGER CHECK (size < 10));
      """)
    let plan = """
      options: { atomic: false, on_error: stop }
      operations:
        above: { action: create, entity: node, values: { code: above, parent: $ref:below.node_id } }
        odd:
          action: create
          entity: node
          key: [code]
          rows:
            - { code: one, parent: $ref:above.node_id }
            - { code: three, parent: '$ref:even["two"].node_id', size: 30 }
        even:
          action: create
          entity: node
          key: [code]
          rows:
            - { code: two, parent: '$ref:odd["one"].node_id' }
        below: { action: create, entity: node, values: { code: below } }
      """
    let finish = try bench.finish(plan)
    #expect(
      finish.report.lines == [
        "above: completed 201", "odd: failed 400 database-check", #"  "one": rolled_back"#,
        #"  "three": failed 400 database-check"#, "even: rolled_back", #"  "two": rolled_back"#,
        "below: completed 201",
      ])
    #expect(try bench.sql("SELECT code FROM node ORDER BY 1") == ["above", "below"])
    let mended = plan.replacing("size: 30", with: "size: 3")
    #expect(try bench.finish(mended).report.isSuccess)
    #expect(try bench.finish(mended).changeset.isEmpty)
  }

  @Test func `an update of several rows is one unit`() throws {
    let bench = try Workbench(Self.tables)
    try bench.sql("INSERT INTO item (code, name, quantity) VALUES ('a', 'A', 1), ('b', 'B', 2)")
    try bench.sql("CREATE UNIQUE INDEX one ON item (abs(quantity))")
    let plan = """
      options: { atomic: false, on_error: continue }
      operations:
        level: { action: update, entity: item, where: { quantity: { lt: 9 } }, values: { quantity: 5 } }
        rest: { action: create, entity: owner, values: { owner_id: 8 } }
        waits: { action: create, entity: owner, values: { owner_id: 9 }, depends_on: [level] }
      """
    let finish = try bench.finish(plan)
    #expect(try bench.sql("SELECT quantity FROM item ORDER BY 1") == ["1", "2"])
    #expect(
      finish.report.lines == [
        "level: failed 409 database-unique", "rest: completed 201",
        "waits: skipped 424 dependency-failed",
      ])
    #expect(finish.report.counts.updated == 0)
    // It was not done, so it is not remembered as done.
    #expect(try bench.sql("SELECT count(*) FROM sow_policy WHERE done IS NOT NULL") == ["0"])
  }

  @Test(arguments: [
    ("true", "stop"), ("true", "continue"), ("false", "stop"), ("false", "continue"),
  ])
  func `a dry run says what would happen and keeps nothing`(
    atomic: String, onError: String
  ) throws {
    let bench = try Workbench(Self.tables)
    let plan = Self.plan(atomic: atomic == "true", onError: onError, bad: BadRow.all[0].values)
    let dry = try bench.finish(plan, ApplyOptions(isDryRun: true))
    #expect(!dry.isCommitted)
    #expect(try bench.sql("SELECT count(*) FROM item") == ["0"])
    #expect(try bench.sql("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sow%'") == ["0"])
    // No number was used up.
    #expect(try bench.sql("SELECT count(*) FROM sqlite_sequence") == ["0"])
    let real = try bench.finish(plan)
    #expect(dry.report.lines == real.report.lines)
    #expect(dry.report.counts == real.report.counts)
    #expect(dry.report.isDryRun)
  }

  @Test func `a unique index over some rows is the database's to hold, row by row`() throws {
    let bench = try Workbench(
      Self.tables + "CREATE UNIQUE INDEX one_open ON item (name) WHERE quantity IS NULL")
    let text = """
      operations:
        items:
          action: create
          entity: item
          key: [code]
          rows:
            - { code: a, name: open }
            - { code: b, name: open, quantity: 1 }
            - { code: c, name: open }
            - { code: d, name: other }
      """
    // No promise is made of it at plan time: which rows it is about is the database's to say.
    guard case .changes(let changeset, _, _, _) = try bench.preview(text) else {
      throw BenchFailure(text: "refused")
    }
    #expect(changeset.counts.create == 4)
    let best = try bench.finish("options: { atomic: false, on_error: continue }\n" + text)
    #expect(
      best.report.lines == [
        "items: failed 409 database-unique", #"  "a": completed 201"#, #"  "b": completed 201"#,
        #"  "c": failed 409 database-unique"#, #"  "d": completed 201"#,
      ])
    let failure = best.report.results[0].instances[2].failure?.diagnostic
    #expect(failure?.range?.start.line == 10)
    #expect(try bench.sql("SELECT code FROM item ORDER BY code") == ["a", "b", "d"])
    // A key that it is behind finds no single row.
    #expect(
      try bench.refusals(
        "operations: { x: { action: upsert, entity: item, key: [name], values: { code: n, name: n } } }"
      )
        == ["key-not-unique"])
  }

  @Test(arguments: [
    ("true", "stop"), ("true", "continue"), ("false", "stop"), ("false", "continue"),
  ])
  func `a file of rows follows the matrix`(atomic: String, onError: String) throws {
    let bench = try Workbench(Self.tables)
    var text = "code,name,quantity\n"
    for number in 1...10_500 { text += "c\(number),n\(number),\(number == 10_200 ? -1 : 1)\n" }
    try bench.write(text, to: "items.csv")
    let plan = """
      options: { atomic: \(atomic), on_error: \(onError) }
      operations:
        items: { action: create, entity: item, key: [code], rows: { file: items.csv } }
        of_bad: { action: create, entity: note, values: { item_id: '$ref:items["c10200"].item_id' } }
        of_good: { action: create, entity: note, values: { item_id: '$ref:items["c1"].item_id' } }
      """
    let finish = try bench.finish(plan)
    let result = finish.report.results[0]
    #expect(result.status == .failed)
    #expect(result.instances.count == 10_500)
    #expect(result.instances[10_199].status == .failed)
    let kept = atomic == "true" ? 0 : onError == "stop" ? 10_000 : 10_499
    #expect(try bench.sql("SELECT count(*) FROM item") == ["\(kept)"])
    #expect(
      finish.report.counts.created == kept + (onError == "continue" && atomic == "false" ? 1 : 0))
    #expect(result.instances.count { $0.status == .completed } == kept)
    #expect(result.instances[0].status == (atomic == "true" ? .rolledBack : .completed))
    #expect(
      result.instances[10_400].status
        == (onError == "stop" ? .notRun : kept > 0 ? .completed : .rolledBack))
    #expect(finish.report.results[1].status == (onError == "stop" ? .notRun : .skipped))
    if atomic == "false" {
      #expect(try bench.strays("item", key: "item_id") == [])
      #expect(finish.isCommitted)
    }
    try bench.write(text.replacing(",-1\n", with: ",1\n"), to: "items.csv")
    #expect(try bench.finish(plan).report.isSuccess)
    #expect(try bench.sql("SELECT count(*) FROM item") == ["10500"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }
}
