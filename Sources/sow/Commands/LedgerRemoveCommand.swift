internal import ArgumentParser
internal import SowApplying
internal import SowDatabase
internal import SowModel

struct LedgerRemoveCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Let the ledger forget the row of an address; the row itself stays.",
    discussion: """
      The row is nobody's afterwards. While its operation is in the plan, the next apply makes a new \
      one, or with upsert and sync takes it over again.

      Example:
        sow ledger rm luis
        sow ledger rm 'statuses["old"]' -e staging
      """)

  @Argument(help: "An operation, or operation[\"key\"] for one of its instances.")
  var address: RowAddress

  @OptionGroup(title: "Ledger options") var owner: LedgerPlanOptions
  @OptionGroup(title: "Ledger options") var database: DatabaseOptions
  @OptionGroup(title: "Ledger options") var lockfile: LockfileOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: true,
      showsSensitive: false)
    let ending = session.editLedger(
      at: address, plan: owner.plan, common.project, database, lockfile,
      done: Phrase(
        "\(address.text) is forgotten; its row stays",
        vi: "đã thôi theo dõi \(address.text); bản ghi của nó vẫn còn"),
      check: { database, owner in
        if try database.holds(address, of: owner) { return Diagnostics() }
        return Diagnostics(
          Diagnostic(
            .unknownAddress, ["address": address.text], at: nil,
            hint: .text(
              "\"\(address.operation)\" has instances: sow ledger list",
              vi: "\"\(address.operation)\" có nhiều thể hiện: sow ledger list")))
      }
    ) { edit in try edit.forget(address) }
    return session.terminal.close(ending, afterChanges: true)
  }
}

/// Whose address, where several plans have the same.
struct LedgerPlanOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The plan, as the ledger names it, where several have the address.",
      valueName: "name"))
  var plan: String?
}

extension RowAddress: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}
