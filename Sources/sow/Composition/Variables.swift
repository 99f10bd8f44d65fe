internal import SowFiles
internal import SowModel
internal import SowPlanning

/// The values of variables that were given from outside a plan.
struct GivenVariables: Sendable {
  /// From weak to strong: the environment's, each file's, the command line's.
  private(set) var values: [String: Node] = [:]
  /// Nil for a database alone.
  let environment: Environment?
  private var assigned: [Located<String>] = []
  /// What stands for files where the command line gave a value.
  var commandLine: Set<FileID> { Set(assigned.map(\.range.file)) }
  private var filed: [Located<String>] = []

  /// What `-e` and the options give; a file that cannot be read is reported.
  init(
    _ options: VariableOptions?, environment: Environment?, limit: Int,
    files: inout SourceFiles, diagnostics: inout Diagnostics
  ) {
    self.environment = environment
    for entry in environment?.variables ?? [] { values[entry.key.value] = entry.value }
    for path in options?.files ?? [] {
      let entries = Node.loadMapping(
        path: path, limit: limit, files: &files, diagnostics: &diagnostics)
      for entry in entries ?? [] {
        values[entry.key.value] = entry.value
        filed.append(entry.key)
      }
    }
    for (name, text) in options?.pairs ?? [] {
      let file = files.add("--var \(name)")
      let start = SourcePosition(line: 1, column: 1)
      let range = SourceRange(file: file, start: start, end: start)
      // As a cell of a CSV file: any type, and never null by its text.
      values[name] = Node(.scalar(Scalar(text, style: .cell)), at: range)
      assigned.append(Located(name, at: range))
    }
  }

  /// Reports names that none of `plans` declares.
  func reportUndeclared(among plans: [Plan], into diagnostics: inout Diagnostics) {
    let declared = Set(plans.flatMap(\.variables).map(\.name.value))
    for name in assigned where !declared.contains(name.value) {
      diagnostics.report(
        .unknownAssignment, ["name": name.value], at: nil,
        hint: nearest(to: name.value, among: declared.sorted()).map { .didYouMean($0) })
    }
    for name in filed where !declared.contains(name.value) {
      diagnostics.report(
        .unusedVariable, ["name": name.value], at: name.range,
        hint: nearest(to: name.value, among: declared.sorted()).map { .didYouMean($0) })
    }
  }
}

extension ProcessContext {
  /// What planning may see of the outside; an environment variable only by its name.
  func surroundings(_ variables: GivenVariables) -> Surroundings {
    let environment = environment
    var surroundings = Surroundings(
      variables: variables.values, environment: { environment[$0] })
    surroundings.name = variables.environment?.name
    surroundings.tenant = variables.environment?.tenant(environment)
    surroundings.identity = variables.environment?.identity
    return surroundings
  }
}
