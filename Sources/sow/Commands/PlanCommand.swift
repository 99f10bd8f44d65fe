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
        sow plan plans/shop.yaml -e production -o shop.saved
      """)

  @OptionGroup var plans: PlanArguments

  @Flag(
    name: .customLong("detailed-exitcode"),
    help: "Exit with 2 where an apply would change something.")
  var detailedExitCode = false

  @Option(
    name: [.customShort("o"), .customLong("out")],
    help: ArgumentHelp(
      "Save the plan to a file, for sow apply to do exactly that.",
      discussion: """
        The file holds no value that is not shown, and is its owner's alone to read. It is applied \
        only while its files, variables and rows are as they were.
        """, valueName: "file"), completion: .file())
  var out: String?

  @Flag(
    name: .customLong("no-refresh"),
    help: "Do not look at rows that the ledger knows: they count as sow left them.")
  var noRefresh = false

  @OptionGroup var extent: ExtentOptions
  @OptionGroup var targets: TargetOptions

  @OptionGroup(title: "Plan options") var database: DatabaseOptions
  @OptionGroup(title: "Plan options") var lockfile: LockfileOptions
  @OptionGroup(title: "Plan options") var variables: VariableOptions
  @OptionGroup(title: "Plan options") var secrets: SecretOptions
  @OptionGroup(title: "Plan options") var detail: DetailOptions
  @OptionGroup(title: "Plan options") var following: ProgressOptions
  @OptionGroup(title: "Options of every command") var common: ProjectCommandOptions<PlanForm>

  func validate() throws {
    if out?.isEmpty == true { throw ValidationError("--out takes the path of a file.") }
    try targets.check(extent)
    if out != nil, noRefresh {
      throw ValidationError("What was not looked at cannot be saved: leave --no-refresh out.")
    }
    if out != nil, secrets.showSensitive {
      throw ValidationError("A saved plan holds no sensitive values: leave --show-sensitive out.")
    }
  }

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
      let found = session.targets(
        plans.plans, database: database, lockfile: lockfile, variables: variables,
        only: targets.target, into: &general)
    else { return session.refuse(general) }
    if out != nil, found.count > 1 {
      general.report(
        .oneSavedPlan,
        [
          "problem": Phrase(
            "-o saves one plan, and there are {plans}",
            vi: "-o lưu một kế hoạch, mà ở đây có {plans}",
            ["plans": Phrase.count(found.count, .plan)])
        ],
        at: nil, hint: .text("name one plan", vi: "hãy nêu một kế hoạch"))
      return session.refuse(general)
    }
    let saving = saving(into: &general)
    guard !general.hasErrors else { return session.refuse(general) }
    let databases = Databases()
    return session.forEach(
      found, kind: "plan", beside: general,
      do: { preview($0, databases, saving, session) },
      text: { show($0, on: $1, session) },
      members: { result, json in
        json.member("valid", !result.diagnostics.hasErrors)
        if noRefresh { json.member("refreshed", false) }
        if let changeset = result.changeset { json.changeset(changeset, in: session.files) }
      },
      page: { result, page in
        page.result(result, command: command, limit: session.rowLimit, of: session.files)
      })
  }

  /// The command's word in titles.
  private var command: String {
    "plan" + (extent.destroy ? " --destroy" : "") + (noRefresh ? " --no-refresh" : "")
  }

  private func preview(
    _ target: Target, _ databases: Databases, _ saving: PlanSaving?, _ session: Session
  ) -> PlanResult {
    var result = session.preview(
      target, databases, patience: database.lockTimeout, extent: targets.scope ?? extent.extent,
      isSaved: saving != nil, isRefreshed: !noRefresh)
    if let saving { session.save(&result, of: target, as: saving) }
    if detailedExitCode, let changeset = result.changeset, !changeset.isEmpty {
      result.ending = max(result.ending, .differs)
    }
    return result
  }

  private func saving(into diagnostics: inout Diagnostics) -> PlanSaving? {
    out.flatMap {
      PlanSaving(
        at: $0, database: database, lockfile: lockfile, variables: variables,
        extent: extent, targets: targets, into: &diagnostics)
    }
  }

  private func show(_ result: PlanResult, on outlet: Outlet, _ session: Session) {
    guard let changeset = result.changeset, !result.diagnostics.hasErrors else {
      return session.note(result.shortVerdict)
    }
    ChangesetText(
      changeset: changeset, label: result.label,
      command: command,
      allowedDeletes: result.allowedDeletes, files: session.files, limit: session.rowLimit
    ).write(to: outlet)
  }
}
