internal import SowApplying
internal import SowFiles
internal import SowModel
internal import SowPlanning

/// Where a plan is saved, and what of the command line it remembers.
struct PlanSaving {
  let path: String
  let file: PendingFile
  let database: DatabaseOptions
  let lockfile: LockfileOptions
  let variables: VariableOptions
  let extent: RunScope
  let targets: [String]

  /// Makes the file beside its place, so that a place that cannot be written is known before the
  /// work; nil after a diagnostic. Only a saved plan is replaced.
  init?(
    at path: String, database: DatabaseOptions, lockfile: LockfileOptions,
    variables: VariableOptions, extent: ExtentOptions, targets: TargetOptions,
    into diagnostics: inout Diagnostics
  ) {
    if fileExists(path), WrittenFile(at: path) != .savedPlan {
      diagnostics.report(
        .notReplaced, ["path": path], at: nil,
        hint: .text("give another name to -o", vi: "hãy cho -o một tên khác"))
      return nil
    }
    do {
      file = try PendingFile(at: path, isPrivate: true)
    } catch {
      diagnostics.report(.fileFailed, ["path": path, "problem": error.text], at: nil)
      return nil
    }
    self.path = path
    self.database = database
    self.lockfile = lockfile
    self.variables = variables
    self.extent = targets.scope ?? extent.extent
    self.targets = targets.target
  }
}

extension Session {
  /// Saves what was previewed; a file that cannot be written is an error of the result.
  func save(_ result: inout PlanResult, of target: Target, as saving: PlanSaving) {
    guard !result.diagnostics.hasErrors, let changeset = result.changeset,
      let basis = result.basis, let fingerprint = basis.fingerprint
    else { return }
    let saved = SavedPlan(
      environment: target.choice.name, database: target.choice.database.text,
      scope: target.choice.scope, ledger: basis.ledger,
      arguments: arguments(of: saving, for: target), files: digests(of: target),
      variables: basis.variables, fingerprint: fingerprint, changeset: changeset,
      rowLimit: isJSON ? nil : rowLimit, streamLimit: isJSON ? rowLimit : nil)
    saved.write { saving.file.outlet.write($0) }
    do {
      try saving.file.finish()
      note(
        Phrase(
          "saved; sow apply \(saving.path) does exactly this",
          vi: "đã lưu; sow apply \(saving.path) sẽ làm đúng như vậy"))
    } catch {
      result.stop(
        Diagnostic(.fileFailed, ["path": saving.path, "problem": error.text], at: nil))
    }
  }

  /// Every file that was read for the target, by path, with its digest now: one that changed
  /// since it was read makes the saved plan stale from the start.
  func digests(of target: Target) -> [SavedPlan.ReadFile] {
    let root = target.source.workspace.project.root
    return filePaths(of: target).compactMap { path in
      fileDigest(of: path).map { SavedPlan.ReadFile(path: path.below(root), digest: $0) }
    }
    .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private func filePaths(of target: Target) -> [String] {
    let notFiles = target.variables.commandLine
    return files.paths.indices.compactMap { index in
      notFiles.contains(FileID(index: index)) ? nil : files.paths[index]
    }
  }

  private func arguments(of saving: PlanSaving, for target: Target) -> SavedPlan.Arguments {
    var arguments = SavedPlan.Arguments(plan: target.source.path)
    let root = target.source.workspace.project.root
    let current = currentFolder()
    if current == root { arguments.folder = "" }
    if isBelow(current, root) { arguments.folder = current.below(root) }
    arguments.environment = saving.database.environment.environment
    arguments.database = saving.database.database
    arguments.lockfile = saving.lockfile.lockfile
    arguments.variableFiles = saving.variables.files
    let secret = Set(target.plan.variables.filter(\.isSensitive).map(\.name.value))
    arguments.assignments = saving.variables.pairs.map { name, text in
      SavedPlan.Assignment(name: name, text: secret.contains(name) ? nil : text)
    }
    arguments.prunes = saving.extent == .operations(prunes: true)
    arguments.targets = saving.targets
    arguments.destroys = saving.extent == .destroy
    return arguments
  }
}

extension String {
  /// A path, relative to `root` where it lies below.
  fileprivate func below(_ root: String) -> String {
    let whole = absolute(self, in: currentFolder())
    return isBelow(whole, root) ? String(whole.dropFirst(root.count + 1)) : whole
  }
}

extension DiagnosticCode {
  static let notReplaced = DiagnosticCode(
    "not-replaced", "\"{path}\" is there already and is no saved plan",
    vi: "\"{path}\" đã có ở đó và không phải là kế hoạch đã lưu",
    meaning: "sow plan -o replaces an older saved plan, and no other file.",
    example: "sow plan plans/shop.yaml -o plans/shop.yaml",
    fix: "Give another name to -o, or remove the file.")

  static let oneSavedPlan = DiagnosticCode(
    "one-saved-plan", "{problem}",
    vi: "{problem}",
    meaning: "A saved plan is about one plan, and is applied alone.",
    example: "sow plan -o all.saved   # plans/ holds two plans",
    fix: "Name the plan.")
}
