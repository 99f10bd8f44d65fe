import Foundation
import SowTestSupport

/// The databases of a server that stand for the files of a project: what names a file of SQLite in
/// a command or in `sow.yaml` names a database instead, and what is printed names the file again.
final class ServerDatabases {
  private let server: PostgresServer
  /// By the file that it stands for.
  private var urls: [String: String] = [:]

  init() throws { server = try PostgresServer.shared() }

  /// Makes a project meet the server: its environments, or the one that there is without any.
  func enter(_ project: TemporaryProject) throws {
    let text =
      project.read("sow.yaml").map { String(decoding: $0, as: UTF8.self) }
      ?? "environments:\n  local: { database: \"sqlite:.sow/local.db\", create_tables: true }\n"
    try project.write(try translated(text), to: "sow.yaml")
  }

  /// A text with databases of the server in place of files. The shell of SQLite becomes that of
  /// PostgreSQL, which is told by an option that SQL follows.
  func translated(_ text: String) throws -> String {
    var text = text
    for match in text.matches(of: /sqlite:([A-Za-z.][A-Za-z0-9.\/_-]*)/).reversed() {
      text.replaceSubrange(match.range, with: try url(of: String(match.1)))
    }
    for match in text.matches(of: /sqlite3 ([A-Za-z.][A-Za-z0-9.\/_-]*)( ['"])?/).reversed() {
      let shell = "psql -XqAt -v ON_ERROR_STOP=1 -d '\(try url(of: String(match.1)))'"
      text.replaceSubrange(match.range, with: shell + (match.2.map { " -c\($0)" } ?? ""))
    }
    return text
  }

  /// What was printed, as if it had been about files.
  func untranslated(_ text: String) -> String {
    urls.reduce(text) { text, database in
      text.replacing(database.value, with: "sqlite:" + database.key)
    }
  }

  private func url(of file: String) throws -> String {
    if let url = urls[file] { return url }
    let url = try server.makeDatabase()
    urls[file] = url
    return url
  }
}
