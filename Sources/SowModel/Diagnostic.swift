/// One message about the user's files: facts, not sentences.
///
/// The sentence is the code's template with the facts put in, so that every renderer and language
/// says the same thing.
package struct Diagnostic: Hashable, Sendable {
  package var code: DiagnosticCode
  package var severity: Severity
  /// What fills the template's `{name}` places.
  package var facts: Facts
  /// The fix, where it can be known; a short phrase shown under the caret.
  package var hint: Hint?
  package var range: SourceRange?
  /// Other places that belong to the message, such as the first of two declarations.
  package var related: [SourceRange]
  /// Whether the source line must be hidden from the marked place on.
  package var isSensitive: Bool
  /// What a schema says in place of the code's own sentence.
  package var wording: Phrase?

  package enum Severity: String, Hashable, Sendable { case error, warning }

  package enum Hint: Hashable, Sendable {
    case didYouMean(String)
    case text(Phrase)

    /// Words with `{fact}` where a fact goes; without facts, braces are braces.
    package static func text(
      _ english: String, vi vietnamese: String, _ facts: Facts = [:]
    ) -> Hint {
      let words = Phrase(english, vi: vietnamese)
      return .text(facts.isEmpty ? words : words.filled(facts))
    }

    package var sentence: Phrase {
      switch self {
      case .didYouMean(let name):
        Phrase("did you mean \"\(name)\"?", vi: "có phải ý bạn là \"\(name)\"?")
      case .text(let words): words
      }
    }
  }

  package init(
    _ code: DiagnosticCode, _ facts: Facts = [:], at range: SourceRange?,
    hint: Hint? = nil, related: [SourceRange] = [], isSensitive: Bool = false
  ) {
    self.code = code
    self.severity = code.severity
    self.facts = facts
    self.hint = hint
    self.range = range
    self.related = related
    self.isSensitive = isSensitive
  }

  /// The sentence, lower case, without a full stop.
  package var sentence: Phrase { wording ?? code.template.filled(facts) }

  /// The sentence in English.
  package var message: String { sentence.english }
}

/// What a check found; a user's mistakes are collected, never thrown.
package struct Diagnostics: Sendable {
  package private(set) var all: [Diagnostic] = []
  package private(set) var hasErrors = false

  package init() {}

  package var isEmpty: Bool { all.isEmpty }

  package mutating func report(_ diagnostic: Diagnostic) {
    all.append(diagnostic)
    if diagnostic.severity == .error { hasErrors = true }
  }

  package mutating func report(
    _ code: DiagnosticCode, _ facts: Facts = [:], at range: SourceRange?,
    hint: Diagnostic.Hint? = nil, related: [SourceRange] = [], isSensitive: Bool = false
  ) {
    report(
      Diagnostic(
        code, facts, at: range, hint: hint, related: related, isSensitive: isSensitive))
  }

  package mutating func merge(_ others: Diagnostics) {
    for diagnostic in others.all { report(diagnostic) }
  }

  /// By position, those without one first; equal positions keep the order of reporting.
  package var sorted: [Diagnostic] {
    all.enumerated().sorted { left, right in
      switch (left.element.range, right.element.range) {
      case (nil, nil): left.offset < right.offset
      case (nil, _): true
      case (_, nil): false
      case (let first?, let second?):
        first == second ? left.offset < right.offset : first < second
      }
    }.map(\.element)
  }
}
