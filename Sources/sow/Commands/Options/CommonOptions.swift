internal import ArgumentParser

/// What every command about a project takes.
struct CommonOptions: ParsableArguments {
  @OptionGroup var project: ProjectOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var noise: NoiseOptions

  func terminal(in context: ProcessContext) -> Terminal {
    context.terminal(output.format, output.colour)
  }
}

/// What the commands that read plans take beside it.
struct PlanningOptions: ParsableArguments {
  @OptionGroup var variables: VariableOptions
  @OptionGroup var secrets: SecretOptions
  @OptionGroup var detail: DetailOptions
}
