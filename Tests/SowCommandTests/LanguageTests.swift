import Foundation
import SowModel
import Testing

@testable import sow

struct LanguageTests {
  @Test(arguments: DiagnosticCode.known.map(Sentence.init))
  func `every diagnostic is said in both languages, with the same places`(sentence: Sentence) {
    let template = sentence.code.template
    #expect(!template.english.isEmpty && !template.vietnamese.isEmpty)
    #expect(places(of: template.english) == places(of: template.vietnamese))
    let isOnlyFacts = words(of: template.english).isEmpty
    #expect(isOnlyFacts == (template.english == template.vietnamese))
    let composed = template.vietnamese.precomposedStringWithCanonicalMapping
    #expect(template.vietnamese.unicodeScalars.elementsEqual(composed.unicodeScalars))
  }

  struct Sentence: CustomTestStringConvertible, Sendable {
    let code: DiagnosticCode
    var testDescription: String { code.id }
  }

  private func places(of template: String) -> Set<Substring> {
    Set(
      template.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map {
        $0.prefix { $0 != "}" }
      })
  }

  /// The small letters outside of places.
  private func words(of template: String) -> String {
    var depth = 0
    return template.filter { letter in
      if letter == "{" { depth += 1 }
      if letter == "}" { depth -= 1 }
      return depth == 0 && letter.isLowercase
    }
  }

  @Test func `two languages stand side by side, where they differ`() {
    let phrase = Phrase("3 created", vi: "tạo 3")
    #expect(phrase.text(in: .english) == "3 created")
    #expect(phrase.text(in: .vietnamese) == "tạo 3")
    #expect(phrase.text(in: .both) == "3 created / tạo 3")
    #expect(Phrase(same: "luis").text(in: .both) == "luis")
  }

  @Test(arguments: [
    (Language.english, #"{"message": "done"}"#), (.vietnamese, #"{"message": "xong"}"#),
    (.both, #"{"message": "done", "message_vi": "xong"}"#),
  ])
  func `a document says a sentence in a member for each language`(
    language: Language, expected: String
  ) {
    let outlet = Outlet(descriptor: nil)
    outlet.language = language
    let json = JSONWriter(to: outlet)
    json.array { json.array { json.object { json.member("message", Phrase("done", vi: "xong")) } } }
    #expect(outlet.text.contains(expected))
  }
}
