internal import ArgumentParser
internal import SowModel

struct PlanCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what an apply would change; writes nothing.",
    discussion: """
      Compares the plans with the database and the ledger in a read-only transaction. A SQLite \
      file that does not exist is read as an empty database and is not made.

      Example:
        sow plan
        sow plan plans/shop.yaml -e staging --detailed-exitcode
        sow plan plan.yaml --database sqlite:shop.db --format json
      """)

  @OptionGroup var plans: PlanArguments

  @Flag(
    name: .customLong("detailed-exitcode"),
    help: "Exit with 2 where an apply would change something.")
  var detailedExitCode = false

  @OptionGroup var extent: ExtentOptions

  @OptionGroup(title: "Plan options") var database: DatabaseOptions
  @OptionGroup(title: "Plan options") var lockfile: LockfileOptions
  @OptionGroup(title: "Plan options") var planning: PlanningOptions
  @OptionGroup(title: "Options of every command") var common: ProjectCommandOptions<PlanForm>

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: planning.detail.all,
      showsSensitive: planning.secrets.showSensitive)
    return session.terminal.close(run(session))
  }

  private func run(_ session: Session) -> Ending {
    var general = Diagnostics()
    session.enter(common.project, into: &general)
    guard !general.hasErrors,
      let targets = session.targets(
        plans.plans, database: database, lockfile: lockfile, variables: planning.variables,
        into: &general)
    else { return session.refuse(general) }
    let databases = Databases()
    return session.forEach(
      targets, kind: "plan", beside: general,
      do: { preview($0, databases, session) },
      text: { show($0, on: $1, session) },
      members: { result, json in
        json.member("valid", !result.diagnostics.hasErrors)
        if let changeset = result.changeset { json.changeset(changeset) }
      },
      markdown: { result, comment in
        comment.result(result, command: command, limit: session.rowLimit, of: session.files)
      })
  }

  /// The command's word in titles.
  private var command: String { extent.destroy ? "plan --destroy" : "plan" }

  private func preview(
    _ target: Target, _ databases: Databases, _ session: Session
  ) -> PlanResult {
    var result = session.preview(
      target, databases, patience: database.lockTimeout, extent: extent.extent)
    if detailedExitCode, let changeset = result.changeset, !changeset.isEmpty {
      result.ending = max(result.ending, .differs)
    }
    return result
  }

  private func show(_ result: PlanResult, on outlet: Outlet, _ session: Session) {
    guard let changeset = result.changeset, !result.diagnostics.hasErrors else {
      return session.note("\(result.label.plan): " + (result.diagnostics.summary ?? "no plan"))
    }
    ChangesetText(
      changeset: changeset, label: result.label,
      command: command,
      allowedDeletes: result.allowedDeletes, limit: session.rowLimit
    ).write(to: outlet)
  }
}
