import SowApplying
import SowModel
import Testing

/// `lifecycle: { replace: true }`.
struct ReplaceTests {
  static let schema = """
    CREATE TABLE country (code TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE city (
      city_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
      code TEXT NOT NULL REFERENCES country);
    """
  static let plan = """
    operations:
      germany:
        action: create
        entity: country
        key: [name]
        lifecycle: { replace: true }
        values: { code: GE, name: Germany }
      france: { action: create, entity: country, values: { code: FR, name: France } }
      berlin: { action: create, entity: city, values: { name: Berlin, code: $ref:germany.code } }
    """

  @Test func `a changed primary key deletes the row and inserts it anew, and its rows follow`()
    throws
  {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan)
    let changed = Self.plan.replacing("code: GE", with: "code: DE")
    #expect(
      try bench.refusals(changed.replacing("replace: true", with: "replace: false")) == [
        "key-changed"
      ])
    let finish = try bench.finish(changed)
    #expect(finish.changeset.operations.map { $0.rows.map(\.kind) } == [[.replace], [], [.update]])
    #expect(finish.changeset.operations[0].rows[0].key == "GE")
    #expect(finish.changeset.operations[0].rows[0].fields.map(\.field) == ["code"])
    #expect(finish.changeset.counts.create == 1)
    #expect(finish.changeset.counts.delete == 1)
    #expect(finish.report.counts.deleted == 1)
    #expect(
      try bench.sql("SELECT code, name FROM country ORDER BY 1") == ["DE|Germany", "FR|France"])
    #expect(try bench.sql("SELECT code FROM city") == ["DE"])
    #expect(try bench.strays("country", key: "code").isEmpty)
    #expect(try bench.finish(changed).changeset.isEmpty)
  }

  @Test func `the delete of a replacement wants consent as any other`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan)
    let outcome = try bench.apply(
      Self.plan.replacing("code: GE", with: "code: DE"), ApplyOptions(allowedDeletes: 0))
    guard case .unconsented = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test func `rows that the plan does not move stand against it`() throws {
    let bench = try Workbench(Self.schema)
    _ = try bench.finish(Self.plan)
    try bench.sql("INSERT INTO city (name, code) VALUES ('Bonn', 'GE'), ('Ulm', 'GE')")
    let changed = Self.plan.replacing("code: GE", with: "code: DE")
    guard case .refused(let diagnostics, _) = try bench.apply(changed) else {
      Issue.record("not refused")
      return
    }
    #expect(
      diagnostics.all.map(\.message) == [
        #"germany cannot be replaced: 2 rows of "city" refer to it"#
      ])
    #expect(try bench.sql("SELECT count(*) FROM country WHERE code = 'GE'") == ["1"])
    let fixed = changed.replacing(
      "code: $ref:germany.code", with: "code: $ref:germany.code, name: B")
    #expect(try bench.refusals(fixed.replacing("name: Berlin, ", with: "")) == ["replace-blocked"])
  }

  @Test(arguments: ["CASCADE", "RESTRICT"])
  func `a foreign key that acts at once stands against it, too`(_ rule: String) throws {
    let bench = try Workbench(
      Self.schema.replacing("REFERENCES country", with: "REFERENCES country ON DELETE \(rule)"))
    _ = try bench.finish(Self.plan)
    #expect(
      try bench.refusals(Self.plan.replacing("code: GE", with: "code: DE")) == ["replace-blocked"])
    #expect(try bench.sql("SELECT code FROM city") == ["GE"])
  }

  @Test func `a foreign key that sets null is set to the new row`() throws {
    let bench = try Workbench(
      Self.schema.replacing(
        "NOT NULL REFERENCES country", with: "REFERENCES country ON DELETE SET NULL"))
    _ = try bench.finish(Self.plan)
    let changed = Self.plan.replacing("code: GE", with: "code: DE")
    _ = try bench.finish(changed)
    #expect(try bench.sql("SELECT code FROM city") == ["DE"])
    #expect(try bench.finish(changed).changeset.isEmpty)
  }

  @Test func `two rows exchange their primary keys`() throws {
    let bench = try Workbench(Self.schema)
    let plan = """
      operations:
        a: { action: create, entity: country, key: [name], values: { code: AA, name: A }, lifecycle: { replace: true } }
        b: { action: create, entity: country, key: [name], values: { code: BB, name: B }, lifecycle: { replace: true } }
        c: { action: create, entity: city, values: { name: C, code: $ref:a.code } }
      """
    _ = try bench.finish(plan)
    let swapped = plan.replacing("AA", with: "XX").replacing("BB", with: "AA").replacing(
      "XX", with: "BB")
    _ = try bench.finish(swapped)
    #expect(try bench.sql("SELECT code, name FROM country ORDER BY 1") == ["AA|B", "BB|A"])
    #expect(try bench.sql("SELECT code FROM city") == ["BB"])
    #expect(try bench.finish(swapped).changeset.isEmpty)
  }

  // MARK: Immutable fields

  static func people(_ bench: Workbench) throws {
    try bench.schema(
      "person",
      """
      type: object
      properties:
        person_id: { type: integer, readOnly: true }
        name: { type: string }
        kind: { type: string }
      required: [name, kind]
      x-sow: { unique: [[name]], immutable: [kind] }
      """)
    try bench.schema(
      "task",
      """
      type: object
      properties:
        task_id: { type: integer, readOnly: true }
        title: { type: string }
        person_id: { type: integer }
      required: [title, person_id]
      x-sow: { unique: [[title]], references: { person_id: person.person_id } }
      """)
  }

  static let staff = """
    operations:
      jo:
        action: upsert
        entity: person
        lifecycle: { replace: true }
        values: { name: Jo, kind: nurse }
      work: { action: create, entity: task, values: { title: work, person_id: $ref:jo.person_id } }
    """

  @Test func `a changed immutable field makes a new row under a new key`() throws {
    let bench = try Workbench()
    try Self.people(bench)
    _ = try bench.finish(Self.staff)
    let changed = Self.staff.replacing("nurse", with: "doctor")
    #expect(
      try bench.refusals(changed.replacing("    lifecycle: { replace: true }\n", with: ""))
        == ["immutable-field"])
    let finish = try bench.finish(changed)
    #expect(finish.changeset.operations.map { $0.rows.map(\.kind) } == [[.replace], [.update]])
    #expect(try bench.sql("SELECT person_id, kind FROM person") == ["2|doctor"])
    #expect(try bench.sql("SELECT person_id FROM task") == ["2"])
    #expect(try bench.finish(changed).changeset.isEmpty)
  }

  @Test func `a row that sow did not create is never replaced`() throws {
    let bench = try Workbench()
    try Self.people(bench)
    _ = try bench.finish(
      "operations: { x: { action: create, entity: person, values: { name: x, kind: x } } }")
    try bench.sql("INSERT INTO person (name, kind) VALUES ('Jo', 'nurse')")
    #expect(
      try bench.finish(Self.staff.split(separator: "  work:", maxSplits: 1).map(String.init)[0])
        .changeset.counts.ledgerOnly == 1)
    let changed = Self.staff.replacing("nurse", with: "doctor").split(
      separator: "  work:", maxSplits: 1
    ).map(String.init)[0]
    #expect(try bench.refusals(changed) == ["immutable-field"])
  }

  @Test func `rows of a file are replaced, and the rows of another file follow`() throws {
    let bench = try Workbench()
    try Self.people(bench)
    try bench.write("name,kind\na,x\nb,x\nc,x\n", to: "p.csv")
    let plan = """
      operations:
        people:
          action: upsert
          entity: person
          lifecycle: { replace: true }
          rows: { file: p.csv }
        tasks:
          action: create
          entity: task
          for_each: { file: p.csv, key: name }
          values: { title: $each:name, person_id: "$ref:people[$each:name].person_id" }
      """
    _ = try bench.finish(plan)
    try bench.write("name,kind\na,x\nb,y\nc,x\n", to: "p.csv")
    let finish = try bench.finish(plan)
    #expect(finish.changeset.operations.map { $0.rows.map(\.kind) } == [[.replace], [.update]])
    #expect(
      try bench.sql("SELECT title, name, kind FROM task JOIN person USING (person_id) ORDER BY 1")
        == ["a|a|x", "b|b|y", "c|c|x"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a replacement that the database refuses is taken back alone`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE country (code TEXT PRIMARY KEY CHECK (code <> 'ZZ'), name TEXT NOT NULL UNIQUE);
      """)
    let plan = """
      options: { atomic: false, on_error: continue }
      operations:
        all:
          action: create
          entity: country
          key: [name]
          lifecycle: { replace: true }
          rows:
            - { code: AA, name: A }
            - { code: BB, name: B }
      """
    _ = try bench.finish(plan)
    let changed = plan.replacing("AA", with: "ZZ").replacing("BB", with: "CC")
    let finish = try bench.finish(changed)
    #expect(finish.report.counts.failed == 1)
    #expect(finish.report.counts.deleted == 1)
    #expect(try bench.sql("SELECT code, name FROM country ORDER BY 1") == ["AA|A", "CC|B"])
    #expect(try bench.strays("country", key: "code").isEmpty)
  }

  @Test func `a new key of another row is another row of a link table`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE tag (tag_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE);
      CREATE TABLE mark (tag_id INTEGER REFERENCES tag, item INTEGER, PRIMARY KEY (tag_id, item));
      """)
    let plan = """
      operations:
        old: { action: create, entity: tag, values: { name: old } }
        mark: { action: create, entity: mark, lifecycle: { replace: true }, values: { tag_id: $ref:old.tag_id, item: 7 } }
      """
    _ = try bench.finish(plan)
    let changed =
      plan.replacing("$ref:old.", with: "$ref:new.")
      + "\n  new: { action: create, entity: tag, values: { name: new } }\n"
    #expect(
      try bench.refusals(changed.replacing("replace: true", with: "replace: false")) == [
        "key-changed"
      ])
    _ = try bench.finish(changed)
    #expect(try bench.sql("SELECT name, item FROM mark JOIN tag USING (tag_id)") == ["new|7"])
    #expect(try bench.finish(changed).changeset.isEmpty)
  }
}
