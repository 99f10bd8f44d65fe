internal import ArgumentParser

/// Groups what is asked of the ledger.
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Show what sow owns in a database.",
    discussion: """
      Example:
        sow ledger list -e staging
        sow ledger show 'statuses["open"]'
      """,
    subcommands: [LedgerListCommand.self, LedgerShowCommand.self])
}

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

  func execute(in context: ProcessContext) -> Ending { .done }
}

struct LedgerShowCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that the ledger knows of one address.",
    discussion: """
      Example:
        sow ledger show luis
        sow ledger show 'statuses["open"]' --database sqlite:shop.db
      """)

  @Argument(help: "An operation, or operation[\"key\"] for one of its instances.")
  var address: String

  @OptionGroup(title: "Ledger options") var database: DatabaseOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending { .done }
}
