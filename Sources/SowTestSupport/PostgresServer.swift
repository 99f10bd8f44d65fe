internal import FoundationEssentials
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A PostgreSQL server of this process's own, on a socket in a folder of its own: what `.ci/postgres`
/// starts, and stops when this process is gone, however it ended.
package final class PostgresServer: Sendable {
  /// The folder of the socket.
  package let socket: String
  private let programs: String
  private let numbers = Counter()

  /// The one server of this process, started when it is first asked for.
  package static func shared() throws -> PostgresServer { try started.get() }

  private static let started = Result { try PostgresServer() }

  /// Starts another server than the shared one.
  package init() throws {
    var template = Array("/tmp/sow-postgres-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw CannotWrite(path: "/tmp") }
    socket = String(cString: made)
    // Not waited for: it outlives this process by a moment.
    _ = try ChildProcess(
      [PackageFolder.path() + "/.ci/postgres", String(getpid()), socket], in: "/tmp",
      environment: ["PATH": Self.path], output: socket + "/out", errors: socket + "/errors")
    let end = ContinuousClock.now + .seconds(120)
    while true {
      if let programs = Self.text(of: socket + "/ready") {
        self.programs = programs
        return
      }
      guard ContinuousClock.now < end, Self.text(of: socket + "/failed") == nil else {
        throw NoServer(reason: Self.text(of: socket + "/errors") ?? "it does not start in time")
      }
      usleep(20_000)
    }
  }

  /// The URL of a database of the server, for `role`; the owner of all without one.
  package func url(of database: String, role: String = "sow") -> String {
    "postgresql://\(role)@/\(database)?host=\(socket)"
  }

  /// A new database, whose name no other one has had, and its URL; with what is in `template`, to
  /// which nobody may be connected.
  package func makeDatabase(like template: String? = nil) throws -> String {
    let name = "test_\(numbers.next())"
    try run("CREATE DATABASE \(name) TEMPLATE \(template ?? "template1")", in: "postgres")
    return url(of: name)
  }

  /// The name of a database in its URL.
  package static func name(in url: String) -> String {
    let place = url.prefix { $0 != "?" }
    return String(place.split(separator: "/").last ?? "")
  }

  /// Runs SQL in a database of the server, and gives the rows: unaligned, columns apart by `|`.
  @discardableResult
  package func run(_ sql: String, in database: String) throws -> String {
    try run(sql, on: url(of: database))
  }

  /// The same where the database is named by its URL.
  @discardableResult
  package func run(_ sql: String, on url: String) throws -> String {
    let folder = try TemporaryFolder()
    let child = try ChildProcess(
      [programs + "/psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql],
      in: folder.path, environment: ["PATH": Self.path], output: folder.path + "/out",
      errors: folder.path + "/errors")
    guard child.wait().code == 0 else {
      throw NoServer(reason: Self.text(of: folder.path + "/errors") ?? sql)
    }
    return Self.text(of: folder.path + "/out") ?? ""
  }

  private static func text(of path: String) -> String? {
    FileManager.default.contents(atPath: path).map {
      var text = String(decoding: $0, as: UTF8.self)
      while text.hasSuffix("\n") { text.removeLast() }
      return text
    }
  }

  static var path: String {
    getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
  }
}

/// There is no PostgreSQL here, or it refused something.
package struct NoServer: Error, CustomStringConvertible {
  package let reason: String

  package var description: String { "PostgreSQL: \(reason)" }
}

/// Counts from 1 on, for any number of threads.
private final class Counter: Sendable {
  private let number = Atomic<Int>(0)

  func next() -> Int { number.add(1, ordering: .relaxed).newValue }
}
