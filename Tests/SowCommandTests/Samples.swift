import SowFiles
import SowModel

@testable import sow

/// One file of a test, with ranges found by the text that they mark.
struct SampleFile {
  var files = SourceFiles()
  let file: FileID
  let rows: [Substring]

  init(_ path: String, _ text: String) {
    file = files.add(path)
    rows = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The first place of `text`.
  func range(of text: String, from line: Int = 1) -> SourceRange {
    for (index, row) in rows.enumerated() where index + 1 >= line {
      let scalars = Array(row.unicodeScalars)
      let wanted = Array(text.unicodeScalars)
      guard scalars.count >= wanted.count else { continue }
      for start in 0...(scalars.count - wanted.count)
      where scalars[start..<(start + wanted.count)].elementsEqual(wanted) {
        return SourceRange(
          file: file, start: SourcePosition(line: index + 1, column: start + 1),
          end: SourcePosition(line: index + 1, column: start + 1 + wanted.count))
      }
    }
    preconditionFailure("the sample has no \(text)")
  }

  func lines(
    _ file: FileID, _ positions: [SourcePosition]
  ) -> [SourcePosition: SourceLine] {
    SourceLine.read(bytes: Array(rows.joined(separator: "\n").utf8), at: positions)
  }
}

extension DiagnosticCode {
  static let sampleError = DiagnosticCode(
    "unknown-field", "entity \"{entity}\" has no field \"{field}\"",
    vi: "thực thể \"{entity}\" không có trường \"{field}\"", meaning: "A name is wrong.",
    example: "emial: luis@example.com", fix: "Correct the name.")
  static let sampleWarning = DiagnosticCode(
    "odd-thing", "this is odd", vi: "điều này lạ", severity: .warning, meaning: "It is odd.",
    example: "odd",
    fix: "Make it even.")
  static let sampleFailure = DiagnosticCode(
    "row-refused", "{problem}", vi: "{problem}", meaning: "A row was refused.", example: "a row",
    fix: "Correct the row.")
}

/// What `body` writes to an outlet in memory.
func written(_ palette: Palette = .plain, _ body: (Outlet) -> Void) -> String {
  let outlet = Outlet(descriptor: nil, palette: palette)
  body(outlet)
  return outlet.text
}

/// The document whose members `body` writes.
func document(_ body: (JSONWriter) -> Void) -> String {
  written { outlet in
    let json = JSONWriter(to: outlet)
    json.document { body(json) }
  }
}
