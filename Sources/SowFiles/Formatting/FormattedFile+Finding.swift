package import SowModel

extension FormattedFile {
  /// The files of a project that are formatted: `sow.yaml`, and the YAML below `plans/` and
  /// `schemas/`, in byte order.
  package static func paths(of project: Project, shownRoot: String) -> [String] {
    var paths: [String] = []
    let settings = FilePath.join(shownRoot, "sow.yaml")
    if case .regular = FileKind(atPath: settings) { paths.append(settings) }
    for name in ["plans", "schemas"] {
      let folder = FilePath.join(shownRoot, name)
      if case .folder = FileKind(atPath: folder) { paths += self.paths(below: folder, project) }
    }
    return paths
  }

  /// What is formatted where `path` is named: the file itself, or the YAML below a folder.
  package static func paths(
    at path: String, of project: Project, diagnostics: inout Diagnostics
  ) -> [String] {
    let path = FilePath.withoutTrailingSlash(path)
    guard case .folder = FileKind(atPath: path) else {
      let isMissing = FileKind(atPath: path) == nil
      if isMissing || FilePath.isYAML(path) || FilePath.fileExtension(of: path) == "json" {
        return [path]
      }
      diagnostics.report(.notFormattable, ["path": path], at: nil)
      return []
    }
    let paths = paths(below: path, project)
    if paths.isEmpty { diagnostics.report(.folderWithoutPlan, ["path": path], at: nil) }
    return paths
  }

  /// The YAML files below a folder; hidden ones, folders of data and links out of the project are
  /// left out.
  private static func paths(below folder: String, _ project: Project) -> [String] {
    let root = resolvedPath(project.root) ?? project.root
    var found: [String] = []
    var waiting = [folder]
    var seen: Set<String> = []
    while let next = waiting.popLast() {
      guard let resolved = resolvedPath(next), seen.insert(resolved).inserted else { continue }
      for name in folderNames(next) ?? [] where !name.hasPrefix(".") {
        let child = FilePath.join(next, name)
        guard let target = resolvedPath(child),
          FilePath.isInside(target, root) || FilePath.isInside(target, resolved)
        else { continue }
        switch FileKind(atPath: child) {
        case .folder where name != "data": waiting.append(child)
        case .regular where FilePath.isYAML(name) && seen.insert(target).inserted:
          found.append(child)
        default: continue
        }
      }
    }
    return found.sorted(by: precedesInBytes)
  }
}

extension DiagnosticCode {
  package static let notFormattable = DiagnosticCode(
    "not-formattable", "\"{path}\" is neither YAML nor JSON by its name",
    vi: "theo tên thì \"{path}\" không phải YAML cũng không phải JSON",
    meaning: "sow fmt writes files whose names end in .yaml, .yml or .json, and no others.",
    example: "sow fmt plans/data/countries.csv",
    fix: "Name a plan, a schema or a folder of them.")
}
