internal import SowModel

/// A result as a page with a title, sentences and tables: a comment in Markdown, or HTML.
///
/// Sentences and the first cell of a row are our own words, in which `**two stars**` make what is
/// between them strong. All else is the user's text, which is never taken for markup.
protocol ResultPage {
  /// What stands before everything, and behind it.
  func begin()
  func end()
  /// `sow plan · chinook → sqlite:shop.db (local)`.
  func title(_ label: RunLabel, command: String)
  /// A paragraph of our own words.
  func headline(_ phrase: Phrase)
  /// Words of our own that must not be overlooked.
  func caution(_ phrase: Phrase)
  /// A paragraph of the user's text.
  func quote(_ text: String)
  func diagnostics(_ diagnostics: Diagnostics, of files: SourceFiles)
  /// A table, folded where it is long. `hidden` rows are only counted.
  func table(_ columns: [Phrase], _ rows: [[Phrase]], hidden: Int, of noun: Noun)
}

extension ResultPage {
  func begin() {}
  func end() {}

  func table(_ columns: [Phrase], _ rows: [[Phrase]], of noun: Noun) {
    table(columns, rows, hidden: 0, of: noun)
  }
}

extension Session {
  /// The page that the form asks for; nil where it asks for none.
  func page() -> (any ResultPage)? {
    switch terminal.format {
    case .markdown: MarkdownText(to: terminal.result)
    case .html: HTMLText(to: terminal.result)
    case .text, .json, .github, .junit: nil
    }
  }
}
