internal import ArgumentParser

/// What every command about a project takes.
struct ProjectCommandOptions<Form: FormChoice>: ParsableArguments {
  @OptionGroup var project: ProjectOptions
  @OptionGroup var output: FormOptions<Form>
  @OptionGroup var noise: NoiseOptions

  func terminal(in context: ProcessContext) -> Terminal {
    context.terminal(output.format.form, output.style)
  }
}

typealias CommonOptions = ProjectCommandOptions<StandardForm>

/// What the commands that read plans take beside it.
struct PlanningOptions: ParsableArguments {
  @OptionGroup var variables: VariableOptions
  @OptionGroup var secrets: SecretOptions
  @OptionGroup var detail: DetailOptions
}
