import SowApplying
import SowModel
import Testing

/// References that are written in a second step, because rows refer to each other.
struct DelayTests {
  static let schema = """
    CREATE TABLE team (team_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
      lead_id INTEGER REFERENCES person);
    CREATE TABLE person (person_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
      team_id INTEGER NOT NULL REFERENCES team, note TEXT);
    """
  static let plan = """
    operations:
      red: { action: create, entity: team, values: { name: Red, lead_id: $ref:ann.person_id } }
      ann: { action: create, entity: person, values: { name: Ann, team_id: $ref:red.team_id } }
      bob:
        action: create
        entity: person
        values: { name: Bob, team_id: $ref:red.team_id, note: "led by ${ref:red.lead_id}" }
    """
  static let question = """
    SELECT t.name, l.name, p.name, p.note FROM person p JOIN team t USING (team_id)
      JOIN person l ON l.person_id = t.lead_id ORDER BY p.name
    """

  @Test func `two rows that point to each other are written in two steps, both shown`() throws {
    let bench = try Workbench(Self.schema)
    let finish = try bench.finish(Self.plan)
    let red = finish.changeset.operations[0]
    #expect(red.rows.map(\.kind) == [.create, .update])
    #expect(red.rows[0].fields.last == FieldChange(field: "lead_id", old: nil, new: .value(.null)))
    #expect(
      red.rows[1].fields == [
        FieldChange(
          field: "lead_id", old: .value(.null), new: .reference("ann.person_id", nil))
      ])
    #expect(finish.changeset.counts.create == 3)
    #expect(finish.changeset.counts.update == 1)
    #expect(finish.report.counts.created == 3)
    #expect(finish.report.counts.updated == 1)
    #expect(try bench.sql(Self.question) == ["Red|Ann|Ann|NULL", "Red|Ann|Bob|led by 1"])
    #expect(try bench.finish(Self.plan).changeset.isEmpty)
  }

  @Test func `later changes of rows that point to each other are single updates`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan)
    let lead = Self.plan.replacing("ref:ann.person", with: "ref:bob.person").replacing(
      ", note: \"led by ${ref:red.lead_id}\"", with: "")
    let finish = try bench.finish(lead)
    #expect(finish.changeset.counts.create == 0)
    #expect(try bench.sql("SELECT lead_id FROM team") == ["2"])
    #expect(try bench.finish(lead).changeset.isEmpty)
    try bench.sql("UPDATE team SET lead_id = NULL")
    let drift = try bench.finish(lead)
    #expect(drift.changeset.operations[0].rows.map(\.kind) == [.drift])
    #expect(try bench.sql("SELECT lead_id FROM team") == ["2"])
    try bench.sql("PRAGMA foreign_keys = OFF; DELETE FROM person WHERE name = 'Ann'")
    _ = try bench.finish(lead)
    #expect(try bench.finish(lead).changeset.isEmpty)
    try bench.sql("PRAGMA foreign_keys = OFF; DELETE FROM team")
    _ = try bench.finish(lead)
    #expect(try bench.sql("SELECT team_id, lead_id FROM team") == ["1|2"])
    #expect(try bench.finish(lead).changeset.isEmpty)
  }

  @Test(arguments: ["{ atomic: false, on_error: stop }", "{ atomic: false, on_error: continue }"])
  func `both steps are one commit where operations are committed alone`(_ options: String) throws {
    let bench = try Workbench(Self.schema)
    let plan = "options: \(options)\n" + Self.plan
    _ = try bench.finish(plan)
    #expect(try bench.sql(Self.question) == ["Red|Ann|Ann|NULL", "Red|Ann|Bob|led by 1"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `upserts take over rows that point to each other`() throws {
    let bench = try Workbench(Self.schema)
    try bench.sql("INSERT INTO team (name) VALUES ('Red')")
    let plan = Self.plan.replacing("action: create", with: "action: upsert")
    let finish = try bench.finish(plan)
    #expect(finish.changeset.operations[0].rows.map(\.kind) == [.update])
    #expect(try bench.sql(Self.question) == ["Red|Ann|Ann|NULL", "Red|Ann|Bob|led by 1"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a run without a ledger does it, too`() throws {
    let bench = try Workbench(Self.schema)
    try bench.sql("INSERT INTO team (name) VALUES ('Red')")
    _ = try bench.once(Self.plan.replacing("action: create", with: "action: upsert"))
    #expect(try bench.sql(Self.question) == ["Red|Ann|Ann|NULL", "Red|Ann|Bob|led by 1"])
    _ = try bench.once(Self.plan.replacing("action: create", with: "action: upsert"))
    #expect(try bench.sql(Self.question) == ["Red|Ann|Ann|NULL", "Red|Ann|Bob|led by 1"])
  }

  static let staff = """
    CREATE TABLE employee (employee_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
      buddy_id INTEGER REFERENCES employee);
    """

  @Test func `rows of one operation point to each other, from a list or from a file`() throws {
    let plan = """
      operations:
        staff:
          action: create
          entity: employee
          for_each: SOURCE
          values: { name: $each:id, buddy_id: "$ref:staff[$each:buddy].employee_id" }
      """
    let question =
      "SELECT a.name, b.name FROM employee a JOIN employee b ON b.employee_id = a.buddy_id ORDER BY 1"
    let list =
      "{ items: [{ id: a, buddy: b }, { id: b, buddy: c }, { id: c, buddy: a }, { id: d, buddy: a }], key: id }"
    for source in [list, "{ file: e.csv, key: id }"] {
      let bench = try Workbench(Self.staff)
      try bench.write("id,buddy\na,b\nb,c\nc,a\nd,a\n", to: "e.csv")
      let text = plan.replacing("SOURCE", with: source)
      let finish = try bench.finish(text)
      #expect(finish.changeset.counts.create == 4)
      #expect(finish.changeset.counts.update == 2)
      #expect(try bench.sql(question) == ["a|b", "b|c", "c|a", "d|a"])
      #expect(try bench.finish(text).changeset.isEmpty)
    }
  }

  @Test func `a replaced row in a circle is followed by all`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE node (code TEXT PRIMARY KEY, name TEXT UNIQUE, next TEXT REFERENCES node);
      """)
    let plan = """
      operations:
        a: { action: create, entity: node, key: [name], lifecycle: { replace: true }, values: { code: A, name: a, next: $ref:b.code } }
        b: { action: create, entity: node, key: [name], lifecycle: { replace: true }, values: { code: B, name: b, next: $ref:a.code } }
      """
    _ = try bench.finish(plan)
    let changed = plan.replacing("code: A", with: "code: X").replacing("code: B", with: "code: Y")
    _ = try bench.finish(changed)
    #expect(try bench.sql("SELECT code, name, next FROM node ORDER BY 1") == ["X|a|Y", "Y|b|X"])
    #expect(try bench.finish(changed).changeset.isEmpty)
  }

  @Test(arguments: [
    // The only field that could wait is needed.
    (
      "red: { action: create, entity: team, values: { name: Red, lead_id: $ref:ann.person_id } }",
      "ann: { action: create, entity: person, values: { name: Ann, team_id: $ref:red.team_id }, depends_on: [bob] }",
      "bob: { action: create, entity: person, values: { name: Bob, team_id: $ref:ann.team_id }, depends_on: [ann] }"
    ),
    (
      "ann: { action: create, entity: person, values: { name: Ann, team_id: $ref:red.team_id } }",
      "red: { action: create, entity: team, values: { name: Red, lead_id: $ref:ann.person_id } }",
      "bob: { action: read, entity: team, ids: [1] }"
    ),
  ])
  func `what still is a circle is an error`(_ a: String, _ b: String, _ c: String) throws {
    let bench = try Workbench(Self.schema)
    #expect(try bench.refusals("operations:\n  \(a)\n  \(b)\n  \(c)\n") == ["cycle"])
  }
}
