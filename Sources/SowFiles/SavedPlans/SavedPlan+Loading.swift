package import SowModel

extension SavedPlan {
  /// Reads the saved plan at `path`; nil after diagnostics where it is cut, from a newer version,
  /// or says what sow never writes.
  package static func load(
    path: String, limit: Int, files: inout SourceFiles, diagnostics: inout Diagnostics
  ) -> SavedPlan? {
    let file = files.add(path)
    do throws(ReadFailure) {
      let source = try InputFile.open(path, as: file, limit: limit)
      return try parse(try InputFile.allBytes(source), file: file)
    } catch {
      diagnostics.report(error.diagnostic)
      return nil
    }
  }

  static func parse(_ bytes: [UInt8], file: FileID) throws(ReadFailure) -> SavedPlan {
    let head: DocumentHead = try JSONFile.decode(bytes, file: file, damaged: .savedPlanDamaged)
    guard head.format_version <= currentVersion else {
      throw ReadFailure(
        Diagnostic(
          .savedPlanNewer,
          ["version": String(head.format_version), "known": String(currentVersion)],
          at: .start(of: file)))
    }
    let version: SavedPlanVersion1 = try JSONFile.decode(
      bytes, file: file, damaged: .savedPlanDamaged)
    return try JSONFile.reporting(bytes, file: file, damaged: .savedPlanDamaged) {
      guard head.kind == kind else { throw DamagedPart("kind") }
      guard head.format_version >= 1 else { throw DamagedPart("format_version") }
      return try version.savedPlan()
    }
  }
}

extension DiagnosticCode {
  package static let savedPlanNewer = DiagnosticCode(
    "saved-plan-newer", "the saved plan has version {version}, this sow knows up to {known}",
    vi: "kế hoạch đã lưu có phiên bản {version}, bản sow này chỉ biết đến {known}",
    meaning: "A newer sow wrote the file; an older one might do something else than it says.",
    example: "\"format_version\": 2",
    fix: "Update sow, or make a new one with sow plan -o FILE.")
  package static let savedPlanDamaged = DiagnosticCode(
    "saved-plan-damaged", "the saved plan is damaged: {problem}",
    vi: "kế hoạch đã lưu bị hỏng: {problem}",
    meaning: "A saved plan is applied as sow wrote it; this file was cut or edited.",
    example: "head -c 1000 shop.saved > cut.saved; sow apply cut.saved",
    fix: "Make a new one with sow plan -o FILE.")
}
