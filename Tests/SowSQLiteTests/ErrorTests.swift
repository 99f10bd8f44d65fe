import CSQLite
import SowDatabase
import SowModel
import Testing

@testable import SowSQLite

struct ErrorTests {
  @Test(arguments: [
    (SQLITE_FULL, DatabaseError.Kind.diskFull), (SQLITE_IOERR | 3 << 8, .inputOutput),
    (SQLITE_CORRUPT, .unusable), (SQLITE_NOTADB, .unusable), (SQLITE_BUSY | 2 << 8, .locked),
    (SQLITE_READONLY | 4 << 8, .readOnly), (SQLITE_CANTOPEN, .unavailable),
    (SQLITE_INTERRUPT, .interrupted), (SQLITE_TOOBIG, .refused), (SQLITE_MISMATCH, .refused),
    (SQLITE_NOMEM, .other), (SQLITE_ERROR, .other), (SQLITE_CONSTRAINT, .refused),
  ])
  func `every failure of SQLite has our words and none of its own`(
    code: Int32, kind: DatabaseError.Kind
  ) {
    let error = DatabaseError(code: code, text: "hunter2")
    #expect(error.kind == kind)
    #expect(!error.message.english.contains("hunter2"))
    #expect(!error.message.vietnamese.contains("hunter2"))
  }

  @Test func `names are taken from a constraint's message, whatever is in them`() {
    let text = "UNIQUE constraint failed: a.b, c.x, y, a.b, c.z.w"
    let error = DatabaseError(code: SQLITE_CONSTRAINT | 8 << 8, text: text)
      .named(for: "a.b, c", text: text)
    #expect(error.table == "a.b, c")
    #expect(error.columns == ["x, y", "z.w"])
  }

  @Test func `a function that a schema may not call is named`() throws {
    let sandbox = try Sandbox(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, tags TEXT DEFAULT (json_array('x')), name TEXT)")
    let (database, table) = try sandbox.begin("t")
    let error = try #require(throws: DatabaseError.self) {
      try database.insert(table.rows(["name"], [[.text("a")]]), stopsAtFailure: true)
    }
    #expect(error.message.english.contains("calls json_array()"))
  }
}
