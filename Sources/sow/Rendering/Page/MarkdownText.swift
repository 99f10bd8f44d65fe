internal import SowModel

/// Text of the user's in a Markdown comment: in the type of code, and never taken for Markdown,
/// HTML, a mention, an issue's number, or the end of a table's cell.
///
/// What means something is written as its number, because a reference to a character opens and ends
/// nothing (spec.commonmark.org, "Entity and numeric character references").
func markdownCode(_ text: String) -> String {
  var safe = ""
  var last: Unicode.Scalar = " "
  for scalar in terminalSafe(text).unicodeScalars {
    // A dot after a "w" may be the start of a link.
    if markdownMarks.contains(scalar) || scalar == "." && (last == "w" || last == "W") {
      safe += "&#\(scalar.value);"
    } else {
      safe.unicodeScalars.append(scalar)
    }
    last = scalar
  }
  return "<code>\(safe)</code>"
}

private let markdownMarks = Set("\\`*_{}[]<>|~@#&$!:\"'".unicodeScalars)

/// One result in Markdown: what a comment below a pull request says of one plan.
struct MarkdownText: ResultPage {
  private let outlet: Outlet
  /// Rows of a table that are not folded away.
  private static let openRows = 20
  /// Bytes of one table; a comment takes 65,536 characters in all.
  private static let tableSize = 50_000

  init(to outlet: Outlet) { self.outlet = outlet }

  func title(_ label: RunLabel, command: String) {
    let database = label.database.map { " → " + markdownCode($0) } ?? ""
    let environment = label.environment.map { " (" + markdownCode($0) + ")" } ?? ""
    outlet.line("### sow \(command) · \(markdownCode(label.plan))\(database)\(environment)")
    outlet.line()
  }

  func headline(_ phrase: Phrase) {
    outlet.line("**\(phrase.text(in: outlet.language))**")
    outlet.line()
  }

  func caution(_ phrase: Phrase) {
    outlet.line("> [!CAUTION]")
    outlet.line("> \(phrase.text(in: outlet.language))")
    outlet.line()
  }

  func quote(_ text: String) {
    outlet.line(markdownCode(text))
    outlet.line()
  }

  func diagnostics(_ diagnostics: Diagnostics, of files: SourceFiles) {
    for diagnostic in diagnostics.sorted {
      let place = diagnostic.range.map { " " + markdownCode($0.place(in: files)) } ?? ""
      let hint =
        diagnostic.hint.map { " " + markdownCode($0.sentence.text(in: outlet.language)) } ?? ""
      outlet.line(
        "- **\(diagnostic.severity.rawValue)** \(diagnostic.code.id)\(place) "
          + markdownCode(diagnostic.sentence.text(in: outlet.language)) + hint)
    }
    if !diagnostics.isEmpty { outlet.line() }
  }

  /// Rows that a comment has no room for are only counted, too.
  func table(_ columns: [Phrase], _ rows: [[Phrase]], hidden: Int, of noun: Noun) {
    let count = rows.count + hidden
    guard count > 0 else { return }
    let isFolded = count > Self.openRows
    if isFolded {
      outlet.line(
        "<details><summary>\(Phrase.count(count, noun).text(in: outlet.language))</summary>")
      outlet.line()
    }
    outlet.line("| " + columns.joined(" | ").text(in: outlet.language) + " |")
    outlet.line("|" + String(repeating: "---|", count: columns.count))
    var room = Self.tableSize
    var left = rows.count
    for row in rows {
      let row = row.map { $0.text(in: outlet.language) }
      let cells = row.prefix(1) + row.dropFirst().map { $0.isEmpty ? "" : markdownCode($0) }
      let line = "| " + cells.joined(separator: " | ") + " |"
      room -= line.utf8.count
      guard room >= 0 else { break }
      outlet.line(line)
      left -= 1
    }
    outlet.line()
    if left + hidden > 0 {
      outlet.line(.more(left + hidden, isOffered: false))
      outlet.line()
    }
    guard isFolded else { return }
    outlet.line("</details>")
    outlet.line()
  }
}

extension SourceRange {
  /// `plans/shop.yaml:12:7`.
  func place(in files: SourceFiles) -> String {
    "\(files[file]):\(start.line):\(start.column)"
  }
}
