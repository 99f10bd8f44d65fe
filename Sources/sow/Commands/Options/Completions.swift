internal import ArgumentParser
internal import SowFiles
internal import SowModel

extension CompletionKind {
  /// Plan and schema files; shells offer folders, too.
  static let yamlFiles = CompletionKind.file(extensions: ["yaml", "yml", "json"])

  /// The environments of the project that the line is about.
  static let environments = CompletionKind.custom { arguments, _, _ in
    environmentNames(in: projectFolder(of: arguments))
  }

  static let diagnosticCodes = CompletionKind.custom { _, _, _ in
    DiagnosticCode.known.map(\.id).sorted()
  }
}

/// The names that the `sow.yaml` around `folder` declares; none where it cannot be read. Whatever
/// is wrong with it is no business of a line that is still being typed.
func environmentNames(in folder: String) -> [String] {
  var files = SourceFiles()
  var ignored = Diagnostics()
  let project = Project.load(from: folder, files: &files, diagnostics: &ignored)
  return project.map { $0.environments.map(\.name).sorted() } ?? []
}

/// The folder of `-C` among the words of a line.
private func projectFolder(of arguments: [String]) -> String {
  for (index, word) in arguments.enumerated() {
    if word == "-C" || word == "--project", index + 1 < arguments.count {
      return arguments[index + 1]
    }
    if word.hasPrefix("--project=") { return String(word.dropFirst("--project=".count)) }
  }
  return "."
}
