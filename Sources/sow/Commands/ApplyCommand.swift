internal import ArgumentParser

struct ApplyCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Show what would change, ask, and make exactly that so.",
    discussion: """
      Each plan is one transaction, together with the ledger of what it owns; a rerun changes \
      nothing. Only "yes" is a yes; where nobody can answer, changes want --yes.

      Example:
        sow apply
        sow apply plans/shop.yaml -e staging --yes --report report.json
        sow apply plan.yaml --database sqlite:shop.db --yes
      """)

  @OptionGroup var plans: PlanArguments

  @Flag(help: "Do not ask. This allows no more deletes than usual.")
  var yes = false

  @OptionGroup var rehearsal: RehearsalOptions
  @OptionGroup var deletes: DeleteOptions

  @Option(
    help: ArgumentHelp(
      "Also write the report to a file, as JSON.", valueName: "file"))
  var report: String?

  @OptionGroup(title: "Plan options") var database: DatabaseOptions
  @OptionGroup(title: "Plan options") var lockfile: LockfileOptions
  @OptionGroup(title: "Plan options") var planning: PlanningOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func validate() throws {
    if report?.isEmpty == true { throw ValidationError("--report takes the path of a file.") }
  }

  func execute(in context: ProcessContext) -> Ending { .done }
}

/// Whether what is done stays done.
struct RehearsalOptions: ParsableArguments {
  @Flag(help: "Do everything and take it back: nothing is kept, nothing is asked.")
  var dryRun = false
}
