import Foundation
import SowTestSupport

/// What is random or of the moment by nature, and what a snapshot says in its place.
///
/// Nothing else is touched: all that sow prints otherwise has to be equal between two runs.
enum Normalization {
  /// One rule: what it finds after `prefix` is replaced.
  struct Rule: Sendable {
    let pattern: @Sendable () -> Regex<(Substring, Substring)>
    let replacement: String
  }

  static let rules = [
    // The identity of a database's ledger, drawn by its first apply.
    Rule(pattern: { /("lineage" ?: ?")[^"\n]*/ }, replacement: "<lineage>"),
    Rule(pattern: { /( · lineage )[0-9a-f]{32}/ }, replacement: "<lineage>"),
    // The secret of a ledger that is still to be made, in a saved plan.
    Rule(pattern: { /("secret" ?: ?")[0-9a-f]{64}/ }, replacement: "<secret>"),
    // The run's id, chosen by the client.
    Rule(pattern: { /("run(?:_id)?" ?: ?")[^"\n]*/ }, replacement: "<run>"),
    Rule(pattern: { /("(?:processed_at|started|finished)" ?: ?")[^"]*/ }, replacement: "<time>"),
    Rule(pattern: { /("duration_seconds" ?: ?)[0-9.e-]+/ }, replacement: "<seconds>"),
    // Digests keyed with the ledger's secret, which is drawn with the lineage.
    Rule(pattern: { /("(?:changeset_)?digest" ?: ?")[0-9a-f]+/ }, replacement: "<digest>"),
    // Who ran it, when and from which commit, as JSON and as text.
    Rule(pattern: { /("(?:actor|commit)" ?: ?")[^"\n]*/ }, replacement: "<who>"),
    Rule(
      pattern: { /(, (?:by|bởi) )[^\n]*, [0-9-]+T[0-9:]+Z[^\n]*/ }, replacement: "<who and when>"),
    // As wide as what it stands for, so that columns stay columns.
    Rule(pattern: { /(~)[0-9a-f]{16}\b/ }, replacement: "<-keyed-digest->"),
  ]

  static func apply(to text: String, in project: TemporaryProject) -> String {
    let text = text.replacing(project.folder.path, with: "<project>")
    return rules.reduce(text) { text, rule in
      text.replacing(rule.pattern()) { "\($0.1)\(rule.replacement)" }
    }
  }
}
