import SowModel
import Testing

@testable import sow

struct DiagnosticsTextTests {
  private let sample = SampleFile(
    "plans/shop/10-customers.yaml",
    """
    operations:
      luis:
        action: create
        values:
          first_name: Luís
          emial: luis@example.com
    \t\t"名前": 東京 oops
          pin: 1234 # secret
    """)

  private func text(
    limit: Int? = 100, sensitive: Bool = false, warnings: Bool = true, palette: Palette = .plain,
    _ report: (inout Diagnostics) -> Void
  ) -> String {
    var diagnostics = Diagnostics()
    report(&diagnostics)
    let renderer = DiagnosticsText(
      files: sample.files, lines: sample.lines, limit: limit, showsSensitive: sensitive,
      showsWarnings: warnings)
    return written(palette) { renderer.write(diagnostics, to: $0) }
  }

  private let facts: Facts = ["entity": "customer", "field": "emial"]

  @Test func `a diagnostic shows its line, carets and hint`() {
    let text = text {
      $0.report(
        .sampleError, facts, at: sample.range(of: "emial"), hint: .didYouMean("email"))
    }
    #expect(
      text == """
        plans/shop/10-customers.yaml:6:7: error[unknown-field]: entity "customer" has no field "emial"
            6 │       emial: luis@example.com
              │       ^^^^^ did you mean "email"?

        """)
  }

  @Test func `carets stand under wide letters and after tabs`() {
    let text = text {
      $0.report(
        .sampleWarning, at: sample.range(of: "東京"), hint: .text(Phrase(same: "write it once")))
      $0.report(.sampleWarning, at: sample.range(of: "oops"))
    }
    #expect(
      text == """
        plans/shop/10-customers.yaml:7:9: warning[odd-thing]: this is odd
            7 │         "名前": 東京 oops
              │                 ^^^^ write it once
        plans/shop/10-customers.yaml:7:12: warning[odd-thing]: this is odd
            7 │         "名前": 東京 oops
              │                      ^^^^

        """)
  }

  @Test func `a sensitive line ends where the value starts, unless it is asked for`() {
    func report(_ diagnostics: inout Diagnostics) {
      diagnostics.report(.sampleWarning, at: sample.range(of: "1234"), isSensitive: true)
    }
    #expect(
      text(report) == """
        plans/shop/10-customers.yaml:8:12: warning[odd-thing]: this is odd
            8 │       pin: (hidden)
              │            ^^^^^^^^

        """)
    #expect(
      text(sensitive: true, report) == """
        plans/shop/10-customers.yaml:8:12: warning[odd-thing]: this is odd
            8 │       pin: 1234 # secret
              │            ^^^^

        """)
  }

  @Test(arguments: [
    ("ann: { name: Secret, email: oops }", "ann: (hidden)", "     ^^^^^^^^"),
    (
      "  - { \"name\": \"Secret\", \"email\": \"oops\" }", "  - { \"name\": (hidden)",
      "              ^^^^^^^^"
    ),
    ("Secret,secret@example.com,oops", "(hidden)", "^^^^^^^^"),
    ("  oops: Secret", "  (hidden)", "  ^^^^^^^^"),
  ])
  func `no value before the marked one is shown either`(
    line: String, shown: String, carets: String
  ) {
    let file = SampleFile("p.yaml", line)
    var diagnostics = Diagnostics()
    diagnostics.report(.sampleWarning, at: file.range(of: "oops"), isSensitive: true)
    let renderer = DiagnosticsText(files: file.files, lines: file.lines, limit: nil)
    let text = written { renderer.write(diagnostics, to: $0) }
    #expect(text.hasSuffix(": this is odd\n    1 │ \(shown)\n      │ \(carets)\n"), "\(text)")
  }

  @Test func `related places follow as notes`() {
    let text = text {
      $0.report(
        .sampleWarning, at: sample.range(of: "emial"), related: [sample.range(of: "first_name")])
    }
    #expect(
      text == """
        plans/shop/10-customers.yaml:6:7: warning[odd-thing]: this is odd
            6 │       emial: luis@example.com
              │       ^^^^^
        plans/shop/10-customers.yaml:5:7: note: see also
            5 │       first_name: Luís
              │       ^^^^^^^^^^

        """)
  }

  @Test func `diagnostics come by position, those without a place first`() {
    let text = text {
      $0.report(.sampleWarning, at: sample.range(of: "pin"))
      $0.report(.sampleWarning, at: sample.range(of: "luis"))
      $0.report(.sampleWarning, at: nil, hint: .text(Phrase(same: "look around")))
    }
    #expect(
      text == """
        warning[odd-thing]: this is odd
              │ look around
        plans/shop/10-customers.yaml:2:3: warning[odd-thing]: this is odd
            2 │   luis:
              │   ^^^^
        plans/shop/10-customers.yaml:8:7: warning[odd-thing]: this is odd
            8 │       pin: 1234 # secret
              │       ^^^

        """)
  }

  @Test func `a file shows as many as the limit, then a count`() {
    let text = text(limit: 1) {
      for name in ["luis", "action", "values"] {
        $0.report(.sampleWarning, at: sample.range(of: name))
      }
    }
    #expect(
      text == """
        plans/shop/10-customers.yaml:2:3: warning[odd-thing]: this is odd
            2 │   luis:
              │   ^^^^
        … and 2 more in plans/shop/10-customers.yaml (--all shows them)

        """)
  }

  @Test func `quiet leaves warnings out`() {
    let text = text(warnings: false) {
      $0.report(.sampleWarning, at: sample.range(of: "luis"))
    }
    #expect(text.isEmpty)
  }

  @Test func `what steers a terminal is escaped in message, line and path`() {
    let hostile = SampleFile("a\u{1B}[2Jb.yaml", "name: \u{202E}evil\u{7}")
    var diagnostics = Diagnostics()
    diagnostics.report(
      .sampleError, ["entity": "\u{1B}]0;x\u{7}", "field": "a\nb"],
      at: hostile.range(of: "evil"))
    let renderer = DiagnosticsText(files: hostile.files, lines: hostile.lines, limit: nil)
    #expect(
      written { renderer.write(diagnostics, to: $0) } == #"""
        a\u{1b}[2Jb.yaml:1:8: error[unknown-field]: entity "\u{1b}]0;x\u{7}" has no field "a\nb"
            1 │ name: \u{202e}evil\u{7}
              │               ^^^^

        """#)
  }

  @Test func `a very long line is cut around the place`() {
    let long = SampleFile(
      "long.json", String(repeating: "a", count: 5_000) + "oops" + String(repeating: "b", count: 9))
    var diagnostics = Diagnostics()
    diagnostics.report(.sampleWarning, at: long.range(of: "oops"))
    let renderer = DiagnosticsText(files: long.files, lines: long.lines, limit: nil)
    #expect(
      written { renderer.write(diagnostics, to: $0) } == """
        long.json:1:5001: warning[odd-thing]: this is odd
            1 │ …\(String(repeating: "a", count: 70))oopsbbbbbbbbb
              │ \(String(repeating: " ", count: 71))^^^^

        """)
  }

  @Test func `a place beyond the end of its line still gets a caret`() {
    let end = SampleFile("end.yaml", "a: [1,")
    let position = SourcePosition(line: 1, column: 7)
    var diagnostics = Diagnostics()
    diagnostics.report(
      .sampleWarning, at: SourceRange(file: end.file, start: position, end: position))
    let renderer = DiagnosticsText(files: end.files, lines: end.lines, limit: nil)
    #expect(
      written { renderer.write(diagnostics, to: $0) } == """
        end.yaml:1:7: warning[odd-thing]: this is odd
            1 │ a: [1,
              │       ^

        """)
  }

  @Test func `colours are those of a terminal`() {
    let text = text(palette: .coloured) { $0.report(.sampleWarning, at: nil) }
    #expect(text == "\u{1B}[1;33mwarning[odd-thing]\u{1B}[0m: \u{1B}[1mthis is odd\u{1B}[0m\n")
  }
}
