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
