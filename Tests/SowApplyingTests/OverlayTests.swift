import SowApplying
import SowModel
import Testing

/// What an operation sees of what others of the same plan write.
struct OverlayTests {
  static let schema = """
    CREATE TABLE country (country_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT UNIQUE, name TEXT);
    CREATE TABLE city (city_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
      country_id INTEGER REFERENCES country, label TEXT);
    INSERT INTO country (code, name) VALUES ('FR', 'France');
    """

  static func plan(_ operations: String...) -> String {
    "operations:\n" + operations.map { "  \($0)\n" }.joined()
  }

  static let vn = "vn: { action: create, entity: country, values: { code: VN, name: Vietnam } }"
  static func hue(_ value: String, _ rest: String = "") -> String {
    "hue: { action: create, entity: city, values: { name: Hue, country_id: \(value) }\(rest) }"
  }
  static let lookup = "{ $lookup: { entity: country, where: { code: FR }, field: country_id } }"

  @Test func `a lookup is refused on fields that an operation before it writes`() throws {
    let bench = try Workbench(Self.schema)
    let plan = Self.plan(Self.vn, Self.hue(Self.lookup, ", depends_on: [vn]"))
    guard case .refused(let diagnostics, _) = try bench.apply(plan) else {
      Issue.record("not refused")
      return
    }
    #expect(diagnostics.all.map(\.code.id) == ["lookup-on-written"])
    #expect(diagnostics.all[0].hint == .text("refer to the row of the plan: $ref:vn.country_id"))
    #expect(
      try bench.finish(
        Self.plan(
          Self.hue(Self.lookup),
          "vn: { action: create, entity: country, depends_on: [hue], values: { code: VN } }")
      ).report.isSuccess)
  }

  @Test func `a file's lookup is refused, too, and one of what the same operation writes is not`()
    throws
  {
    let bench = try Workbench(Self.schema)
    try bench.write("name,code\nHue,FR\n", to: "c.csv")
    let cities =
      "cities: { action: create, entity: city, depends_on: [vn], for_each: { file: c.csv, key: name }, values: { name: $each:name, country_id: { $lookup: { entity: country, where: { code: $each:code }, field: country_id } } } }"
    #expect(try bench.refusals(Self.plan(Self.vn, cities)) == ["lookup-on-written"])
    let own = """
      nice: { action: create, entity: country, values: { code: NI, name: { $lookup: { entity: country, where: { code: FR }, field: name } } } }
      """
    #expect(try bench.finish(Self.plan(own)).report.isSuccess)
  }

  @Test func `a lookup by the key of a row of the plan sees that row`() throws {
    let bench = try Workbench(Self.schema)
    let label =
      "{ $lookup: { entity: country, where: { country_id: $ref:vn.country_id }, field: name } }"
    let plan = Self.plan(
      Self.vn, "hue: { action: create, entity: city, values: { name: Hue, label: \(label) } }")
    _ = try bench.finish(plan)
    #expect(try bench.sql("SELECT label FROM city") == ["Vietnam"])
    _ = try bench.finish(plan.replacing("Vietnam", with: "Viet Nam"))
    #expect(try bench.sql("SELECT label FROM city") == ["Viet Nam"])
  }

  @Test func `a read gives no field that an operation before it writes`() throws {
    let bench = try Workbench(Self.schema)
    let rename =
      "rename: { action: update, entity: country, where: { code: FR }, values: { name: F } }"
    let read = "fr: { action: read, entity: country, ids: [1], depends_on: [rename] }"
    let use =
      "nice: { action: create, entity: city, values: { name: Nice, label: $ref:fr.0.name } }"
    #expect(try bench.refusals(Self.plan(rename, read, use)) == ["read-of-written"])
    let code = use.replacing("fr.0.name", with: "fr.0.code")
    #expect(try bench.finish(Self.plan(rename, read, code)).report.isSuccess)
    #expect(
      try bench.once(Self.plan(rename, read, use.replacing("Nice", with: "Nize"))).report.isSuccess)
  }

  @Test func `a later update compares with what an earlier operation will have written`() throws {
    let bench = try Workbench(Self.schema)
    let plan = Self.plan(
      "fr: { action: upsert, entity: country, key: [code], values: { code: FR, name: A } }",
      "it: { action: update, entity: country, ids: [$ref:fr.country_id], values: { name: France } }"
    )
    let first = try bench.finish(plan)
    #expect(first.changeset.counts.update == 2)
    #expect(try bench.sql("SELECT name FROM country") == ["France"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  // MARK: Values that arrive through references

  @Test func `values that arrive through references are trimmed and exact, as written ones`()
    throws
  {
    let bench = try Workbench(
      """
      CREATE TABLE source (source_id INTEGER PRIMARY KEY, name TEXT, amount TEXT);
      CREATE TABLE target (target_id INTEGER PRIMARY KEY, name TEXT UNIQUE, amount DECIMAL(30, 20));
      """)
    let key = "{ type: integer, readOnly: true }"
    for entity in ["source", "target"] {
      try bench.schema(
        entity,
        """
        type: object
        properties:
          \(entity)_id: \(key)
          name: { type: string }
          amount: { type: number }
        x-sow: { unique: [[name]]\(entity == "target" ? ", trim: [name]" : "") }
        """)
    }
    try bench.sql("CREATE UNIQUE INDEX s ON source (name)")
    func plan(_ amount: String) -> String {
      """
      operations:
        s: { action: create, entity: source, values: { name: "  Jo ", amount: \(amount) } }
        t: { action: create, entity: target, values: { name: $ref:s.name, amount: $ref:s.amount } }
      """
    }
    #expect(try bench.refusals(plan("0.12345678901234567")) == ["inexact-number"])
    _ = try bench.finish(plan("0.5"))
    #expect(try bench.sql("SELECT s.name, t.name FROM source s, target t") == ["  Jo |Jo"])
    #expect(try bench.finish(plan("0.5")).changeset.isEmpty)
  }

  @Test(arguments: [
    ("{ atomic: true }", []), ("{ atomic: false, on_error: continue }", ["a", "b"]),
  ])
  func `a row is checked once more when its references are known, before it is written`(
    _ options: String, _ kept: [String]
  ) throws {
    let bench = try Workbench("CREATE TABLE log (code TEXT)")
    try bench.schema(
      "node",
      """
      type: object
      properties:
        node_id: { type: integer, readOnly: true }
        code: { type: string, maxLength: 3 }
        parent: { type: [integer, "null"], maximum: 1 }
      required: [code]
      x-sow: { unique: [[code]] }
      """)
    try bench.sql(
      """
      CREATE TABLE node (
        node_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, parent INTEGER);
      CREATE TRIGGER t BEFORE INSERT ON node BEGIN INSERT INTO log VALUES (new.code); END;
      """)
    let finish = try bench.finish(
      """
      options: \(options)
      operations:
        a: { action: create, entity: node, values: { code: a } }
        b: { action: create, entity: node, values: { code: b, parent: $ref:a.node_id } }
        c: { action: create, entity: node, values: { code: c, parent: $ref:b.node_id } }
        d: { action: create, entity: node, values: { code: "of ${ref:b.node_id}" } }
      """)
    #expect(!finish.report.isSuccess)
    let failed = finish.report.lines.filter { $0.contains("failed") }
    #expect(failed.first?.hasPrefix("c: failed 422 schema-maximum") == true)
    if kept.count > 0 { #expect(failed.last == "d: failed 422 schema-max-length") }
    #expect(try bench.sql("SELECT code FROM node ORDER BY 1") == kept)
    // A row that is not valid never reaches the database.
    #expect(try bench.sql("SELECT code FROM log ORDER BY 1") == kept)
  }

  @Test func `rows of a file take trimmed values through references`() throws {
    let bench = try Workbench(
      "CREATE TABLE person (person_id INTEGER PRIMARY KEY, name TEXT UNIQUE, nick TEXT);")
    try bench.schema(
      "person",
      """
      type: object
      properties:
        person_id: { type: integer, readOnly: true }
        name: { type: string }
        nick: { type: string }
      x-sow: { unique: [[name]], trim: [nick] }
      """)
    try bench.write("name\nb\n", to: "p.csv")
    let plan = """
      operations:
        a: { action: create, entity: person, values: { name: " a " } }
        all:
          action: create
          entity: person
          for_each: { file: p.csv, key: name }
          values: { name: $each:name, nick: "${ref:a.name}${each:name} " }
      """
    _ = try bench.finish(plan)
    #expect(try bench.sql("SELECT nick FROM person WHERE name = 'b'") == ["a b"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test(arguments: [true, false])
  func `a reference of a schema leads to a field that there is`(_ isLive: Bool) throws {
    let bench = try Workbench()
    try bench.schema("team", "type: object\nproperties: { team_id: { type: integer } }\n")
    try bench.schema(
      "person",
      """
      type: object
      properties: { person_id: { type: integer, readOnly: true }, team_id: { type: integer } }
      x-sow: { references: { team_id: team.tem_id } }
      """)
    if isLive {
      try bench.sql(
        "CREATE TABLE team (team_id INTEGER PRIMARY KEY); CREATE TABLE person (person_id INTEGER PRIMARY KEY, team_id INTEGER REFERENCES team)"
      )
    }
    let plan = "operations: { a: { action: create, entity: person, values: { team_id: 1 } } }"
    guard case .invalid(let diagnostics) = try bench.apply(plan) else {
      Issue.record("not refused")
      return
    }
    let found = diagnostics.all.filter { $0.severity == .error }
    #expect(found.map(\.message) == [#"the entity "team" has no field "tem_id""#])
    #expect(found[0].hint == .didYouMean("team_id"))
  }
}
