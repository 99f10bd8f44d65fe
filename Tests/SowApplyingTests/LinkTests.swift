import SowApplying
import SowModel
import SowPlanning
import SowSQLite
import Testing

/// Rows with sets of links, from the plan to the join table and back.
struct LinkTests {
  static let tables = """
    CREATE TABLE category (category_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE);
    CREATE TABLE activity (
      activity_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, note TEXT);
    CREATE TABLE tagging (
      activity_id INTEGER NOT NULL REFERENCES activity ON_OWN,
      category_id INTEGER NOT NULL REFERENCES category ON_OTHER,
      PRIMARY KEY (activity_id, category_id));
    INSERT INTO category (code) VALUES ('a'), ('b'), ('c'), ('d');
    """
  static let schema = """
    type: object
    properties:
      activity_id: { type: integer, readOnly: true }
      name: { type: string, minLength: 1 }
      note: { type: [string, "null"] }
      category_ids: { type: array, items: { type: integer } }
    required: [name]
    x-sow:
      unique: [[name]]
      links: { category_ids: { table: tagging, own: activity_id, other: category_id } }
    """

  private func bench(own: String = "", other: String = "") throws -> Workbench {
    let bench = try Workbench(
      Self.tables.replacing("ON_OWN", with: own).replacing("ON_OTHER", with: other))
    try bench.schema("activity", Self.schema)
    return bench
  }

  private func plan(_ operations: String, options: String = "") -> String {
    options + "operations: { " + operations + " }"
  }

  private func activities(_ action: String, _ rows: String, options: String = "") -> String {
    plan(
      "acts: { action: \(action), entity: activity, key: [name], rows: [\(rows)] }",
      options: options)
  }

  private func links(_ bench: Workbench) throws -> [String] {
    try bench.sql(
      """
      SELECT name, group_concat(category_id, ',') FROM (
        SELECT a.name, t.category_id FROM activity a JOIN tagging t USING (activity_id) ORDER BY 1, 2)
      GROUP BY name
      """)
  }

  private func changes(_ finish: ApplyOutcome.Finish) -> [FieldChange.Members?] {
    finish.changeset.operations.flatMap(\.rows).map { row in
      row.fields.first { $0.field == "category_ids" }?.members
    }
  }

  private func members(added: [Int64], removed: [Int64] = []) -> FieldChange.Members {
    FieldChange.Members(
      added: added.map { .value(.integer($0)) }, removed: removed.map { .value(.integer($0)) })
  }

