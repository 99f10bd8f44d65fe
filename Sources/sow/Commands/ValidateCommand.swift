internal import ArgumentParser

struct ValidateCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check plans and schemas without a database; all mistakes at once.",
    discussion: """
      Mistakes are shown on standard error by position, the verdict on each plan on standard \
      output; with --format json one document holds both. Exit code 3 where a file is not valid.

      Example:
        sow validate
        sow validate plans/shop.yaml --var domain=example.com --format json
      """)

  @OptionGroup var plans: PlanArguments
  @OptionGroup(title: "Plan options") var environment: EnvironmentOptions
  @OptionGroup(title: "Plan options") var planning: PlanningOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending { .done }
}
