internal import ArgumentParser
internal import SowApplying
internal import SowDatabase
internal import SowModel

struct DriftCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Show what someone else did to the rows that plans own; writes nothing.",
    discussion: """
      Holds the ledger against the database: rows that were changed, with what the plan says and \
      what the database holds where the plan still says what it said, and rows that are gone. An \
      apply sets them back.

      Example:
        sow drift
        sow drift plans/shop.yaml -e production --detailed-exitcode
      """)

  @OptionGroup var plans: PlanArguments

  @Flag(
    name: .customLong("detailed-exitcode"),
    help: "Exit with 2 where a row is not as sow left it.")
  var detailedExitCode = false

  @OptionGroup(title: "Plan options") var database: DatabaseOptions
  @OptionGroup(title: "Plan options") var variables: VariableOptions
  @OptionGroup(title: "Plan options") var secrets: SecretOptions
  @OptionGroup(title: "Plan options") var detail: DetailOptions
  @OptionGroup(title: "Plan options") var following: ProgressOptions
  @OptionGroup(title: "Options of every command") var common: ProjectCommandOptions<DriftForm>

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
    guard !general.hasErrors,
      let targets = session.targets(
        plans.plans, database: database, lockfile: nil,
        variables: variables, into: &general)
    else { return session.refuse(general) }
    let databases = Databases()
    return session.forEach(
      targets, kind: "drift", beside: general, do: { find($0, databases, session) },
      text: { result, outlet in
        guard let found = result.found else {
          return session.note(result.shortVerdict)
        }
        DriftText(found: found, label: result.label, limit: session.rowLimit)
          .write(to: outlet)
      },
      members: { result, json in
        guard let found = result.found else { return }
        json.drift(found)
      },
      page: { result, page in
        page.drift(
          result.found, result.label, result.diagnostics, limit: session.rowLimit, of: session.files
        )
      })
  }

  private func find(
    _ target: Target, _ databases: Databases, _ session: Session
  ) -> DriftResult {
    var result = DriftResult(label: target.label)
    let settings = session.settings(
      of: target, patience: database.lockTimeout, reportsRows: false, isWriting: false)
    do {
      let database = try databases.reading(target.choice.database)
      let (found, diagnostics) = try PlanRun(target.plan, on: database, settings).drift()
      result.found = found
      result.stop(diagnostics)
      if detailedExitCode, found?.rows.isEmpty == false {
        result.ending = max(result.ending, .differs)
      }
    } catch {
      result.stop(Diagnostic(error, database: target.choice.database.text))
    }
    return result
  }
}

/// What `drift` found of one plan.
private struct DriftResult: CommandResult {
  var label: RunLabel
  var found: DriftFound?
  var diagnostics = Diagnostics()
  var ending = Ending.done
}
