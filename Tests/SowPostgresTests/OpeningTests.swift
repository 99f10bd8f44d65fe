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
}
