internal import ArgumentParser
internal import SowModel

/// What every command about a project takes.
///
/// One flat group: in builds for debugging the parser looks through what it parses at a price that
/// grows fourfold with every group within a group.
struct ProjectCommandOptions<Form: FormChoice>: ParsableArguments {
  /// Where the project is.
  @Option(
    name: [.customShort("C"), .long],
    help: ArgumentHelp(
      "Work as if started in this folder.",
      discussion: "The project is the nearest sow.yaml upwards; without one, this folder.",
      valueName: "dir"), completion: .directory)
  var project: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The form of the result on standard output: \(Form.listed)."))
  var format = Form.usual

  @Option(help: ColorChoice.help)
  var color = ColorChoice.auto

  @Option(help: Language.help)
  var language: Language?

  @Flag(name: [.short, .long], help: "Also say on standard error what is used and done.")
  var verbose = false

  @Flag(name: [.short, .long], help: "Say only errors and the result: no warnings, no remarks.")
  var quiet = false

  func validate() throws {
    if verbose && quiet {
      throw ValidationError("--verbose and --quiet contradict each other: give one of them.")
    }
  }

  var noise: Noise { Noise(verbose: verbose, quiet: quiet) }

  func terminal(in context: ProcessContext) -> Terminal {
    context.terminal(format.form, color, language)
  }
}

typealias CommonOptions = ProjectCommandOptions<StandardForm>

/// How much a command says beside its result.
struct Noise {
  let verbose: Bool
  let quiet: Bool
}

extension ColorChoice: ExpressibleByArgument {
  static let help: ArgumentHelp =
    "Colours: auto (on a terminal, unless NO_COLOR is set), always or never."
}

extension Language: ExpressibleByArgument {
  static let help = ArgumentHelp(
    "What people are spoken to in: en, vi, or en,vi for both.",
    discussion: "Else the language of sow.yaml, else en. This help is in English.")
}
