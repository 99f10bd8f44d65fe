internal import FoundationEssentials

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// PgBouncer before a server: each transaction gets whatever session is free, and there are two. A
/// shell ends it when this process is gone.
package struct ConnectionPool {
  private let server: PostgresServer
  private static let port = "6432"

  /// Whether there is a PgBouncer to start.
  package static var isInstalled: Bool { program != nil }

  private static let program =
    (PostgresServer.path + ":/usr/sbin").split(separator: ":").map { $0 + "/pgbouncer" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  package init(before server: PostgresServer) throws {
    self.server = server
    let folder = server.socket
    let configuration = """
      [databases]
      * = host=\(folder) user=sow
      [pgbouncer]
      listen_addr =
      unix_socket_dir = \(folder)
      listen_port = \(Self.port)
      pool_mode = transaction
      default_pool_size = 2
      auth_type = any

      """
    guard
      FileManager.default.createFile(
        atPath: folder + "/pool.ini", contents: Data(configuration.utf8),
        attributes: [.posixPermissions: 0o644])
    else { throw CannotWrite(path: folder) }
    guard let program = Self.program else { throw NoServer(reason: "there is no PgBouncer") }
    _ = try ChildProcess(
      ["/bin/sh", "-c", Self.script, "sow-pool", String(getpid()), folder, program], in: folder,
      environment: ["PATH": PostgresServer.path], output: folder + "/pool.out",
      errors: folder + "/pool.errors")
    let socket = folder + "/.s.PGSQL." + Self.port
    let end = ContinuousClock.now + .seconds(20)
    while !FileManager.default.fileExists(atPath: socket) {
      guard ContinuousClock.now < end else { throw NoServer(reason: "PgBouncer does not start") }
      usleep(20_000)
    }
  }

  /// The URL of a database of the server through the pool.
  package func url(of database: String) -> String {
    server.url(of: database) + "&port=" + Self.port
  }

  /// Its arguments are the process to watch, the folder and the program, which refuses to run as
  /// root.
  private static let script = """
    parent=$1 folder=$2 program=$3
    as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
    as "$program" -q "$folder/pool.ini" &
    while kill -0 "$parent" 2>/dev/null; do sleep 0.3; done
    kill $!
    """
}
