import SowDatabase
import SowModel
import SowPostgres
import SowTestSupport
import Testing

struct OpeningTests {
  @Test func `a server that is not there is unavailable, and no password is said`() throws {
    let error = #expect(throws: DatabaseError.self) {
      try PostgresDatabase.open(url: "postgres://luis:geheim@/shop?host=/nowhere")
    }
    #expect(error?.kind == .unavailable)
    #expect(error?.message.english.contains("geheim") == false)
  }

  @Test func `a URL that cannot be read is not repeated`() throws {
    let error = #expect(throws: DatabaseError.self) {
      try PostgresDatabase.open(url: "postgres://luis:gehe%zzim@/shop")
    }
    #expect(error?.kind == .unavailable)
    #expect(error?.message.english.contains("gehe") == false)
  }

  @Test func `plain names and the ledger lie where the settings say, whatever the search path`()
    throws
  {
    let sandbox = try Sandbox(
      """
      CREATE SCHEMA shop; CREATE SCHEMA books;
      CREATE TABLE shop.item (id int PRIMARY KEY, ours text);
      CREATE TABLE item (id int PRIMARY KEY, theirs text);
      CREATE TABLE books.page (id int PRIMARY KEY)
      """)
    try sandbox.run(
      "ALTER DATABASE \(PostgresServer.name(in: sandbox.url)) SET search_path = public")
    var settings = PostgresDatabase.Settings()
    settings.schema = "shop"
    settings.ledgerSchema = "books"
    let database = try sandbox.open(settings)
    try database.begin(.write, patience: 1)
    let columns = try database.table("item").columns.map(\.name)
    #expect(columns == ["id", "ours"])
    try database.create(Ledger(lineage: "0f", secret: [1]))
    try database.create([
      TableDefinition(
        name: "made",
        columns: [
          .init(
            name: "id", type: .integer, isNullable: false, defaultValue: nil, isGeneratedKey: true)
        ], primaryKey: ["id"], unique: [], foreignKeys: [])
    ])
    #expect(
      try database.catalogue().tables.map(\.name) == ["item", "made", "books.page", "public.item"])
    try database.commit()
    #expect(
      try sandbox.run(
        "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename IN ('sow_row', 'made') ORDER BY 1"
      ) == "books\nshop")
  }

  @Test(arguments: [String(repeating: "a", count: 64), String(repeating: "ệ", count: 22)])
  func `a name that PostgreSQL would cut is refused, and makes nothing`(name: String) throws {
    let sandbox = try Sandbox("CREATE TABLE t (id int PRIMARY KEY)")
    let database = try sandbox.begin()
    func column(_ name: String) -> TableDefinition.Column {
      .init(name: name, type: .string, isNullable: true, defaultValue: nil, isGeneratedKey: false)
    }
    func table(_ name: String, _ column: TableDefinition.Column) -> TableDefinition {
      TableDefinition(
        name: name, columns: [column], primaryKey: [], unique: [], foreignKeys: [])
    }
    for attempt in [
      { try database.create([table(name, column("a"))]) },
      { try database.create([table("u", column(name))]) },
      { try database.add([column(name)], to: "t") },
    ] {
      let error = #expect(throws: DatabaseError.self) { try attempt() }
      #expect(error?.kind == .refused)
      #expect(error?.message.english.contains("63 bytes") == true)
    }
    let short = String(name.dropLast())
    try database.add([column(short)], to: "t")
    #expect(try database.catalogue().tables.map(\.name) == ["t"])
    #expect(try database.table("t").columns.map(\.name) == ["id", short])
  }
}
