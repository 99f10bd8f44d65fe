internal import SowApplying
internal import SowFiles
internal import SowModel
internal import SowPlanning

/// What an apply is about: plans as they are, or one as it was saved.
struct ApplyOrder {
  var targets: [Target]
  var extent: RunScope
  /// The command's word in titles.
  var command: String
  var saved: SavedPlan?
}

/// The options of an apply that a saved plan has already.
struct SavedOptions {
  var database: DatabaseOptions
  var lockfile: LockfileOptions
  var variables: VariableOptions
  /// Nil where the command line says nothing of it.
  var extent: RunScope?
  var targets: [String]
  /// Whether changed rows are to be taken.
  var takes: Bool
  /// Whether only what a report says was not done is to be applied.
  var repeats: Bool
  var showsSensitive: Bool
}

extension Session {
  /// The saved plan among `paths`; nil where there is none, or after diagnostics. A path with a
  /// saved plan is known by its content.
  func savedPlan(
    among paths: [String], for command: String, into diagnostics: inout Diagnostics
  ) -> SavedPlan? {
    guard let path = paths.first(where: { WrittenFile(at: $0) == .savedPlan }) else { return nil }
    guard paths.count == 1 else {
      diagnostics.report(
        .oneSavedPlan,
        [
          "problem": Phrase(
            "a saved plan stands alone", vi: "một kế hoạch đã lưu phải đứng một mình")
        ], at: nil,
        hint: .text(Phrase(same: "sow \(command) \(path)")))
      return nil
    }
    return SavedPlan.load(
      path: path, limit: Limits().fileBytes, files: &files, diagnostics: &diagnostics)
  }

  /// Loads what a saved plan was made from, as it was; nil after diagnostics: options that
  /// contradict it, or files that are not the same.
  func order(
    _ saved: SavedPlan, _ given: SavedOptions, into diagnostics: inout Diagnostics
  ) -> ApplyOrder? {
    // What was read to come here is no input of the plan.
    files = SourceFiles()
    let extent = saved.extent
    saved.reportContradictions(of: given, into: &diagnostics)
    guard !diagnostics.hasErrors,
      let workspace = enter(folderOf: saved, into: &diagnostics)
    else { return nil }
    if let changed = changedFiles(of: saved, in: workspace) {
      diagnostics.report(.staleSavedPlan(changed))
      return nil
    }
    let options = saved.options(over: given)
    guard
      let targets = targets(
        [saved.arguments.plan], database: options.database, lockfile: options.lockfile,
        variables: options.variables, only: saved.arguments.targets, into: &diagnostics),
      let target = targets.first
    else { return nil }
    let known = Set(saved.files.map(\.path))
    let new = digests(of: target).filter { !known.contains($0.path) }
    if !new.isEmpty {
      diagnostics.report(
        .staleSavedPlan(
          listed(new.map { Phrase("\"\($0.path)\" is new", vi: "\"\($0.path)\" là mới") })))
    } else if target.plan.name != saved.changeset.plan || target.choice.scope != saved.scope {
      diagnostics.report(
        .staleSavedPlan(
          Phrase(
            "it is about another plan or scope", vi: "nó nói về một kế hoạch hoặc phạm vi khác")))
    } else if let problem = saved.databaseProblem(target.choice.database) {
      diagnostics.report(.staleSavedPlan(problem))
    }
    guard !diagnostics.hasErrors else { return nil }
    return ApplyOrder(
      targets: targets, extent: extent, command: extent == .destroy ? "destroy" : "apply",
      saved: saved)
  }

  /// The files that are not what they were; nil where all are.
  func changedFiles(of saved: SavedPlan, in workspace: Workspace) -> Phrase? {
    let changed = saved.files.compactMap { file -> Phrase? in
      let digest = fileDigest(of: joined(workspace.project.root, file.path))
      if digest == file.digest { return nil }
      return digest == nil
        ? Phrase("\"\(file.path)\" is gone", vi: "\"\(file.path)\" không còn")
        : Phrase("\"\(file.path)\" changed", vi: "\"\(file.path)\" đã thay đổi")
    }
    return changed.isEmpty ? nil : listed(changed)
  }

  /// Works where the plan was saved, as the project lies now; nil after diagnostics.
  func enter(
    folderOf saved: SavedPlan, into diagnostics: inout Diagnostics
  ) -> Workspace? {
    if let folder = saved.arguments.folder {
      guard let workspace = workspace(around: ".", into: &diagnostics) else { return nil }
      let place = joined(workspace.project.root, folder)
      do {
        try sow.enter(folder.isEmpty ? workspace.project.root : place)
      } catch {
        diagnostics.report(.staleSavedPlan(.gone(folder: folder)))
        return nil
      }
    }
    files = SourceFiles()
    let folder = sow.folder(of: saved.arguments.plan)
    guard fileExists(folder) else {
      diagnostics.report(.staleSavedPlan(.gone(folder: folder)))
      return nil
    }
    defer { files = SourceFiles() }
    return workspace(around: folder, into: &diagnostics)
  }

  private func listed(_ changes: [Phrase]) -> Phrase {
    let shown = changes.prefix(5).joined(", ")
    let more = changes.count - 5
    guard more > 0 else { return shown }
    return Phrase(
      "{shown}, and \(more) more", vi: "{shown}, và \(more) mục khác", ["shown": shown])
  }
}

extension Phrase {
  fileprivate static func gone(folder: String) -> Phrase {
    Phrase("the folder \"\(folder)\" is gone", vi: "thư mục \"\(folder)\" không còn")
  }
}

extension SavedPlan {
  /// How much of the plan it is about.
  var extent: RunScope {
    if !arguments.targets.isEmpty { return .targeted }
    return arguments.destroys ? .destroy : .operations(prunes: arguments.prunes)
  }

  /// Why the database is not the one that was planned for, where that shows from outside.
  func databaseProblem(_ database: DatabaseURL) -> Phrase? {
    switch ledger {
    // Without a ledger the name is all there is to know a database by.
    case .drawn where database.text != self.database:
      Phrase(
        "the database was \(self.database), and is \(database.text)",
        vi: "cơ sở dữ liệu trước là \(self.database), nay là \(database.text)")
    case .found where database.path.map { !fileExists($0) } ?? !database.isServer:
      Phrase("the database is gone", vi: "cơ sở dữ liệu không còn")
    case .drawn, .found: nil
    }
  }

  /// The options as they were, with values of sensitive variables as they are given now.
  fileprivate func options(over given: SavedOptions) -> SavedOptions {
    var options = given
    options.database.database = arguments.database
    options.database.environment.environment = arguments.environment
    options.lockfile.lockfile = arguments.lockfile
    options.variables.files = arguments.variableFiles
    let now = Dictionary(given.variables.pairs.map { ($0.name, $0.text) }) { $1 }
    options.variables.assignments = arguments.assignments.compactMap { assignment in
      (assignment.text ?? now[assignment.name]).map { "\(assignment.name)=\($0)" }
    }
    return options
  }
}
