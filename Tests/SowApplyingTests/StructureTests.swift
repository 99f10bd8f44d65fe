import SowApplying
import SowModel
import Testing

/// Tables and columns that are made from schemas.
struct StructureTests {
  static func schemas(_ bench: Workbench) throws {
    try bench.schema(
      "album",
      """
      type: object
      properties:
        album_id: { type: integer, readOnly: true }
        title: { type: string }
        artist_id: { type: integer }
      required: [title, artist_id]
      x-sow: { unique: [[title]], references: { artist_id: artist.artist_id } }
      """)
    try bench.schema(
      "artist",
      """
      type: object
      properties:
        artist_id: { type: integer, readOnly: true }
        name: { type: string }
      required: [name]
      x-sow: { unique: [[name]] }
      """)
  }

  static let plan = """
    operations:
      balls: { action: create, entity: album, values: { title: Balls, artist_id: $ref:accept.artist_id } }
      accept: { action: upsert, entity: artist, values: { name: Accept } }
    """

  @Test func `missing tables are made with the rows, or not at all`() throws {
    let bench = try Workbench()
    try Self.schemas(bench)
    try bench.finish(Self.plan, ApplyOptions(isDryRun: true))
    #expect(try bench.sql("SELECT count(*) FROM sqlite_schema") == ["0"])
    let preview = try bench.preview(Self.plan)
    if case .changes(let changeset, _, _, _) = preview {
      #expect(changeset.createdTables.sorted() == ["album", "artist"])
    } else {
      Issue.record("\(preview)")
    }
    try bench.finish(Self.plan)
    #expect(
      try bench.sql("SELECT title, name FROM album JOIN artist USING (artist_id)")
        == ["Balls|Accept"])
    #expect(
      try bench.sql("SELECT \"table\" FROM pragma_foreign_key_list('album')") == ["artist"])
    #expect(try bench.finish(Self.plan).changeset.isEmpty)
  }

  @Test func `missing columns are added, whatever is asked of them`() throws {
    let bench = try Workbench(
      """
      CREATE TABLE artist (artist_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
      INSERT INTO artist (name) VALUES ('Accept'), ('Abba');
      """)
    try bench.schema(
      "artist",
      """
      type: object
      properties:
        artist_id: { type: integer, readOnly: true }
        name: { type: string }
        city: { type: [string, "null"] }
        rank: { type: integer, default: 1 }
      required: [name]
      x-sow: { unique: [[name]] }
      """)
    let plan = """
      operations:
        accept: { action: upsert, entity: artist, values: { name: Accept, city: Solingen } }
        abba: { action: upsert, entity: artist, values: { name: Abba, rank: 1 } }
        all: { action: read, entity: artist, ids: [1, 2] }
        ac: { action: create, entity: artist, values: { name: "of ${ref:accept.rank}" } }
      """
    let finish = try bench.finish(plan)
    #expect(finish.changeset.createdTables == ["artist.city", "artist.rank"])
    #expect(finish.changeset.counts.update == 1)
    #expect(finish.changeset.counts.ledgerOnly == 1)
    #expect(
      try bench.sql("SELECT name, city, rank FROM artist ORDER BY name")
        == ["Abba|NULL|1", "Accept|Solingen|1", "of 1|NULL|1"])
    #expect(try bench.finish(plan).changeset.isEmpty)
  }

  @Test func `keys that sow draws are set once, and name the row from then on`() throws {
    let bench = try Workbench(
      "CREATE TABLE tag (tag_id TEXT PRIMARY KEY, name TEXT NOT NULL, rank INTEGER NOT NULL)")
    try bench.schema(
      "tag",
      """
      type: object
      properties:
        tag_id: { type: string, format: uuid, readOnly: true }
        name: { type: string }
        rank: { type: integer, default: 3 }
      required: [name]
      x-sow: { generated: { tag_id: uuid } }
      """)
    let plan = """
      operations:
        one: { action: create, entity: tag, values: { name: a } }
        two: { action: create, entity: tag, values: { name: "of ${ref:one.tag_id}", rank: 5 } }
      """
    try bench.finish(plan)
    let rows = try bench.sql("SELECT tag_id, name, rank FROM tag ORDER BY name")
    try #require(rows.count == 2)
    let key = String(rows[0].prefix(36))
    #expect(
      key.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
        != nil)
    // The default of the schema fills what the table has no default for.
    #expect(rows[0] == "\(key)|a|3")
    #expect(rows[1].hasSuffix("|of \(key)|5"))
    #expect(try bench.finish(plan).changeset.isEmpty)
    // Such a key is never given twice, so a changed row is certainly ours, and a lost one comes back.
    try bench.sql("UPDATE tag SET rank = 9 WHERE rank = 5; DELETE FROM tag WHERE rank = 3")
    let drift = try bench.finish(plan)
    #expect(drift.changeset.operations.flatMap(\.rows).map(\.kind) == [.recreate, .drift])
    #expect(try bench.sql("SELECT tag_id, name, rank FROM tag ORDER BY name") == rows)
  }

  @Test func `without one transaction tables are kept though no row is written`() throws {
    let bench = try Workbench()
    try Self.schemas(bench)
    let plan = """
      options: { atomic: false }
      operations: { r: { action: read, entity: artist, where: { name: x } } }
      """
    #expect(try bench.finish(plan).isCommitted)
    #expect(try bench.sql("SELECT count(*) FROM artist") == ["0"])
  }

  @Test func `a run without a ledger sees the tables that it made`() throws {
    let bench = try Workbench()
    try Self.schemas(bench)
    let plan = """
      operations:
        a: { action: upsert, entity: artist, values: { name: Accept } }
        r: { action: read, entity: artist, where: { name: Accept }, depends_on: [a] }
        b: { action: create, entity: album, values: { title: Balls, artist_id: $ref:r.artist_id } }
        u: { action: update, entity: album, where: { title: Balls }, values: { title: Bells }, depends_on: [b] }
      """
    #expect(try bench.once(plan).report.isSuccess)
    #expect(try bench.sql("SELECT title, artist_id FROM album") == ["Bells|1"])
  }
}
