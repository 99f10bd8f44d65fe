internal import ArgumentParser
internal import SowModel

struct ExplainCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a diagnostic means, with an example and the fix.",
    discussion: """
      The code is what stands in brackets after "error" or "warning". Without a code, all are \
      listed.

      Example:
        sow explain unknown-field
      """)

  @Argument(help: "The code of a diagnostic.", completion: .diagnosticCodes)
  var code: String?

  @OptionGroup(title: "Output") var output: OutputOptions

  func execute(in context: ProcessContext) -> Ending {
    let terminal = context.terminal(output.format.form, output.color, output.language)
    guard let code else {
      list(DiagnosticCode.known, to: terminal.result)
      return terminal.close(.done)
    }
    let id = Self.bareID(code)
    guard let known = DiagnosticCode.known.first(where: { $0.id == id }) else {
      let suggestion = nearest(to: id, among: DiagnosticCode.known.lazy.map(\.id))
      terminal.errors.line(
        "sow explain: there is no diagnostic \"\(terminalSafe(code))\""
          + (suggestion.map { "; did you mean \"\($0)\"?" } ?? "; \"sow explain\" lists them"))
      return terminal.close(.usage)
    }
    explain(known, to: terminal.result)
    return terminal.close(.done)
  }

  /// The code without what is often pasted along: `error[unknown-field]`.
  static func bareID(_ text: String) -> String {
    guard let open = text.firstIndex(of: "["), let close = text.lastIndex(of: "]"), open < close
    else { return text }
    return String(text[text.index(after: open)..<close])
  }

  private func explain(_ code: DiagnosticCode, to outlet: Outlet) {
    switch output.format {
    case .text: outlet.explain(code)
    case .json:
      let json = JSONWriter(to: outlet)
      json.document {
        json.member("kind", "explanation")
        json.member("format_version", 1)
        json.code(code)
      }
    }
  }

  private func list(_ codes: [DiagnosticCode], to outlet: Outlet) {
    let codes = codes.sorted { $0.id < $1.id }
    switch output.format {
    case .text: outlet.list(codes)
    case .json:
      let json = JSONWriter(to: outlet)
      json.document {
        json.member("kind", "explanations")
        json.member("format_version", 1)
        json.lines("explanations") { for code in codes { json.object { json.code(code) } } }
      }
    }
  }
}

/// What a command takes that is about no project.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The form of the result on standard output: \(StandardForm.listed)."))
  var format = StandardForm.text

  @Option(help: ColorChoice.help)
  var color = ColorChoice.auto

  @Option(help: Language.help)
  var language: Language?
}
