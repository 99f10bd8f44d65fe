import SowFiles
import SowModel
import SowTestSupport
import Testing

/// What came of one text that was loaded.
struct Loaded {
  var plan: Plan?
  var diagnostics: [Diagnostic]
  var marks: MarkedText

  var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }

  /// Loads a plan from memory.
  init(
    _ marked: String, path: String = "plan.yaml", acceptsUnnamed: Bool = false,
    limits: (inout Limits) -> Void = { _ in }
  ) {
    marks = MarkedText(marked)
    var files = SourceFiles()
    var found = Diagnostics()
    var project = Project(root: "/tmp", environments: [])
    limits(&project.limits)
    plan = Plan.load(
      bytes: Array(marks.text.utf8), shownAs: path, project: project,
      acceptsUnnamed: acceptsUnnamed, files: &files, diagnostics: &found)
    diagnostics = found.sorted
  }

  func operation(_ name: String) -> DataOperation? {
    plan?.operations.first { $0.name == name }
  }

  func value(_ field: String, of name: String = "a") -> Input? {
    operation(name)?.values.first { $0.name.value == field }?.input
  }
}

/// A text whose first diagnostic has `code` at marker 1, and its related place at marker 2.
struct Mistake: Sendable, CustomTestStringConvertible {
  var code: String
  var text: String
  var hint: String?

  init(_ code: String, _ text: String, hint: String? = nil) {
    self.code = code
    self.text = text
    self.hint = hint
  }

  var testDescription: String { code + ": " + text.prefix(60) }

  func verify(_ diagnostics: [Diagnostic], _ marks: MarkedText) {
    #expect(diagnostics.map(\.code.id) == [code])
    guard let diagnostic = diagnostics.first else { return }
    #expect(diagnostic.range?.start == marks[1])
    #expect(!diagnostic.message.isEmpty)
    #expect(diagnostic.englishWords == [], "\(diagnostic.sentence.vietnamese)")
    if let second = marks[2] { #expect(diagnostic.related.first?.start == second) }
    guard let hint else { return }
    #expect(diagnostic.hint?.sentence.english.contains(hint) == true)
  }
}

/// The operation `a` with the lines of `body` indented below it.
func operation(_ body: String) -> String {
  let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
  return "operations:\n  a:\n" + lines.map { "    " + $0 }.joined(separator: "\n") + "\n"
}

/// Its values alone.
func values(_ body: String) -> String {
  let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
  return operation("action: create\nentity: x\nvalues:\n")
    + lines.map { "      " + $0 }.joined(separator: "\n") + "\n"
}
