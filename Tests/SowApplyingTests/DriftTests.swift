import SowApplying
import SowModel
import SowPlanning
import Testing

/// What becomes of rows that someone else changed, removed or replaced.
struct DriftTests {
  @Test func `a removed row comes again under the same key, and so do its dependents`() throws {
    let bench = try Workbench(ApplyTests.shop)
    try bench.finish(ApplyTests.plan)
    try bench.sql("INSERT INTO customer (first_name) VALUES ('Other')")
    try bench.sql("DELETE FROM invoice; DELETE FROM customer WHERE first_name = 'Luís'")
    let finish = try bench.finish(ApplyTests.plan)
    #expect(finish.changeset.operations.flatMap(\.rows).map(\.kind) == [.recreate, .recreate])
    #expect(try bench.sql("SELECT invoice_id, customer_id FROM invoice") == ["1|1"])
    #expect(try bench.sql("SELECT first_name FROM customer ORDER BY 1") == ["Luís", "Other"])
    #expect(try bench.finish(ApplyTests.plan).changeset.isEmpty)
  }

  @Test func `a removed row whose natural key is taken by now is not made again`() throws {
    let bench = try Workbench(ApplyTests.shop)
    let plan =
      "operations: { jo: { action: ACTION, entity: customer, key: [email], values: { first_name: Jo, email: jo@x } } }"
    let upsert = plan.replacing("ACTION", with: "upsert")
    try bench.finish(upsert)
    try bench.sql("DELETE FROM customer; INSERT INTO customer VALUES (9, 'Joe', 'jo@x', 1)")
    #expect(
      try bench.refusals(plan.replacing("ACTION", with: "create")) == ["natural-key-exists"])
    try bench.finish(upsert)
    #expect(try bench.sql("SELECT * FROM customer") == ["9|Jo|jo@x|1"])
    #expect(try bench.strays("customer", key: "customer_id") == [])
    #expect(try bench.finish(upsert).changeset.isEmpty)
  }

  static let recycled = """
    CREATE TABLE thing (thing_id INTEGER PRIMARY KEY, code TEXT, label TEXT);
    """

  @Test func `a changed row under a recycled number may be a stranger`() throws {
    let bench = try Workbench(Self.recycled)
    let plan = "operations: { a: { action: create, entity: thing, values: { code: a, label: A } } }"
    try bench.finish(plan)
    try bench.sql("UPDATE thing SET label = 'B'")
    #expect(try bench.refusals(plan) == ["uncertain-identity"])
    // Asked for something else, it is no less of a stranger.
    #expect(
      try bench.refusals(plan.replacing("label: A", with: "label: C")) == ["uncertain-identity"])
    #expect(try bench.sql("SELECT label FROM thing") == ["B"])
  }

  @Test func `an unchanged natural key makes the identity certain, a changed one does not`() throws
  {
    let bench = try Workbench(Self.recycled + "CREATE UNIQUE INDEX codes ON thing (code);")
    let plan =
      "operations: { a: { action: upsert, entity: thing, key: [code], values: { code: a, label: A } } }"
    try bench.finish(plan)
    try bench.sql("UPDATE thing SET label = 'B'")
    try bench.finish(plan)
    #expect(try bench.sql("SELECT code, label FROM thing") == ["a|A"])
    try bench.sql("DELETE FROM thing; INSERT INTO thing VALUES (1, 'stranger', 'X')")
    #expect(try bench.refusals(plan) == ["uncertain-identity"])
    #expect(try bench.sql("SELECT code FROM thing") == ["stranger"])
  }

  @Test func `a primary key that is written never changes`() throws {
    let bench = try Workbench("CREATE TABLE country (code TEXT PRIMARY KEY, name TEXT)")
    let plan =
      "operations: { a: { action: create, entity: country, values: { code: GE, name: x } } }"
    try bench.finish(plan)
    #expect(try bench.refusals(plan.replacing("GE", with: "DE")) == ["key-changed"])
    #expect(
      try bench.finish(plan.replacing("name: x", with: "name: y")).changeset.counts.update == 1)
  }

  @Test func `an immutable field keeps its value`() throws {
    let bench = try Workbench()
    try bench.schema(
      "guest",
      """
      type: object
      properties:
        guest_id: { type: integer, readOnly: true }
        email: { type: string }
        kind: { type: string }
        level: { type: integer }
      x-sow: { immutable: [kind], unique: [[email]] }
      """)
    let plan =
      "operations: { a: { action: create, entity: guest, values: { email: e, kind: vip, level: 1 } } }"
    try bench.finish(plan)
    #expect(try bench.refusals(plan.replacing("vip", with: "plain")) == ["immutable-field"])
    try bench.finish(plan.replacing("level: 1", with: "level: 2"))
    #expect(try bench.sql("SELECT kind, level FROM guest") == ["vip|2"])
    try bench.sql("INSERT INTO guest (email, kind, level) VALUES ('f', 'plain', 1)")
    #expect(
      try bench.refusals(
        "operations: { f: { action: upsert, entity: guest, values: { email: f, kind: vip, level: 1 } } }"
      )
        == ["immutable-field"])
  }

  @Test func `a natural key of a plain operation changes in place`() throws {
    let bench = try Workbench(ApplyTests.shop)
    try bench.finish(ApplyTests.plan)
    let finish = try bench.finish(ApplyTests.plan.replacing("luis@", with: "new@"))
    #expect(finish.changeset.counts.update == 1)
    #expect(finish.changeset.counts.unchanged == 1)
    #expect(try bench.sql("SELECT customer_id, email FROM customer") == ["1|new@example.com"])
  }

  @Test func `rows of operations that left the plan are orphans and stay`() throws {
    let bench = try Workbench(ApplyTests.shop)
    try bench.finish(ApplyTests.plan)
    let finish = try bench.finish(
      "operations: { jo: { action: create, entity: customer, values: { first_name: Jo } } }")
    #expect(finish.changeset.orphans == ["invoice_1", "luis"])
    #expect(try bench.sql("SELECT count(*) FROM customer") == ["2"])
  }

  @Test func `fields that only the database knows are fetched, before and after the row is there`()
    throws
  {
    let bench = try Workbench(
      """
      CREATE TABLE box (
        box_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, token TEXT DEFAULT 'fresh',
        shout TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL);
      CREATE TABLE label (label_id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT);
      CREATE TRIGGER stamp AFTER INSERT ON box BEGIN
        UPDATE box SET token = 'T' || new.box_id WHERE box_id = new.box_id; END;
      """)
    try bench.write("name\nx\ny\n", to: "boxes.csv")
    let plan = """
      operations:
        a: { action: create, entity: box, values: { name: a } }
        boxes: { action: create, entity: box, key: [name], rows: { file: boxes.csv } }
        b: { action: create, entity: label, values: { text: "${ref:a.token}/${ref:a.shout}" } }
        c: { action: create, entity: label, values: { text: '$ref:boxes["y"].token' } }
      """
    try bench.finish(plan)
    #expect(try bench.sql("SELECT text FROM label ORDER BY 1") == ["T1/A", "T3"])
    #expect(try bench.finish(plan).changeset.isEmpty)
    let renamed = plan.replacing("name: a }", with: "name: z }")
    try bench.finish(renamed)
    #expect(try bench.sql("SELECT text FROM label ORDER BY 1") == ["T1/Z", "T3"])
    #expect(try bench.finish(renamed).changeset.isEmpty)
    try bench.sql("DELETE FROM box WHERE name = 'z'")
    try bench.finish(renamed)
    #expect(try bench.finish(renamed).changeset.isEmpty)
    let more =
      renamed
      + "\n  d: { action: create, entity: label, values: { text: '$ref:boxes[\"x\"].token' } }"
    try bench.finish(more)
    #expect(try bench.sql("SELECT text FROM label WHERE label_id = 3") == ["T2"])
    #expect(try bench.finish(more).changeset.isEmpty)
  }

  @Test func `a table whose new rows could not be found again is refused`() throws {
    let bench = try Workbench("CREATE TABLE country (code TEXT PRIMARY KEY, name TEXT)")
    #expect(
      try bench.refusals(
        "operations: { a: { action: create, entity: country, values: { name: x } } }")
        == ["no-primary-key"])
  }
}
