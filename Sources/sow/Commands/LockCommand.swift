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

struct LockWriteCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Write lockfiles anew from the ledger.",
    discussion: """
      A lockfile of another database, or one that names other keys for the same addresses, is \
      replaced only with --adopt.

      Example:
        sow lock write
        sow lock write plans/shop.yaml -e staging --adopt
      """)

  @OptionGroup var plans: PlanArguments

  @Flag(help: "Replace a lockfile of another database or with other keys.")
  var adopt = false

  @OptionGroup(title: "Lockfile options") var database: DatabaseOptions
  @OptionGroup(title: "Lockfile options") var lockfile: LockfileOptions
  @OptionGroup(title: "Lockfile options") var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending { .done }
}

struct LockCheckCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare lockfiles with the ledger; exit with 2 where they differ.",
    discussion: """
      Example:
        sow lock check
        sow lock check plans/shop.yaml -e staging
      """)

  @OptionGroup var plans: PlanArguments

  @OptionGroup(title: "Lockfile options") var database: DatabaseOptions
  @OptionGroup(title: "Lockfile options") var lockfile: LockfileOptions
  @OptionGroup(title: "Lockfile options") var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending { .done }
}
