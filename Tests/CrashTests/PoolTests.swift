import Foundation
import SowTestSupport
import Testing

/// What holds where a pool gives each transaction another session of the server.
struct PoolTests {
  private static let scene = CrashScene(
    name: "pool", options: "{ atomic: true }", customers: 2)

  @Test(.enabled(if: ConnectionPool.isInstalled, "there is no pgbouncer here"))
  func `twenty runs through a pool leave no lock behind`() throws {
    let server = try PostgresServer.shared()
    let pool = try ConnectionPool(before: server)
    let scene = try ServerScene(Self.scene)
    defer { scene.remove() }
    try scene.enter(pool.url(of: PostgresServer.name(in: scene.url)))
    let plan = String(decoding: try #require(scene.project.read("plans/shop.yaml")), as: UTF8.self)
    for round in 1...5 {
      try scene.project.write(
        plan.replacing("name: Nguyễn 1", with: "name: Nguyễn \(round)"), to: "plans/shop.yaml")
      let names = (1...4).map { "run-\(round)-\($0)" }
      let children = try names.map { try scene.project.start("exec sow apply --yes", as: $0) }
      let outputs = zip(children, names).map {
        scene.project.output(of: $0, as: $1, ending: $0.wait())
      }
      for output in outputs { #expect(output.code == 0, "\(output.out)\(output.errors)") }
      #expect(outputs.count { $0.out.contains("Applied: ") } == 1)
    }
    #expect(try scene.run("SELECT count(*) FROM sow_run") == "5")
    let left = try scene.run(
      """
      SELECT count(*), max(a.state), count(DISTINCT a.pid),
        count(l.pid) FILTER (WHERE l.locktype IN ('advisory', 'relation', 'transactionid'))
      FROM pg_stat_activity AS a LEFT JOIN pg_locks AS l USING (pid)
      WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
      """)
    #expect(left == "2|idle|2|0", "\(left)")
    // Nothing that was set for a run is in the session of the next one.
    #expect(
      try server.run(
        "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'), current_user",
        on: pool.url(of: PostgresServer.name(in: scene.url))) == "0|0|sow")
    try scene.expectDone("pool")
  }
}
