internal import ArgumentParser

struct RunCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Carry out a batch request once, without ledger or lockfile.",
    discussion: """
      The request is a plan file or the JSON of a batch request; "-" reads it from standard input. \
      Operations run in order and nothing is asked. The batch response goes to standard output.

      Example:
        sow run request.json --database sqlite:shop.db
        curl -s https://example.com/request.json | sow run - -e local --dry-run
      """)

  @Argument(help: ArgumentHelp("The request, or - for standard input.", valueName: "file"))
  var file: String

  @OptionGroup var rehearsal: RehearsalOptions
  @OptionGroup var deletes: DeleteOptions
  @OptionGroup(title: "Request options") var database: DatabaseOptions
  @OptionGroup(title: "Request options") var planning: PlanningOptions
  @OptionGroup(title: "Options of every command") var project: ProjectOptions
  @OptionGroup(title: "Options of every command") var output: ResponseOptions
  @OptionGroup(title: "Options of every command") var noise: NoiseOptions

  func execute(in context: ProcessContext) -> Ending { .done }
}
