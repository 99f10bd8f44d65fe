internal import SowApplying
internal import SowDatabase
internal import SowFiles
internal import SowModel
internal import SowPlanning

/// One plan with the database that it meets.
struct Target {
  let source: PlanSource
  /// The plan, or what the run is limited to of it.
  var plan: Plan
  let choice: EnvironmentChoice
  let variables: GivenVariables
  /// Nil where no lockfile is kept.
  let lockfile: String?
  /// Where those of the plan's former names are.
  let formerLockfiles: [(plan: String, path: String)]
  /// What of the plan is done again; nil for all of it.
  var repetition: Repetition?

  var label: RunLabel {
    RunLabel(plan: plan.name, database: choice.database.text, environment: choice.name)
  }

  var owner: Owner { Owner(scope: choice.scope, plan: plan.name) }

  var limits: Limits { source.workspace.project.limits }

  /// Whether every delete must be agreed to aloud.
  func wantsConsent(_ extent: RunScope) -> Bool { extent == .destroy || choice.isProtected }
}

extension Session {
  /// Finds for each plan its environment, its variables and its lockfile.
  ///
  /// Nil after diagnostics, where anything is wrong with any of the plans' files: then nothing is
  /// planned or applied. Warnings go to the sources of their plans.
  func targets(
    _ paths: [String], database: DatabaseOptions, lockfile: LockfileOptions?,
    variables: VariableOptions?, only operations: [String] = [],
    into diagnostics: inout Diagnostics
  ) -> [Target]? {
    let sources = load(paths, into: &diagnostics)
    for source in sources { diagnostics.merge(source.diagnostics) }
    if sources.count > 1, lockfile?.lockfile != nil {
      diagnostics.report(
        .oneLockfile, ["count": Phrase.count(sources.count, .plan)], at: nil,
        hint: .text("name one plan", vi: "hãy nêu một kế hoạch"))
    }
    var targets: [Target] = []
    for source in sources {
      let target = target(
        source, database: database, variables: variables, lockfile: lockfile?.lockfile,
        into: &diagnostics)
      // What is wrong with the environment would be said once a plan.
      guard let target else { break }
      targets.append(target)
    }
    guard !diagnostics.hasErrors, !targets.contains(where: exceedsLimits) else {
      for target in targets { diagnostics.merge(offlineErrors(in: target)) }
      return nil
    }
    targets.first?.variables.reportUndeclared(among: targets.map(\.plan), into: &diagnostics)
    targets = limit(targets, to: operations, into: &diagnostics)
    return diagnostics.hasErrors ? nil : targets
  }

  /// Whether a plan breaks the limits of an entity, which no database has to be asked for.
  func exceedsLimits(_ target: Target) -> Bool {
    !limitMistakes(in: target).isEmpty
  }

  private func limitMistakes(in target: Target) -> Diagnostics {
    CheckedPlan.limitMistakes(
      target.plan, checkContext(target.source, target.variables, createsTables: true))
  }

  /// What else is wrong with a plan that cannot run, so that all is said at once.
  func offlineErrors(in target: Target) -> Diagnostics {
    var found = Diagnostics()
    _ = CheckedPlan.check(
      target.plan, checkContext(target.source, target.variables, createsTables: true),
      into: &found)
    var errors = Diagnostics()
    for diagnostic in found.further(than: target.source.diagnostics).all
    where diagnostic.severity == .error {
      errors.report(diagnostic)
    }
    for diagnostic in limitMistakes(in: target).all where !errors.all.contains(diagnostic) {
      errors.report(diagnostic)
    }
    return errors
  }

  /// Nil after diagnostics.
  func target(
    _ source: PlanSource, database: DatabaseOptions, variables: VariableOptions?,
    lockfile: String?, into diagnostics: inout Diagnostics
  ) -> Target? {
    guard let choice = choose(database, in: source.workspace, into: &diagnostics),
      let plan = source.plan
    else { return nil }
    let project = source.workspace.project
    let given = GivenVariables(
      variables, environment: choice.environment, limit: project.limits.fileBytes, files: &files,
      diagnostics: &diagnostics)
    let place = choice.lockfile(
      of: plan, option: lockfile, project: project, current: currentFolder())
    let former = plan.movedFrom.compactMap { name -> (plan: String, path: String)? in
      var former = plan
      former.name = name.value
      return choice.lockfile(
        of: former, option: lockfile, project: project, current: currentFolder()
      ).map { (name.value, shownPath($0)) }
    }
    return Target(
      source: source, plan: plan, choice: choice, variables: given,
      lockfile: place.map(shownPath), formerLockfiles: former)
  }

  func choose(
    _ options: DatabaseOptions, in workspace: Workspace, into diagnostics: inout Diagnostics
  ) -> EnvironmentChoice? {
    let choice = EnvironmentChoice(
      named: options.environment.environment, database: options.database,
      project: workspace.project, current: currentFolder(), process: context.environment,
      into: &diagnostics)
    if let choice {
      let (url, name) = (choice.database.text, choice.name)
      remark(
        Phrase(
          "the database is \(url)" + (name.map { " (environment \($0))" } ?? ""),
          vi: "cơ sở dữ liệu là \(url)" + (name.map { " (môi trường \($0))" } ?? "")))
    }
    return choice
  }

  /// - Note: `isCompared` asks for every row, because what is shown now is held against what is
  ///   found later.
  func settings(
    of target: Target, patience: Double, reportsRows: Bool, isWriting: Bool,
    extent: RunScope = .plan, taken: Set<RowAddress> = [], isCompared: Bool = false
  ) -> PlanRun.Settings {
    var settings = PlanRun.Settings(
      context: checkContext(
        target.source, target.variables, createsTables: target.choice.createsTables),
      scope: target.choice.scope, patience: patience,
      detail: ChangesetView.Detail(
        rows: isJSON ? .max : rowLimit ?? .max, streamed: rowLimit ?? .max,
        total: !isJSON && !showsAll && !isCompared ? ChangesetText.standardTotal : .max,
        showsSensitive: showsSensitive),
      commit: isWriting ? gitCommit(around: target.source.workspace.project.root) : "",
      actor: isWriting ? userName() : "", reportsRows: reportsRows, extent: extent)
    settings.taken = taken
    settings.repetition = target.repetition
    settings.isProtected = target.choice.isProtected
    settings.watch = watch
    return settings
  }

  func checkContext(
    _ source: PlanSource, _ variables: GivenVariables, createsTables: Bool
  ) -> CheckContext {
    var check = CheckContext(
      schemas: source.schemas, catalogue: nil, createsTables: createsTables,
      surroundings: context.surroundings(variables), limits: source.workspace.project.limits,
      content: KeyedDigester(secret: []))
    check.queries = source.queries
    return check
  }
}
