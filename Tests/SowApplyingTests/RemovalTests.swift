import SowApplying
import SowModel
import SowPlanning
import SowSQLite
import Testing

/// Rows that go away: those that leave a `sync`, orphans, and all that a plan made.
struct RemovalTests {
  static let tables = """
    CREATE TABLE status (
      status_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, label TEXT UNIQUE);
    CREATE TABLE task (
      task_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
      status_id INTEGER REFERENCES status);
    """

  static func sync(_ rows: String, _ more: String = "") -> String {
    "operations:\n  statuses: { action: sync, entity: status, key: [code], rows: [\(rows)] }\n"
      + more
  }

  static let open = "{ code: open, label: Open }"
  static let old = "{ code: old, label: Old }"

  @Test func `a row that leaves a sync is deleted, and the ledger follows`() throws {
    let bench = try Workbench(Self.tables)
    try bench.finish(Self.sync("\(Self.open), \(Self.old)"))
    let finish = try bench.finish(Self.sync(Self.open))
    #expect(finish.changeset.removals.map(\.lines) == [[#"delete left_set statuses["old"] 2"#]])
    #expect(finish.changeset.counts.delete == 1)
    #expect(finish.report.counts.deleted == 1)
    #expect(finish.report.removals.map(\.status) == [.completed])
    #expect(try bench.sql("SELECT code FROM status") == ["open"])
    #expect(try bench.strays("status", key: "status_id") == [])
    #expect(try bench.finish(Self.sync(Self.open)).changeset.isEmpty)
  }

  @Test func `a sync to an empty set deletes what it made and nothing else`() throws {
    let bench = try Workbench(
      Self.tables + "INSERT INTO status (code, label) VALUES ('old', 'Elder'), ('theirs', 'T');")
    try bench.finish(Self.sync("\(Self.open), \(Self.old)"))
    let finish = try bench.finish(Self.sync(""))
    #expect(
      finish.changeset.removals.map(\.lines) == [
        [#"forget left_set statuses["old"] 1"#, #"delete left_set statuses["open"] 3"#]
      ])
    #expect(try bench.sql("SELECT code, label FROM status") == ["old|Old", "theirs|T"])
    #expect(try bench.sql("SELECT count(*) FROM sow_row") == ["0"])
    #expect(try bench.finish(Self.sync("")).changeset.isEmpty)
  }

