internal import FoundationEssentials
package import SowModel

extension SavedPlan {
  /// Whether the file at `path` is a saved plan, whatever its name: an object whose first member
  /// says so.
  package static func isSaved(at path: String) -> Bool {
    var files = SourceFiles()
    var head = [UInt8](repeating: 0, count: 256)
    guard case .regular? = FileKind(atPath: path),
      let source = try? InputFile.open(path, as: files.add(path), limit: .max),
      let count = head.withUnsafeMutableBytes({ try? source.read(into: $0) })
    else { return false }
    return Self.isHead(head[..<count])
  }

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
    let data = Data(bytes)
    let decoder = JSONDecoder()
    do {
      let head = try decoder.decode(Head.self, from: data)
      guard head.kind == kind else { throw DamagedPart("kind") }
      guard head.format_version <= currentVersion else {
        throw ReadFailure(
          Diagnostic(
            .savedPlanNewer,
            ["version": String(head.format_version), "known": String(currentVersion)],
            at: .start(of: file)))
      }
      guard head.format_version >= 1 else { throw DamagedPart("format_version") }
      return try decoder.decode(SavedPlanVersion1.self, from: data).savedPlan()
    } catch let failure as ReadFailure {
      throw failure
    } catch {
      throw ReadFailure(damage(error, in: bytes, file: file))
    }
  }

  private struct Head: Decodable {
    var kind: String
    var format_version: Int
  }

  private static func isHead(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    for part in ["{", "\"kind\"", ":", "\"\(kind)\""] {
      guard rest.starts(with: part.utf8) else { return false }
      rest = rest.dropFirst(part.utf8.count).drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    }
    return true
  }

  /// What is wrong with a file that cannot be decoded: the place where it is no JSON, else the
  /// member that is not as sow writes it.
  private static func damage(_ error: any Error, in bytes: [UInt8], file: FileID) -> Diagnostic {
    var place = SourceRange.start(of: file)
    let part: String
    switch error {
    case let error as DamagedPart: part = "\"\(error.name)\" is not as sow writes it"
    case DecodingError.keyNotFound(let key, let context):
      part = "\"\(name(context.codingPath + [key]))\" is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      part = "\"\(name(context.codingPath))\" is not as sow writes it"
    default:
      part = "it is no whole JSON document"
      var reader = NodeReader(ByteSource(bytes: bytes, file: file, limit: .max), format: .json)
      do throws(ReadFailure) {
        if try reader.start() { _ = try reader.compose() }
        try reader.finish()
      } catch {
        place = error.diagnostic.range ?? place
      }
    }
    return Diagnostic(.savedPlanDamaged, ["problem": part], at: place)
  }

  private static func name(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map { String($0 + 1) } ?? $0.stringValue }.joined(separator: ".")
  }
}

extension DiagnosticCode {
  package static let savedPlanNewer = DiagnosticCode(
    "saved-plan-newer", "the saved plan has version {version}, this sow knows up to {known}",
    meaning: "A newer sow wrote the file; an older one might do something else than it says.",
    example: "\"format_version\": 2",
    fix: "Update sow, or make a new one with sow plan -o FILE.")
  package static let savedPlanDamaged = DiagnosticCode(
    "saved-plan-damaged", "the saved plan is damaged: {problem}",
    meaning: "A saved plan is applied as sow wrote it; this file was cut or edited.",
    example: "head -c 1000 shop.saved > cut.saved; sow apply cut.saved",
    fix: "Make a new one with sow plan -o FILE.")
}
