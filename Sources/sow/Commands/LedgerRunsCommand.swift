internal import ArgumentParser
internal import SowDatabase
internal import SowModel

struct LedgerRunsCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs that changed something: who, when, which plan, how much.",
    discussion: """
      Newest first. A run that changes nothing leaves no trace.

      Example:
        sow ledger runs
        sow ledger runs shop -e staging --format json
      """)

  @Argument(
    help: ArgumentHelp(
      "Names of plans, as the ledger knows them; without one, all.", valueName: "plan"))
  var plans: [String] = []

  @OptionGroup(title: "Ledger options") var database: DatabaseOptions
  @OptionGroup(title: "Ledger options") var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: false)
    let ending = session.readLedger(common.project, database) { reading in
      let runs = try reading.database.runs().filter { run in
        run.scope == reading.choice.scope && (plans.isEmpty || plans.contains(run.plan))
      }
      session.isText ? list(runs, session) : document(runs, reading.choice, session)
      return .done
    }
    return session.terminal.close(ending)
  }

  private func list(_ runs: [LedgerRun], _ session: Session) {
    let outlet = session.terminal.result
    let shown = runs.prefix(session.rowLimit ?? .max)
    let width = shown.map { displayWidth($0.plan) }.max() ?? 0
    for run in shown {
      outlet.line(
        "  " + padded(String(run.serial), to: 5) + padded(terminalSafe(run.plan), to: width + 2)
          + [run.message, run.provenance].joined(", ").text(in: outlet.language).safe)
    }
    if runs.count > shown.count {
      outlet.line("  ", .more(runs.count - shown.count))
    }
    if !runs.isEmpty { outlet.line() }
    outlet.line("  ", .sentence(.count(runs.count, .run)))
  }

  private func document(_ runs: [LedgerRun], _ choice: EnvironmentChoice, _ session: Session) {
    let json = JSONWriter(to: session.terminal.result)
    json.document {
      json.member("kind", "ledger_runs")
      json.member("format_version", 1)
      if let environment = choice.name { json.member("environment", environment) }
      json.member("database", choice.database.text)
      json.lines("runs") {
        for run in runs { json.object { json.ledgerRun(run) } }
      }
    }
  }
}

extension String {
  fileprivate var safe: String { terminalSafe(self) }
}
