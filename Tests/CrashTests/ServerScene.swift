import Foundation
import SowTestSupport
import Testing

/// A project whose database is on a server, so that both can be copied.
struct ServerScene {
  let project: TemporaryProject
  let url: String
  private let server: PostgresServer

  /// What a scene is just before the apply that is to be disturbed.
  init(_ scene: CrashScene) throws {
    server = try PostgresServer.shared()
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

  @discardableResult
  func run(_ sql: String) throws -> String { try server.run(sql, on: url) }

  /// Ends the server's process behind the one session of sow.
  func endSession() throws {
    let ended = try run(
      """
      SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'sow'
      """)
    #expect(ended == "1")
  }

  /// All rows, without the numbers of keys: a sequence moves on though a run is taken back.
  func state() throws -> [String] {
    try run(
      """
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
