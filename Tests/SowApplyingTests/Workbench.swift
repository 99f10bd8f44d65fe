import CSQLite
import SowApplying
import SowDatabase
import SowFiles
import SowModel
import SowPlanning
import SowSQLite
import SowTestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder with a database of its own, on which plans are previewed and applied.
final class Workbench {
  let folder: String
  private(set) var files = SourceFiles()

  var databasePath: String { folder + "/test.db" }

  init(_ sql: String = "") throws {
    var template = Array("/tmp/sow-workbench-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw BenchFailure(text: "mkdtemp") }
    folder = String(cString: made)
    if !sql.isEmpty { try self.sql(sql) }
  }

  deinit {
    let process = try? ChildProcess(
      ["rm", "-rf", folder], in: "/", environment: ["PATH": "/usr/bin:/bin"], output: "/dev/null",
      errors: "/dev/null")
    _ = process?.wait()
  }

  func write(_ text: String, to name: String) throws {
    guard let file = fopen(folder + "/" + name, "w") else { throw BenchFailure(text: name) }
    defer { fclose(file) }
    fputs(text, file)
  }

  /// Runs SQL and gives the rows of its last statement, cells joined by `|`.
  @discardableResult
  func sql(_ text: String) throws -> [String] {
    var connection: OpaquePointer?
    guard sqlite3_open(databasePath, &connection) == SQLITE_OK else {
      throw BenchFailure(text: "open")
    }
    defer { sqlite3_close(connection) }
    final class Rows { var all: [String] = [] }
    let rows = Rows()
    var message: UnsafeMutablePointer<CChar>?
    let code = sqlite3_exec(
      connection, text,
      { context, count, values, _ in
        guard let context else { return 0 }
        let cells = (0..<Int(count)).map { index in
          values?[index].map { String(cString: $0) } ?? "NULL"
        }
        Unmanaged<Rows>.fromOpaque(context).takeUnretainedValue().all.append(
          cells.joined(separator: "|"))
        return 0
      }, Unmanaged.passUnretained(rows).toOpaque(), &message)
    guard code == SQLITE_OK else {
      throw BenchFailure(text: message.map { String(cString: $0) } ?? "sql")
    }
    return rows.all
  }

  private func run(_ plan: String, on database: any Database) throws -> PlanRun {
    var diagnostics = Diagnostics()
    let project = Project(root: folder, environments: [])
    guard
      let plan = Plan.load(
        bytes: Array(plan.utf8), shownAs: "plan.yaml", project: project, files: &files,
        diagnostics: &diagnostics), !diagnostics.hasErrors
    else { throw BenchFailure(text: diagnostics.all.map(\.message).joined(separator: "; ")) }
    let context = CheckContext(
      schemas: [], catalogue: nil, createsTables: false,
      surroundings: Surroundings(variables: [:], environment: { _ in nil }), limits: Limits(),
      content: KeyedDigester(secret: []))
    return PlanRun(
      plan, on: database,
      PlanRun.Settings(
        context: context, scope: "", patience: 1,
        detail: ChangesetView.Detail(rows: 20, showsSensitive: false), commit: "", actor: "test",
        reportsRows: true))
  }

  func preview(_ plan: String) throws -> PlanOutcome {
    let database = try SQLiteDatabase.open(path: databasePath, mode: .read(standsIn: true))
    return try run(plan, on: database).preview()
  }

  func apply(_ plan: String, _ options: ApplyOptions = ApplyOptions()) throws -> ApplyOutcome {
    let database = try SQLiteDatabase.open(path: databasePath, mode: .write)
    return try run(plan, on: database).apply(options)
  }

  /// The finish of an apply that must come to one.
  func finish(_ plan: String, _ options: ApplyOptions = ApplyOptions()) throws
    -> ApplyOutcome.Finish
  {
    switch try apply(plan, options) {
    case .finished(let finish): return finish
    case .invalid(let diagnostics), .refused(let diagnostics, _):
      throw BenchFailure(text: diagnostics.all.map(\.message).joined(separator: "; "))
    case .unconsented(let diagnostic, _): throw BenchFailure(text: diagnostic.message)
    case .stale(let diagnostic, _): throw BenchFailure(text: "stale: \(diagnostic?.message ?? "")")
    }
  }
}

struct BenchFailure: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}
