import SowFiles
import SowModel
import Testing

struct CodeTests {
  @Test func `every code has a name of its own and says what to do`() {
    let codes = DiagnosticCode.files
    #expect(Set(codes.map(\.id)).count == codes.count)
    for code in codes {
      #expect(code.id.utf8.allSatisfy { 0x61...0x7A ~= $0 || $0 == 0x2D || 0x30...0x39 ~= $0 })
      #expect(
        !code.template.english.hasSuffix(".") && code.fix.hasSuffix(".")
          && code.meaning.hasSuffix("."))
      #expect(!code.example.isEmpty)
    }
  }
}
