package import SowModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Plan {
  /// Reads the plan at `path`: a file, a folder of files, or `-` for standard input.
  ///
  /// All mistakes are put in `diagnostics`. Nil where there is nothing to check: a file is missing
  /// or is no YAML. `acceptsUnnamed` says that items of a list may lack an `id` (`op_<index>`).
  package static func load(
    path: String, project: Project, acceptsUnnamed: Bool = false, watch: ProgressWatcher? = nil,
    files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> Plan? {
    let path = FilePath.withoutTrailingSlash(path)
    var isFolder = false
    if case .folder = FileKind(atPath: path) { isFolder = true }
    let parts = isFolder ? planFiles(in: path) : [path]
    if path != "-", let link = ([path] + parts).first(where: { leadsOut($0, of: project) }) {
      diagnostics.report(
        .fileOutsideProject, ["path": link, "why": Phrase.leadsOut],
        at: .start(of: files.add(link)))
      return nil
    }
    guard let first = parts.first else {
      diagnostics.report(.folderWithoutPlan, ["path": path], at: nil)
      return nil
    }
    let folder = path == "-" ? project.root : isFolder ? path : FilePath.folder(of: path)
    var loading = PlanLoading(
      plan: Plan(
        name: defaultName(path, isFolder: isFolder), range: .start(of: files.add(first)),
        path: path, isFolder: isFolder),
      project: project, folder: folder, acceptsUnnamed: acceptsUnnamed, files: files, watch: watch)
    var isComplete = true
    for part in parts {
      do throws(ReadFailure) {
        try loading.read(try source(of: part, limit: project.limits.fileBytes, &loading.files))
      } catch {
        loading.diagnostics.report(error.diagnostic)
        isComplete = false
      }
    }
    if isComplete { loading.checkWhole() }
    loading.meter.finish()
    files = loading.files
    diagnostics.merge(loading.diagnostics)
    return isComplete ? loading.plan : nil
  }

  /// Reads a plan that is in memory, as from standard input; its files of rows lie below the
  /// project.
  package static func load(
    bytes: [UInt8], shownAs path: String, project: Project, acceptsUnnamed: Bool = false,
    watch: ProgressWatcher? = nil, files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> Plan? {
    let file = files.add(path)
    var loading = PlanLoading(
      plan: Plan(
        name: defaultName(path, isFolder: false), range: .start(of: file), path: path,
        isFolder: false),
      project: project, folder: project.root, acceptsUnnamed: acceptsUnnamed, files: files,
      watch: watch)
    defer {
      loading.meter.finish()
      files = loading.files
      diagnostics.merge(loading.diagnostics)
    }
    do throws(ReadFailure) {
      guard bytes.count <= project.limits.fileBytes else {
        throw ReadFailure(.tooLarge(limit: project.limits.fileBytes, file: file))
      }
      try loading.read(ByteSource(bytes: bytes, file: file, limit: project.limits.fileBytes))
    } catch {
      loading.diagnostics.report(error.diagnostic)
      return nil
    }
    loading.checkWhole()
    return loading.plan
  }

  /// Reads every plan of `plans/`, sorted by name; two of one name are an error at both.
  ///
  /// Paths are shown below `shownRoot`, which leads to the project's root.
  package static func loadAll(
    project: Project, shownRoot: String, files: inout SourceFiles,
    diagnostics: inout Diagnostics
  ) -> [Plan] {
    var plans: [Plan] = []
    for path in paths(below: shownRoot) {
      if let plan = load(path: path, project: project, files: &files, diagnostics: &diagnostics) {
        plans.append(plan)
      }
    }
    plans.sort { precedesInBytes($0.name, $1.name) }
    for (first, second) in zip(plans, plans.dropFirst()) where first.name == second.name {
      diagnostics.report(
        .duplicatePlan, ["name": second.name], at: second.range, related: [first.range])
    }
    return plans
  }

  /// The plans of `plans/` below `root`, by name: its `*.yaml` and `*.yml` files, and the folders
  /// directly in it that hold such files, `data` aside.
  package static func paths(below root: String) -> [String] {
    let folder = FilePath.join(root, "plans")
    let paths = (folderNames(folder) ?? []).filter { !$0.hasPrefix(".") }.map {
      FilePath.join(folder, $0)
    }
    return paths.filter { path in
      switch FileKind(atPath: path) {
      case .folder: FilePath.name(of: path) != "data" && !planFiles(in: path).isEmpty
      case .regular: FilePath.isYAML(path)
      default: false
      }
    }.sorted { precedesInBytes(FilePath.baseName(of: $0), FilePath.baseName(of: $1)) }
  }

  /// The files that make one plan of a folder, in byte order.
  private static func planFiles(in folder: String) -> [String] {
    (folderNames(folder) ?? []).filter { FilePath.isYAML($0) && !$0.hasPrefix(".") }.map {
      FilePath.join(folder, $0)
    }
  }

  /// Whether what lies in the project is a link to something outside of it. A plan that is named at
  /// another place is the user's own choice.
  private static func leadsOut(_ path: String, of project: Project) -> Bool {
    guard let root = resolvedPath(project.root), let target = resolvedPath(path),
      let folder = resolvedPath(FilePath.folder(of: path))
    else { return false }
    return FilePath.isInside(folder, root) && !FilePath.isInside(target, root)
  }

  private static func defaultName(_ path: String, isFolder: Bool) -> String {
    if path == "-" { return "stdin" }
    return isFolder
      ? FilePath.name(of: resolvedPath(path) ?? path) : FilePath.baseName(of: path)
  }

  private static func source(
    of path: String, limit: Int, _ files: inout SourceFiles
  ) throws(ReadFailure) -> ByteSource {
    let file = files.add(path)
    guard path != "-" else { return try InputFile.standardInput(as: file, limit: limit) }
    return try InputFile.open(path, as: file, limit: limit)
  }
}

extension DiagnosticCode {
  package static let folderWithoutPlan = DiagnosticCode(
    "folder-without-plan", "the folder \"{path}\" holds no *.yaml or *.yml file",
    vi: "thư mục \"{path}\" không có tệp *.yaml hay *.yml nào",
    meaning: "A folder's plan is made of the YAML files directly in it.",
    example: "sow plan plans/data",
    fix: "Name the folder that holds the plan files, or a file.")
  package static let duplicatePlan = DiagnosticCode(
    "duplicate-plan", "another plan is named \"{name}\"",
    vi: "một kế hoạch khác cũng tên là \"{name}\"",
    meaning: "A plan owns rows under its name, so a name belongs to one plan.",
    example: "plans/shop.yaml beside plans/shop/customers.yaml",
    fix: "Merge the two, or rename one by its key \"plan\".")
  package static let planStillThere = DiagnosticCode(
    "plan-still-there", "there is a plan named \"{name}\", so nothing moves from there",
    vi: "vẫn còn kế hoạch tên là \"{name}\", nên không có gì chuyển khỏi đó",
    meaning: "moved_from names what a plan was called before; one of that name owns its own rows.",
    example: "plan: { name: shop, moved_from: store }   # beside plans/store.yaml",
    fix: "Remove the old plan, or leave moved_from out.")
  package static let planMovedTwice = DiagnosticCode(
    "plan-moved-twice", "another plan was named \"{name}\" before, too",
    vi: "một kế hoạch khác trước đây cũng tên là \"{name}\"",
    meaning: "What a plan owned goes to one plan.",
    example: "plan: { name: shop, moved_from: store } and plan: { name: depot, moved_from: store }",
    fix: "Keep one of the two; name single operations by their own moved_from.")
}
