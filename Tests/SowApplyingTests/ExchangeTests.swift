import SowApplying
import SowModel
import SowSQLite
import Testing

/// Unique values that go from row to row.
struct ExchangeTests {
  static let schema = """
    CREATE TABLE customer (
      customer_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, email TEXT UNIQUE,
      code TEXT NOT NULL UNIQUE, note TEXT);
    """

  static func plan(_ rows: [(String, String, String)], _ more: String = "") -> String {
    "operations:\n"
      + rows.map {
        "  \($0.0): { action: create, entity: customer, key: [name], "
          + "values: { name: \($0.0), email: \($0.1), code: \($0.2) } }\n"
      }.joined() + more
  }

  func check(
    _ before: [(String, String, String)], _ after: [(String, String, String)]
  ) throws -> Changeset {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan(before))
    let finish = try bench.finish(Self.plan(after))
    let expected = after.map { "\($0.0)|\($0.1)|\($0.2)" }.sorted()
    #expect(
      try bench.sql("SELECT name, email, code FROM customer ORDER BY name") == expected)
    #expect(try bench.finish(Self.plan(after)).changeset.isEmpty)
    return finish.changeset
  }

  @Test func `a row takes what another one gives up, whatever their order`() throws {
    for names in [["a", "b"], ["b", "a"]] {
      let first = [(names[0], "1", "A"), (names[1], "2", "B")]
      let changes = try check(first, [(names[0], "2", "A"), (names[1], "3", "B")])
      #expect(changes.counts.update == 2)
      _ = try check(first, [(names[0], "1", "B"), (names[1], "2", "C")])
    }
  }

  @Test func `a long row of hand-overs needs no null`() throws {
    let before = (10...40).map { ("n\($0)", "e\($0)", "c\($0)") }
    let after = (10...40).map { ("n\($0)", "e\($0 + 1)", "c\($0 + 1)") }
    let changes = try check(before, after)
    #expect(changes.counts.update == 31)
  }

  @Test func `a swap goes through null, and the plan shows it`() throws {
    let changes = try check(
      [("a", "1", "A"), ("b", "2", "B")], [("a", "2", "A"), ("b", "1", "B")])
    #expect(changes.counts.update == 3)
    let parked = changes.operations[1].rows[0]
    #expect(
      parked.fields == [FieldChange(field: "email", old: .value(.text("2")), new: .value(.null))])
  }

  @Test(arguments: [("b", ["a|2", "b|NULL"]), ("a", ["a|1", "b|2"])])
  func `of a swap that fails in part nothing is lost in silence`(
    failing: String, kept: [String]
  ) throws {
    let bench = try Workbench(
      "CREATE TABLE customer (customer_id INTEGER PRIMARY KEY AUTOINCREMENT, "
        + "name TEXT UNIQUE, email TEXT UNIQUE, code TEXT NOT NULL CHECK (code <> 'bad'))")
    _ = try bench.finish(Self.plan([("a", "1", "A"), ("b", "2", "B")]))
    func swap(_ code: String) -> String {
      "options: { atomic: false, on_error: continue }\n"
        + Self.plan(
          [("a", "2", "A"), ("b", "1", "B")].map { ($0.0, $0.1, $0.0 == failing ? code : $0.2) })
    }
    let part = try bench.finish(swap("bad"))
    let rows = "SELECT name, email FROM customer ORDER BY name"
    #expect(try bench.sql(rows) == kept)
    let failed = part.report.results.filter { $0.status == .failed }.map(\.name)
    #expect(failed == (failing == "a" ? ["a", "b"] : ["b"]))
    #expect(
      part.diagnostics.all.map(\.message)
        == (failing == "b" ? ["b failed after another row took its email, which is null now"] : []))
    #expect(part.report.counts.updated == (failing == "b" ? 2 : 0))
    let mended = try bench.finish(swap("C"))
    #expect(mended.report.isSuccess)
    #expect(try bench.sql(rows) == ["a|2", "b|1"])
  }

  @Test func `a ring of three goes through null`() throws {
    _ = try check(
      [("a", "1", "A"), ("b", "2", "B"), ("c", "3", "C")],
      [("a", "2", "A"), ("b", "3", "B"), ("c", "1", "C")])
    _ = try check(
      [("a", "1", "A"), ("b", "2", "B"), ("c", "3", "C")],
      [("a", "3", "A"), ("b", "1", "B"), ("c", "2", "C")])
  }

  @Test func `a swap of what cannot be null is refused by name`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan([("a", "1", "A"), ("b", "2", "B")]))
    guard
      case .refused(let diagnostics, _) = try bench.apply(
        Self.plan([("a", "1", "B"), ("b", "2", "A")]))
    else {
      Issue.record("not refused")
      return
    }
    #expect(diagnostics.all.map(\.code.id) == ["unique-circle"])
    #expect(
      diagnostics.all[0].message
        == "a takes code from b, and neither can be first: code cannot be null")
    #expect(try bench.sql("SELECT code FROM customer ORDER BY name") == ["A", "B"])
  }

  @Test func `a new row takes the natural key that another one gives up`() throws {
    for action in ["create", "upsert"] {
      let bench = try Workbench(Self.schema)
      let first =
        "operations:\n  old: { action: \(action), entity: customer, key: [code], values: { code: X, note: old } }\n"
      _ = try bench.finish(first)
      let next =
        "operations:\n  new: { action: \(action), entity: customer, key: [code], values: { code: X, note: new } }\n"
        + first.replacing("operations:\n", with: "").replacing("code: X", with: "code: Z")
      let finish = try bench.finish(next)
      #expect(finish.changeset.counts.create == 1)
      #expect(finish.changeset.counts.update == 1)
      #expect(try bench.sql("SELECT code, note FROM customer ORDER BY 1") == ["X|new", "Z|old"])
      #expect(try bench.finish(next).changeset.isEmpty)
      let kept = next.replacing("code: Z", with: "code: X")
      #expect(try Workbench(Self.schema).refusals(first) == [])
      let other = try Workbench(Self.schema)
      _ = try other.finish(first)
      #expect(try other.refusals(kept) == ["owned-elsewhere"])
    }
  }

  @Test func `rows of one operation exchange their values`() throws {
    let bench = try Workbench(Self.schema)
    func plan(_ a: String, _ b: String) -> String {
      """
      operations:
        all:
          action: upsert
          entity: customer
          key: [code]
          rows:
            - { code: A, email: \(a) }
            - { code: B, email: \(b) }
      """
    }
    _ = try bench.finish(plan("x", "y"))
    _ = try bench.finish(plan("y", "x"))
    #expect(try bench.sql("SELECT code, email FROM customer ORDER BY 1") == ["A|y", "B|x"])
    #expect(try bench.finish(plan("y", "x")).changeset.isEmpty)
    try bench.sql(
      "UPDATE customer SET email = NULL; UPDATE customer SET email = 'x' WHERE code = 'A'; UPDATE customer SET email = 'y' WHERE code = 'B'"
    )
    let drift = try bench.finish(plan("y", "x"))
    #expect(drift.changeset.operations[0].rows.map(\.kind).contains(.drift))
    #expect(try bench.sql("SELECT code, email FROM customer ORDER BY 1") == ["A|y", "B|x"])
  }

  @Test func `rows of a file exchange their values`() throws {
    let bench = try Workbench(Self.schema)
    let plan =
      "operations: { all: { action: upsert, entity: customer, key: [code], rows: { file: c.csv } } }"
    try bench.write("code,email\nA,1\nB,2\nC,3\nD,4\n", to: "c.csv")
    _ = try bench.finish(plan)
    try bench.write("code,email\nA,2\nB,1\nC,4\nD,5\n", to: "c.csv")
    _ = try bench.finish(plan)
    #expect(
      try bench.sql("SELECT code, email FROM customer ORDER BY 1") == ["A|2", "B|1", "C|4", "D|5"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a file takes what an operation gives up, and the other way`() throws {
    let bench = try Workbench(Self.schema)
    let plan =
      Self.plan([("a", "1", "X")])
      + "  all: { action: upsert, entity: customer, key: [code], rows: { file: c.csv } }\n"
    try bench.write("code,email\nA,2\n", to: "c.csv")
    _ = try bench.finish(plan)
    try bench.write("code,email\nA,1\n", to: "c.csv")
    _ = try bench.finish(plan.replacing("email: 1", with: "email: 9"))
    #expect(try bench.sql("SELECT code, email FROM customer ORDER BY 1") == ["A|1", "X|9"])
    try bench.write("code,email\nA,8\n", to: "c.csv")
    let last = plan.replacing("email: 1", with: "email: 1")
    _ = try bench.finish(last)
    #expect(try bench.sql("SELECT code, email FROM customer ORDER BY 1") == ["A|8", "X|1"])
    #expect(try bench.finish(last).changeset.isEmpty)
  }

  @Test func `a delete or an update frees what a new row takes`() throws {
    let bench = try Workbench(Self.schema)
    try bench.sql("INSERT INTO customer (name, code, note) VALUES ('s', 'S', 's'), ('t', 'T', 't')")
    let plan = Self.plan(
      [("a", "1", "S")],
      """
        b: { action: create, entity: customer, key: [code], values: { code: T } }
        gone: { action: delete, entity: customer, where: { note: t } }
        other: { action: update, entity: customer, where: { note: s }, values: { code: S2 } }

      """)
    let finish = try bench.finish(plan)
    #expect(finish.changeset.counts.create == 2)
    #expect(
      try bench.sql("SELECT name, code FROM customer ORDER BY code") == ["a|S", "s|S2", "NULL|T"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test(arguments: ["{ atomic: false, on_error: stop }", "{ atomic: false, on_error: continue }"])
  func `values are exchanged in one commit`(_ options: String) throws {
    let bench = try Workbench(Self.schema)
    let head = "options: \(options)\n"
    _ = try bench.finish(head + Self.plan([("a", "1", "A"), ("b", "2", "B"), ("c", "3", "C")]))
    let after = head + Self.plan([("a", "2", "A"), ("b", "1", "B"), ("c", "3", "D")])
    let database = try SQLiteDatabase.open(path: bench.databasePath, mode: .write)
    _ = try bench.run(after, on: database).apply(ApplyOptions()).finish
    // One for the two that exchange, one for the third.
    #expect(database.runsByText["COMMIT"] == 2)
    #expect(try bench.sql("SELECT email FROM customer ORDER BY name") == ["2", "1", "3"])
    #expect(try bench.finish(after).changeset.isEmpty)
  }

  // MARK: Values that stay where they are

  /// The refusals of a plan, as text.
  func texts(_ bench: Workbench, _ plan: String) throws -> [String] {
    guard case .refused(let diagnostics, _) = try bench.apply(plan) else { return [] }
    return diagnostics.all.map { "\($0.code.id): \($0.message)" }
  }

  @Test func `a value that a stranger has stays the stranger's, and the plan says so`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan([("a", "1", "A"), ("b", "2", "B")]))
    try bench.sql("INSERT INTO customer (name, email, code) VALUES ('s', '5', 'S')")
    let changed = Self.plan([("a", "5", "A"), ("b", "1", "B")])
    #expect(
      try texts(bench, changed) == [#"unique-taken: a takes the email of row 3 of "customer""#])
    let new = Self.plan([("a", "1", "A"), ("b", "2", "B"), ("c", "5", "C")])
    #expect(try texts(bench, new) == [#"unique-taken: c takes the email of row 3 of "customer""#])
    #expect(try bench.sql("SELECT email FROM customer ORDER BY name") == ["1", "2", "5"])
    // The row alone fails where others may go on.
    let head = "options: { atomic: false, on_error: continue }\n"
    let finish = try bench.finish(head + new)
    #expect(finish.report.counts.failed == 1)
    #expect(try bench.sql("SELECT email FROM customer ORDER BY name") == ["1", "2", "5"])
  }

  @Test func `a value that a row of another plan has is named with its owner`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish("plan: other\n" + Self.plan([("a", "1", "A")]))
    guard
      case .refused(let diagnostics, _) = try bench.apply(
        "plan: own\n" + Self.plan([("b", "1", "B")]))
    else {
      Issue.record("not refused")
      return
    }
    #expect(diagnostics.all.map(\.code.id) == ["unique-taken"])
    #expect(diagnostics.all[0].hint?.sentence.english == #"the row is a of the plan "other""#)
  }

  @Test func `two rows of a plan cannot take one value`() throws {
    let bench = try Workbench(Self.schema)
    #expect(
      try texts(bench, Self.plan([("a", "1", "A"), ("b", "1", "B")]))
        == ["unique-twice: b and a take the same email"])
    _ = try bench.finish(Self.plan([("a", "1", "A"), ("b", "2", "B")]))
    let both = Self.plan([("a", "3", "A"), ("b", "3", "B")])
    #expect(try texts(bench, both) == ["unique-twice: b and a take the same email"])
    let update =
      "  u: { action: update, entity: customer, where: { note: null }, values: { email: 9 } }\n"
    #expect(
      try texts(bench, Self.plan([("a", "1", "A"), ("b", "2", "B")], update))
        == ["unique-twice: u and u take the same email"])
  }

  @Test func `rows of files are held against the database and each other, too`() throws {
    let bench = try Workbench(Self.schema)
    try bench.sql("INSERT INTO customer (name, email, code) VALUES ('s', '5', 'S')")
    let all = "  all: { action: create, entity: customer, key: [code], rows: { file: c.csv } }\n"
    let plan = "operations:\n" + all
    try bench.write("code,email\nA,1\nB,5\nC,1\n", to: "c.csv")
    #expect(
      try texts(bench, plan) == [
        #"unique-taken: all["B"] takes the email of row 1 of "customer""#,
        #"unique-twice: all["C"] and all take the same email"#,
      ])
    try bench.write("code,email\nA,1\nB,2\nC,\nD,\n", to: "c.csv")
    #expect(try bench.finish(plan).report.isSuccess)
    #expect(
      try texts(bench, Self.plan([("b", "2", "X")], all))
        == [#"unique-taken: b takes the email of row 3 of "customer""#])
  }

  @Test func `a new row of a file takes what another row gives up`() throws {
    let bench = try Workbench(Self.schema)
    let plan =
      "  all: { action: upsert, entity: customer, key: [code], rows: { file: c.csv } }\n"
    try bench.write("code,email\nA,2\n", to: "c.csv")
    // The operation stands behind the file that takes its value.
    func text(_ email: String) -> String {
      "operations:\n" + plan
        + "  z: { action: create, entity: customer, values: { name: z, code: Z, email: \(email) } }\n"
    }
    _ = try bench.finish(text("1"))
    try bench.write("code,email\nA,2\nB,1\n", to: "c.csv")
    _ = try bench.finish(text("9"))
    #expect(
      try bench.sql("SELECT code, email FROM customer ORDER BY 1") == ["A|2", "B|1", "Z|9"])
    #expect(try bench.finish(text("9")).changeset.isEmpty)
    // Within one file, too.
    try bench.write("code,email\nC,2\nA,3\nB,1\n", to: "c.csv")
    _ = try bench.finish(text("9"))
    #expect(
      try bench.sql("SELECT code, email FROM customer ORDER BY 1")
        == ["A|3", "B|1", "C|2", "Z|9"])
  }

  @Test func `what leaves a set gives its values up`() throws {
    let bench = try Workbench(Self.schema)
    func plan(_ rows: String) -> String {
      "operations:\n  all:\n    action: sync\n    entity: customer\n    key: [code]\n    rows: [\(rows)]\n"
    }
    _ = try bench.finish(plan("{ code: A, email: 1 }, { code: B, email: 2 }"))
    _ = try bench.finish(plan("{ code: A, email: 2 }, { code: C, email: 3 }"))
    #expect(try bench.sql("SELECT code, email FROM customer ORDER BY 1") == ["A|2", "C|3"])
    // Its natural key stays with its operation: it may be the same row under another address.
    let other =
      plan("{ code: A, email: 2 }")
      + "  c: { action: create, entity: customer, key: [code], values: { code: C, email: 3 } }\n"
    guard case .refused(let diagnostics, _) = try bench.apply(other) else {
      Issue.record("not refused: \(try bench.apply(other))")
      return
    }
    #expect(diagnostics.all.map(\.code.id) == ["owned-elsewhere"])
    #expect(
      diagnostics.all[0].hint?.sentence.english
        == #"if it has another name now, add moved_from: all["C"]"#)
  }

  @Test func `a unique pair is looked at as a whole, whatever is written of it`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE seat (seat_id INTEGER PRIMARY KEY, code TEXT UNIQUE, line TEXT, place INTEGER DEFAULT 1,
        UNIQUE (line, place));
      INSERT INTO seat VALUES (1, 's', 'A', 1);
      """)
    func plan(_ line: String) -> String {
      "operations: { x: { action: create, entity: seat, values: { code: x, line: \(line) } } }"
    }
    #expect(try bench.refusals(plan("A")) == ["unique-taken"])
    _ = try bench.finish(plan("B"))
    #expect(try bench.refusals(plan("A")) == ["unique-taken"])
    try bench.sql("UPDATE seat SET place = 2 WHERE code = 'x'")
    _ = try bench.finish(plan("A"))
    #expect(try bench.sql("SELECT code, line, place FROM seat ORDER BY 1") == ["s|A|1", "x|A|2"])
  }
}
