internal import ArgumentParser
internal import SowDatabase
internal import SowModel

struct LedgerListCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the rows that plans own: address, table, key and origin.",
    discussion: """
      Example:
        sow ledger list
        sow ledger list shop --database sqlite:shop.db --format json
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
      try session.isText ? list(reading, session) : document(reading, session)
      return .done
    }
    return session.terminal.close(ending)
  }

  private func list(_ reading: LedgerReading, _ session: Session) throws {
    let outlet = session.terminal.result
    let owners = try owners(reading, session)
    let text = LedgerText(to: outlet, limit: session.rowLimit)
    for owner in owners {
      text.begin(owner)
      try reading.database.listLedger(of: owner, operation: nil) { text.add($0, table: $1) }
      text.end()
    }
    let (rows, plans) = (Phrase.count(text.count, .row), Phrase.count(owners.count, .plan))
    outlet.line(
      "  ",
      Phrase(
        "\(rows.english) owned by \(plans.english).",
        vi: "\(rows.vietnamese) thuộc sở hữu của \(plans.vietnamese)."))
  }

  private func document(_ reading: LedgerReading, _ session: Session) throws {
    let owners = try owners(reading, session)
    let json = JSONWriter(to: session.terminal.result)
    var failure: (any Error)?
    json.document {
      json.member("kind", "ledger")
      json.member("format_version", 1)
      if let environment = reading.choice.name { json.member("environment", environment) }
      json.member("database", reading.choice.database.text)
      json.lines("plans") {
        for owner in owners {
          json.object {
            json.member("plan", owner.plan)
            json.lines("rows") {
              do {
                try reading.database.listLedger(of: owner, operation: nil) { row, table in
                  json.object { json.ledgerRow(row, table: table) }
                }
              } catch {
                failure = error
              }
            }
          }
        }
      }
    }
    if let failure { throw failure }
  }

  /// The owners that were asked for; a name that owns nothing gets a note.
  private func owners(_ reading: LedgerReading, _ session: Session) throws -> [Owner] {
    let all = try reading.owners()
    guard !plans.isEmpty else { return all }
    let names = all.map(\.plan)
    for plan in plans where !names.contains(plan) {
      let nothing = Phrase(
        "the plan \"\(plan)\" owns nothing", vi: "kế hoạch \"\(plan)\" không sở hữu gì")
      let near = nearest(to: plan, among: names).map { Diagnostic.Hint.didYouMean($0).sentence }
      session.note([nothing, near].compactMap(\.self).joined("; "))
    }
    return all.filter { plans.contains($0.plan) }
  }
}
