import SowApplying
import SowModel
import SowPlanning
import Testing

struct QueryTests {
  static let tables = """
    CREATE TABLE person (
      person_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, rank INTEGER, city TEXT,
      boss INTEGER REFERENCES person);
    INSERT INTO person (name, rank, city) VALUES
      ('Ann', 1, 'Huế'), ('Bob', 2, NULL), ('Cy', 3, 'Hanoi'), ('Dũng', NULL, 'huế');
    CREATE TABLE log (log_id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT, person INTEGER);
    """

  @Test(arguments: [
    ("rank: 2", "Bob"), ("rank: null", "Dũng"), ("rank: { gt: 1 }", "Bob,Cy"),
    ("rank: { ge: 2 }", "Bob,Cy"), ("rank: { lt: 2 }", "Ann"), ("rank: { le: 2 }", "Ann,Bob"),
    ("rank: { ne: 2 }", "Ann,Cy,Dũng"), ("rank: { in: [1, 3] }", "Ann,Cy"),
    ("rank: { in: [] }", ""),
    ("rank: { not_in: [1, 3] }", "Bob,Dũng"), ("rank: { between: [2, 3] }", "Bob,Cy"),
    ("city: { like: 'Hu%' }", "Ann"), ("city: { ilike: 'hu%' }", "Ann,Dũng"),
    ("city: { is_null: true }", "Bob"), ("city: { is_null: false }", "Ann,Cy,Dũng"),
    ("rank: { gt: 1 }, city: null", "Bob"),
  ])
  func `where selects as it says`(filter: String, names: String) throws {
    let bench = try Workbench(Self.tables)
    let finish = try bench.finish(
      "operations: { r: { action: read, entity: person, where: { \(filter) }, select: name } }")
    let found = finish.report.results[0].data.map { row in
      row.fields.compactMap { field -> String? in
        guard field.name == "name", case .value(let value) = field.value else { return nil }
        return value.text
      }.joined()
    }
    #expect(found.joined(separator: ",") == names)
  }

  @Test(arguments: [
    ("one", 1, true), ("one", 2, false), ("some", 2, true), ("some", 0, false),
    ("at_most_one", 0, true), ("at_most_one", 2, false), ("any", 0, true), ("none", 0, true),
    ("none", 1, false), ("2", 2, true), ("2", 1, false),
  ])
  func `expect counts the rows that match`(expect: String, count: Int, passes: Bool) throws {
    let filter = ["rank: 99", "rank: 1", "rank: { in: [1, 2] }"][count]
    for action in ["update", "delete", "read"] {
      let values = action == "update" ? ", values: { city: X }" : ""
      let plan =
        "operations: { q: { action: \(action), entity: person, where: { \(filter) }, expect: \(expect)\(values) } }"
      let outcome = try Workbench(Self.tables).apply(plan)
      switch outcome {
      case .finished: #expect(passes, "\(action)")
      case .refused(let diagnostics, _):
        #expect(!passes && diagnostics.hasErrors, "\(action)")
      default: Issue.record("\(action): \(outcome)")
      }
    }
  }

  @Test(arguments: ["update", "delete"])
  func `matching nothing is an error the first time and unchanged once done`(
    action: String
  ) throws {
    let bench = try Workbench(Self.tables)
    let values = action == "update" ? ", values: { rank: 7 }" : ""
    let plan =
      "operations: { q: { action: \(action), entity: person, where: { rank: 2 }\(values) } }"
    let nothing = plan.replacing("rank: 2 }", with: "rank: 22 }")
    #expect(try bench.refusals(nothing) == ["nothing-modified"])
    #expect(try bench.finish(plan).isCommitted)
    let again = try bench.finish(plan)
    #expect(again.changeset.isEmpty)
    #expect(again.report.lines == ["q: unchanged 200"])
    #expect(try bench.refusals(nothing) == ["nothing-modified"])
  }

