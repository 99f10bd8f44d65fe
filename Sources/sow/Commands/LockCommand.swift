internal import ArgumentParser

/// Groups what is done with lockfiles.
struct LockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Write or check the lockfile, the ledger's projection for review.",
    discussion: """
      Example:
        sow lock check
        sow lock write plans/shop.yaml -e staging
      """,
    subcommands: [LockWriteCommand.self, LockCheckCommand.self])
}
