internal import SowFiles
internal import SowModel
internal import SowSchema

/// Gives the line of a position in a user's file; nil where it cannot be had.
typealias SourceLines = (SourcePosition, FileID) -> SourceLine?

/// Diagnostics as people read them: place, severity, code, sentence, the source line with carets.
struct DiagnosticsText {
  let files: SourceFiles
  let lines: SourceLines
  /// Diagnostics of one file that are shown; nil shows all.
  var limit: Int?
  var showsSensitive = false
  var showsWarnings = true

  static let standardLimit = 100

  /// Writes all diagnostics by position, then for each file how many more there are.
  func write(_ diagnostics: Diagnostics, to outlet: Outlet) {
    let sorted = diagnostics.sorted.filter { showsWarnings || $0.severity == .error }
    var start = sorted.startIndex
    while start < sorted.endIndex {
      let file = sorted[start].range?.file
      let end = sorted[start...].firstIndex { $0.range?.file != file } ?? sorted.endIndex
      let shown = sorted[start..<end].prefix(limit ?? .max)
      for diagnostic in shown { write(diagnostic, to: outlet) }
      let hidden = end - start - shown.count
      if hidden > 0 {
        let place = file.map { " in " + terminalSafe(files[$0]) } ?? ""
        outlet.line("… and \(hidden) more\(place) (--all shows them)")
      }
      start = end
    }
  }

  func write(_ diagnostic: Diagnostic, to outlet: Outlet) {
    let palette = outlet.palette
    let paint = diagnostic.severity == .error ? Palette.Paint.boldRed : .boldYellow
    let label = palette.paint("\(diagnostic.severity.rawValue)[\(diagnostic.code.id)]", paint)
    let message = palette.paint(terminalSafe(diagnostic.message), .bold)
    outlet.line(place(of: diagnostic.range) + label + ": " + message)
    writeSnippet(
      at: diagnostic.range, note: diagnostic.hint?.sentence, masked: isMasked(diagnostic),
      paint: paint, to: outlet)
    for range in diagnostic.related {
      outlet.line(place(of: range) + palette.paint("note", .blue) + ": see also")
      writeSnippet(
        at: range, note: nil, masked: isMasked(diagnostic) && !pointsAtSchema(diagnostic),
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
    at range: SourceRange?, note: String?, masked: Bool, paint: Palette.Paint, to outlet: Outlet
  ) {
    let palette = outlet.palette
    let note = note.map(terminalSafe)
    guard let range, let line = lines(range.start, range.file) else {
      if let note { outlet.line("      " + palette.paint("│", .blue) + " " + note) }
      return
    }
    let snippet = Snippet(line: line, range: range, masked: masked)
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

extension Diagnostic.Hint {
  /// The hint as a phrase.
  var sentence: String {
    switch self {
    case .didYouMean(let name): "did you mean \"\(name)\"?"
    case .text(let text): text
    }
  }
}
