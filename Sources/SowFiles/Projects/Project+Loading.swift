package import SowModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Project {
  /// Reads the `sow.yaml` of `folder` or of the nearest folder above it that has one; without one
  /// the project is `folder` with its built-in environment. Nil where the file is no YAML or
  /// `folder` does not exist.
  package static func load(
    from folder: String, files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> Project? {
    guard let start = resolvedPath(folder) else {
      diagnostics.report(InputFile.missing(folder, at: nil).diagnostic)
      return nil
    }
    guard let root = nearestRoot(from: start) else {
      return Project(root: start, environments: [.builtIn])
    }
    let path = FilePath.join(root, "sow.yaml")
    var loading = ProjectLoading(root: root)
    do throws(ReadFailure) {
      let file = files.add(shownPath(path))
      try loading.read(try InputFile.open(path, as: file, limit: Limits().fileBytes))
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
    diagnostics.merge(loading.diagnostics)
    return loading.project
  }

  private static func nearestRoot(from start: String) -> String? {
    var folder = start
    while true {
      if case .regular = FileKind(atPath: FilePath.join(folder, "sow.yaml")) { return folder }
      guard folder != "/" else { return nil }
      folder = FilePath.folder(of: folder)
    }
  }
}

/// The path below the working folder where it lies there, else as it is.
package func shownPath(_ path: String) -> String {
  guard let here = resolvedPath("."), path != here, FilePath.isInside(path, here) else {
    return path
  }
  return String(path.dropFirst(here == "/" ? 1 : here.count + 1))
}

extension Environment {
  /// What stands where no file names an environment.
  static var builtIn: Environment {
    let place = SourceRange.start(of: FileID(index: 0))
    var environment = Environment(
      name: "local", range: nil,
      database: .scalar(Scalar("sqlite:.sow/local.db", style: .quoted), place))
    environment.createTables = true
    return environment
  }
}

private struct ProjectLoading {
  var project: Project
  var diagnostics = Diagnostics()

  init(root: String) { project = Project(root: root, environments: []) }

  mutating func read(_ source: ByteSource) throws(ReadFailure) {
    var reader = NodeReader(source)
    // An empty file is a project of defaults: its place says where the root is.
    if try reader.start() {
      let node = try reader.compose()
      try reader.finish()
      read(node)
    }
    diagnostics.merge(reader.diagnostics)
    if project.environments.isEmpty { project.environments = [.builtIn] }
    checkDefault()
  }

  private mutating func read(_ node: Node) {
    guard
      let members = Members(
        node, of: "sow.yaml", known: ["default_environment", "environments", "limits", "language"],
        &diagnostics)
    else { return }
    project.defaultEnvironment = members["default_environment"]?.text(
      as: "default_environment", &diagnostics)
    if let limits = members["limits"] { readLimits(limits) }
    if let language = members["language"] { readLanguage(language) }
    guard let environments = members["environments"] else { return }
    guard let entries = environments.entries, !entries.isEmpty else {
      diagnostics.report(
        .wrongShape,
        [
          "what": "environments",
          "shape": Phrase("a mapping of environments", vi: "một ánh xạ các môi trường"),
        ],
        at: environments.range)
      return
    }
    for entry in entries {
      guard let name = diagnostics.checkedName(entry.key) else { continue }
      readEnvironment(name, entry.value)
    }
  }

  private mutating func readEnvironment(_ name: Located<String>, _ node: Node) {
    let known = [
      "database", "create_tables", "lockfile", "scope", "variables", "protected", "tenant",
      "identity", "role", "schema", "ledger_schema",
    ]
    var environment = Environment(name: name.value, range: name.range, database: nil)
    let owner = Phrase("environment \"\(name.value)\"", vi: "môi trường \"\(name.value)\"")
    if let members = Members(node, of: owner, known: known, &diagnostics) {
      environment.database = members["database"].flatMap {
        text($0, as: "database", Phrase("a database URL", vi: "một URL cơ sở dữ liệu"))
      }
      environment.tenant = members["tenant"].flatMap { text($0, as: "tenant", .text) }
      environment.createTables =
        members["create_tables"]?.flag(as: "create_tables", &diagnostics) ?? false
      environment.keepsLockfile = members["lockfile"]?.flag(as: "lockfile", &diagnostics) ?? true
      environment.isProtected =
        members["protected"]?.flag(as: "protected", &diagnostics) ?? false
      if let scope = members["scope"] {
        environment.scope = scope.text(as: "scope", &diagnostics)?.value
      }
      environment.schema = members["schema"]?.text(as: "schema", &diagnostics)
      environment.ledgerSchema = members["ledger_schema"]?.text(
        as: "ledger_schema", &diagnostics)
      environment.role = members["role"]?.text(as: "role", &diagnostics)
      environment.identity = members["identity"].flatMap { Identity($0, &diagnostics) }
      if let variables = members["variables"] {
        environment.variables = self.variables(variables)
      }
    }
    project.environments.append(environment)
  }

  /// A text, or the whole of an environment variable.
  private mutating func text(_ node: Node, as what: String, _ shape: Phrase) -> Input? {
    var inputs = InputReader()
    let input = inputs.input(node)
    switch input {
    case .scalar(let scalar, _) where !scalar.isNull && inputs.diagnostics.isEmpty: return input
    case .link(.environment, _): return input
    default:
      diagnostics.report(
        .wrongShape,
        ["what": what, "shape": Phrase.choice(of: [shape, Phrase(same: "$env:NAME")])],
        at: node.range, isSensitive: true)
      return nil
    }
  }

  private mutating func variables(_ node: Node) -> [Node.Entry] {
    guard let entries = node.entries else {
      diagnostics.report(
        .wrongShape, ["what": "variables", "shape": Phrase.mapping], at: node.range)
      return []
    }
    return entries.filter { diagnostics.checkedName($0.key) != nil }
  }

  private mutating func readLimits(_ node: Node) {
    let known = ["operations", "rows", "file_bytes", "deletes", "delete_percent"]
    guard let members = Members(node, of: "limits", known: known, &diagnostics) else { return }
    func set(_ key: String, _ target: inout Int, in bounds: ClosedRange<Int>) {
      guard let count = members[key]?.count(as: key, in: bounds, &diagnostics) else { return }
      target = count
    }
    set("operations", &project.limits.operations, in: 1...Int.max)
    set("rows", &project.limits.rows, in: 1...Int.max)
    set("file_bytes", &project.limits.fileBytes, in: 1...Int.max)
    set("deletes", &project.limits.deletes, in: 0...Int.max)
    set("delete_percent", &project.limits.deletePercent, in: 0...100)
  }

  private mutating func readLanguage(_ node: Node) {
    guard let word = node.text(as: "language", &diagnostics) else { return }
    project.language = Language(rawValue: word.value)
    guard project.language == nil else { return }
    diagnostics.report(
      .wrongShape,
      ["what": "language", "shape": Phrase("en, vi or \"en,vi\"", vi: "en, vi hoặc \"en,vi\"")],
      at: word.range)
  }

  private mutating func checkDefault() {
    guard let chosen = project.defaultEnvironment else { return }
    let names = project.environments.map(\.name)
    guard !names.contains(chosen.value) else { return }
    let near = nearest(to: chosen.value, among: names).map(Diagnostic.Hint.didYouMean)
    diagnostics.report(
      .unknownEnvironment, ["name": chosen.value, "names": names.joined(separator: ", ")],
      at: chosen.range, hint: near)
  }
}

extension DiagnosticCode {
  package static let unknownEnvironment = DiagnosticCode(
    "unknown-environment", "there is no environment \"{name}\" (there are: {names})",
    vi: "không có môi trường \"{name}\" (hiện có: {names})",
    meaning: "default_environment names one of the file's environments.",
    example: "default_environment: prod",
    fix: "Correct the name, or add the environment.")
}
