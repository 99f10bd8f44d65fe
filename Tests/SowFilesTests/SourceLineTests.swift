import SowFiles
import SowModel
import SowTestSupport
import Testing

struct SourceLineTests {
  private func read(_ text: String, _ line: Int, _ column: Int = 1, width: Int = 20) -> SourceLine?
  {
    let position = SourcePosition(line: line, column: column)
    return SourceLine.read(bytes: Array(text.utf8), at: [position], width: width)[position]
  }

  @Test(arguments: ["a\nViệt\nc\n", "a\r\nViệt\r\nc", "a\rViệt\rc", "\u{FEFF}a\nViệt\nc"])
  func `a line is found whatever ends it`(text: String) {
    #expect(read(text, 1)?.text == "a")
    #expect(read(text, 2)?.text == "Việt")
    #expect(read(text, 3)?.text == "c")
    #expect(read(text, 5) == nil)
  }

  @Test func `a long line is a window around the column`() {
    let text = "x\n" + (0..<100).map { "đ\($0 % 10)" }.joined() + "\ny"
    let start = read(text, 2, 3)
    #expect(start?.firstColumn == 1)
    #expect(start?.text.unicodeScalars.count == 20)
    #expect(start?.isCut == true)
    let middle = read(text, 2, 101)
    #expect(middle?.firstColumn == 92)
    #expect(middle?.text.hasPrefix("5đ") == true)
    #expect(middle?.text.unicodeScalars.count == 20)
    let end = read(text, 2, 200)
    #expect(end?.isCut == false)
    #expect(end?.text.hasSuffix("đ9") == true)
  }

  @Test func `many lines are found in one pass, also twice and in any order`() {
    let positions = [(3, 1), (1, 2), (3, 9), (7, 1)].map { SourcePosition(line: $0, column: $1) }
    let lines = SourceLine.read(bytes: Array("one\n\nthree\nfour".utf8), at: positions)
    #expect(lines[positions[0]]?.text == "three")
    #expect(lines[positions[1]]?.text == "one")
    #expect(lines[positions[2]]?.text == "three")
    #expect(lines[positions[3]] == nil)
  }

  @Test func `a file is read in pieces`() throws {
    let folder = try TemporaryFolder()
    let text = String(repeating: "a line of some length\n", count: 10_000) + "1️⃣Việt"
    let marks = MarkedText(text)
    let path = try folder.write(marks.text, to: "f")
    let position = try #require(marks[1])
    #expect(SourceLine.read(path: path, at: position)?.text == "Việt")
    #expect(SourceLine.read(path: folder.path, at: position) == nil)
    #expect(SourceLine.read(path: path + "x", at: position) == nil)
  }
}