  @Test func `each instance of a repeated query is remembered alone`() throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      operations:
        q:
          action: update
          entity: person
          for_each: { a: { old: 1, new: 11 }, b: { old: 2, new: 12 } }
          where: { rank: $each:old }
          values: { rank: $each:new }
      """
    #expect(
      try bench.finish(plan).report.lines
        == ["q: completed 200", #"  "a": completed 200"#, #"  "b": completed 200"#])
    #expect(try bench.finish(plan).changeset.isEmpty)
    #expect(
      try bench.sql("SELECT rank FROM person ORDER BY person_id") == ["11", "12", "3", "NULL"])
  }

  static let pending = """
    operations:
      eve:
        action: create
        entity: person
        values: { name: Eve, rank: 1 }
      fred:
        action: create
        entity: person
        values: { name: Fred }
      promote:
        action: update
        entity: person
        ids: [$ref:eve.person_id, 1]
        values: { rank: 5, boss: $ref:fred.person_id }
      seen:
        action: read
        entity: person
        ids: [1, $ref:eve.person_id]
        depends_on: [promote]
      noted:
        action: create
        entity: log
        values: { text: "was ${ref:seen.1.name}", person: $ref:seen.1.person_id }
    """

  @Test func `ids of rows of the same plan are updated and read once they are written`() throws {
    let bench = try Workbench(Self.tables)
    let first = try bench.finish(Self.pending)
    #expect(first.report.isSuccess)
    #expect(
      try bench.sql(
        "SELECT a.name, a.rank, b.name FROM person a JOIN person b ON b.person_id = a.boss ORDER BY 1"
      )
        == ["Ann|5|Fred", "Eve|5|Fred"])
    #expect(try bench.sql("SELECT text, person FROM log") == ["was Eve|5"])
    let again = try bench.finish(Self.pending)
    #expect(again.changeset.isEmpty)
    #expect(again.report.isSuccess)
  }

  @Test func `a row that is set back or made again is updated again`() throws {
    let bench = try Workbench(Self.tables)
    try bench.finish(Self.pending)
    try bench.sql("UPDATE person SET name = 'Eva', rank = 3 WHERE name = 'Eve'")
    #expect(try bench.finish(Self.pending).report.isSuccess)
    #expect(try bench.sql("SELECT name, rank FROM person WHERE person_id = 5") == ["Eve|5"])
    #expect(try bench.finish(Self.pending).changeset.isEmpty)
    try bench.sql("UPDATE person SET name = 'Eva' WHERE name = 'Eve'")
    #expect(try bench.finish(Self.pending).report.isSuccess)
    #expect(try bench.sql("SELECT name, rank FROM person WHERE person_id = 5") == ["Eve|5"])
    try bench.sql("DELETE FROM person WHERE name = 'Eve'")
    #expect(try bench.finish(Self.pending).report.isSuccess)
    #expect(
      try bench.sql("SELECT person_id, rank, boss FROM person WHERE name = 'Eve'") == ["5|5|6"])
    #expect(try bench.finish(Self.pending).changeset.isEmpty)
  }

  @Test func `a row that is not there yet is never mixed up with further conditions`() throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      operations:
        eve: { action: create, entity: person, values: { name: Eve, rank: 1 } }
        q:
          action: update
          entity: person
          where: { person_id: $ref:eve.person_id, city: Hanoi }
          values: { rank: 5 }
      """
    #expect(try bench.refusals(plan) == ["not-known-yet"])
    #expect(try bench.sql("SELECT rank FROM person WHERE city = 'Hanoi'") == ["3"])
  }

  @Test func `where on a field that an earlier operation writes is refused`() throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      operations:
        eve: { action: create, entity: person, values: { name: Eve, rank: 1 } }
        q: { action: read, entity: person, where: { rank: 1 }, depends_on: [eve] }
      """
    #expect(try bench.refusals(plan) == ["filter-on-written"])
  }

  @Test func `two updates of one field of one row are refused`() throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      operations:
        a: { action: update, entity: person, where: { name: Ann }, values: { rank: 8 } }
        b: { action: update, entity: person, ids: [1], values: { rank: 9 } }
      """
    #expect(try bench.refusals(plan) == ["updated-twice"])
    #expect(try bench.finish(plan.replacing("rank: 9", with: "rank: 8")).report.isSuccess)
    #expect(try bench.once(plan).report.isSuccess)
    #expect(try bench.sql("SELECT rank FROM person WHERE person_id = 1") == ["9"])
  }

  @Test func `an id that is missing is the result of that item`() throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      operations:
        get: { action: read, entity: person, ids: [3, 99, 1, 3], select: name }
        of_99: { action: create, entity: log, values: { text: $ref:get.1.name } }
        of_1: { action: create, entity: log, values: { text: $ref:get.2.name } }
      """
    let finish = try bench.finish(plan)
    #expect(
      finish.report.lines == [
        "get: failed 404 row-not-found", #"  "3": completed 200"#,
        #"  "99": failed 404 row-not-found"#, #"  "1": completed 200"#, #"  "3": completed 200"#,
        "of_99: skipped 424 dependency-failed", "of_1: completed 201",
      ])
    #expect(finish.report.counts.total == 6)
    #expect(finish.report.counts.failed == 1)
    #expect(finish.isCommitted)
    #expect(try bench.sql("SELECT text FROM log") == ["Ann"])
    let any = try bench.finish(
      "operations: { get: { action: read, entity: person, ids: [99], expect: any } }")
    #expect(any.report.isSuccess)
    #expect(any.report.results[0].instances.map(\.status) == [.failed])
  }

  @Test func `update and delete by ids want every row`() throws {
    let bench = try Workbench(Self.tables)
    #expect(
      try bench.refusals(
        "operations: { q: { action: update, entity: person, ids: [1, 99], values: { rank: 4 } } }")
        == ["row-to-write-not-found"])
    #expect(
      try bench.refusals("operations: { q: { action: delete, entity: person, ids: [1, 99] } }")
        == ["row-to-write-not-found"])
    #expect(
      try bench.refusals("operations: { q: { action: delete, entity: person, ids: [1, 1] } }")
        == ["repeated-id"])
    #expect(try bench.sql("SELECT count(*) FROM person") == ["4"])
  }

  @Test func `a read that is referred to without an index must find one row`() throws {
    let bench = try Workbench(Self.tables)
    let plan = """
      operations:
        r: { action: read, entity: person, where: { rank: { gt: 1 } } }
        l: { action: create, entity: log, values: { text: $ref:r.name } }
      """
    #expect(try bench.refusals(plan) == ["unexpected-count"])
    #expect(try bench.refusals(plan.replacing("gt: 1", with: "gt: 9")) == ["unexpected-count"])
    let indexed = plan.replacing("$ref:r.name", with: "$ref:r.1.name")
    try bench.finish(indexed)
    #expect(try bench.sql("SELECT text FROM log") == ["Cy"])
    #expect(try bench.refusals(indexed.replacing("r.1", with: "r.2")) == ["no-such-row"])
  }

  @Test func `sort, limit and select shape what is read`() throws {
    let bench = try Workbench(Self.tables)
    let finish = try bench.finish(
      "operations: { r: { action: read, entity: person, where: { person_id: { gt: 0 } }, sort: [-name], limit: 2, select: 'rank, name' } }"
    )
    #expect(
      finish.report.results[0].data.map { $0.fields.map(\.name) }
        == [["person_id", "rank", "name"], ["person_id", "rank", "name"]])
    #expect(
      finish.report.results[0].data.map { $0.fields[2].value }
        == [.value(.text("Dũng")), .value(.text("Cy"))])
  }

  @Test func `a reference to an update gives the row as it leaves it`() throws {
    let bench = try Workbench(Self.tables)
    try bench.finish(
      """
      operations:
        q: { action: update, entity: person, ids: [1], values: { rank: 40 } }
        l: { action: create, entity: log, values: { text: "${ref:q.name} ${ref:q.rank}" } }
      """)
    #expect(try bench.sql("SELECT text FROM log") == ["Ann 40"])
  }

  @Test func `rows that are owned are not deleted, taken over or changed by others`() throws {
    let bench = try Workbench(Self.tables)
    try bench.sql("CREATE UNIQUE INDEX names ON person (name)")
    try bench.finish(
      """
      plan: owner
      operations:
        eve: { action: create, entity: person, values: { name: Eve, rank: 1 } }
      """)
    func refusal(_ operation: String) throws -> Diagnostic? {
      switch try bench.apply("plan: other\noperations: { q: { \(operation) } }") {
      case .refused(let diagnostics, _): diagnostics.all.first
      default: nil
      }
    }
    let delete = try refusal("action: delete, entity: person, where: { name: Eve }")
    #expect(delete?.code == .ownedElsewhere)
    #expect(delete?.facts["address"]?.english == "eve")
    #expect(delete?.facts["plan"]?.english == "owner")
    let upsert = try refusal("action: upsert, entity: person, key: [name], values: { name: Eve }")
    #expect(upsert?.facts["address"]?.english == "eve")
    let create = try refusal("action: create, entity: person, values: { name: Eve }")
    #expect(create?.facts["address"]?.english == "eve")
    let update = try refusal("action: update, entity: person, ids: [5], values: { rank: 2 }")
    #expect(update?.code == .fieldOwned)
    #expect(update?.facts["field"]?.english == "rank")
    let free = try refusal("action: update, entity: person, ids: [5], values: { city: Huế }")
    #expect(free == nil)
    #expect(try bench.sql("SELECT rank, city FROM person WHERE name = 'Eve'") == ["1|Huế"])
  }

  @Test func `a row of the plan itself is neither deleted nor taken over twice`() throws {
    let bench = try Workbench(Self.tables)
    try bench.sql("CREATE UNIQUE INDEX names ON person (name)")
    #expect(
      try bench.refusals(
        """
        operations:
          eve: { action: create, entity: person, values: { name: Eve } }
          q: { action: delete, entity: person, ids: [$ref:eve.person_id] }
        """) == ["owned-elsewhere"])
    #expect(
      try bench.refusals(
        """
        operations:
          a: { action: upsert, entity: person, key: [name], values: { name: Ann } }
          b: { action: upsert, entity: person, key: [name], values: { name: Ann } }
        """) == ["owned-elsewhere"])
  }

  @Test func `the merged row of an update is what must be valid`() throws {
    let bench = try Workbench()
    try bench.schema(
      "guest",
      """
      type: object
      properties:
        guest_id: { type: integer, readOnly: true }
        kind: { type: string }
        level: { type: [integer, "null"] }
      required: [kind]
      if: { properties: { kind: { const: vip } } }
      then: { required: [level], properties: { level: { type: integer } } }
      """)
    let plan = """
      operations:
        a: { action: create, entity: guest, values: { kind: vip, level: 1 } }
        b: { action: create, entity: guest, values: { kind: plain, level: 1 } }
      """
    try bench.finish(plan)
    let update =
      "plan: u\noperations: { u: { action: update, entity: guest, ids: [ID], values: { level: null } } }"
    #expect(try bench.refusals(update.replacing("ID", with: "1")) != [])
    let pending = """
      plan: p
      operations:
        c: { action: create, entity: guest, values: { kind: vip, level: 1 } }
        u: { action: update, entity: guest, ids: [$ref:c.guest_id], values: { level: null } }
      """
    let finish = try bench.finish(pending)
    #expect(!finish.report.isSuccess)
    #expect(try bench.sql("SELECT count(*) FROM guest") == ["2"])
  }
}
