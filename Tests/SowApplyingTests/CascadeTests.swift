import SowApplying
import SowModel
import SowPlanning
import Testing

/// Rows that the database itself deletes or empties, and who counts them.
struct CascadeTests {
  static let tables = """
    CREATE TABLE album (album_id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL UNIQUE);
    CREATE TABLE track (
      track_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
      album_id INTEGER REFERENCES album ON DELETE CASCADE);
    CREATE TABLE play (
      play_id INTEGER PRIMARY KEY AUTOINCREMENT, track_id INTEGER REFERENCES track ON DELETE CASCADE);
    CREATE TABLE wish (
      wish_id INTEGER PRIMARY KEY AUTOINCREMENT, who TEXT, album_id INTEGER REFERENCES album ON DELETE SET NULL);
    """
  static let plan =
    "operations: { albums: { action: sync, entity: album, key: [title], rows: [ROWS] } }"
  static let both = plan.replacing("ROWS", with: "{ title: a }, { title: b }")
  static let one = plan.replacing("ROWS", with: "{ title: a }")

  private func filled(tracks: Int) throws -> Workbench {
    let bench = try Workbench(Self.tables)
    try bench.finish(Self.both)
    for number in 1...tracks {
      try bench.sql(
        "INSERT INTO track (name, album_id) VALUES ('t\(number)', 2);"
          + "INSERT INTO play (track_id) VALUES (\(number));")
    }
    try bench.sql("INSERT INTO wish (who, album_id) VALUES ('x', 2), ('y', 1)")
    return bench
  }

  @Test func `rows that go along are counted by table and for the gate`() throws {
    let bench = try filled(tracks: 5)
    #expect(try bench.unconsented(Self.one) == ["too-many-deletes"])
    let finish = try bench.finish(Self.one, ApplyOptions(allowedDeletes: 11))
    #expect(
      finish.changeset.cascades == [
        Cascade(table: "play", effect: .delete, count: 5),
        Cascade(table: "track", effect: .delete, count: 5),
        Cascade(table: "wish", effect: .setNull(["album_id"]), count: 1),
      ])
    #expect(finish.changeset.deletes == 11)
    #expect(
      try bench.sql("SELECT count(*) FROM play UNION ALL SELECT count(*) FROM track") == ["0", "0"])
    #expect(try bench.sql("SELECT album_id FROM wish") == ["NULL", "1"])
  }

  @Test(arguments: ["", "options: { atomic: false, on_error: continue }\n"])
  func `a row that somebody owns is not deleted by the way`(options: String) throws {
    let bench = try filled(tracks: 1)
    let other = """
      plan: other
      operations: { t: { action: upsert, entity: track, key: [name], values: { name: t1 } } }
      """
    try bench.finish(other)
    #expect(try bench.refusals(options + Self.one) == ["cascade-owned"])
    #expect(try bench.sql("SELECT count(*) FROM album") == ["2"])
  }

  @Test func `a row that somebody owns loses no field that is set there`() throws {
    let bench = try filled(tracks: 1)
    func owning(_ values: String) -> String {
      "plan: other\noperations: { w: { action: create, entity: wish, values: { \(values) } } }"
    }
    try bench.finish(owning("who: me"))
    try bench.sql("UPDATE wish SET album_id = 2 WHERE who = 'me'")
    try bench.finish(Self.both)
    guard case .changes(let changeset, _, _, _) = try bench.preview(Self.one) else {
      throw BenchFailure(text: "refused")
    }
    // who is theirs, album_id is not.
    #expect(changeset.cascades.last?.count == 2)
    try bench.finish(owning("who: me, album_id: 2"))
    #expect(try bench.refusals(Self.one) == ["cascade-owned"])
  }

  @Test func `a delete operation counts what goes with it, with and without a ledger`() throws {
    let plan = "operations: { d: { action: delete, entity: album, where: { title: b } } }"
    let bench = try filled(tracks: 5)
    try bench.sql(
      "DROP TABLE sow_row; DROP TABLE sow_policy; DROP TABLE sow_meta; DROP TABLE sow_run; DROP TABLE sow_shape"
    )
    #expect(try bench.unconsented(plan) == ["too-many-deletes"])
    #expect(try bench.unconsentedOnce(plan) == ["too-many-deletes"])
    #expect(try bench.sql("SELECT count(*) FROM track") == ["5"])
    try bench.once(plan, ApplyOptions(allowedDeletes: 11))
    #expect(try bench.sql("SELECT count(*) FROM track") == ["0"])
  }

  @Test func `a delete that is blocked says so before anything is written`() throws {
    let bench = try Workbench(RemovalTests.tables)
    try bench.sql(
      "INSERT INTO status (code) VALUES ('a'); INSERT INTO task (name, status_id) VALUES ('t', 1)")
    let plan = "operations: { d: { action: delete, entity: status, where: { code: a } } }"
    #expect(try bench.refusals(plan) == ["delete-blocked"])
    #expect(try bench.once(plan).report.lines == ["d: failed 409 delete-blocked"])
  }

  @Test func `deletes go from children to parents, whatever order they are written in`() throws {
    let bench = try Workbench(RemovalTests.tables)
    let fill =
      "INSERT INTO status (code) VALUES ('a'); INSERT INTO task (name, status_id) VALUES ('t', last_insert_rowid());"
    for options in ["{ atomic: true }", "{ atomic: false }"] {
      let plan = """
        options: \(options)
        operations:
          parents: { action: delete, entity: status, where: { code: a } }
          children: { action: delete, entity: task, where: { name: t } }
        """
      try bench.sql(fill)
      try bench.finish(plan)
      #expect(try bench.sql("SELECT code FROM status UNION SELECT name FROM task") == [])
      try bench.sql(fill)
      #expect(try bench.once(plan).report.isSuccess)
    }
  }

  @Test func `a delete within one table goes from children to parents`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE node (node_id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES node);
      INSERT INTO node VALUES (1, NULL), (2, 1), (3, 2), (4, 2);
      """)
    try bench.finish(
      "operations: { d: { action: delete, entity: node, where: { node_id: { gt: 0 } } } }")
    #expect(try bench.sql("SELECT count(*) FROM node") == ["0"])
  }
}
