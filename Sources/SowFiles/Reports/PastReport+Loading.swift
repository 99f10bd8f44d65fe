internal import FoundationEssentials
package import SowModel

extension PastReport {
  /// Reads the report at `path`, that of one plan or of several; nil after diagnostics.
  package static func load(
    path: String, limit: Int, files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> [PastReport]? {
    let file = files.add(path)
    do throws(ReadFailure) {
      let bytes = try InputFile.allBytes(try InputFile.open(path, as: file, limit: limit))
      let head: DocumentHead = try JSONFile.decode(bytes, file: file, damaged: .reportDamaged)
      guard head.format_version == 1 else {
        throw ReadFailure(
          Diagnostic(
            .reportNewer, ["version": String(head.format_version), "known": "1"],
            at: .start(of: file)))
      }
      guard head.kind == "apply_reports" else {
        let plan: ReportVersion1.PlanVersion1 = try JSONFile.decode(
          bytes, file: file, damaged: .reportDamaged)
        return [plan.report]
      }
      let all: ReportVersion1 = try JSONFile.decode(bytes, file: file, damaged: .reportDamaged)
      return (all.apply_reports ?? []).map(\.report)
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
  }
}

extension DiagnosticCode {
  package static let reportNewer = DiagnosticCode(
    "report-newer", "the report has version {version}, this sow knows up to {known}",
    vi: "báo cáo có phiên bản {version}, bản sow này chỉ biết đến {known}",
    meaning: "A newer sow wrote the file.",
    example: "\"format_version\": 2",
    fix: "Update sow.")
  package static let reportDamaged = DiagnosticCode(
    "report-damaged", "the report is damaged: {problem}",
    vi: "báo cáo bị hỏng: {problem}",
    meaning: "The file begins like a report of sow, and was cut or edited.",
    example: "head -c 1000 report.json > cut.json; sow show cut.json",
    fix: "Take the whole file.")
}
