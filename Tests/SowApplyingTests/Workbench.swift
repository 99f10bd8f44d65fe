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

  /// Writes a schema file, with which missing tables are made.
  func schema(_ entity: String, _ text: String) throws {
    mkdir(folder + "/schemas", 0o755)
    try write(text, to: "schemas/\(entity).yaml")
  }

  /// Writes a named query, described by `text`.
  func query(_ name: String, _ statement: String, _ text: String) throws {
    mkdir(folder + "/schemas", 0o755)
    mkdir(folder + "/schemas/queries", 0o755)
    try write(statement, to: "schemas/queries/\(name).sql")
    try write(text, to: "schemas/queries/\(name).yaml")
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

  /// What stands for the plan's variables.
  var variables: [String: String] = [:]
  var showsSensitive = false
  var reportsRows = true
  var extent = RunScope.plan
  var isFingerprinted = false
  var watch: ProgressWatcher?

  /// Changes a plan once it is loaded.
  var edit: (inout Plan) -> Void = { _ in }

  func run(_ text: String, on database: any Database) throws -> PlanRun {
    var diagnostics = Diagnostics()
    let project = Project(root: folder, environments: [])
    let schemas = EntitySchema.loadAll(
      project: project, shownRoot: folder, files: &files, diagnostics: &diagnostics)
    guard
      var plan = Plan.load(
        bytes: Array(text.utf8), shownAs: folder + "/plan.yaml", project: project,
        files: &files, diagnostics: &diagnostics), !diagnostics.hasErrors
    else { throw BenchFailure(text: diagnostics.all.map(\.message).joined(separator: "; ")) }
    edit(&plan)
    let range = plan.range
    var context = CheckContext(
      schemas: schemas, catalogue: nil, createsTables: !schemas.isEmpty,
      surroundings: Surroundings(
        variables: variables.mapValues { Node(.scalar(Scalar($0, style: .quoted)), at: range) },
        environment: { _ in nil }),
      limits: Limits(), content: KeyedDigester(secret: []))
    context.queries = NamedQuery.loadAll(
      project: project, shownRoot: folder, files: &files, diagnostics: &diagnostics)
    guard !diagnostics.hasErrors else {
      throw BenchFailure(text: diagnostics.all.map(\.message).joined(separator: "; "))
    }
    var settings = PlanRun.Settings(
      context: context, scope: "", patience: 1,
      detail: ChangesetView.Detail(rows: 20, showsSensitive: showsSensitive), commit: "",
      actor: "test", reportsRows: reportsRows, extent: extent)
    settings.isFingerprinted = isFingerprinted
    settings.watch = watch
    return PlanRun(plan, on: database, settings)
  }

  func preview(_ plan: String) throws -> PlanOutcome {
    let database = try SQLiteDatabase.open(path: databasePath, mode: .read(standsIn: true))
    return try run(plan, on: database).preview()
  }

  func apply(_ plan: String, _ options: ApplyOptions = ApplyOptions()) throws -> ApplyOutcome {
    let database = try SQLiteDatabase.open(path: databasePath, mode: .write)
    let outcome = try run(plan, on: database).apply(options)
    outcome.expectOneLanguage()
    return outcome
  }

  /// The finish of an apply that must come to one.
  @discardableResult
  func finish(_ plan: String, _ options: ApplyOptions = ApplyOptions()) throws
    -> ApplyOutcome.Finish
  {
    try apply(plan, options).finish
  }

  /// The finish of a run without a ledger.
  @discardableResult
  func once(_ plan: String, _ options: ApplyOptions = ApplyOptions()) throws
    -> ApplyOutcome.Finish
  {
    let database = try SQLiteDatabase.open(path: databasePath, mode: .write)
    return try run(plan, on: database).applyOnce(options).finish
  }

  /// The codes of the errors for which the plan is refused or invalid.
  func refusals(_ plan: String) throws -> [String] {
    switch try apply(plan) {
    case .invalid(let diagnostics), .refused(let diagnostics, _):
      diagnostics.sorted.filter { $0.severity == .error }.map(\.code.id)
    default: []
    }
  }

  /// The code for which an apply wants consent.
  func unconsented(_ plan: String, allowing count: Int? = nil) throws -> [String] {
    if case .unconsented(let gate, _) = try apply(plan, ApplyOptions(allowedDeletes: count)) {
      return [gate.code.id]
    }
    return []
  }

  /// The same of a run without a ledger.
  func unconsentedOnce(_ plan: String) throws -> [String] {
    let database = try SQLiteDatabase.open(path: databasePath, mode: .write)
    if case .unconsented(let gate, _) = try run(plan, on: database).applyOnce(ApplyOptions()) {
      return [gate.code.id]
    }
    return []
  }

  /// How many rows of a table and of the ledger are not each other's.
  func strays(_ table: String, key: String) throws -> [String] {
    try sql(
      """
      SELECT \(key) FROM \(table) WHERE \(key) NOT IN (
        SELECT r.key FROM sow_row r JOIN sow_shape s ON s.number = r.shape AND s."table" = '\(table)')
      UNION ALL
      SELECT r.key FROM sow_row r JOIN sow_shape s ON s.number = r.shape AND s."table" = '\(table)'
      WHERE r.key NOT IN (SELECT \(key) FROM \(table))
      """)
  }
}

extension ApplyOutcome {
  var finish: Finish {
    get throws {
      switch self {
      case .finished(let finish): return finish
      case .invalid(let diagnostics), .refused(let diagnostics, _):
        throw BenchFailure(
          text: diagnostics.all.map { $0.code.id + ": " + $0.message }.joined(separator: "; "))
      case .unconsented(let diagnostic, _): throw BenchFailure(text: diagnostic.message)
      case .stale(let diagnostic, _):
        throw BenchFailure(text: "stale: \(diagnostic?.message ?? "")")
      }
    }
  }
}

extension Report {
  /// `name: status code`, and one line an instance.
  var lines: [String] {
    results.flatMap { result in
      [line(result.name, result.status, result.statusCode, result.failure)]
        + result.instances.map {
          line("  " + $0.instance, $0.status, $0.statusCode, $0.failure)
        }
    }
  }

  private func line(_ name: String, _ status: Status, _ code: Int?, _ failure: Failure?) -> String {
    var text = "\(name): \(status.rawValue)"
    if let code { text += " \(code)" }
    if let failure { text += " " + failure.diagnostic.code.id }
    return text
  }
}

struct BenchFailure: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}