  @Test func `rows that leave the file of a sync are deleted`() throws {
    let bench = try Workbench(Self.tables)
    let plan =
      "operations: { s: { action: sync, entity: status, key: [code], rows: { file: s.csv } } }"
    try bench.write("code,label\n" + (1...25).map { "c\($0),l\($0)\n" }.joined(), to: "s.csv")
    try bench.finish(plan)
    try bench.write(
      "code,label\n" + (1...25).filter { $0 % 5 != 0 }.map { "c\($0),l\($0)\n" }.joined(),
      to: "s.csv")
    let finish = try bench.finish(plan)
    #expect(
      finish.changeset.removals.flatMap(\.rows).map(\.address) == [
        #"s["c10"]"#, #"s["c15"]"#, #"s["c20"]"#, #"s["c25"]"#, #"s["c5"]"#,
      ])
    #expect(try bench.sql("SELECT count(*) FROM status") == ["20"])
    #expect(try bench.strays("status", key: "status_id") == [])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a sync over elements follows them`() throws {
    let bench = try Workbench(Self.tables)
    func plan(_ elements: String) -> String {
      """
      operations:
        s:
          action: sync
          entity: status
          key: [code]
          for_each: \(elements)
          values: { code: $each:key, label: "${each:value}!" }
      """
    }
    try bench.finish(plan("{ a: A, b: B, c: C }"))
    try bench.finish(plan("{ c: C, a: A2 }"))
    #expect(try bench.sql("SELECT code, label FROM status ORDER BY 1") == ["a|A2!", "c|C!"])
    #expect(try bench.finish(plan("{ c: C, a: A2 }")).changeset.isEmpty)
  }

  @Test func `a circle that cannot be opened is refused by name`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE person (
        person_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
        friend_id INTEGER NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED);
      """)
    try bench.sql("INSERT INTO person VALUES (1, 'a', 1), (2, 'b', 2)")
    let plan = """
      operations:
        people:
          action: sync
          entity: person
          key: [name]
          rows: [{ name: a, friend_id: 2 }, { name: b, friend_id: 1 }]
      """
    try bench.finish(plan)
    try bench.sql("UPDATE sow_row SET origin = 'created'")
    bench.extent = .destroy
    #expect(try bench.refusals(plan) == ["delete-circle"])
  }

  @Test func `a row that goes frees its unique values for a new one`() throws {
    let bench = try Workbench(Self.tables)
    let task = "  t: { action: create, entity: task, values: { name: t, status_id: LINK } }\n"
    let first = task.replacing("LINK", with: #"'$ref:statuses["old"].status_id'"#)
    try bench.finish(Self.sync("\(Self.open), \(Self.old)", first))
    // The task moves over, and the new row has the label of the old one.
    let second = task.replacing("LINK", with: #"'$ref:statuses["elder"].status_id'"#)
    let plan = Self.sync("\(Self.open), { code: elder, label: Old }", second)
    try bench.finish(plan)
    #expect(
      try bench.sql("SELECT code, label, name FROM status LEFT JOIN task USING (status_id)")
        == ["open|Open|NULL", "elder|Old|t"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a unique value that is held to the last is refused by name`() throws {
    let bench = try Workbench(
      Self.tables.replacing("status_id INTEGER REF", with: "status_id INTEGER NOT NULL REF"))
    let task = "  t: { action: create, entity: task, values: { name: t, status_id: LINK } }\n"
    let first = task.replacing("LINK", with: #"'$ref:statuses["old"].status_id'"#)
    try bench.finish(Self.sync("\(Self.open), \(Self.old)", first))
    let second = task.replacing("LINK", with: #"'$ref:statuses["elder"].status_id'"#)
    #expect(
      try bench.refusals(Self.sync("\(Self.open), { code: elder, label: Old }", second))
        == ["unique-held"])
    try bench.finish(Self.sync("\(Self.open), { code: elder, label: Elder }", second))
    #expect(try bench.sql("SELECT code FROM status ORDER BY 1") == ["elder", "open"])
  }

  @Test func `a row waits until those that refer to it were moved`() throws {
    let bench = try Workbench(
      Self.tables.replacing("label TEXT UNIQUE", with: "label TEXT")
        .replacing("status_id INTEGER REF", with: "status_id INTEGER NOT NULL REF"))
    let task = "  t: { action: create, entity: task, values: { name: t, status_id: LINK } }\n"
    let first = task.replacing("LINK", with: #"'$ref:statuses["old"].status_id'"#)
    try bench.finish(Self.sync("\(Self.open), \(Self.old)", first))
    let second = task.replacing("LINK", with: #"'$ref:statuses["open"].status_id'"#)
    try bench.finish(Self.sync(Self.open, second))
    #expect(
      try bench.sql("SELECT code, name FROM status JOIN task USING (status_id)") == ["open|t"])
    #expect(try bench.sql("SELECT count(*) FROM status") == ["1"])
  }

  @Test func `a row that someone else refers to blocks the plan with table and count`() throws {
    let bench = try Workbench(Self.tables)
    try bench.finish(Self.sync("\(Self.open), \(Self.old)"))
    try bench.sql("INSERT INTO task (name, status_id) VALUES ('a', 2), ('b', 2)")
    guard case .refused(let diagnostics, _) = try bench.apply(Self.sync(Self.open)) else {
      throw BenchFailure(text: "not refused")
    }
    #expect(
      diagnostics.all.map(\.message) == [
        #"statuses["old"] cannot be deleted: "task" refers to it by status_id (2 rows)"#
      ])
    #expect(try bench.sql("SELECT count(*) FROM status") == ["2"])
  }

  @Test func `a row of a sync that fails keeps those that seem to have left`() throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      options: { atomic: false, on_error: continue }
      operations: { s: { action: sync, entity: status, key: [code], rows: { file: s.csv } } }
      """
    try bench.write("code,label\na,A\nb,B\n", to: "s.csv")
    try bench.finish(plan)
    // The second line has too many cells, so nobody knows that it is the row b.
    try bench.write("code,label\na,A2\nb,B,?\n", to: "s.csv")
    let finish = try bench.finish(plan)
    #expect(finish.changeset.removals.isEmpty)
    #expect(finish.report.counts.failed == 1)
    #expect(try bench.sql("SELECT code, label FROM status") == ["a|A2", "b|B"])
    try bench.write("code,label\na,A2\n", to: "s.csv")
    try bench.finish(plan)
    #expect(try bench.sql("SELECT code FROM status") == ["a"])
  }

  @Test(arguments: ["stop", "continue"])
  func `a row that the database does not let go fails as its mode says`(mode: String) throws {
    let bench = try Workbench(
      Self.tables
        + """
        CREATE TRIGGER keep BEFORE DELETE ON status WHEN old.code = 'b'
        BEGIN SELECT RAISE(ABORT, 'no'); END;
        """)
    let plan = "options: { atomic: false, on_error: \(mode) }\n" + Self.sync("ROWS")
    try bench.finish(
      plan.replacing("ROWS", with: "{ code: a, label: A }, { code: b, label: B }"))
    let finish = try bench.finish(plan.replacing("ROWS", with: "{ code: c, label: C }"))
    #expect(
      finish.report.removals.filter { $0.status == .failed }.map(\.address) == [#"statuses["b"]"#])
    #expect(!finish.report.isSuccess)
    #expect(
      try bench.sql("SELECT code FROM status ORDER BY 1")
        == (mode == "stop" ? ["a", "b"] : ["b", "c"]))
    #expect(try bench.strays("status", key: "status_id") == [])
  }

  @Test func `a row that moved to another operation is refused with its owner`() throws {
    let bench = try Workbench(Self.tables)
    try bench.finish(Self.sync("\(Self.open), \(Self.old)"))
    let plan = Self.sync(
      Self.open,
      "  more: { action: sync, entity: status, key: [code], rows: [\(Self.old)] }\n")
    #expect(try bench.refusals(plan) == ["owned-elsewhere"])
    #expect(try bench.sql("SELECT count(*) FROM status") == ["2"])
  }

  // MARK: Orphans

  static let shop =
    sync("\(open), \(old)") + """
        t: { action: create, entity: task, values: { name: t, status_id: '$ref:statuses["old"].status_id' } }
      """

  @Test func `orphans stay until they are pruned, children first`() throws {
    let bench = try Workbench(Self.tables)
    try bench.finish(Self.shop)
    let rest = "operations: { u: { action: create, entity: task, values: { name: u } } }"
    let finish = try bench.finish(rest)
    #expect(finish.changeset.orphans == [#"statuses["old"]"#, #"statuses["open"]"#, "t"])
    #expect(try bench.sql("SELECT count(*) FROM status") == ["2"])
    bench.extent = .operations(prunes: true)
    let pruned = try bench.finish(rest)
    #expect(pruned.changeset.orphans == [])
    #expect(pruned.changeset.counts.delete == 3)
    #expect(try bench.sql("SELECT name FROM task UNION SELECT code FROM status") == ["u"])
    #expect(try bench.sql("SELECT operation FROM sow_policy") == ["u"])
    #expect(try bench.finish(rest).changeset.isEmpty)
  }

  @Test func `prune alone does nothing else`() throws {
    let bench = try Workbench(Self.tables)
    try bench.finish(Self.shop)
    bench.extent = .orphans
    let plan = """
      operations:
        statuses: { action: sync, entity: status, key: [code], rows: [{ code: new, label: New }] }
      """
    let finish = try bench.finish(plan)
    // What left the sync is no orphan: the next apply sees to it.
    #expect(finish.changeset.removals.map(\.lines) == [["delete left_plan t 1"]])
    #expect(finish.report.results.isEmpty)
    #expect(try bench.sql("SELECT code FROM status ORDER BY 1") == ["old", "open"])
    #expect(try bench.sql("SELECT count(*) FROM task") == ["0"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `what the ledger remembers decides about rows of a removed operation`() throws {
    let bench = try Workbench(Self.tables)
    let row = "action: create, entity: task, values: { name: NAME }"
    func operation(_ name: String, _ lifecycle: String) -> String {
      "  \(name): { \(row.replacing("NAME", with: name)), lifecycle: \(lifecycle) }\n"
    }
    let kept = "operations:\n  u: { action: create, entity: task, values: { name: u } }\n"
    let forgets = operation("a", "{ on_remove: forget }")
    try bench.finish(kept + forgets)
    bench.extent = .operations(prunes: true)
    #expect(
      try bench.finish(kept).changeset.removals.map(\.lines) == [["forget left_plan a 2"]])
    #expect(try bench.sql("SELECT name FROM task ORDER BY 1") == ["a", "u"])

    try bench.finish(
      kept + operation("p", "{ protect: true }") + operation("e", "{ on_remove: error }"))
    #expect(try bench.refusals(kept) == ["removal-refused", "protected-row"])
    #expect(try bench.sql("SELECT count(*) FROM task") == ["4"])
    bench.extent = .destroy
    #expect(try bench.refusals(kept) == ["removal-refused", "protected-row"])
  }

  @Test func `protection is lifted by an apply of its own`() throws {
    let bench = try Workbench(Self.tables)
    let plan = Self.sync("ROWS").replacing("key:", with: "lifecycle: { protect: true }, key:")
    let open = plan.replacing("ROWS", with: Self.open)
    try bench.finish(plan.replacing("ROWS", with: "\(Self.open), \(Self.old)"))
    #expect(try bench.refusals(open) == ["protected-row"])
    // Lifted together with the row that goes is not enough.
    let lifted = open.replacing("protect: true", with: "protect: false")
    #expect(try bench.refusals(lifted) == ["protected-row"])
    let lifting = lifted.replacing(Self.open, with: "\(Self.open), \(Self.old)")
    let finish = try bench.finish(lifting)
    #expect(finish.changeset.operations[0].rows.map(\.kind) == [.policy])
    #expect(try bench.finish(lifting).changeset.isEmpty)
    try bench.finish(lifted)
    #expect(try bench.sql("SELECT code FROM status") == ["open"])
  }

  @Test func `a row that is gone already leaves the ledger`() throws {
    let bench = try Workbench(Self.tables)
    try bench.finish(Self.sync("\(Self.open), \(Self.old)"))
    try bench.sql("DELETE FROM status WHERE code = 'old'")
    let finish = try bench.finish(Self.sync(Self.open))
    #expect(finish.changeset.removals.map(\.lines) == [[#"lost left_set statuses["old"] 2"#]])
    #expect(try bench.strays("status", key: "status_id") == [])
  }

  @Test func `a row of which the table is gone leaves the ledger`() throws {
    let bench = try Workbench(Self.tables)
    try bench.finish(Self.shop)
    try bench.sql("DROP TABLE task")
    bench.extent = .orphans
    let finish = try bench.finish(Self.sync("\(Self.open), \(Self.old)"))
    #expect(finish.changeset.removals.map(\.lines) == [["lost left_plan t 1"]])
    #expect(try bench.sql("SELECT count(*) FROM sow_row") == ["2"])
  }

  @Test func `a changed row under a recycled number is not deleted`() throws {
    let bench = try Workbench(
      "CREATE TABLE thing (thing_id INTEGER PRIMARY KEY, code TEXT UNIQUE, label TEXT);")
    let plan = "operations: { s: { action: sync, entity: thing, key: [code], rows: [ROWS] } }"
    try bench.finish(plan.replacing("ROWS", with: "{ code: a, label: A }, { code: b, label: B }"))
    try bench.sql("DELETE FROM thing WHERE code = 'b'")
    try bench.sql("INSERT INTO thing (code, label) VALUES ('stranger', 'S')")
    #expect(try bench.sql("SELECT thing_id FROM thing WHERE code = 'stranger'") == ["2"])
    #expect(
      try bench.refusals(plan.replacing("ROWS", with: "{ code: a, label: A }"))
        == ["uncertain-identity"])
    #expect(try bench.sql("SELECT code FROM thing") == ["a", "stranger"])
  }

  // MARK: All of it

  @Test func `destroy deletes what the plan made and forgets what it adopted`() throws {
    let bench = try Workbench(
      Self.tables + "INSERT INTO status (code, label) VALUES ('open', 'O'), ('theirs', 'T');")
    try bench.finish(Self.shop)
    bench.extent = .destroy
    #expect(try bench.unconsented(Self.shop) == ["too-many-deletes"])
    #expect(try bench.unconsented(Self.shop, allowing: 1) == ["too-many-deletes"])
    let finish = try bench.finish(Self.shop, ApplyOptions(allowedDeletes: 2))
    #expect(finish.report.counts.deleted == 2)
    #expect(finish.report.counts.forgotten == 1)
    #expect(try bench.sql("SELECT code FROM status") == ["open", "theirs"])
    #expect(try bench.sql("SELECT count(*) FROM task") == ["0"])
    #expect(
      try bench.sql("SELECT count(*) FROM sow_row UNION ALL SELECT count(*) FROM sow_policy")
        == ["0", "0"])
    #expect(try bench.finish(Self.shop, ApplyOptions(allowedDeletes: 0)).changeset.isEmpty)
    bench.extent = .plan
    try bench.finish(Self.shop)
    #expect(try bench.sql("SELECT code FROM status ORDER BY 1") == ["old", "open", "theirs"])
  }

  @Test func `statements do not grow with the rows that go`() throws {
    func statements(_ count: Int) throws -> Int {
      let bench = try Workbench(Self.tables)
      let rows = (1...count).map { "{ code: c\($0), label: l\($0) }" }.joined(separator: ", ")
      try bench.finish(Self.sync(rows))
      let database = try SQLiteDatabase.open(path: bench.databasePath, mode: .write)
      let outcome = try bench.run(Self.sync(""), on: database)
        .apply(ApplyOptions(allowedDeletes: count))
      #expect(try outcome.finish.report.counts.deleted == count)
      return database.statementCount
    }
    #expect(try statements(3) == statements(600))
  }

  @Test func `rows that refer to each other go too`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE person (
        person_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
        boss_id INTEGER REFERENCES person, friend_id INTEGER REFERENCES person);
      """)
    let plan = """
      operations:
        people:
          action: create
          entity: person
          key: [name]
          rows:
            - { name: a, boss_id: '$ref:people["b"].person_id' }
            - { name: b, boss_id: '$ref:people["c"].person_id' }
            - { name: c, boss_id: null }
      """
    try bench.finish(plan)
    // A circle, and one who is her own friend.
    try bench.sql(
      "UPDATE person SET friend_id = 1 WHERE name = 'c'; "
        + "UPDATE person SET friend_id = person_id WHERE name = 'b'")
    bench.extent = .destroy
    try bench.finish(plan, ApplyOptions(allowedDeletes: 3))
    #expect(try bench.sql("SELECT count(*) FROM person") == ["0"])
  }
}

extension OperationRemoval {
  /// `kind reason address key`, one a row.
  fileprivate var lines: [String] {
    rows.map { "\($0.kind.rawValue) \($0.reason?.rawValue ?? "") \($0.address) \($0.key ?? "")" }
  }
}
