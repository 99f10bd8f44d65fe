internal import SowFiles
internal import SowModel

/// A project, and where it is seen from the current folder.
struct Workspace: Sendable {
  var project: Project
  /// Leads to the project's root, for paths as they are shown: `.`, `..` or an absolute path.
  var shownRoot: String

  /// The project of the nearest `sow.yaml` from `folder` upwards, else one without; nil after
  /// diagnostics.
  init?(
    around folder: String, current: String, files: inout SourceFiles,
    diagnostics: inout Diagnostics
  ) {
    guard
      var project = Project.load(from: folder, files: &files, diagnostics: &diagnostics)
    else { return nil }
    if !fileExists(joined(project.root, "sow.yaml")) {
      project.root = Self.defaultRoot(around: project.root, current: current)
    }
    self.project = project
    if project.root == current {
      shownRoot = "."
    } else if isBelow(current, project.root) {
      let depth = current.dropFirst(project.root.count).split(separator: "/").count
      shownRoot = Array(repeating: "..", count: depth).joined(separator: "/")
    } else {
      shownRoot = project.root
    }
  }
}

extension Workspace {
  /// The root of a project without `sow.yaml`: the current folder for what lies below it, else the
  /// folder that holds `plans/`, else the plan's own.
  private static func defaultRoot(around folder: String, current: String) -> String {
    if folder == current || isBelow(folder, current) { return current }
    return folder.hasSuffix("/plans") ? sow.folder(of: folder) : folder
  }
}

/// One plan as it was read, with all that was found wrong with its files.
struct PlanSource {
  let workspace: Workspace
  /// As the user names it.
  let path: String
  /// Nil where its files cannot be read.
  var plan: Plan?
  var schemas: [EntitySchema] = []
  var queries: [NamedQuery] = []
  var diagnostics = Diagnostics()

  /// The plan's name, or its path where the name is not known.
  var name: String { plan?.name ?? path }
}

extension Session {
  /// Reads the plans at `paths`, or all of the project around the current folder, sorted by name.
  ///
  /// What is wrong with one plan stays with it; what concerns no single one goes to
  /// `diagnostics`.
  func load(_ paths: [String], into diagnostics: inout Diagnostics) -> [PlanSource] {
    var sources: [PlanSource] = []
    if paths.isEmpty {
      guard let workspace = workspace(around: ".", into: &diagnostics) else { return [] }
      let found = Plan.paths(below: workspace.shownRoot)
      if found.isEmpty {
        diagnostics.report(
          .noPlans, ["folder": joined(workspace.shownRoot, "plans")], at: nil,
          hint: .text(
            "name a plan file, or the project with -C",
            vi: "hãy nêu một tệp kế hoạch, hoặc nêu dự án bằng -C"))
      }
      sources = found.map { load($0, in: workspace) }
    } else {
      for path in paths {
        guard let workspace = workspace(around: folder(of: path), into: &diagnostics) else {
          continue
        }
        sources.append(load(path, in: workspace))
      }
    }
    sources.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    refuseTwins(among: &sources)
    refuseMoves(among: &sources)
    return sources
  }

  func load(
    _ path: String, in workspace: Workspace, acceptsUnnamed: Bool = false
  ) -> PlanSource {
    var source = PlanSource(workspace: workspace, path: path)
    source.plan = Plan.load(
      path: path, project: workspace.project, acceptsUnnamed: acceptsUnnamed, watch: watch,
      files: &files, diagnostics: &source.diagnostics)
    loadSchemas(of: &source)
    return source
  }

  /// The plan that comes from standard input.
  func loadInput(in workspace: Workspace) -> PlanSource {
    let path = "-"
    var source = PlanSource(workspace: workspace, path: path)
    let limit = workspace.project.limits.fileBytes
    // One byte more, so that the limit's own diagnostic is given.
    guard let bytes = standardInput(atMost: limit + 1) else {
      source.diagnostics.report(
        .fileFailed,
        [
          "path": path,
          "problem": Phrase("standard input cannot be read", vi: "không đọc được đầu vào chuẩn"),
        ], at: nil)
      return source
    }
    inputs[path] = bytes
    source.plan = Plan.load(
      bytes: bytes, shownAs: path, project: workspace.project, acceptsUnnamed: true, watch: watch,
      files: &files, diagnostics: &source.diagnostics)
    loadSchemas(of: &source)
    return source
  }

  private func loadSchemas(of source: inout PlanSource) {
    guard let plan = source.plan else { return }
    let workspace = source.workspace
    source.schemas = EntitySchema.loadAll(
      project: workspace.project, shownRoot: workspace.shownRoot, folder: plan.schemas,
      files: &files, diagnostics: &source.diagnostics)
    source.queries = NamedQuery.loadAll(
      project: workspace.project, shownRoot: workspace.shownRoot, files: &files,
      diagnostics: &source.diagnostics)
    secretLines.add(plan, source.schemas, source.queries, files)
    remark(
      Phrase.loaded(
        plan.name, from: source.path, operations: .count(plan.operations.count, .operation),
        schemas: .count(source.schemas.count, .schema)))
  }

  func workspace(around folder: String, into diagnostics: inout Diagnostics) -> Workspace? {
    let workspace = Workspace(
      around: folder, current: currentFolder(), files: &files, diagnostics: &diagnostics)
    if let workspace {
      terminal.speak(workspace.project.language)
      remark(
        Phrase(
          "the project is \(workspace.project.root)", vi: "dự án là \(workspace.project.root)"))
    }
    return workspace
  }

  /// What a plan owns under a former name cannot be another plan's, too.
  private func refuseMoves(among sources: inout [PlanSource]) {
    var claims: [String: SourceRange] = [:]
    for index in sources.indices {
      for name in sources[index].plan?.movedFrom ?? [] {
        let owner = sources.lazy.compactMap(\.plan).first { $0.name == name.value }
        if let owner, owner.name != sources[index].plan?.name {
          sources[index].diagnostics.report(
            .planStillThere, ["name": name.value], at: name.range, related: [owner.range])
        } else if let first = claims[name.value] {
          sources[index].diagnostics.report(
            .planMovedTwice, ["name": name.value], at: name.range, related: [first])
        }
        claims[name.value] = claims[name.value] ?? name.range
      }
    }
  }

  /// Two plans of one name would own each other's rows.
  private func refuseTwins(among sources: inout [PlanSource]) {
    for index in sources.indices.dropFirst() {
      guard let plan = sources[index].plan, let other = sources[index - 1].plan,
        plan.name == other.name
      else { continue }
      sources[index].diagnostics.report(
        .duplicatePlan, ["name": plan.name], at: plan.range, related: [other.range])
    }
  }
}

extension Phrase {
  fileprivate static func loaded(
    _ plan: String, from path: String, operations: Phrase, schemas: Phrase
  ) -> Phrase {
    Phrase(
      "\(plan): \(operations.english) from \(path), \(schemas.english)",
      vi: "\(plan): \(operations.vietnamese) từ \(path), \(schemas.vietnamese)")
  }
}
