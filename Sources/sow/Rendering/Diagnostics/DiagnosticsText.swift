internal import SowFiles
internal import SowModel
internal import SowSchema

/// Gives the lines of positions in a user's file, those that can be had.
typealias SourceLines = (FileID, [SourcePosition]) -> [SourcePosition: SourceLine]

/// Diagnostics as people read them: place, severity, code, sentence, the source line with carets.
struct DiagnosticsText {
  let files: SourceFiles
  let lines: SourceLines
  /// Lines that are masked whatever a diagnostic says of them.
  var secrets = SecretLines()
  /// Diagnostics of one file that are shown; nil shows all.
  var limit: Int?
  var showsSensitive = false
  var showsWarnings = true

  static let standardLimit = 100

  /// Writes all diagnostics by position, then for each file how many more there are.
  func write(_ diagnostics: Diagnostics, to outlet: Outlet) {
    let sorted = diagnostics.sorted.filter { showsWarnings || $0.severity == .error }
    let groups = sorted.split { $0.range?.file != $1.range?.file }
    let shown = groups.map { $0.prefix(limit ?? .max) }
    let snippets = snippets(of: shown.joined())
    for (group, shown) in zip(groups, shown) {
      for diagnostic in shown { write(diagnostic, snippets, to: outlet) }
      guard group.count > shown.count else { continue }
      let path = group.first?.range.map { terminalSafe(files[$0.file]) }
      outlet.line(
        .more(
          group.count - shown.count,
          path.map { Phrase(" in \($0)", vi: " trong \($0)") }))
    }
  }

  private typealias Snippets = [FileID: [SourcePosition: SourceLine]]

  /// The lines of all that is shown, so that each file is gone over once.
  private func snippets(of diagnostics: some Sequence<Diagnostic>) -> Snippets {
    var positions: [FileID: [SourcePosition]] = [:]
    for diagnostic in diagnostics {
      for range in [diagnostic.range].compactMap(\.self) + diagnostic.related {
        positions[range.file, default: []].append(range.start)
      }
    }
    return Dictionary(
      positions.map { ($0.key, lines($0.key, $0.value)) }, uniquingKeysWith: { first, _ in first })
  }

  private func write(_ diagnostic: Diagnostic, _ snippets: Snippets, to outlet: Outlet) {
    let palette = outlet.palette
    let paint = diagnostic.severity == .error ? Palette.Paint.boldRed : .boldYellow
    let severity = diagnostic.severity.word.text(in: outlet.language.first)
    let label = palette.paint("\(severity)[\(diagnostic.code.id)]", paint)
    let message = palette.paint(
      terminalSafe(diagnostic.sentence.text(in: outlet.language)), .bold)
    outlet.line(place(of: diagnostic.range) + label + ": " + message)
    writeSnippet(
      at: diagnostic.range, snippets, note: diagnostic.hint?.sentence.text(in: outlet.language),
      masked: isMasked(diagnostic), paint: paint, to: outlet)
    for range in diagnostic.related {
      let note = Phrase("note", vi: "ghi chú").text(in: outlet.language.first)
      let reference = Phrase("see also", vi: "xem thêm").text(in: outlet.language)
      outlet.line(place(of: range) + palette.paint(note, .blue) + ": " + reference)
      writeSnippet(
        at: range, snippets, note: nil, masked: isMasked(diagnostic) && !pointsAtSchema(diagnostic),
        paint: .blue, to: outlet)
    }
  }

  /// Whether the places beside the diagnostic's own are rules, which hold no values.
  private func pointsAtSchema(_ diagnostic: Diagnostic) -> Bool {
    DiagnosticCode.schema.contains(diagnostic.code)
  }

  private func isMasked(_ diagnostic: Diagnostic) -> Bool {
    diagnostic.isSensitive && !showsSensitive
  }

  private func place(of range: SourceRange?) -> String {
    guard let range else { return "" }
    return terminalSafe(files[range.file]) + ":\(range.start.line):\(range.start.column): "
  }

  private func writeSnippet(
    at range: SourceRange?, _ snippets: Snippets, note: String?, masked: Bool, paint: Palette.Paint,
    to outlet: Outlet
  ) {
    let palette = outlet.palette
    let note = note.map(terminalSafe)
    guard let range, let line = snippets[range.file]?[range.start] else {
      if let note { outlet.line("      " + palette.paint("│", .blue) + " " + note) }
      return
    }
    let masking = showsSensitive ? .none : secrets.masking(at: range)
    let snippet = Snippet(
      line: line, range: range, masking: masked ? .place : masking, in: outlet.language)
    let number = String(range.start.line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count))
    let gutter = String(repeating: " ", count: margin.count + number.count + 1)
    outlet.line(palette.paint(margin + number + " │", .blue) + snippet.source)
    let carets = String(repeating: "^", count: snippet.width)
    outlet.line(
      palette.paint(gutter + "│", .blue) + snippet.indent
        + palette.paint(carets, paint) + (note.map { " " + $0 } ?? ""))
  }
}

extension [Diagnostic] {
  /// Runs of neighbours, cut where `isCut` says that two do not belong together.
  fileprivate func split(_ isCut: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
    var runs: [ArraySlice<Element>] = []
    var start = startIndex
    for index in indices where index > startIndex && isCut(self[index - 1], self[index]) {
      runs.append(self[start..<index])
      start = index
    }
    if start < endIndex { runs.append(self[start...]) }
    return runs
  }
}
