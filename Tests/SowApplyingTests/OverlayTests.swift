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

  static func plan(_ operations: String...) -> String { plan(operations) }
  static func plan(_ operations: [String]) -> String {
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
    #expect(
      diagnostics.all[0].hint?.sentence.english
        == "refer to the row of the plan: $ref:vn.country_id")
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
    #expect(
      first.changeset.operations[1].rows[0].fields == [
        FieldChange(field: "name", old: .value(.text("A")), new: .value(.text("France")))
      ])
    #expect(try bench.sql("SELECT name FROM country") == ["France"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  // MARK: Rows that are deleted before

  static let cities = """
    INSERT INTO city (name, label) VALUES ('a', 'x'), ('b', 'x'), ('c', 'y');
    """

  @Test func `a delete does not see what one before it deletes`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    let plan = Self.plan(
      "one: { action: delete, entity: city, where: { name: a } }",
      "two: { action: delete, entity: city, where: { label: x } }")
    let finish = try bench.finish(plan)
    #expect(finish.changeset.counts.delete == 2)
    #expect(try bench.sql("SELECT name FROM city") == ["c"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a delete that finds everything gone says who was faster`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    let one = "one: { action: delete, entity: city, where: { label: x } }"
    for (query, code) in [
      ("where: { name: a }", "nothing-modified"), ("ids: [1]", "row-to-write-not-found"),
      ("where: { name: a }, expect: one", "nothing-modified"),
    ] {
      for action in ["delete", "update"] {
        let values = action == "update" ? ", values: { country_id: 1 }" : ""
        let two = "two: { action: \(action), entity: city, \(query)\(values) }"
        guard case .refused(let diagnostics, _) = try bench.apply(Self.plan(one, two)) else {
          Issue.record("not refused: \(query)")
          continue
        }
        #expect(diagnostics.all.map(\.code.id) == [code])
        #expect(
          diagnostics.all[0].hint?.sentence.english == "one deletes the rows that match before")
      }
    }
    let any = "two: { action: delete, entity: city, where: { name: a }, expect: any }"
    #expect(try bench.finish(Self.plan(one, any)).report.isSuccess)
    #expect(try bench.finish(Self.plan(one, any)).changeset.isEmpty)
  }

  @Test func `an update and a read see what a delete leaves`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    let plan = Self.plan(
      "one: { action: delete, entity: city, ids: [1] }",
      "two: { action: update, entity: city, where: { label: x }, values: { country_id: 1 } }",
      "three: { action: read, entity: city, where: { label: x }, sort: [name], limit: 1, expect: one }",
      "four: { action: create, entity: country, values: { code: XX, name: $ref:three.name } }")
    let finish = try bench.finish(plan)
    #expect(finish.changeset.counts.update == 1)
    #expect(try bench.sql("SELECT name FROM country WHERE code = 'XX'") == ["b"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `what the database deletes with a row is gone for later operations`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE band (band_id INTEGER PRIMARY KEY, name TEXT UNIQUE);
      CREATE TABLE song (song_id INTEGER PRIMARY KEY, title TEXT,
        band_id INTEGER REFERENCES band ON DELETE CASCADE);
      INSERT INTO band VALUES (1, 'x'), (2, 'y');
      INSERT INTO song VALUES (1, 's', 1), (2, 's', 2);
      """)
    let plan = Self.plan(
      "one: { action: delete, entity: band, ids: [1] }",
      "two: { action: delete, entity: song, where: { title: s }, depends_on: [one] }")
    let finish = try bench.finish(plan)
    #expect(finish.changeset.operations.map(\.counts.delete) == [1, 1])
    #expect(try bench.sql("SELECT count(*) FROM song") == ["0"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a row that is deleted before is made anew, not taken over`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    let plan = Self.plan(
      "gone: { action: delete, entity: city, where: { label: y } }",
      "c: { action: upsert, entity: city, key: [name], values: { name: c, label: z } }")
    let finish = try bench.finish(plan)
    #expect(finish.changeset.counts.create == 1)
    #expect(finish.changeset.counts.delete == 1)
    #expect(try bench.sql("SELECT city_id, label FROM city WHERE name = 'c'") == ["4|z"])
    #expect(try bench.finish(plan).changeset.isEmpty)
    // And what is taken over before is not deleted.
    let other = try Workbench(Self.schema + Self.cities)
    let reverse = Self.plan(
      "c: { action: upsert, entity: city, key: [name], values: { name: c } }",
      "gone: { action: delete, entity: city, where: { label: y } }")
    #expect(try other.refusals(reverse) == ["owned-elsewhere"])
  }

  @Test func `a second update to the same value writes nothing`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    func plan(_ second: String) -> String {
      Self.plan(
        "one: { action: update, entity: city, where: { label: x }, values: { country_id: 1 } }",
        "two: { action: update, entity: city, where: { name: a }, values: { country_id: \(second) } }"
      )
    }
    #expect(try bench.refusals(plan("null")) == ["updated-twice"])
    let finish = try bench.finish(plan("1"))
    #expect(finish.changeset.operations.map(\.counts.update) == [2, 0])
    #expect(try bench.finish(plan("1")).changeset.isEmpty)
  }

  @Test func `an update does not undo what a later operation says of the row`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    func plan(_ country: String) -> String {
      Self.plan(
        "one: { action: update, entity: city, where: { label: y }, values: { country_id: \(country) } }",
        "c: { action: upsert, entity: city, key: [name], values: { name: c, country_id: 1 }, depends_on: [one] }"
      )
    }
    #expect(try bench.refusals(plan("null")) == ["updated-twice"])
    _ = try bench.finish(plan("1"))
    #expect(try bench.finish(plan("1")).changeset.isEmpty)
    #expect(try bench.refusals(plan("null")) == ["updated-twice"])
  }

  @Test func `a row that leaves is updated before it goes`() throws {
    let bench = try Workbench(Self.schema)
    func plan(_ rows: String) -> String {
      Self.plan(
        "all: { action: sync, entity: city, key: [name], rows: [\(rows)] }",
        "mark: { action: update, entity: city, where: { country_id: 1 }, expect: any, values: { label: u } }"
      )
    }
    _ = try bench.finish(plan("{ name: a }, { name: b }"))
    try bench.sql("UPDATE city SET country_id = 1")
    let finish = try bench.finish(plan("{ name: a }"))
    #expect(finish.changeset.counts.delete == 1)
    #expect(try bench.sql("SELECT name, label FROM city") == ["a|u"])
    #expect(try bench.finish(plan("{ name: a }")).changeset.isEmpty)
  }

  // MARK: Rows that pass a filter only then

  @Test(arguments: [
    "{ name: n, label: x }", "{ name: n, label: \"x \" }", "{ name: n, label: X }",
  ])
  func `a filter is refused where a later row may pass it`(_ values: String) throws {
    let bench = try Workbench(Self.schema + Self.cities)
    for query in [
      "mark: { action: update, entity: city, where: { label: x }, values: { country_id: 1 } }",
      "gone: { action: delete, entity: city, where: { label: { in: [q, x] } } }",
    ] {
      let plan = Self.plan(query, "new: { action: create, entity: city, values: \(values) }")
      #expect(try bench.refusals(plan) == ["filter-misses-written"])
    }
  }

  @Test func `a filter that tells them apart is not refused`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    let plan = Self.plan(
      "gone: { action: delete, entity: city, where: { name: c } }",
      "mark: { action: update, entity: city, where: { label: x }, values: { country_id: 1 } }",
      "d: { action: create, entity: city, values: { name: d, label: z } }",
      "e: { action: create, entity: city, values: { name: e } }")
    #expect(try bench.finish(plan).report.isSuccess)
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `a new row passes by what it does not write`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    let mark =
      "mark: { action: update, entity: city, where: { label: null }, values: { country_id: 1 }, expect: any }"
    let new = "new: { action: create, entity: city, values: { name: n } }"
    #expect(try bench.refusals(Self.plan(new, mark)) == ["filter-misses-written"])
    #expect(try bench.refusals(Self.plan(mark, new)) == ["filter-misses-written"])
    // Once the row is there, it is seen.
    _ = try bench.finish(Self.plan(new))
    #expect(try bench.finish(Self.plan(new, mark)).changeset.counts.update == 1)
    #expect(try bench.finish(Self.plan(new, mark)).changeset.isEmpty)
  }

  @Test func `a filter is refused where an update has more rows pass it`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    let mark =
      "mark: { action: update, entity: city, where: { label: y }, values: { country_id: 1 } }"
    func turn(_ label: String) -> String {
      "turn: { action: update, entity: city, where: { name: a }, values: { label: \(label) } }"
    }
    #expect(try bench.refusals(Self.plan(mark, turn("y"))) == ["filter-misses-written"])
    #expect(try bench.finish(Self.plan(mark, turn("w"))).report.isSuccess)
    #expect(try bench.finish(Self.plan(mark, turn("w"))).changeset.isEmpty)
    let chain = """
      chain:
          action: update
          entity: city
          for_each: { one: { from: q, to: r }, two: { from: p, to: q } }
          where: { label: $each:from }
          values: { label: $each:to }
          expect: any
      """
    try bench.sql("UPDATE city SET label = 'p'")
    #expect(try bench.refusals(Self.plan(chain)) == ["filter-misses-written"])
  }

  @Test func `rows of a file pass filters, too`() throws {
    let bench = try Workbench(Self.schema + Self.cities)
    try bench.write("name,label\nq,z\nr,x\n", to: "c.csv")
    let plan = Self.plan(
      "mark: { action: update, entity: city, where: { label: x }, values: { country_id: 1 } }",
      "all: { action: upsert, entity: city, key: [name], rows: { file: c.csv } }")
    guard case .refused(let diagnostics, _) = try bench.apply(plan) else {
      Issue.record("not refused")
      return
    }
    #expect(
      diagnostics.all.map(\.message)
        == [#"mark does not see all["r"], which its filter matches in the next run"#])
    try bench.write("name,label\nq,z\na,x\n", to: "c.csv")
    #expect(try bench.finish(plan).report.isSuccess)
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
