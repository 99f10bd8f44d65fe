import Foundation
import SowTestSupport
import Testing

/// A project whose database is on a server, so that both can be copied.
struct ServerScene {
  let project: TemporaryProject
  let url: String
  private let server: PostgresServer

  /// What a scene is just before the apply that is to be disturbed.
  init(_ scene: CrashScene, on server: PostgresServer? = nil) throws {
    let server = try server ?? PostgresServer.shared()
    self.server = server
    url = try server.makeDatabase()
    project = try TemporaryProject()
    try scene.write(to: project, database: url) { sql in
      _ = try server.run(sql, on: url)
    }
  }

  /// A copy of another one, to whose database nobody is connected.
  init(copying other: ServerScene) throws {
    server = other.server
    url = try server.makeDatabase(like: PostgresServer.name(in: other.url))
    project = try TemporaryProject(copying: other.project.folder)
    try enter(url)
  }

  func remove() { project.remove() }

  /// Makes the project meet its database by another URL.
  func enter(_ url: String) throws {
    try project.write(
      "environments: { local: { database: \"\(url)\", create_tables: true } }\n", to: "sow.yaml")
  }

  /// The URL for another role.
  func url(as role: String) -> String {
    server.url(of: PostgresServer.name(in: url), role: role)
  }

  /// What is asked of the server beside the scene's database, which is `$1` in it.
  func runBeside(_ sql: String) throws {
    try server.run(sql.replacing("$1", with: PostgresServer.name(in: url)), in: "postgres")
  }

  @discardableResult
  func run(_ sql: String) throws -> String { try server.run(sql, on: url) }

  /// An apply that stops at `step`, where `body` does harm, and then goes on.
  func apply(stoppingAt step: String, _ body: () throws -> Void) throws -> TemporaryProject.Output {
    let child = try project.start("SOW_STOP_AT=\(step) exec sow apply --yes", as: step)
    try #require(child.waitForStop())
    try body()
    child.signal(SIGCONT)
    return project.output(of: child, as: step, ending: child.wait())
  }

  /// Ends the server's process behind the one session of sow.
  func endSession() throws { #expect(try run("SELECT pg_terminate_backend(\(session()))") == "t") }

  /// Kills it, upon which the server ends all sessions and recovers.
  func killSession() throws {
    let session = try session()
    kill(try #require(pid_t(session)), SIGKILL)
    // Until the server notices, it takes others in, to whom the session is still there.
    let isGone = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(session))"
    let end = ContinuousClock.now + .seconds(60)
    while (try? run(isGone)) != "t", ContinuousClock.now < end { usleep(50_000) }
  }

  private func session() throws -> String {
    try run(
      """
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'sow'
      """)
  }

  /// All rows, without the numbers of keys: a sequence moves on though a run is taken back. Empty
  /// where there are no tables yet.
  func state() throws -> [String] {
    guard try run("SELECT to_regclass('sow_row') IS NOT NULL") == "t" else { return [] }
    let hasParts = try run("SELECT to_regclass('part') IS NOT NULL") == "t"
    let parts =
      hasParts
      ? "SELECT 'part', p.code, k.code, label FROM kind AS k LEFT JOIN part AS p USING (kind_id) ORDER BY 2, 3"
      : ""
    return try run(
      parts + ";" + """
        SELECT 'customer', name, email FROM customer ORDER BY 1, 2, 3;
        SELECT 'invoice', number, c.email, total, paid_on
          FROM invoice JOIN customer AS c USING (customer_id) ORDER BY 2;
        SELECT 'note', text, kind FROM note ORDER BY 2;
        SELECT 'ledger', p.scope, p.plan, p.operation, r.instance, r.origin, s."table",
          length(r.asked), length(r.answered)
          FROM sow_policy AS p JOIN sow_row AS r ON r.operation = p.number
          JOIN sow_shape AS s ON s.number = r.shape ORDER BY 2, 3, 4, 5
        """
    ).split(separator: "\n").map(String.init)
  }

  /// Expects that nothing is left to do, and that nobody says otherwise.
  func expectDone(_ place: String, sourceLocation: Testing.SourceLocation = #_sourceLocation)
    throws
  {
    for command in ["lock check", "plan --detailed-exitcode", "drift --detailed-exitcode"] {
      let output = try project.run("sow " + command)
      #expect(
        output.code == 0, "\(place): \(command): \(output.out)\(output.errors)",
        sourceLocation: sourceLocation)
    }
  }
}
