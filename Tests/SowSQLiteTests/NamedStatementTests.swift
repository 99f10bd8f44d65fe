import SowDatabase
import SowModel
import SowSQLite
import Testing

struct NamedStatementTests {
  private func refusal(_ text: String) throws -> String? {
    let sandbox = try Sandbox(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a); CREATE VIEW v AS SELECT a FROM t;")
    let database = try sandbox.open()
    try database.begin(.write, patience: 1)
    switch try database.inspect(QueryStatement(text, file: FileID(index: 0))) {
    case .success: return nil
    case .failure(let refusal): return refusal.reason.english
    }
  }

  @Test(arguments: [
    "BEGIN", "COMMIT", "ATTACH 'x.db' AS x", "DETACH main", "PRAGMA foreign_keys = OFF",
    "PRAGMA user_version", "VACUUM", "ANALYZE", "REINDEX", "EXPLAIN SELECT 1",
    "EXPLAIN QUERY PLAN SELECT 1", "CREATE TEMP TABLE x AS SELECT 1",
    "REPLACE INTO t VALUES (1, 2)",
    "WITH x AS (SELECT 1) DELETE FROM t", "SELECT sow_digest(a) FROM t",
    "SELECT ?", "SELECT ?1", "SELECT @a", "SELECT $a",
    "SELECT \"nothing\" FROM t", "SELECT 1 \u{0} FROM t",
  ])
  func `only a SELECT with named parameters passes`(text: String) throws {
    #expect(try refusal(text) != nil)
  }

  @Test(arguments: [
    "SELECT 1;", "SELECT 1 ; -- done\n", "VALUES (1), (2)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n",
    "SELECT value FROM json_each('[1]')", "SELECT a, row_number() OVER (ORDER BY a) AS n FROM v",
  ])
  func `any SELECT does`(text: String) throws {
    #expect(try refusal(text) == nil)
  }

  @Test func `a table behind a view is read, and each text is prepared once`() throws {
    let sandbox = try Sandbox("CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;")
    let database = try sandbox.open()
    try database.begin(.read, patience: 1)
    let statement = QueryStatement("SELECT a FROM v WHERE a = :a", file: FileID(index: 0))
    #expect(try database.inspect(statement).get().tables?.contains("t") == true)
    let before = database.statementCount
    for number in Int64(0)..<50 {
      _ = try database.run(QueryCall(statement, values: [.integer(number)], types: [:])).get()
    }
    #expect(database.statementCount == before)
  }

  @Test func `a statement that fails while it runs is refused with no word of its values`() throws {
    let sandbox = try Sandbox()
    let database = try sandbox.open()
    try database.begin(.read, patience: 1)
    let statement = QueryStatement("SELECT json_extract(:text, '$.a')", file: FileID(index: 0))
    let refusal = #expect(throws: QueryRefusal.self) {
      try database.run(QueryCall(statement, values: [.text("{secret")], types: [:])).get()
    }
    #expect(refusal?.reason.english.contains("secret") == false)
    #expect(try database.inspect(statement).get().columns.count == 1)
  }
}
