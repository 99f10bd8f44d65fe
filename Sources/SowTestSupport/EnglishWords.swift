package import SowModel

extension Diagnostic {
  /// English words in what it says in Vietnamese.
  package var englishWords: [String] {
    [sentence, hint?.sentence].compactMap(\.self).flatMap {
      SowTestSupport.englishWords(in: $0.vietnamese)
    }
  }
}

/// The words of a Vietnamese text that only English has, outside of what it quotes.
///
/// Names and words of the plan language may stand there as they are, so only words are looked for
/// that are neither, nor Vietnamese, nor SQL (in capitals). `a` and `an` are too short to be told from names, so they count
/// only where asked for.
package func englishWords(in text: String, articles: Bool = false) -> [String] {
  let outside = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
    .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(separator: " ")
  return outside.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "-" }
    .map(String.init)
    .filter { english.contains($0) || articles && ($0 == "a" || $0 == "an") }
}

private let english: Set<String> = [
  "the", "must", "should", "may", "cannot", "is", "are", "was", "were", "be", "been", "has",
  "have", "had", "does", "did", "not", "of", "or", "and", "with", "without", "that", "which",
  "for", "from", "than", "there", "they", "them", "their", "its", "this", "these", "those", "into",
  "only", "another", "same", "such", "what", "who", "how", "already",
  "nothing", "add", "give", "use", "named", "called", "expected", "known",
  "unknown", "refused", "changed", "missing", "mapping",
]
