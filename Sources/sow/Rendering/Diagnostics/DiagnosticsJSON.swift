internal import SowModel

extension JSONWriter {
  /// The members `errors`, `warnings` and `diagnostics`, by position and without a limit.
  func diagnostics(_ diagnostics: Diagnostics, of files: SourceFiles) {
    member("errors", diagnostics.count(of: .error))
    member("warnings", diagnostics.count(of: .warning))
    lines("diagnostics") {
      for diagnostic in diagnostics.sorted { object { self.diagnostic(diagnostic, of: files) } }
    }
  }

  /// The members of one diagnostic.
  func diagnostic(_ diagnostic: Diagnostic, of files: SourceFiles) {
    member("severity", diagnostic.severity.rawValue)
    member("code", diagnostic.code.id)
    member("message", diagnostic.sentence)
    if let hint = diagnostic.hint {
      member("hint", hint.sentence)
      if case .didYouMean(let name) = hint { member("suggestion", name) }
    }
    place(diagnostic.range, of: files)
    if !diagnostic.related.isEmpty {
      array("related") {
        for range in diagnostic.related { object { place(range, of: files) } }
      }
    }
  }

  private func place(_ range: SourceRange?, of files: SourceFiles) {
    guard let range else { return }
    member("file", files[range.file])
    member("line", Int(range.start.line))
    member("column", Int(range.start.column))
    member("end_line", Int(range.end.line))
    member("end_column", Int(range.end.column))
  }
}
