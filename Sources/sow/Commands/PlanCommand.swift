internal import ArgumentParser

struct PlanCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what an apply would change; writes nothing.",
    discussion: """
      Compares the plans with the database and the ledger in a read-only transaction. A SQLite \
      file that does not exist is read as an empty database and is not made.

      Example:
        sow plan
        sow plan plans/shop.yaml -e staging --detailed-exitcode
        sow plan plan.yaml --database sqlite:shop.db --format json
      """)

  @OptionGroup var plans: PlanArguments

  @Flag(
    name: .customLong("detailed-exitcode"),
    help: "Exit with 2 where an apply would change something.")
  var detailedExitCode = false

  @OptionGroup(title: "Plan options") var database: DatabaseOptions
  @OptionGroup(title: "Plan options") var lockfile: LockfileOptions
  @OptionGroup(title: "Plan options") var planning: PlanningOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending { .done }
}
