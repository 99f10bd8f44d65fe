import SowTestSupport
import Testing

/// What sow says in its own words stands in every language where it is written.
struct LanguageRuleTests {
  @Test func `no English word is given to a sentence as data`() {
    for file in SourceFile.sources
    where !["sow-bench", "SowTestSupport"].contains(file.module) {
      for (index, line) in file.lines.enumerated() {
        let words = Self.englishData(in: line)
        if !words.isEmpty { Issue.record("\(file.path):\(index + 1): \(words)") }
      }
    }
  }

  @Test(arguments: [
    (#"report(.wrongShape, ["what": name, "shape": "a mapping"], at: range)"#, ["a", "mapping"]),
    (#"["count": "more than \(limit)", "field": "\"the\""]"#, ["than"]),
    (##"hint: .text(Phrase(same: #"add "key" to the operation"#))"##, ["add", "the"]),
    (#"["what": Phrase("a mapping", vi: "một ánh xạ"), "place": "where"]"#, []),
    (#"Phrase(same: "CREATE UNIQUE INDEX … ON \(the.table)")"#, []),
  ])
  func `English among data is seen`(line: String, words: [String]) {
    #expect(Self.englishData(in: line[...]) == words)
  }

  /// English words in literals that are facts or said to be the same in every language.
  private static func englishData(in line: Substring) -> [String] {
    guard line.contains("\":") || line.contains("Phrase(same:") else { return [] }
    let places = /(?:"[A-Za-z_]+":|Phrase\(same:) (#?)"((?:\\.|"(?!#)|[^"\\])*?)"(?=\1[,\])])/
    return line.matches(of: places).flatMap { match in
      let text = match.2.replacing(/\\#?\([^()]*(?:\([^()]*\)[^()]*)*\)/, with: "")
        .replacing(#"\""#, with: "\"")
      return englishWords(in: String(text), articles: true)
    }
  }
}
