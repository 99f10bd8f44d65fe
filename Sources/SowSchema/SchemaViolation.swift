package import SowModel

/// One mistake in one row: where, which keyword, and facts; never the value itself.
package struct SchemaViolation: Hashable, Sendable {
  /// The column, then the way into its value; empty where the row as a whole is meant.
  package var path: [String]
  /// One code a keyword; `schema-null` for a null where null is not allowed.
  package var code: DiagnosticCode
  /// What fills the code's template; all of it is the schema's own text, or names.
  package var facts: Facts
  /// The keyword in the schema.
  package var range: SourceRange
  package var hint: Diagnostic.Hint?
  /// The values of an `enum` as text, for a suggestion where the value may be shown.
  package var allowed: [String]

  init(
    _ code: DiagnosticCode, _ facts: Facts = [:], at path: [String],
    keyword range: SourceRange, hint: Diagnostic.Hint? = nil, allowed: [String] = []
  ) {
    self.path = path
    self.code = code
    self.facts = facts
    self.facts["field"] =
      path.isEmpty
      ? Phrase("the row", vi: "bản ghi") : Phrase(same: "\"\(path.joined(separator: "."))\"")
    self.range = range
    self.hint = hint
    self.allowed = allowed
  }

  /// The column; nil where the row as a whole is meant.
  package var field: String? { path.first }

  /// The path as a message shows it: `address.zip`, `items.0`.
  package var pathText: String { path.joined(separator: ".") }

  package var sentence: Phrase { code.template.filled(facts) }
}
