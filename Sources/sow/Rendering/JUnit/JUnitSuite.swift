internal import SowModel

/// One plan as test dashboards see it: a suite with a case for each operation.
///
/// The document has no times, so that equal runs compare equal.
struct JUnitSuite {
  var name: String
  var cases: [Case] = []
  /// Lines beside the cases, such as warnings.
  var remarks: [Phrase] = []

  struct Case {
    var name: String
    var failures: [Failure] = []
    /// Why it was not carried out.
    var skipped: Phrase?
  }

  struct Failure {
    var code: String
    var message: Phrase
    /// With the place in the file.
    var text: Phrase
  }

  private var failed: Int { cases.count { !$0.failures.isEmpty } }
  private var skipped: Int { cases.count { $0.skipped != nil } }

  /// Writes the document of all plans (the format as Jenkins' JUnit plugin reads it).
  static func write(_ suites: [JUnitSuite], to outlet: Outlet) {
    let total = suites.reduce(0) { $0 + $1.cases.count }
    let failed = suites.reduce(0) { $0 + $1.failed }
    let skipped = suites.reduce(0) { $0 + $1.skipped }
    outlet.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    outlet.line(
      "<testsuites name=\"sow\" tests=\"\(total)\" failures=\"\(failed)\""
        + " errors=\"0\" skipped=\"\(skipped)\">")
    for suite in suites { suite.write(to: outlet) }
    outlet.line("</testsuites>")
  }

  private func write(to outlet: Outlet) {
    outlet.line(
      "  <testsuite name=\"\(markupSafe(name))\" tests=\"\(cases.count)\" failures=\"\(failed)\""
        + " errors=\"0\" skipped=\"\(skipped)\">")
    for test in cases { write(test, to: outlet) }
    if !remarks.isEmpty {
      outlet.line(
        "    <system-out>"
          + remarks.map { markupSafe($0.text(in: outlet.language)) }.joined(separator: "\n")
          + "</system-out>")
    }
    outlet.line("  </testsuite>")
  }

  private func write(_ test: Case, to outlet: Outlet) {
    let head = "    <testcase classname=\"\(markupSafe(name))\" name=\"\(markupSafe(test.name))\""
    guard !test.failures.isEmpty || test.skipped != nil else { return outlet.line(head + "/>") }
    outlet.line(head + ">")
    func text(_ phrase: Phrase) -> String { markupSafe(phrase.text(in: outlet.language)) }
    // Readers take one failure a case.
    if let first = test.failures.first {
      outlet.line(
        "      <failure type=\"\(markupSafe(first.code))\" message=\"\(text(first.message))\">"
          + test.failures.map { text($0.text) }.joined(separator: "\n") + "</failure>")
    } else if let reason = test.skipped {
      outlet.line("      <skipped message=\"\(text(reason))\"/>")
    }
    outlet.line("    </testcase>")
  }
}

extension JUnitSuite.Failure {
  init(_ diagnostic: Diagnostic, of files: SourceFiles) {
    self.init(
      code: diagnostic.code.id, message: diagnostic.sentence, text: diagnostic.line(of: files))
  }
}

extension Diagnostic {
  /// The sentence and the hint.
  var sentenceWithHint: Phrase { [sentence, hint?.sentence].compactMap(\.self).joined("; ") }

  /// `plans/shop.yaml:12:7: error[unknown-field]: …` with its hint, in one line.
  func line(of files: SourceFiles) -> Phrase {
    let place = range.map { $0.place(in: files) + ": " } ?? ""
    let label = "\(place)\(severity.rawValue)[\(code.id)]: "
    let text = sentenceWithHint
    return Phrase(label + text.english, vi: label + text.vietnamese)
  }
}
