import SowApplying
import SowDatabase
import SowModel
import Testing

/// Constraints that are held at the commit, and whom they blame.
struct DeferredTests {
  private func bench() throws -> Workbench {
    let bench = try Workbench(
      """
      CREATE TABLE team (team_id INTEGER PRIMARY KEY, name TEXT);
      CREATE TABLE member (
        member_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE,
        team_id INTEGER REFERENCES team DEFERRABLE INITIALLY DEFERRED);
      """)
    try bench.write("name,team_id\nDo,1\nEm,8\n", to: "members.csv")
    return bench
  }

  private func plan(_ options: String, _ members: String) -> String {
    """
    options: \(options)
    operations:
      teams:
        action: create
        entity: team
        values: { team_id: 1, name: Seeds }
      members:
        action: create
        entity: member
        key: [name]
        \(members)
    """
  }

  private static let rows = """
    rows:
          - { name: An, team_id: 1 }
          - { name: Bo, team_id: 7 }
          - { name: Ca, team_id: 7 }
    """

  @Test func `a reference that leads nowhere at the commit is the failure of its row`() throws {
    let bench = try bench()
    let finish = try bench.finish(plan("{ atomic: true }", Self.rows))
    #expect(!finish.isCommitted)
    let members = try #require(finish.report.results.last)
    #expect(members.instances.map(\.status) == [.rolledBack, .failed, .failed])
    let failure = try #require(members.instances[1].failure)
    #expect(failure.diagnostic.code.id == "database-foreign-key")
    #expect(failure.diagnostic.range?.start.line == 13)
    #expect(finish.report.results.first?.status == .rolledBack)
    #expect(try bench.sql("SELECT count(*) FROM team") == ["0"])
  }

  @Test func `a row of a file blames its operation`() throws {
    let bench = try bench()
    let finish = try bench.finish(plan("{ atomic: true }", "rows: { file: members.csv }"))
    #expect(!finish.isCommitted)
    let failure = try #require(finish.report.results.last?.failure)
    #expect(failure.diagnostic.code.id == "database-foreign-key")
    #expect(failure.diagnostic.range?.start.line == 7)
    #expect(try bench.sql("SELECT count(*) FROM member") == ["0"])
  }

  @Test(arguments: ["stop", "continue"])
  func `with a commit an operation the run ends there, and earlier ones stay`(
    onError: String
  ) throws {
    let bench = try bench()
    let finish = try bench.finish(plan("{ atomic: false, on_error: \(onError) }", Self.rows))
    #expect(finish.isCommitted)
    guard case .failed(let error)? = finish.stop else {
      Issue.record("it went on")
      return
    }
    let placed = try #require(error as? PlacedError)
    #expect(placed.cause.kind == .foreignKey)
    #expect(placed.range?.start.line == 13)
    #expect(try bench.sql("SELECT count(*) FROM team") == ["1"])
    #expect(try bench.sql("SELECT count(*) FROM member") == ["0"])
  }
}
