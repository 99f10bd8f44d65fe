internal import ArgumentParser
internal import SowModel
internal import SowPlanning

/// What is special to one of the commands that show changes, ask, and make them.
protocol ApplyChoice: ParsableArguments {
  static var configuration: CommandConfiguration { get }
  /// So much of the plans is applied.
  var scope: RunScope { get }
  /// The operations that the run is limited to; none where it is not.
  var operations: [String] { get }
  /// The report of a run whose unfinished operations are repeated.
  var repeated: String? { get }
  /// The command's word in titles.
  var command: String { get }
}

extension ApplyChoice {
  var operations: [String] { [] }
  var repeated: String? { nil }
}

/// A command that shows changes, asks, and makes them.
struct ApplyingCommand<Choice: ApplyChoice>: SowCommand {
  static var configuration: CommandConfiguration { Choice.configuration }

  @OptionGroup var choice: Choice
  @OptionGroup var plans: PlanArguments

  @Flag(help: "Do not ask. This allows no more deletes than usual.")
  var yes = false

  @Option(
    help: ArgumentHelp(
      "Take a changed row as ours though its number may have been given to another; may be repeated.",
      valueName: "address"))
  var take: [RowAddress] = []

  @OptionGroup var rehearsal: RehearsalOptions
  @OptionGroup var deletes: DeleteOptions
  @OptionGroup var timeout: TimeoutOptions

  @Option(
    help: ArgumentHelp(
      "Also write the report to a file, as JSON.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var report: String?

  @OptionGroup(title: "Plan options") var database: DatabaseOptions
  @OptionGroup(title: "Plan options") var lockfile: LockfileOptions
  @OptionGroup(title: "Plan options") var variables: VariableOptions
  @OptionGroup(title: "Plan options") var secrets: SecretOptions
  @OptionGroup(title: "Plan options") var detail: DetailOptions
  @OptionGroup(title: "Plan options") var following: ProgressOptions
  @OptionGroup(title: "Options of every command") var common: ProjectCommandOptions<ApplyForm>

  func validate() throws {
    if report?.isEmpty == true { throw ValidationError("--report takes the path of a file.") }
  }

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: secrets.showSensitive)
    session.follow(following)
    return session.terminal.close(run(session), afterChanges: true)
  }

  private func run(_ session: Session) -> Ending {
    var general = Diagnostics()
    session.enter(common.project, into: &general)
    let file = reportFile(into: &general)
    guard !general.hasErrors,
      var order = order(session, into: &general)
    else { return session.refuse(general) }
    if let past = choice.repeated {
      order.targets = session.limit(
        order.targets, toUnfinishedIn: past, areNamed: !plans.plans.isEmpty, into: &general)
      if general.hasErrors { return session.refuse(general) }
    }
    if !take.isEmpty, order.targets.count > 1 {
      general.report(.onePlan, ["count": Phrase.count(order.targets.count, .plan)], at: nil)
      return session.refuse(general)
    }
    let application = Application(
      session: session,
      databases: Databases(statementLimit: timeout.statementLimit(in: session.context)),
      interruption: session.interruption,
      patience: database.lockTimeout, isDryRun: rehearsal.dryRun,
      allowedDeletes: deletes.allowDeletes, asks: !yes && !rehearsal.dryRun,
      reportsRows: session.isJSON || session.isJUnit || report != nil, extent: order.extent,
      taken: Set(take),
      command: order.command, saved: order.saved)
    var results: [PlanResult] = []
    let ending = session.forEach(
      order.targets, kind: "apply_report", beside: general,
      do: { target in
        let result = application.apply(target)
        results.append(result)
        return result
      },
      text: { session.show($0, on: $1) },
      members: { $1.applyReport($0, files: session.files) },
      page: { result, page in
        page.result(result, command: choice.command, limit: session.rowLimit, of: session.files)
      },
      junit: { JUnitSuite(applied: $0, of: session.files) })
    guard let file else { return ending }
    return max(ending, write(results, to: file, session))
  }

  /// Nil after diagnostics.
  private func order(_ session: Session, into diagnostics: inout Diagnostics) -> ApplyOrder? {
    let saved = session.savedPlan(among: plans.plans, for: "apply", into: &diagnostics)
    if diagnostics.hasErrors { return nil }
    guard let saved else {
      return session.targets(
        plans.plans, database: database, lockfile: lockfile, variables: variables,
        only: choice.operations, into: &diagnostics
      ).map { ApplyOrder(targets: $0, extent: choice.scope, command: choice.command) }
    }
    return session.order(
      saved,
      SavedOptions(
        database: database, lockfile: lockfile, variables: variables,
        extent: choice.scope == .plan || choice.repeated != nil ? nil : choice.scope,
        targets: choice.operations, takes: !take.isEmpty, repeats: choice.repeated != nil,
        showsSensitive: secrets.showSensitive), into: &diagnostics)
  }

  /// Made before anything is applied, so that a place that cannot be written stops the run.
  private func reportFile(into diagnostics: inout Diagnostics) -> PendingFile? {
    guard let report else { return nil }
    do {
      return try PendingFile(at: report)
    } catch {
      diagnostics.report(.fileFailed, ["path": report, "problem": error.text], at: nil)
      return nil
    }
  }

  /// How well that went; what was applied stays applied.
  private func write(
    _ results: [PlanResult], to file: PendingFile, _ session: Session
  ) -> Ending {
    file.outlet.language = session.terminal.language
    let json = JSONWriter(to: file.outlet)
    json.documents(results, kind: "apply_report") { result in
      json.label(result.label, kind: "apply_report")
      json.applyReport(result, files: session.files)
      json.diagnostics(result.diagnostics, of: session.files)
    }
    do {
      try file.finish()
      return .done
    } catch {
      let isCommitted = results.contains(where: \.isCommitted)
      let problem = Diagnostics(
        Diagnostic(
          isCommitted ? .reportNotWritten : .fileFailed,
          ["path": report ?? "", "problem": error.text], at: nil,
          hint: isCommitted
            ? .text("sow ledger runs shows what was done", vi: "sow ledger runs cho thấy đã làm gì")
            : nil))
      // The documents of machines are closed by now.
      session.tellsPeople = true
      session.tell(problem)
      return problem.ending
    }
  }
}
