internal import ArgumentParser

/// Groups what is asked of the ledger.
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Show and change what sow owns in a database.",
    discussion: """
      Example:
        sow ledger list -e staging
        sow ledger show 'statuses["open"]'
      """,
    subcommands: [
      LedgerListCommand.self, LedgerShowCommand.self, LedgerMoveCommand.self,
      LedgerRemoveCommand.self, LedgerRunsCommand.self,
    ])
}