  @Test func `a set is written, compared as a set, and changed member by member`() throws {
    let bench = try bench()
    let first = try bench.finish(
      activities("create", "{ name: x, category_ids: [3, 1, 3] }, { name: y }"))
    #expect(try links(bench) == ["x|1,3"])
    #expect(changes(first) == [members(added: [1, 3]), nil])
    #expect(
      try bench.finish(activities("create", "{ name: x, category_ids: [1, 3] }, { name: y }"))
        .changeset.isEmpty)
    let third = try bench.finish(
      activities("create", "{ name: x, category_ids: [2, 3] }, { name: y, category_ids: [] }"))
    #expect(try links(bench) == ["x|2,3"])
    #expect(changes(third) == [members(added: [2], removed: [1]), nil])
    #expect(third.report.counts.updated == 1)
    let empty = try bench.finish(
      activities("create", "{ name: x, category_ids: [] }, { name: y, category_ids: [] }"))
    #expect(changes(empty) == [members(added: [], removed: [2, 3])])
    #expect(try links(bench) == [])
  }

  @Test func `what others do to the links is drift of their row, and set back`() throws {
    let bench = try bench()
    let text = activities(
      "create", "{ name: x, category_ids: [1] }, { name: y, category_ids: [2] }")
    try bench.finish(text)
    try bench.sql("INSERT INTO tagging VALUES (1, 4); DELETE FROM tagging WHERE activity_id = 2")
    let finish = try bench.finish(text)
    #expect(finish.changeset.operations[0].rows.map(\.kind) == [.drift, .drift])
    #expect(changes(finish) == [members(added: [], removed: [4]), members(added: [2])])
    #expect(try links(bench) == ["x|1", "y|2"])
    #expect(try bench.finish(text).changeset.isEmpty)
  }

  @Test func `links that are not asked for are nobody's business`() throws {
    let bench = try bench()
    try bench.finish(activities("create", "{ name: x }"))
    try bench.sql("INSERT INTO tagging VALUES (1, 4)")
    #expect(try bench.finish(activities("create", "{ name: x }")).changeset.isEmpty)
    try bench.finish(activities("create", "{ name: x, note: n }"))
    #expect(try links(bench) == ["x|4"])
  }

  @Test func `a row that is there is adopted with its links, or given others`() throws {
    let bench = try bench()
    try bench.sql(
      """
      INSERT INTO activity (name) VALUES ('x'), ('y');
      INSERT INTO tagging VALUES (1, 2), (1, 1), (2, 1)
      """)
    let finish = try bench.finish(
      activities("upsert", "{ name: x, category_ids: [1, 2] }, { name: y, category_ids: [2] }"))
    #expect(finish.changeset.operations[0].rows.map(\.kind) == [.adopt, .update])
    #expect(changes(finish) == [nil, members(added: [2], removed: [1])])
    #expect(try links(bench) == ["x|1,2", "y|2"])
  }

  @Test func `an update gives the rows that match their links`() throws {
    let bench = try bench()
    try bench.sql(
      """
      INSERT INTO activity (name, note) VALUES ('x', 'n'), ('y', 'n'), ('z', 'm');
      INSERT INTO tagging VALUES (1, 2), (2, 1), (3, 4)
      """)
    let text = plan(
      "u: { action: update, entity: activity, where: { note: n }, values: { category_ids: [2] } }")
    let finish = try bench.finish(text)
    #expect(finish.changeset.counts.update == 1)
    #expect(finish.changeset.counts.unchanged == 1)
    #expect(changes(finish) == [members(added: [2], removed: [1])])
    #expect(try links(bench) == ["x|2", "y|2", "z|4"])
    #expect(try bench.finish(text).changeset.isEmpty)
  }

  @Test func `references are members, and rows of the run among them`() throws {
    let bench = try bench()
    let text = plan(
      """
      cats: { action: create, entity: category, rows: [{ code: e }, { code: f }], key: [code] },
      x: { action: create, entity: activity, values: { name: x, category_ids:
        [ 2, '$ref:cats["f"].category_id', '$ref:cats["e"].category_id' ] } }
      """)
    let finish = try bench.finish(text)
    #expect(try links(bench) == ["x|2,5,6"])
    let shown = finish.changeset.operations[1].rows[0].fields.last?.members?.added
    #expect(
      shown == [
        .value(.integer(2)), .reference(#"cats["f"].category_id"#, nil),
        .reference(#"cats["e"].category_id"#, nil),
      ])
    #expect(try bench.finish(text).changeset.isEmpty)
  }

  // MARK: Failures

  @Test func `a row and its links fail together, and the others are written`() throws {
    let bench = try bench()
    let lenient = "options: { atomic: false, on_error: continue }\n"
    let rows = """
      { name: x, category_ids: [1, 2] }, { name: y, category_ids: [3, 99] },
      { name: '', category_ids: [1] }, { name: z, category_ids: [4] }
      """
    let finish = try bench.finish(activities("create", rows, options: lenient))
    #expect(
      finish.report.lines == [
        "acts: failed 409 database-foreign-key", #"  "x": completed 201"#,
        #"  "y": failed 409 database-foreign-key"#, #"  "": failed 422 schema-min-length"#,
        #"  "z": completed 201"#,
      ])
    #expect(try links(bench) == ["x|1,2", "z|4"])
    #expect(try bench.sql("SELECT count(*) FROM tagging") == ["3"])
    #expect(try bench.strays("activity", key: "activity_id") == [])
  }

  @Test func `a link to nothing takes an atomic run back, and is named`() throws {
    let bench = try bench()
    let finish = try bench.finish(
      activities("create", "{ name: x, category_ids: [1] }, { name: y, category_ids: [99] }"))
    #expect(!finish.report.isSuccess)
    let failure = finish.report.results[0].instances[1].failure?.diagnostic
    #expect(failure?.message.contains(#""category_id" refers to a row of "category""#) == true)
    #expect(
      try bench.sql("SELECT count(*) FROM tagging UNION ALL SELECT count(*) FROM activity")
        == ["0", "0"])
  }

  @Test func `a dry run leaves no links`() throws {
    let bench = try bench()
    let finish = try bench.finish(
      activities("create", "{ name: x, category_ids: [1] }"), ApplyOptions(isDryRun: true))
    #expect(finish.report.counts.created == 1)
    #expect(try bench.sql("SELECT count(*) FROM tagging") == ["0"])
  }

  // MARK: Rows that go

  @Test(arguments: ["", "ON DELETE CASCADE", "ON DELETE RESTRICT"])
  func `links go with their row and are no deletes`(rule: String) throws {
    let bench = try bench(own: rule)
    try bench.finish(
      activities(
        "sync", "{ name: x, category_ids: [1, 2, 3, 4] }, { name: y, category_ids: [1, 2, 3] }"))
    let left = try bench.finish(activities("sync", "{ name: y, category_ids: [1, 2, 3] }"))
    #expect(left.changeset.deletes == 1)
    #expect(left.changeset.cascades == [])
    #expect(try links(bench) == ["y|1,2,3"])
    bench.extent = .destroy
    let destroyed = try bench.finish(
      activities("sync", "{ name: y, category_ids: [1, 2, 3] }"), ApplyOptions(allowedDeletes: 1))
    #expect(destroyed.changeset.deletes == 1)
    #expect(try bench.sql("SELECT count(*) FROM tagging") == ["0"])
  }

  @Test func `rows that left the plan take their links along, without a schema too`() throws {
    let bench = try bench()
    try bench.finish(activities("create", "{ name: x, category_ids: [1, 2] }"))
    try bench.write("type: object", to: "schemas/activity.yaml")
    bench.extent = .operations(prunes: true)
    let finish = try bench.finish(
      plan("other: { action: read, entity: category, where: { code: a } }"))
    #expect(finish.changeset.counts.delete == 1)
    #expect(try bench.sql("SELECT count(*) FROM tagging") == ["0"])
  }

  @Test func `a row that is replaced gets its links anew`() throws {
    let bench = try bench()
    try bench.schema(
      "activity", Self.schema.replacing("x-sow:", with: "x-sow:\n  immutable: [note]"))
    func text(_ note: String) -> String {
      plan(
        """
        x: { action: create, entity: activity, values: { name: x, note: \(note), category_ids: [1, 2] },
          lifecycle: { replace: true } }
        """)
    }
    try bench.finish(text("n"))
    let finish = try bench.finish(text("m"), ApplyOptions(allowedDeletes: 1))
    #expect(finish.changeset.operations[0].rows.map(\.kind) == [.replace])
    #expect(finish.changeset.deletes == 1)
    #expect(try bench.sql("SELECT * FROM tagging") == ["2|1", "2|2"])
  }

  // MARK: Rows that are linked to

  private func both(_ codes: [String], _ linked: [String], more: String = "") -> String {
    let cats = codes.map { "{ code: \($0) }" }.joined(separator: ", ")
    let members = linked.map { "'$ref:cats[\"\($0)\"].category_id'" }.joined(separator: ", ")
    return plan(
      """
      cats: { action: sync, entity: category, rows: [\(cats)], key: [code] },
      x: { action: create, entity: activity, values: { name: x, category_ids: [\(members)] } }\(more)
      """)
  }

  @Test(arguments: ["", "ON DELETE CASCADE", "ON DELETE RESTRICT"])
  func `a linked row can go in the run in which the links to it go`(rule: String) throws {
    let bench = try bench(other: rule)
    try bench.finish(both(["x", "y", "z"], ["x", "y"]))
    let finish = try bench.finish(both(["x", "z"], ["x", "z"]))
    #expect(finish.report.isSuccess)
    #expect(finish.changeset.deletes == 1)
    #expect(finish.changeset.cascades == [])
    #expect(
      try bench.sql("SELECT code FROM category JOIN tagging USING (category_id) ORDER BY 1")
        == ["x", "z"])
    bench.extent = .destroy
    let destroyed = try bench.finish(both(["x"], ["x"]), ApplyOptions(allowedDeletes: 3))
    #expect(destroyed.changeset.deletes == 3)
    #expect(try bench.sql("SELECT count(*) FROM tagging") == ["0"])
  }

  @Test func `a linked row does not go while others have links to it`() throws {
    let bench = try bench()
    try bench.finish(both(["x", "y"], ["x"]))
    try bench.sql(
      """
      INSERT INTO activity (name) VALUES ('theirs');
      INSERT INTO tagging SELECT 2, category_id FROM category WHERE code = 'y'
      """)
    #expect(try bench.refusals(both(["x"], ["x"])) == ["delete-blocked"])
  }

  @Test func `links of others that the database takes along are shown and not counted`() throws {
    let bench = try bench(other: "ON DELETE CASCADE")
    try bench.finish(both(["x", "y"], ["x"]))
    try bench.sql(
      """
      INSERT INTO activity (name) VALUES ('theirs');
      INSERT INTO tagging SELECT 2, category_id FROM category WHERE code = 'y'
      """)
    let finish = try bench.finish(both(["x"], ["x"]))
    #expect(finish.changeset.cascades == [Cascade(table: "tagging", effect: .unlink, count: 1)])
    #expect(finish.changeset.deletes == 1)
    #expect(try links(bench) == ["x|5"])
  }

  @Test func `a set that somebody owns loses no member by the way`() throws {
    let bench = try bench(other: "ON DELETE CASCADE")
    try bench.finish(both(["x", "y"], ["x"]))
    try bench.finish(
      "plan: other\n" + activities("create", "{ name: theirs, category_ids: [6] }"))
    #expect(try bench.refusals(both(["x"], ["x"])) == ["cascade-owned"])
  }

  // MARK: Without a ledger

  @Test func `a single run writes, reads and deletes rows with their links`() throws {
    let bench = try bench()
    let finish = try bench.once(
      plan(
        """
        x: { action: create, entity: activity, values: { name: x, category_ids: [2, 1] } },
        r: { action: read, entity: activity, ids: ['$ref:x.activity_id'], select: [name, category_ids] }
        """))
    #expect(
      finish.report.results[1].data.first?.fields.map(\.value) == [
        .value(.integer(1)), .value(.text("x")), .value(.list([.integer(1), .integer(2)])),
      ])
    let gone = try bench.once(
      plan("d: { action: delete, entity: activity, where: { name: x } }"),
      ApplyOptions(allowedDeletes: 1))
    #expect(gone.report.isSuccess)
    #expect(try bench.sql("SELECT count(*) FROM tagging") == ["0"])
  }

  // MARK: Tables

  @Test func `the join table is made with its keys, beside a table that is there`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE activity (activity_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, note TEXT);
      CREATE TABLE category (category_id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE);
      INSERT INTO category (code) VALUES ('a');
      INSERT INTO activity (name) VALUES ('x');
      """)
    try bench.schema(
      "category",
      """
      type: object
      properties: { category_id: { type: integer, readOnly: true }, code: { type: string } }
      required: [code]
      """)
    try bench.schema(
      "activity",
      Self.schema + "\n  references: { category_ids: category.category_id }")
    let text = activities("upsert", "{ name: x, category_ids: [] }, { name: y, category_ids: [1] }")
    let finish = try bench.finish(text)
    #expect(finish.changeset.createdTables == ["tagging"])
    #expect(finish.changeset.operations[0].rows.map(\.kind) == [.adopt, .create])
    #expect(try links(bench) == ["y|1"])
    #expect(
      try bench.sql(
        "SELECT \"table\", \"from\", \"to\", on_delete FROM pragma_foreign_key_list('tagging') ORDER BY 1"
      )
        == [
          "activity|activity_id|activity_id|NO ACTION",
          "category|category_id|category_id|NO ACTION",
        ])
    #expect(
      try bench.sql("SELECT name, pk FROM pragma_table_info('tagging')")
        == ["activity_id|1", "category_id|2"])
    #expect(try bench.finish(text).changeset.isEmpty)
  }

  // MARK: Files

  @Test func `links come from the cells of a file, as keys or as references`() throws {
    let bench = try bench()
    try bench.write(
      "name,ids,codes\nx,\"[2,1]\",\"[\"\"a\"\",\"\"d\"\"]\"\ny,[],[]\n", to: "acts.csv")
    func text(_ links: String) -> String {
      plan(
        """
        cats: { action: upsert, entity: category, key: [code], rows: [{ code: a }, { code: d }] },
        acts: { action: create, entity: activity, for_each: { file: acts.csv, key: name },
          values: { name: $each:name, category_ids: \(links) } }
        """)
    }
    try bench.finish(text("$each:ids"))
    #expect(try links(bench) == ["x|1,2"])
    let finish = try bench.finish(text("'$ref:cats[$each:codes].category_id'"))
    #expect(
      finish.changeset.operations[1].rows[0].fields[0].members
        == FieldChange.Members(
          added: [.reference(#"cats["d"].category_id"#, .integer(4))],
          removed: [.value(.integer(2))]))
    #expect(try links(bench) == ["x|1,4"])
    #expect(try bench.finish(text("'$ref:cats[$each:codes].category_id'")).changeset.isEmpty)
  }

  @Test func `rows of a file are held to the schema by what they refer to`() throws {
    let bench = try bench()
    let schema = Self.schema.replacing(
      "items: { type: integer }", with: "items: { type: integer, maximum: 5 }")
    try bench.schema("activity", schema)
    try bench.write("name,codes\nx,\"[\"\"e\"\"]\"\ny,\"[\"\"f\"\"]\"\n", to: "acts.csv")
    let finish = try bench.finish(
      plan(
        """
        cats: { action: create, entity: category, key: [code], rows: [{ code: e }, { code: f }] },
        acts: { action: create, entity: activity, for_each: { file: acts.csv, key: name },
          values: { name: $each:name, category_ids: '$ref:cats[$each:codes].category_id' } }
        """))
    #expect(!finish.report.isSuccess)
    #expect(finish.report.lines.contains(#"  "y": failed 422 schema-maximum"#))
    #expect(try bench.sql("SELECT count(*) FROM activity") == ["0"])
  }

  @Test func `statements do not grow with the rows and their links`() throws {
    func count(_ rows: Int) throws -> [Int] {
      let bench = try bench()
      bench.reportsRows = false
      func file(_ shift: Int) -> String {
        (1...rows).reduce(into: "name,category_ids\n") { text, number in
          text += "n\(number),\"[\((number + shift) % 2 + 1),\((number + shift) % 2 + 3)]\"\n"
        }
      }
      let text = plan(
        "acts: { action: create, entity: activity, key: [name], rows: { file: acts.csv } }")
      return try [0, 0, 1].map { shift in
        try bench.write(file(shift), to: "acts.csv")
        let database = try SQLiteDatabase.open(path: bench.databasePath, mode: .write)
        #expect(try bench.run(text, on: database).apply(ApplyOptions()).finish.report.isSuccess)
        return database.statementCount
      }
    }
    // A file of one batch reserves its keys once, before the ledger knows the table.
    #expect(try count(2_000) == count(10_000))
    #expect(try count(100)[0] == count(2_000)[0] - 1)
  }

  // MARK: Secrets

  @Test func `links by a sensitive key are masked`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE person (person_id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
      CREATE TABLE team (team_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
      CREATE TABLE membership (team_id INTEGER REFERENCES team, email TEXT REFERENCES person (email),
        PRIMARY KEY (team_id, email));
      INSERT INTO person VALUES (1, 'luis@example.com'), (2, 'lan@example.com')
      """)
    try bench.schema(
      "person",
      """
      type: object
      properties: { email: { type: string } }
      required: [email]
      x-sow: { sensitive: { email: PHI } }
      """)
    try bench.schema(
      "team",
      """
      type: object
      properties: { name: { type: string }, members: { type: array, items: { type: string } } }
      required: [name]
      x-sow:
        unique: [[name]]
        links: { members: { table: membership, own: team_id, other: email } }
      """)
    func text(_ name: String) -> String {
      plan(
        "t: { action: create, entity: team, values: { name: a, members: [\(name)@example.com] } }")
    }
    for name in ["luis", "lan"] {
      let finish = try bench.finish(text(name))
      let change = finish.changeset.operations[0].rows[0].fields.last
      #expect(change?.new == .masked(label: "PHI"))
      #expect(change?.members == nil)
      #expect(
        finish.report.results[0].data.first?.fields.last?.value == .masked(label: "PHI"))
    }
    #expect(try bench.sql("SELECT email FROM membership") == ["lan@example.com"])
  }
}
