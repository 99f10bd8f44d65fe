internal import ArgumentParser
internal import SowApplying
internal import SowDatabase
internal import SowModel
internal import SowPlanning

struct RunCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Carry out a batch request once, without ledger or lockfile.",
    discussion: """
      The request is a plan file or the JSON of a batch request; "-" reads it from standard input. \
      Operations run in order and nothing is asked. The batch response goes to standard output.

      Example:
        sow run request.json --database sqlite:shop.db
        curl -s https://example.com/request.json | sow run - -e local --dry-run
      """)

  @Argument(
    help: ArgumentHelp("The request, or - for standard input.", valueName: "file"),
    completion: .yamlFiles)
  var file: String

  @OptionGroup var rehearsal: RehearsalOptions
  @OptionGroup var deletes: DeleteOptions
  @OptionGroup var timeout: TimeoutOptions
  @OptionGroup(title: "Request options") var database: DatabaseOptions
  @OptionGroup(title: "Request options") var variables: VariableOptions
  @OptionGroup(title: "Request options") var secrets: SecretOptions
  @OptionGroup(title: "Request options") var detail: DetailOptions
  @OptionGroup(title: "Request options") var following: ProgressOptions
  @OptionGroup(title: "Options of every command") var common: ProjectCommandOptions<ResponseForm>

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise,
      showsAll: detail.all, showsSensitive: secrets.showSensitive)
    // The batch response has no room for warnings.
    session.tellsPeople = true
    session.follow(following)
    return session.terminal.close(run(session), afterChanges: true)
  }

  private func run(_ session: Session) -> Ending {
    var found = Diagnostics()
    session.enter(common.project, into: &found)
    guard !found.hasErrors, let target = target(session, into: &found), !found.hasErrors else {
      return refuse(found, statusCode: 400, session)
    }
    if target.choice.isProtected {
      found.report(.protectedRun(target.choice.name ?? ""))
      return refuse(found, statusCode: 403, session)
    }
    guard !session.exceedsLimits(target) else {
      return refuse(invalid: session.offlineErrors(in: target), session)
    }
    session.tell(found)
    let interruption = session.interruption
    do {
      let settings = session.settings(
        of: target, patience: self.database.lockTimeout, reportsRows: true, isWriting: true)
      let options = ApplyOptions(
        isDryRun: rehearsal.dryRun, allowedDeletes: deletes.allowDeletes)
      let databases = Databases(
        statementLimit: timeout.statementLimit(in: session.context))
      defer { databases.discardUnused(target.choice.database) }
      let opening = try databases.run(
        target.plan, on: target.choice.database, settings, isDryRun: rehearsal.dryRun)
      switch opening {
      case .mistakes(let diagnostics): return refuse(invalid: diagnostics, session)
      case .ready(let run, let database):
        let interrupter = database.interruption
        let outcome = try interruption.whileWriting(interrupt: { interrupter.interrupt() }) {
          try run.applyOnce(options)
        }
        let ending = answer(outcome, of: target, session)
        guard case .finished(let finish) = outcome, finish.stop != nil else { return ending }
        return interruption.ending ?? ending
      }
    } catch {
      let failure = Diagnostics(Diagnostic(error, database: target.choice.database.text))
      let ending = refuse(failure, statusCode: 500, session)
      return interruption.ending ?? ending
    }
  }

  private func target(_ session: Session, into diagnostics: inout Diagnostics) -> Target? {
    let folder = file == "-" ? "." : sow.folder(of: file)
    guard let workspace = session.workspace(around: folder, into: &diagnostics) else { return nil }
    let source =
      file == "-"
      ? session.loadInput(in: workspace)
      : session.load(file, in: workspace, acceptsUnnamed: true)
    diagnostics.merge(source.diagnostics)
    let target = session.target(
      source, database: database, variables: variables, lockfile: nil,
      into: &diagnostics)
    if let target {
      target.variables.reportUndeclared(among: [target.plan], into: &diagnostics)
    }
    return target
  }

  private func answer(
    _ outcome: ApplyOutcome, of target: Target, _ session: Session
  ) -> Ending {
    switch outcome {
    case .invalid(let diagnostics): return refuse(invalid: diagnostics, session)
    case .refused(let diagnostics, _): return refuse(diagnostics, statusCode: 409, session)
    case .unconsented(let gate, _): return refuse(Diagnostics(gate), statusCode: 403, session)
    case .stale(let diagnostic, _):
      let stale = diagnostic ?? Diagnostic(.stalePlan, ["plan": target.plan.name], at: nil)
      return refuse(Diagnostics(stale), statusCode: 409, session)
    case .finished(let finish):
      session.tell(finish.diagnostics)
      session.tell(finish.report.failures)
      let stop = finish.stop.map {
        Diagnostics(Diagnostic($0, database: target.choice.database.text))
      }
      if let stop { session.tell(stop) }
      if session.isText {
        session.terminal.result.line(finish.report.message)
      } else {
        let json = JSONWriter(to: session.terminal.result)
        json.document { json.batchResponse(finish.report) }
      }
      return max(finish.report.ending, stop?.ending ?? .done)
    }
  }

  /// What is forbidden is 403, any other mistake of a request 400.
  private func refuse(invalid diagnostics: Diagnostics, _ session: Session) -> Ending {
    let first = diagnostics.sorted.first { $0.severity == .error }
    return refuse(diagnostics, statusCode: first?.statusCode == 403 ? 403 : 400, session)
  }

  /// Answers that nothing was carried out.
  private func refuse(
    _ diagnostics: Diagnostics, statusCode: Int, _ session: Session
  ) -> Ending {
    session.tell(diagnostics)
    if session.isText {
      let summary = diagnostics.summary ?? Phrase(same: "")
      session.note(
        Phrase(
          "nothing was written: \(summary.english)", vi: "không ghi gì: \(summary.vietnamese)"))
    } else {
      let json = JSONWriter(to: session.terminal.result)
      json.document {
        json.batchRefusal(diagnostics, statusCode: statusCode, of: session.files)
      }
    }
    return diagnostics.ending
  }
}
