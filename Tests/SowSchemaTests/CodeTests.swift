import Foundation
import SowModel
import SowSchema
import Testing

struct CodeTests {
  @Test func `every code of the sources is listed`() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/SowSchema").standardizedFileURL
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var declared = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      declared += text.components(separatedBy: "= DiagnosticCode(").count - 1
    }
    #expect(declared == DiagnosticCode.schema.count)
    #expect(Set(DiagnosticCode.schema).count == DiagnosticCode.schema.count)
  }

  @Test func `a code explains itself`() {
    for code in DiagnosticCode.schema {
      #expect(code.id.hasPrefix("schema-"))
      #expect(!code.meaning.isEmpty && !code.example.isEmpty && !code.fix.isEmpty)
      #expect(code.template.english.last != ".")
    }
  }
}
