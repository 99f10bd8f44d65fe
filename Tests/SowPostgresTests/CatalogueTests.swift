import SowDatabase
import SowModel
import SowPostgres
import Testing

struct CatalogueTests {
  static let types: [(declaration: String, type: FieldType)] = [
    ("smallint", .integer), ("integer", .integer), ("bigint", .integer), ("numeric", .decimal),
    ("numeric(10,2)", .decimal), ("real", .float), ("double precision", .float),
    ("boolean", .boolean), ("text", .string), ("character varying(40)", .string),
    ("character(3)", .string), ("date", .date), ("time without time zone", .time),
    ("timestamp without time zone", .timestamp), ("timestamp with time zone", .timestamp),
    ("uuid", .uuid), ("json", .object([:])), ("jsonb", .object([:])), ("bytea", .bytes),
    ("integer[]", .list(of: .integer)), ("text[]", .list(of: .string)), ("mood", .string),
    ("zip", .string), ("positive", .integer), ("inet", .string), ("interval", .string),
  ]

  @Test func `every type is known by what plans call it`() throws {
    let columns = Self.types.enumerated().map { "c\($0) \($1.declaration)" }
    let sandbox = try Sandbox(
      """
      CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN zip AS varchar(5);
      CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
      CREATE TABLE every (id int PRIMARY KEY, \(columns.joined(separator: ", ")))
      """)
    let table = try sandbox.begin(.read).table("every")
    #expect(table.columns.dropFirst().map(\.type) == Self.types.map(\.type))
    #expect(table.columns.dropFirst().map(\.declaredType) == Self.types.map(\.declaration))
    #expect(table.columns[10].declaredLength == 40)
    #expect(
      table.columns.filter { $0.precision != nil }.map(\.declaredType) == ["numeric(10,2)"])
    #expect(table.columns[5].precision == .places(whole: 8, fraction: 2))
  }

  @Test func `what counts a key and what fills a column is seen`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE a (id serial PRIMARY KEY);
      CREATE TABLE b (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
      CREATE TABLE c (id integer PRIMARY KEY, n int DEFAULT 5, m int GENERATED ALWAYS AS (n * 2) STORED,
        at timestamptz DEFAULT now(), name text DEFAULT 'it''s', flag bool DEFAULT true);
      CREATE SEQUENCE numbers; CREATE TABLE d (id int PRIMARY KEY DEFAULT nextval('numbers'));
      CREATE TABLE e (id uuid PRIMARY KEY DEFAULT gen_random_uuid())
      """)
    let catalogue = try sandbox.begin(.read).catalogue()
    func generation(_ name: String) -> Column.Generation? {
      catalogue[name]?.columns[0].generation
    }
    for name in ["a", "b", "d"] { #expect(generation(name) == .key(recycled: false)) }
    for name in ["c", "e"] { #expect(generation(name) == Column.Generation.none) }
    let columns = try #require(catalogue["c"]).columns
    #expect(columns.map(\.hasDefault) == [false, true, false, true, true, true])
    #expect(
      columns.map(\.defaultValue) == [nil, .integer(5), nil, nil, .text("it's"), .boolean(true)])
    #expect(columns[2].generation == .computed)
    #expect(catalogue["e"]?.columns[0].hasDefault == true)
  }

  @Test func `tables of other schemas have their schema before their name`() throws {
    let sandbox = try Sandbox(
      """
      CREATE SCHEMA shop; CREATE TABLE shop.item (id int PRIMARY KEY);
      CREATE TABLE item (id int PRIMARY KEY, other int REFERENCES shop.item ON DELETE CASCADE);
      CREATE VIEW items AS SELECT * FROM item
      """)
    let database = try sandbox.open()
    try database.begin(.write, patience: 1)
    let catalogue = try database.catalogue()
    #expect(catalogue.tables.map(\.name) == ["item", "shop.item"])
    #expect(
      catalogue["item"]?.foreignKeys
        == [
          Table.ForeignKey(
            columns: [1], table: "shop.item", referencedColumns: ["id"], onDelete: .cascade)
        ])
    #expect(catalogue.others == [OtherRelation(name: "items", kind: .view)])
    #expect(try database.insert(database.table("shop.item"), ["id"], [[.integer(7)]]) == [])
    #expect(try database.contents(of: database.table("shop.item"), ["id"]) == [[.integer(7)]])
    database.rollback()

    var settings = PostgresDatabase.Settings()
    settings.schema = "shop"
    let other = try sandbox.open(settings)
    try other.begin(.read, patience: 1)
    #expect(try other.catalogue().tables.map(\.name) == ["item", "public.item"])
  }

  @Test func `a table of parts is one table, and a part of an index is no key`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE log (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
      CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
      CREATE TABLE t (id int PRIMARY KEY, a int, b text);
      CREATE UNIQUE INDEX ON t (a) WHERE b IS NULL; CREATE UNIQUE INDEX ON t (lower(b));
      CREATE UNIQUE INDEX ON t (b, a)
      """)
    let database = try sandbox.begin()
    #expect(try database.catalogue().tables.map(\.name) == ["log", "t"])
    #expect(try database.table("t").uniqueKeys == [[2, 1]])
    let log = try database.table("log")
    let day = Value.text("2024-02-29")
    #expect(try database.insert(log, ["id", "day"], [[.integer(1), day]]) == [])
    #expect(try database.contents(of: log, ["day"]) == [[day]])
    let failures = try database.insert(log, ["id", "day"], [[.integer(1), .text("1999-01-01")]])
    #expect(failures.map(\.error.kind) == [.check])
  }
}
