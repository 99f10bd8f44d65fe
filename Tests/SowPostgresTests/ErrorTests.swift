import SowDatabase
import SowModel
import SowPostgres
import Testing

struct ErrorTests {
  private static let secret = "geheim"

  private func sandbox() throws -> Sandbox {
    try Sandbox(
      """
      CREATE TABLE parent (id int PRIMARY KEY);
      CREATE TABLE t (id int PRIMARY KEY, name text CONSTRAINT short CHECK (length(name) < 9),
        code text UNIQUE, parent_id int REFERENCES parent, span int4range,
        EXCLUDE USING gist (span WITH &&));
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN IF new.id = 66 THEN RAISE EXCEPTION ''no %'', new.name; END IF;
        IF new.id = 67 THEN RETURN NULL; END IF; RETURN new; END';
      CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION refuse()
      """)
  }

  @Test func `every refusal is that of its row, with constraint and columns and no value`() throws {
    let database = try sandbox().begin()
    let table = try database.table("t")
    let long = Value.text(Self.secret + Self.secret)
    let failures = try database.insert(
      table, ["id", "name", "code", "parent_id", "span"],
      [
        [.integer(1), .text("a"), .text(Self.secret), .null, .text("[1,5)")],
        [.integer(2), long, .null, .null, .null],
        [.integer(3), .text("b"), .text(Self.secret), .null, .null],
        [.integer(4), .text("b"), .null, .integer(77), .null],
        [.integer(5), .text("b"), .null, .null, .text("[4,9)")],
        [.integer(66), .text(Self.secret), .null, .null, .null],
        [.integer(67), .text(Self.secret), .null, .null, .null],
        [.integer(1), .text(Self.secret), .null, .null, .null],
        [.integer(9), .text("z"), .null, .null, .null],
      ])
    #expect(failures.map(\.row) == [1, 2, 3, 4, 5, 6, 7])
    #expect(
      failures.map(\.error.kind) == [
        .check, .unique, .foreignKey, .refused, .refused, .refused, .unique,
      ])
    #expect(
      failures.map(\.error.columns) == [[], ["code"], ["parent_id"], [], [], [], ["id"]])
    #expect(
      failures.map { $0.error.constraint }.prefix(3) == ["short", "t_code_key", "t_parent_id_fkey"])
    #expect(failures.allSatisfy { $0.error.table == "t" })
    for failure in failures { #expect(!String(describing: failure).contains(Self.secret)) }
    #expect(try database.contents(of: table, ["id"]) == [[.integer(1)], [.integer(9)]])
  }

  @Test func `a violation that was put off fails the commit by name`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE parent (id int PRIMARY KEY);
      CREATE TABLE child (id int PRIMARY KEY,
        parent_id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)
      """)
    let database = try sandbox.begin()
    let child = try database.table("child")
    #expect(try database.insert(child, ["id", "parent_id"], [[.integer(1), .integer(5)]]) == [])
    let error = #expect(throws: DatabaseError.self) { try database.commit() }
    #expect(error?.kind == .foreignKey)
    #expect(error?.table == "child")
    #expect(error?.columns == ["parent_id"])
    #expect(try sandbox.run("SELECT count(*) FROM child") == "0")
  }

  @Test func `unique values that were put off name the rows that share them`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE (a, b) DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO t VALUES (1, 1, 1), (2, 1, 2), (3, NULL, 1), (4, NULL, 1)
      """)
    let database = try sandbox.begin()
    let table = try database.table("t")
    #expect(
      try database.insert(
        table, ["id", "a", "b"], [[.integer(5), .integer(1), .integer(2)]]) == [])
    let failure = try #require(try database.deferredFailure())
    #expect(failure.error.kind == .unique)
    #expect(failure.error.columns == ["a", "b"])
    #expect(Set(failure.rows) == [.integer(2), .integer(5)])
  }

  @Test func `a right that is missing is named`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id int PRIMARY KEY); CREATE ROLE clerk_of_errors; GRANT SELECT ON t TO
      clerk_of_errors
      """)
    var settings = PostgresDatabase.Settings()
    settings.role = "clerk_of_errors"
    let database = try sandbox.open(settings)
    try database.begin(.write, patience: 1)
    let table = try database.table("t")
    #expect(try database.contents(of: table, ["id"]) == [])
    let error = #expect(throws: DatabaseError.self) {
      try database.insert(table, ["id"], [[.integer(1)]])
    }
    #expect(error?.kind == .unavailable)
    #expect(error?.message.english == "permission denied for table t")
  }

  @Test func `rows are seen and written as row-level security says`() throws {
    let sandbox = try Sandbox(
      """
      CREATE TABLE t (id int PRIMARY KEY, tenant text);
      INSERT INTO t VALUES (1, 'a'), (2, 'b');
      CREATE ROLE clerk_of_tenants; GRANT ALL ON t TO clerk_of_tenants;
      ALTER TABLE t ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON t USING (tenant = current_setting('sow.tenant', true))
      """)
    var settings = PostgresDatabase.Settings()
    settings.role = "clerk_of_tenants"
    settings.identity["sow.tenant"] = "a"
    let database = try sandbox.open(settings)
    try database.begin(.write, patience: 1)
    let table = try database.table("t")
    #expect(try database.contents(of: table, ["id"]) == [[.integer(1)]])
    let failures = try database.insert(
      table, ["id", "tenant"],
      [[.integer(3), .text("a")], [.integer(4), .text("b")], [.integer(5), .text("a")]])
    #expect(failures.map(\.row) == [1])
    #expect(failures.map(\.error.kind) == [.refused])
    #expect(
      try database.delete([.integer(2)], from: table, stopsAtFailure: false).map(\.error.kind) == [
        .missing
      ])
  }
}
