/// A stable kebab-case code with all that is said about it; each module declares its own as
/// static members beside the checks that report them, and lists them in one array.
package struct DiagnosticCode: Hashable, Sendable {
  package let id: String
  package let severity: Diagnostic.Severity
  /// The sentence, with `{fact}` where a fact goes: lower case, literals in double quotes.
  package let template: Phrase
  /// For `sow explain`: what it means, in one or two sentences.
  package let meaning: String
  /// For `sow explain`: a small example that is wrong.
  package let example: String
  /// For `sow explain`: what to do.
  package let fix: String

  package init(
    _ id: String, _ template: String, vi vietnamese: String,
    severity: Diagnostic.Severity = .error, meaning: String, example: String, fix: String
  ) {
    self.id = id
    self.severity = severity
    self.template = Phrase(template, vi: vietnamese)
    self.meaning = meaning
    self.example = example
    self.fix = fix
  }

  package static func == (left: Self, right: Self) -> Bool { left.id == right.id }

  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
