internal import SowModel

extension Outlet {
  /// All that is known about one code.
  func explain(_ code: DiagnosticCode) {
    let paint = code.severity == .error ? Palette.Paint.boldRed : .boldYellow
    line(
      palette.paint("\(code.severity.rawValue)[\(code.id)]", paint) + ": "
        + code.template.text(in: language))
    line()
    line(code.meaning)
    section("Example", code.example)
    section("Fix", code.fix)
  }

  /// One line a code.
  func list(_ codes: [DiagnosticCode]) {
    let width = (codes.map(\.id.utf8.count).max() ?? 0) + 2
    for code in codes { line(padded(code.id, to: width) + code.template.text(in: language)) }
  }

  private func section(_ title: String, _ text: String) {
    line()
    line(palette.paint(title + ":", .bold))
    for row in text.split(separator: "\n", omittingEmptySubsequences: false) {
      line(row.isEmpty ? "" : "  " + row)
    }
  }
}

extension JSONWriter {
  /// The members of one code.
  func code(_ code: DiagnosticCode) {
    member("code", code.id)
    member("severity", code.severity.rawValue)
    member("message", code.template)
    member("meaning", code.meaning)
    member("example", code.example)
    member("fix", code.fix)
  }
}
