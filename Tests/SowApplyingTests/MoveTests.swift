import SowApplying
import SowModel
import Testing

/// `moved_from` of operations, instances and plans.
struct MoveTests {
  static let schema = """
    CREATE TABLE employee (
      employee_id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT UNIQUE, name TEXT);
    CREATE TABLE status (status_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT UNIQUE, label TEXT);
    """

  static func plan(_ operations: String, named name: String = "staff") -> String {
    "plan: \(name)\noperations:\n" + operations.split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  static func jane(_ name: String, _ rest: String = "", job: String = "Jane") -> String {
    "\(name): { action: create, entity: employee, values: { email: j@x, name: \(job) }\(rest) }"
  }

  @Test func `an operation that has another name keeps its row`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan(Self.jane("janet")))
    let moved = Self.plan(Self.jane("jane", ", moved_from: janet"))
    let finish = try bench.finish(moved)
    #expect(
      finish.changeset.renames == [
        Rename(address: "jane", was: "janet", entity: "employee", key: "1", rows: 1)
      ])
    #expect(finish.changeset.counts.renamed == 1)
    #expect(finish.changeset.counts.unchanged == 1)
    #expect(finish.changeset.orphans.isEmpty)
    #expect(finish.report.counts.renamed == 1)
    #expect(try bench.sql("SELECT employee_id, name FROM employee") == ["1|Jane"])
    #expect(try bench.finish(moved).changeset.isEmpty)
    #expect(try bench.finish(Self.plan(Self.jane("jane"))).changeset.isEmpty)
  }

  @Test func `a move and a change go together`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan(Self.jane("janet")))
    let finish = try bench.finish(
      Self.plan(Self.jane("jane", ", moved_from: [nobody, janet]", job: "J")))
    #expect(finish.changeset.counts.renamed == 1)
    #expect(finish.changeset.counts.update == 1)
    #expect(try bench.sql("SELECT employee_id, name FROM employee") == ["1|J"])
  }

  @Test func `a dry run moves nothing, and nothing is at the old address in the end`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan(Self.jane("janet")))
    let moved = Self.plan(Self.jane("jane", ", moved_from: janet"))
    _ = try bench.finish(moved, ApplyOptions(isDryRun: true))
    #expect(try bench.sql("SELECT operation FROM sow_policy") == ["janet"])
    _ = try bench.finish(moved)
    #expect(try bench.sql("SELECT operation FROM sow_policy") == ["jane"])
  }

  static let rows = """
    codes:
      action: upsert
      entity: status
      key: [code]
      rows:
        - { code: a, label: A }
        - { code: b, label: B }
    """

  @Test func `all rows of an operation move with it, also those that left it`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan(Self.rows))
    let moved = Self.rows.replacing("codes:", with: "statuses:")
      .replacing("  action:", with: "  moved_from: codes\n  action:")
      .replacing("    - { code: b, label: B }", with: "    - { code: c, label: C }")
    let finish = try bench.finish(Self.plan(moved))
    #expect(finish.changeset.counts.renamed == 2)
    #expect(finish.changeset.counts.create == 1)
    #expect(finish.changeset.orphans == [#"statuses["b"]"#])
    #expect(try bench.sql("SELECT status_id, code FROM status") == ["1|a", "2|b", "3|c"])
    #expect(try bench.finish(Self.plan(moved)).changeset.isEmpty)
  }

  @Test func `a row of an operation becomes an operation; the other way has no address`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan(Self.rows))
    let split =
      Self.rows.replacing("    - { code: b, label: B }", with: "")
      + #"\#nbee: { action: create, entity: status, values: { code: b, label: B }, moved_from: 'codes["b"]' }"#
    let finish = try bench.finish(Self.plan(split))
    #expect(finish.changeset.renames.map(\.was) == [#"codes["b"]"#])
    #expect(finish.changeset.counts.unchanged == 2)
    #expect(try bench.finish(Self.plan(split)).changeset.isEmpty)
    let back = """
      codes:
        action: create
        entity: status
        moved_from: "$each:was"
        for_each: { a: { was: ~ }, b: { was: ~ } }
        values: { code: $each:key, label: $each:key }
      """
    let refused = #expect(throws: BenchFailure.self) { try bench.refusals(Self.plan(back)) }
    #expect(refused?.text == "moved_from must be an address")
  }

  @Test func `each element has its own former address`() throws {
    let bench = try Workbench(Self.schema)
    let plan = """
      codes:
        action: create
        entity: status
        for_each:
          items:
            - { code: shut, was: ~ }
            - { code: open, was: ~ }
          key: code
        values: { code: $each:code, label: x }
      """
    _ = try bench.finish(Self.plan(plan))
    let renamed = plan.replacing("{ code: shut, was: ~ }", with: "{ code: closed, was: shut }")
      .replacing("  values:", with: "  moved_from: 'codes[$each:was]'\n  values:")
    let finish = try bench.finish(Self.plan(renamed))
    #expect(finish.changeset.renames.map(\.was) == [#"codes["shut"]"#])
    #expect(finish.changeset.renames.map(\.address) == [#"codes["closed"]"#])
    #expect(finish.changeset.counts.update == 1)
    #expect(
      try bench.sql("SELECT status_id, code FROM status ORDER BY 1") == ["1|closed", "2|open"])
    #expect(try bench.finish(Self.plan(renamed)).changeset.isEmpty)
  }

  @Test func `rows of a file move with their operation`() throws {
    let bench = try Workbench(Self.schema)
    try bench.write("code,label\na,A\nb,B\n", to: "s.csv")
    let plan = "codes: { action: upsert, entity: status, key: [code], rows: { file: s.csv } }"
    _ = try bench.finish(Self.plan(plan))
    let moved =
      "statuses: { action: upsert, entity: status, key: [code], moved_from: codes, rows: { file: s.csv } }"
    let finish = try bench.finish(Self.plan(moved))
    #expect(finish.changeset.counts.renamed == 2)
    #expect(finish.changeset.counts.unchanged == 2)
    #expect(try bench.finish(Self.plan(moved)).changeset.isEmpty)
    let away =
      moved
      + #"\#nbee: { action: create, entity: status, values: { code: b, label: B }, moved_from: 'statuses["b"]' }"#
    try bench.write("code,label\na,A\n", to: "s.csv")
    let split = try bench.finish(Self.plan(away))
    #expect(split.changeset.counts.renamed == 1)
    #expect(split.changeset.orphans.isEmpty)
    #expect(try bench.finish(Self.plan(away)).changeset.isEmpty)
  }

  @Test func `an update that has another name is still done`() throws {
    let bench = try Workbench(Self.schema)
    try bench.sql("INSERT INTO employee (email, name) VALUES ('a@x', 'A')")
    let plan =
      "name_it: { action: update, entity: employee, where: { name: A }, values: { name: B } }"
    _ = try bench.finish(Self.plan(plan))
    let renamed = plan.replacing("name_it: {", with: "call_it: { moved_from: name_it,")
    #expect(
      try bench.refusals(Self.plan(plan.replacing("name_it", with: "other"))) == [
        "nothing-modified"
      ])
    let finish = try bench.finish(Self.plan(renamed))
    #expect(finish.changeset.renames.map(\.was) == ["name_it"])
    #expect(try bench.finish(Self.plan(renamed)).changeset.isEmpty)
  }

  @Test func `a plan that has another name keeps its rows, moved or not`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan(Self.jane("janet") + "\n" + Self.rows))
    let next = Self.plan(
      Self.jane("jane", ", moved_from: janet") + "\n" + Self.rows,
      named: "{ name: people, moved_from: staff }")
    let finish = try bench.finish(next)
    #expect(finish.changeset.renames.map(\.was) == ["janet", "staff"])
    #expect(finish.changeset.renames.map(\.rows) == [1, 2])
    #expect(finish.changeset.counts.renamed == 3)
    #expect(finish.changeset.counts.unchanged == 3)
    #expect(try bench.finish(next).changeset.isEmpty)
    #expect(try bench.sql("SELECT DISTINCT plan FROM sow_policy") == ["people"])
  }

  @Test func `two plans become one`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan(Self.jane("janet"), named: "one"))
    _ = try bench.finish(Self.plan(Self.rows, named: "two"))
    let both = Self.plan(
      Self.jane("janet") + "\n" + Self.rows, named: "{ name: all, moved_from: [one, two] }")
    let finish = try bench.finish(both)
    #expect(finish.changeset.renames.map(\.was) == ["one", "two"])
    #expect(finish.changeset.counts.create == 0)
    #expect(try bench.finish(both).changeset.isEmpty)
  }

  @Test func `what is at both addresses stays there`() throws {
    let bench = try Workbench(Self.schema)
    let both =
      Self.jane("janet") + "\njane: { action: create, entity: employee, values: { email: k@x } }"
    _ = try bench.finish(Self.plan(both))
    let next = Self.plan(
      "jane: { action: create, entity: employee, values: { email: k@x }, moved_from: janet }")
    let finish = try bench.finish(next)
    #expect(finish.changeset.isEmpty)
    #expect(finish.changeset.orphans == ["janet"])
  }

  @Test func `a row does not move to another entity`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan(Self.jane("janet")))
    let moved = Self.plan(
      "jane: { action: create, entity: status, values: { code: j }, moved_from: janet }")
    #expect(try bench.refusals(moved) == ["moved-entity"])
    let changed = Self.plan("janet: { action: create, entity: status, values: { code: j } }")
    #expect(try bench.refusals(changed) == ["entity-changed"])
  }

  static let bee = "bee: { action: create, entity: status, values: { code: c }, moved_from: "
  static let mistakes: [(String, String)] = [
    (jane("janet") + "\n" + jane("jane", ", moved_from: janet"), "moved-declared"),
    (jane("jane", ", moved_from: jane"), "moved-declared"),
    (
      jane("jane", ", moved_from: janet") + "\n" + jane("joan", ", moved_from: janet"),
      "moved-twice"
    ),
    (jane("jane", ", moved_from: [janet, janet]"), "moved-twice"),
    (rows + "\n" + bee + #"'codes["b"]' }"#, "moved-declared"),
    (rows.replacing("  action:", with: #"  moved_from: 'old["a"]'\#n  action:"#), "moved-to-many"),
    (
      rows.replacing("  action:", with: "  moved_from: old\n  action:") + "\n" + bee
        + #"'old["b"]' }"#,
      "moved-twice"
    ),
  ]

  @Test(arguments: mistakes)
  func `a move that cannot be is an error`(_ operations: String, _ code: String) throws {
    let bench = try Workbench(Self.schema)
    #expect(try bench.refusals(Self.plan(operations)) == [code])
  }
}
