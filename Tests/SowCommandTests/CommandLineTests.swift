import SowModel
import Testing

@testable import sow

struct CommandLineTests {
  @Test func `codes are kebab-case, unique and fully explained`() {
    let ids = Dictionary(grouping: DiagnosticCode.known.map(\.id), by: \.self)
    #expect(ids.filter { $0.value.count > 1 }.isEmpty)
    for code in DiagnosticCode.known {
      #expect(code.id.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-".contains($0) })
      for text in [
        code.template.english, code.template.vietnamese, code.meaning, code.example, code.fix,
      ] {
        #expect(!text.isEmpty, "\(code.id)")
      }
    }
  }

  /// Three phrases are those that the senders of batch requests know.
  @Test func `a phrase begins in lower case and ends without a full stop`() {
    let known = [
      "No records were modified", "Dependency failed (\"{operation}\")",
      "Cannot access other tenant's data",
    ]
    for code in DiagnosticCode.known where !known.contains(code.template.english) {
      #expect(!code.template.english.contains(/^[A-Z][a-z]/), "\(code.id)")
      #expect(code.template.english.last != ".", "\(code.id)")
    }
  }

  @Test(arguments: ["unknown-field", "error[unknown-field]", "warning[unknown-field]:"])
  func `a code may be pasted with its severity`(text: String) {
    #expect(ExplainCommand.bareID(text) == "unknown-field")
  }

  @Test func `an explanation has meaning, example and fix`() {
    #expect(
      written { $0.explain(.sampleError) } == """
        error[unknown-field]: entity "{entity}" has no field "{field}"

        A name is wrong.

        Example:
          emial: luis@example.com

        Fix:
          Correct the name.

        """)
  }

  struct Colours {
    var choice: ColorChoice
    var terminal = true
    var environment: [String: String] = [:]
    var expected: Palette
  }

  @Test(arguments: [
    Colours(choice: .auto, expected: .coloured),
    Colours(choice: .auto, terminal: false, expected: .plain),
    Colours(choice: .auto, environment: ["NO_COLOR": "1"], expected: .plain),
    Colours(choice: .auto, environment: ["NO_COLOR": ""], expected: .coloured),
    Colours(choice: .auto, environment: ["TERM": "dumb"], expected: .plain),
    Colours(
      choice: .always, terminal: false, environment: ["NO_COLOR": "1"], expected: .coloured),
    Colours(choice: .never, expected: .plain),
  ])
  func `colours follow the choice, then NO_COLOR, then the terminal`(colours: Colours) {
    #expect(
      colours.choice.palette(isTerminal: colours.terminal, environment: colours.environment)
        == colours.expected)
  }

  @Test(
    arguments: [
      (nil, [:], nil), (nil, ["CI": "true"], 30), (nil, ["CI": ""], nil),
      (0.5, ["CI": "true"], 0.5), (5, [:], 5), (0, ["CI": "true"], nil),
    ] as [(Double?, [String: String], Double?)])
  func `a statement may take 30 seconds where CI is set, else as long as it takes`(
    given: Double?, environment: [String: String], seconds: Double?
  ) {
    let context = ProcessContext(environment: environment, output: nil, errors: nil)
    var options = TimeoutOptions()
    options.timeout = given
    #expect(options.statementLimit(in: context) == seconds.map { .seconds($0) })
  }

  @Test func `width counts columns of a terminal`() {
    #expect(displayWidth("abc") == 3)
    #expect(displayWidth("Nguyễn Văn") == 10)
    #expect(displayWidth("Nguye\u{302}\u{303}n") == 6)
    #expect(displayWidth("東京") == 4)
    #expect(shortened("東京都", to: 5) == "東京…")
    #expect(padded("long", to: 3) == "long  ")
  }
}
