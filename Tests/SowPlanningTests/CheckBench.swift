import CSQLite
import SowDatabase
import SowFiles
import SowModel
import SowPlanning
import SowSQLite
import SowTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder with schemas, files of rows and perhaps a database, by which plans are checked.
final class CheckBench {
  let folder: String
  var createsTables = false
  var variables: [String: Node] = [:]
  var environment: [String: String] = [:]
  var limits = Limits()
  private var schemas: [EntitySchema] = []
  private var catalogue: Catalogue?

  /// - Note: offline without `sql`, which makes the tables of a database.
  init(_ sql: String? = nil, schemas: [String: String] = [:], files: [String: String] = [:])
    throws
  {
    var template = Array("/tmp/sow-check-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw BenchFailure(text: "mkdtemp") }
    folder = String(cString: made)
    for (name, text) in files { try write(text, to: name) }
    if !schemas.isEmpty {
      guard mkdir(folder + "/schemas", 0o700) == 0 else { throw BenchFailure(text: "mkdir") }
      for (name, text) in schemas { try write(text, to: "schemas/\(name).yaml") }
      var diagnostics = Diagnostics()
      var files = SourceFiles()
      self.schemas = EntitySchema.loadAll(
        project: Project(root: folder, environments: []), shownRoot: folder, files: &files,
        diagnostics: &diagnostics)
      if let first = diagnostics.all.first { throw BenchFailure(text: first.message) }
    }
    if let sql { catalogue = try Self.catalogue(sql, in: folder + "/test.db") }
  }

  deinit {
    let process = try? ChildProcess(
      ["rm", "-rf", folder], in: "/", environment: ["PATH": "/usr/bin:/bin"], output: "/dev/null",
      errors: "/dev/null")
    _ = process?.wait()
  }

  private func write(_ text: String, to name: String) throws {
    guard let file = fopen(folder + "/" + name, "w") else { throw BenchFailure(text: name) }
    defer { fclose(file) }
    fputs(text, file)
  }

  private static func catalogue(_ sql: String, in path: String) throws -> Catalogue {
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    guard sqlite3_open(path, &connection) == SQLITE_OK,
      sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK
    else { throw BenchFailure(text: String(cString: sqlite3_errmsg(connection))) }
    return try SQLiteDatabase.open(path: path, mode: .read(standsIn: true)).catalogue()
  }

  private var context: CheckContext {
    let environment = environment
    return CheckContext(
      schemas: schemas, catalogue: catalogue, createsTables: createsTables,
      surroundings: Surroundings(variables: variables, environment: { environment[$0] }),
      limits: limits, content: KeyedDigester(secret: []))
  }

  private func load(_ text: String) throws -> Plan {
    var diagnostics = Diagnostics()
    var files = SourceFiles()
    let plan = Plan.load(
      bytes: Array(text.utf8), shownAs: "plan.yaml",
      project: Project(root: folder, environments: []), files: &files, diagnostics: &diagnostics)
    guard let plan, !diagnostics.hasErrors else {
      throw BenchFailure(text: diagnostics.all.map(\.message).joined(separator: "; "))
    }
    return plan
  }

  /// The live entities of these names, nil for all.
  func entities(_ names: [String]?, into diagnostics: inout Diagnostics) -> [Entity] {
    guard let catalogue else { return [] }
    return Entity.live(
      names ?? Entity.allNames(schemas, catalogue), schemas, catalogue, into: &diagnostics)
  }

  /// What the check finds, by position.
  func check(_ text: String) throws -> [Finding] {
    var diagnostics = Diagnostics()
    let proof = CheckedPlan.check(try load(text), context, into: &diagnostics)
    if proof == nil, catalogue != nil, !diagnostics.hasErrors {
      throw BenchFailure(text: "no proof and no error")
    }
    return Finding.all(diagnostics, in: text)
  }

  /// What is found when the rows of files are read, too.
  func validate(_ text: String) throws -> [Finding] {
    var diagnostics = Diagnostics()
    CheckedPlan.validate(try load(text), context, into: &diagnostics)
    return Finding.all(diagnostics, in: text)
  }

  /// The proof that a plan makes sense.
  func proof(_ text: String) throws -> CheckedPlan {
    var diagnostics = Diagnostics()
    guard let plan = CheckedPlan.check(try load(text), context, into: &diagnostics) else {
      throw BenchFailure(text: diagnostics.all.map(\.message).joined(separator: "; "))
    }
    return plan
  }
}

/// One diagnostic with the text that it points to.
struct Finding: CustomStringConvertible {
  let code: String
  let place: String
  let line: Int
  let message: String
  let hint: String?
  let related: [String]
  let isSensitive: Bool

  static func all(_ diagnostics: Diagnostics, in text: String) -> [Finding] {
    for diagnostic in diagnostics.all.prefix(20) {
      #expect(diagnostic.englishWords == [], "\(diagnostic.sentence.vietnamese)")
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return diagnostics.sorted.map { Finding($0, in: lines) }
  }

  private init(_ diagnostic: Diagnostic, in text: [Substring]) {
    code = diagnostic.code.id
    place = diagnostic.range.map { slice($0, of: text) } ?? ""
    line = diagnostic.range.map { Int($0.start.line) } ?? 0
    message = diagnostic.message
    hint =
      switch diagnostic.hint {
      case .didYouMean(let name)?: "did you mean \(name)"
      case .text(let words)?: words.english
      case nil: nil
      }
    related = diagnostic.related.map { slice($0, of: text) }
    isSensitive = diagnostic.isSensitive
  }

  /// The code and what it points to.
  var description: String { "\(code) @ \(place)" }
}

/// The text of a range; that of several lines up to the end of the first.
private func slice(_ range: SourceRange, of lines: [Substring]) -> String {
  let line = Int(range.start.line) - 1
  guard lines.indices.contains(line) else { return "" }
  let scalars = Array(lines[line].unicodeScalars)
  let start = Int(range.start.column) - 1
  let end = range.end.line == range.start.line ? Int(range.end.column) - 1 : scalars.count
  guard start <= end, end <= scalars.count else { return "" }
  var piece = String.UnicodeScalarView()
  piece.append(contentsOf: scalars[start..<end])
  return String(piece)
}

struct BenchFailure: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}
