internal import SowModel

/// Results as one page of HTML that needs nothing else: no script, no file, no network.
struct HTMLText: ResultPage {
  private let outlet: Outlet
  /// Rows of a table that are not folded away.
  private static let openRows = 200

  init(to outlet: Outlet) { self.outlet = outlet }

  func begin() {
    outlet.line("<!doctype html>")
    outlet.line("<html lang=\"\(outlet.language.first.rawValue)\">")
    outlet.line("<head>")
    outlet.line("<meta charset=\"utf-8\">")
    outlet.line("<meta name=\"viewport\" content=\"width=device-width\">")
    // Whatever got into the page, nothing of it runs or is fetched.
    outlet.line(
      "<meta http-equiv=\"Content-Security-Policy\" "
        + "content=\"default-src 'none'; style-src 'unsafe-inline'\">")
    outlet.line("<title>sow</title>")
    outlet.line("<style>\(Self.style)</style>")
    outlet.line("</head>")
    outlet.line("<body>")
  }

  func end() {
    outlet.line("</body>")
    outlet.line("</html>")
  }

  func title(_ label: RunLabel, command: String) {
    outlet.line("<h1>\(markupSafe(label.title(command: command)))</h1>")
  }

  func headline(_ phrase: Phrase) { outlet.line("<p class=\"sum\">\(own(phrase))</p>") }

  func caution(_ phrase: Phrase) { outlet.line("<p class=\"caution\">\(own(phrase))</p>") }

  func quote(_ text: String) { outlet.line("<p class=\"sum\">\(markupSafe(text))</p>") }

  func diagnostics(_ diagnostics: Diagnostics, of files: SourceFiles) {
    guard !diagnostics.isEmpty else { return }
    outlet.line("<ul>")
    for diagnostic in diagnostics.sorted {
      let severity = diagnostic.severity
      let place =
        diagnostic.range.map { "<code>\(markupSafe($0.place(in: files)))</code>: " } ?? ""
      let sentence = markupSafe(diagnostic.sentence.text(in: outlet.language))
      let hint =
        diagnostic.hint.map { "<br><em>\(markupSafe($0.sentence.text(in: outlet.language)))</em>" }
        ?? ""
      outlet.line(
        "<li class=\"\(severity.rawValue)\">\(place)"
          + "<strong>\(severity.word.text(in: outlet.language.first))</strong> "
          + "[\(diagnostic.code.id)] \(sentence)\(hint)</li>")
    }
    outlet.line("</ul>")
  }

  func table(_ columns: [Phrase], _ rows: [[Phrase]], hidden: Int, of noun: Noun) {
    let count = rows.count + hidden
    guard count > 0 else { return }
    let isFolded = count > Self.openRows
    if isFolded {
      let summary = Phrase.count(count, noun).text(in: outlet.language)
      outlet.line("<details><summary>\(markupSafe(summary))</summary>")
    }
    outlet.line("<table>")
    outlet.line("<tr>" + columns.map { "<th>\(own($0))</th>" }.joined() + "</tr>")
    for row in rows {
      let cells =
        row.prefix(1).map { "<td>\(own($0))</td>" }
        + row.dropFirst().map { "<td>\(markupSafe($0.text(in: outlet.language)))</td>" }
      outlet.line("<tr>" + cells.joined() + "</tr>")
    }
    outlet.line("</table>")
    if hidden > 0 {
      outlet.write("<p>")
      outlet.write(markupSafe(Phrase.more(hidden).text(in: outlet.language)))
      outlet.line("</p>")
    }
    if isFolded { outlet.line("</details>") }
  }

  /// Words of our own, with what is strong in them.
  private func own(_ phrase: Phrase) -> String {
    let parts = markupSafe(phrase.text(in: outlet.language)).split(
      separator: "**", omittingEmptySubsequences: false)
    return parts.enumerated().map { $0 % 2 == 0 ? String($1) : "<strong>\($1)</strong>" }.joined()
  }

  private static let style = """
    :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
    body { max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
    h1 { font-size: 1.25rem; overflow-wrap: anywhere }
    .sum { font-weight: 600 }
    .caution, .error strong { color: #c5221f }
    .warning strong { color: #9a6700 }
    table { border-collapse: collapse }
    th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; overflow-wrap: anywhere }
    tr + tr { border-top: 1px solid #8884 }
    td:nth-child(n + 2), code { font-family: ui-monospace, monospace; font-size: .87rem }
    """
}
