import SowFiles
import SowModel
import SowTestSupport
import Testing

struct YAMLTests {
  @Test(arguments: [
    Mistake("duplicate-key", values("2️⃣name: a\nother: b\n1️⃣name: c")),
    Mistake("duplicate-key", "options: {}\n" + values("n: { 2️⃣x: 1, 1️⃣x: 2 }")),
    Mistake("merge-key", values("1️⃣<<: { a: b }\nname: c")),
    Mistake("unknown-tag", values("total: 1️⃣!!float 3")),
    Mistake("unknown-tag", values("total: 1️⃣!money 3"), hint: "type decides"),
    Mistake("key-not-scalar", values("? 1️⃣[a, b]\n: 1")),
    Mistake("unknown-alias", values("x: &name 1\ny: 1️⃣*nane"), hint: "name"),
    Mistake("alias-to-itself", values("x: &loop { y: 1️⃣*loop }")),
    Mistake("several-documents", values("x: 1") + "1️⃣---\nplan: b\n"),
    Mistake("unsupported-character", values("x: \"Nguyễn 1️⃣\u{7}\"")),
    Mistake("unsupported-character", values("x: a1️⃣\u{0}b")),
    Mistake("yaml-syntax", values("x: { a: $ref:jane1️⃣[\"b\"].id }"), hint: "quote"),
    Mistake("yaml-syntax", values("x: { a: for $1️⃣{ref:luis.name} }"), hint: "quote"),
    Mistake("yaml-syntax", values("x: a1️⃣: b"), hint: "quote"),
    Mistake("yaml-syntax", values("x: 1️⃣@a"), hint: "quote"),
    Mistake("empty-file", "1️⃣"),
    Mistake("empty-file", "1️⃣# only a comment\n"),
    Mistake("wrong-shape", "1️⃣- a\n"),
    Mistake("wrong-shape", "1️⃣~\n"),
  ])
  func `a mistake of the file is one diagnostic at its place`(mistake: Mistake) {
    let loaded = Loaded(mistake.text)
    mistake.verify(loaded.errors, loaded.marks)
  }

  @Test func `scalars keep their text and whether they were quoted`() {
    let loaded = Loaded(
      values(
        "a: NO\nb: 01234\nc: 1:30\nd: '1.10'\ne: |\n  two\n  lines\nf: !!str 7\ng:\nh: &x 1.10\ni: *x"
      ))
    let expected: [(String, Scalar)] = [
      ("a", Scalar("NO")), ("b", Scalar("01234")), ("c", Scalar("1:30")),
      ("d", Scalar("1.10", style: .quoted)), ("e", Scalar("two\nlines\n", style: .quoted)),
      ("f", Scalar("7", style: .quoted)), ("g", Scalar("")), ("h", Scalar("1.10")),
      ("i", Scalar("1.10")),
    ]
    #expect(loaded.diagnostics.isEmpty)
    for (field, scalar) in expected {
      guard case .scalar(let found, _)? = loaded.value(field) else {
        Issue.record("\(field) is no scalar")
        continue
      }
      #expect(found == scalar)
    }
  }

  @Test func `line breaks of YAML 1.1 are text and count no line`() {
    let loaded = Loaded(values("x: \"a\u{2028} b\u{85}c\u{2029}\"\n1️⃣x: 1"))
    guard case .scalar(let scalar, _)? = loaded.value("x") else {
      Issue.record("no scalar")
      return
    }
    #expect(Array(scalar.text.utf8) == Array("a\u{2028} b\u{85}c\u{2029}".utf8))
    #expect(loaded.errors.first?.range?.start == loaded.marks[1])
  }

  @Test func `columns count characters and a byte order mark counts none`() {
    let marks = MarkedText("{ Việt: Nguyễn, 1️⃣Việt: 2 }\n")
    let found = errors(Array("\u{FEFF}\(marks.text)".utf8)).first { $0.code.id == "duplicate-key" }
    #expect(found?.range?.start == marks[1])
  }

  @Test func `escaped surrogate pairs of JSON are one character, and later columns hold`() {
    let loaded = Loaded(
      #"{"operations":[{"id":"a","action":"create","entity":"x","values":{"e":"\ud83d\ude00 \\ud83d","f":1},1️⃣"wher":1}]}"#,
      path: "request.json")
    #expect(loaded.errors.map(\.range?.start) == [loaded.marks[1]])
    guard case .scalar(let scalar, _)? = loaded.value("e") else {
      Issue.record("no scalar")
      return
    }
    #expect(scalar.text == "😀 \\ud83d")
  }

  @Test func `keys that differ in bytes are different keys`() {
    let loaded = Loaded(values("e\u{301}: 1\n\u{E9}: 2"))
    #expect(loaded.diagnostics.isEmpty)
    #expect(loaded.operation("a")?.values.count == 2)
  }

  @Test func `bytes that are not UTF-8 are refused at their place`() {
    let marks = MarkedText(values("x: Nguyễn 1️⃣"))
    let bytes = Array(marks.text.utf8.dropLast()) + [0xFF, 0x0A]
    #expect(errors(bytes).map(\.code.id) == ["not-utf8"])
    #expect(errors(bytes).first?.range?.start == marks[1])
  }

  @Test func `the stand-ins for line breaks are refused where the file holds them`() {
    let marks = MarkedText(values("x: \u{2028}1️⃣"))
    let bytes = Array(marks.text.utf8.dropLast()) + [0xEF, 0xB7, 0x91, 0x0A]
    #expect(errors(bytes).map(\.code.id) == ["unsupported-character"])
    #expect(errors(bytes).first?.range?.start == marks[1])
  }

  @Test(arguments: [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]])
  func `UTF-16 is refused by name`(bytes: [UInt8]) {
    #expect(errors(bytes).map(\.message) == ["the file is not UTF-8 from here on: UTF-16"])
  }

  private func errors(_ bytes: [UInt8]) -> [Diagnostic] {
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let project = Project(root: "/tmp", environments: [])
    _ = Plan.load(
      bytes: bytes, shownAs: "p.yaml", project: project, files: &files, diagnostics: &diagnostics)
    return diagnostics.sorted
  }
}
