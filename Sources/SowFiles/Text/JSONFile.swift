internal import FoundationEssentials
internal import SowModel

/// How every document that sow writes as JSON begins.
struct DocumentHead: Decodable {
  var kind: String
  var format_version: Int
}

/// The part of a file that says what sow never writes.
struct DamagedPart: Error {
  let name: String

  init(_ name: String) { self.name = name }
}

/// Decodes what sow wrote, and says what is wrong where it did not.
enum JSONFile {
  /// The failure is of the code `damaged`, with its fact "problem".
  static func decode<Content: Decodable>(
    _ bytes: [UInt8], file: FileID, damaged: DiagnosticCode
  ) throws(ReadFailure) -> Content {
    try reporting(bytes, file: file, damaged: damaged) {
      try JSONDecoder().decode(Content.self, from: Data(bytes))
    }
  }

  /// Does `body`, which throws what a decoder does, or a `DamagedPart`.
  static func reporting<Content>(
    _ bytes: [UInt8], file: FileID, damaged: DiagnosticCode, _ body: () throws -> Content
  ) throws(ReadFailure) -> Content {
    do {
      return try body()
    } catch {
      throw ReadFailure(damage(error, in: bytes, file: file, damaged))
    }
  }

  /// The place where the file is no JSON, else the member that is not as sow writes it.
  private static func damage(
    _ error: any Error, in bytes: [UInt8], file: FileID, _ code: DiagnosticCode
  ) -> Diagnostic {
    var place = SourceRange.start(of: file)
    let problem: Phrase
    switch error {
    case let error as DamagedPart: problem = notAsWritten(error.name)
    case DecodingError.keyNotFound(let key, let context):
      problem = Phrase(
        "\"{name}\" is missing", vi: "thiếu \"{name}\"", ["name": name(context.codingPath + [key])])
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      problem = notAsWritten(name(context.codingPath))
    default:
      problem = Phrase(
        "it is no whole JSON document", vi: "nó không phải là một tài liệu JSON trọn vẹn")
      var reader = NodeReader(ByteSource(bytes: bytes, file: file, limit: .max), format: .json)
      do throws(ReadFailure) {
        if try reader.start() { _ = try reader.compose() }
        try reader.finish()
      } catch {
        place = error.diagnostic.range ?? place
      }
    }
    // The line of a ledger's secret is not shown.
    let isSecret = line(Int(place.start.line), of: bytes).starts(with: "  \"secret\"".utf8)
    if isSecret {
      let start = SourcePosition(line: Int(place.start.line), column: 1)
      place = SourceRange(at: start, in: file)
    }
    return Diagnostic(code, ["problem": problem], at: place, isSensitive: isSecret)
  }

  private static func notAsWritten(_ name: String) -> Phrase {
    Phrase("\"\(name)\" is not as sow writes it", vi: "\"\(name)\" không giống như sow ghi ra")
  }

  private static func line(_ number: Int, of bytes: [UInt8]) -> ArraySlice<UInt8> {
    var rest = bytes[...]
    for _ in 1..<max(1, number) {
      guard let end = rest.firstIndex(of: 0x0A) else { return [] }
      rest = rest[(end + 1)...]
    }
    return rest.prefix { $0 != 0x0A }
  }

  private static func name(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map { String($0 + 1) } ?? $0.stringValue }.joined(separator: ".")
  }
}
