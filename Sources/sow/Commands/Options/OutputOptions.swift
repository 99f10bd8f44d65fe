internal import ArgumentParser
internal import SowModel

/// The form of what a command says, one of those that the command lists.
struct FormOptions<Form: FormChoice>: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The form of the result on standard output: \(Form.listed)."))
  var format: Form = .text

  @OptionGroup var style: StyleOptions
}

typealias OutputOptions = FormOptions<StandardForm>

/// The form of the answer to a batch request.
struct ResponseOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: "The form of the result on standard output: json (the batch response) or text.")
  var format = StandardForm.json

  @OptionGroup var style: StyleOptions
}

/// How what a command says looks and sounds.
struct StyleOptions: ParsableArguments {
  @Option(help: "Colours: auto (on a terminal, unless NO_COLOR is set), always or never.")
  var color = ColorChoice.auto

  @Option(
    help: ArgumentHelp(
      "What people are spoken to in: en, vi, or en,vi for both.",
      discussion: "Else the language of sow.yaml, else en. This help is in English."))
  var language: Language?
}

extension ColorChoice: ExpressibleByArgument {}
extension Language: ExpressibleByArgument {}

/// How much a command says beside its result.
struct NoiseOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Also say on standard error what is used and done.")
  var verbose = false

  @Flag(name: [.short, .long], help: "Say only errors and the result: no warnings, no remarks.")
  var quiet = false

  func validate() throws {
    if verbose && quiet {
      throw ValidationError("--verbose and --quiet contradict each other: give one of them.")
    }
  }
}

/// How much of long lists is shown as text.
struct DetailOptions: ParsableArguments {
  @Flag(help: "Show everything: not 20 instances an operation and 100 diagnostics a file.")
  var all = false
}

struct SecretOptions: ParsableArguments {
  @Flag(help: "Show sensitive values instead of their labels.")
  var showSensitive = false
}
