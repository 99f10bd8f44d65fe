internal import ArgumentParser
internal import SowModel
internal import SowPlanning

struct ValidateCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check plans and schemas without a database; all mistakes at once.",
    discussion: """
      Mistakes are shown on standard error by position, the verdict on each plan on standard \
      output; with --format json one document holds both. Exit code 3 where a file is not valid.

      Example:
        sow validate
        sow validate plans/shop.yaml --var domain=example.com --format json
      """)

  @OptionGroup var plans: PlanArguments
  @OptionGroup(title: "Plan options") var environment: EnvironmentOptions
  @OptionGroup(title: "Plan options") var variables: VariableOptions
  @OptionGroup(title: "Plan options") var secrets: SecretOptions
  @OptionGroup(title: "Plan options") var detail: DetailOptions
  @OptionGroup(title: "Plan options") var following: ProgressOptions
  @OptionGroup(title: "Options of every command") var common: ProjectCommandOptions<ValidateForm>

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: secrets.showSensitive)
    session.follow(following)
    return session.terminal.close(run(session))
  }

  private func run(_ session: Session) -> Ending {
    var general = Diagnostics()
    session.enter(common.project, into: &general)
    let sources = general.hasErrors ? [] : session.load(plans.plans, into: &general)
    let given = sources.map { variables(for: $0, session, into: &general) }
    let known = sources.compactMap(\.plan)
    if known.count == sources.count {
      given.first?.reportUndeclared(among: known, into: &general)
    }
    guard !sources.isEmpty else { return session.refuse(general) }
    return session.forEach(
      Array(zip(sources, given)), kind: "validation", beside: general, apart: false,
      do: { check($0.0, $0.1, session) },
      text: { $1.line($0.verdict) },
      members: { result, json in
        json.member("valid", result.ending == .done)
        json.member("operations", result.plan?.operations.count ?? 0)
      },
      junit: { JUnitSuite(validated: $0, of: session.files) })
  }

  private func check(
    _ source: PlanSource, _ variables: GivenVariables, _ session: Session
  ) -> PlanResult {
    var result = PlanResult(
      label: RunLabel(plan: source.name, environment: environment.environment))
    result.stop(source.diagnostics)
    guard let plan = source.plan else { return result }
    result.plan = plan
    var found = Diagnostics()
    CheckedPlan.validate(
      plan, session.checkContext(source, variables, createsTables: true), watch: session.watch,
      into: &found)
    result.stop(found.further(than: source.diagnostics))
    return result
  }

  /// A validation needs no environment, but takes the variables of the one that there is.
  private func variables(
    for source: PlanSource, _ session: Session, into diagnostics: inout Diagnostics
  ) -> GivenVariables {
    let project = source.workspace.project
    var chosen: Environment?
    if let name = environment.environment {
      chosen = Environment.chosen(name, of: project, into: &diagnostics)
    } else {
      var ignored = Diagnostics()
      chosen = Environment.chosen(nil, of: project, into: &ignored)
    }
    return GivenVariables(
      variables, environment: chosen, limit: project.limits.fileBytes,
      files: &session.files, diagnostics: &diagnostics)
  }
}

extension PlanResult {
  /// `shop: valid, 12 operations` or `shop: 2 errors, 1 warning`.
  fileprivate var verdict: Phrase {
    let name = Phrase(same: terminalSafe(label.plan))
    let summary = diagnostics.summary
    if diagnostics.hasErrors, let summary { return [name, summary].joined(": ") }
    let parts: [Phrase?] = [
      Phrase("valid", vi: "hợp lệ"), .count(plan?.operations.count ?? 0, .operation), summary,
    ]
    return [name, parts.compactMap(\.self).joined(", ")].joined(": ")
  }
}
