internal import ArgumentParser
internal import SowApplying
internal import SowModel

struct ImportCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make an existing row the one of an operation, as if sow had created it.",
    discussion: """
      For rows that were there before their plan, also those that an upsert adopted: they belong to \
      the plan afterwards, so that sync, prune and destroy delete them. Values stay as they are; the \
      next plan shows what differs.

      Example:
        sow import luis 60
        sow import 'statuses["open"]' 3 --plan plans/shop.yaml
      """)

  @Argument(
    help: ArgumentHelp(
      "An operation, or operation[\"key\"] for one of its instances.", valueName: "op"))
  var address: RowAddress

  @Argument(help: "The primary key of the row; the parts of a longer one with commas between.")
  var key: String

  @Option(
    help: ArgumentHelp("The plan of the operation; else the one that has it.", valueName: "plan"))
  var plan: String?

  @OptionGroup(title: "Plan options") var database: DatabaseOptions
  @OptionGroup(title: "Plan options") var lockfile: LockfileOptions
  @OptionGroup(title: "Plan options") var variables: VariableOptions
  @OptionGroup(title: "Plan options") var secrets: SecretOptions
  @OptionGroup(title: "Plan options") var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: secrets.showSensitive)
    return session.terminal.close(run(session), afterChanges: true)
  }

  private func run(_ session: Session) -> Ending {
    var general = Diagnostics()
    session.enter(common.project, into: &general)
    guard !general.hasErrors,
      let targets = session.targets(
        plan.map { [$0] } ?? [], database: database, lockfile: lockfile,
        variables: variables, into: &general)
    else { return session.refuse(general) }
    let owners = targets.filter { target in
      target.plan.operations.contains { $0.name == address.operation }
    }
    guard owners.count == 1, let target = owners.first else {
      return session.refuse(Diagnostics(refusal(owners)))
    }
    session.tell(general)
    do {
      return try own(target, session)
    } catch {
      return session.refuse(
        Diagnostics(Diagnostic(error, database: target.choice.database.text)))
    }
  }

  private func own(_ target: Target, _ session: Session) throws -> Ending {
    if let path = target.choice.database.path, !fileExists(path) {
      return session.refuse(
        Diagnostics(
          Diagnostic(
            .databaseFailed,
            [
              "database": target.choice.database.text,
              "problem": Phrase("there is no such file", vi: "không có tệp như vậy"),
            ],
            at: nil)))
    }
    let settings = session.settings(
      of: target, patience: database.lockTimeout, reportsRows: false, isWriting: true)
    let options = ApplyOptions(
      checkLock: { ledger in
        target.lock?.check(with: ledger, files: &session.files) ?? LockCheck()
      },
      stageLock: { lock in try target.lock?.stage(lock) })
    let run = PlanRun(target.plan, on: try Databases().writing(target.choice.database), settings)
    switch try run.own(address, key: key, options) {
    case .refused(let diagnostics): return session.refuse(diagnostics)
    case .alreadyOwned(let key, let entity):
      show(
        Phrase(
          "\(address.text) is \(entity) \(key) already",
          vi: "\(address.text) vốn đã là \(entity) \(key)"), target, session)
      return .done
    case .owned(let key, let entity, let problem):
      show(
        Phrase(
          "\(address.text) is \(entity) \(key) from now on",
          vi: "từ nay \(address.text) là \(entity) \(key)"), target, session)
      guard let problem else { return .done }
      session.tell(Diagnostics(Diagnostic(lockfile: target.lockfile ?? "", problem)))
      return .fileNotWritten
    }
  }

  private func show(_ message: Phrase, _ target: Target, _ session: Session) {
    if session.isText {
      let text = message.text(in: session.terminal.language)
      session.terminal.result.line(terminalSafe("\(target.plan.name): \(text)"))
    } else {
      let json = JSONWriter(to: session.terminal.result)
      json.document {
        json.label(target.label, kind: "ledger_change")
        json.member("message", message)
      }
    }
  }

  private func refusal(_ owners: [Target]) -> Diagnostic {
    if owners.isEmpty {
      return Diagnostic(
        .importNoInstance,
        [
          "address": address.text,
          "plan": plan.map { Phrase(same: "\"\($0)\"") }
            ?? Phrase("no plan", vi: "không kế hoạch nào"),
        ], at: nil)
    }
    let plans = owners.map(\.plan.name).joined(separator: ", ")
    return Diagnostic(
      .ambiguousAddress, ["address": address.text, "plans": plans], at: nil,
      hint: .text("name one with --plan", vi: "hãy nêu một kế hoạch bằng --plan"))
  }
}
