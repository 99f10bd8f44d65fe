import SowApplying
import SowModel
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
    _ = try bench.finish(after)
    #expect(try bench.sql("SELECT email FROM customer ORDER BY name") == ["2", "1", "3"])
    #expect(try bench.finish(after).changeset.isEmpty)
  }

  @Test func `a value that a stranger has stays the stranger's`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan([("a", "1", "A"), ("b", "2", "B")]))
    try bench.sql("INSERT INTO customer (name, email, code) VALUES ('s', '5', 'S')")
    let finish = try bench.finish(Self.plan([("a", "5", "A"), ("b", "1", "B")]))
    #expect(finish.report.counts.failed == 1)
    #expect(try bench.sql("SELECT email FROM customer ORDER BY name") == ["1", "2", "5"])
  }
}
