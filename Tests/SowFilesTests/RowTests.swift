import SowFiles
import SowModel
import SowTestSupport
import Testing

struct RowTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Reads a file of rows whole, each cell as text: `-` absent, `{}` structure.
  private func read(
    _ bytes: [UInt8], _ name: String, limit: Int = 1 << 28
  ) throws -> Reading {
    try folder.write(bytes, to: name)
    try folder.write(
      "operations: { a: { action: create, entity: x, rows: { file: \(name) } } }", to: "p.yaml")
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    var project = Project(root: folder.path, environments: [])
    project.limits.fileBytes = limit
    let plan = Plan.load(
      path: folder.path + "/p.yaml", project: project, files: &files, diagnostics: &diagnostics)
    guard case .file(let source, _)? = plan?.operations.first?.rows else {
      Issue.record("\(diagnostics.all.map(\.message))")
      return Reading()
    }
    let cursor = try source.open()
    var row = DataRow()
    var reading = Reading()
    while try cursor.next(into: &row) {
      reading.starts.append(row.start)
      if let mistake = row.mistake { reading.mistakes.append(mistake) }
      reading.rows.append(
        row.cells.map { cell in
          switch cell {
          case .absent: "-"
          case .scalar(let scalar): scalar.text
          case .structure: "{}"
          }
        })
    }
    reading.columns = cursor.columns
    reading.digest = cursor.digest
    return reading
  }

  private func read(
    _ text: String, _ name: String
  ) throws -> Reading {
    try read(Array(text.utf8), name)
  }

  private func failure(_ bytes: [UInt8], _ name: String) -> Diagnostic? {
    do {
      _ = try read(bytes, name)
      return nil
    } catch let failure as RowFailure {
      return failure.diagnostic
    } catch {
      return nil
    }
  }

  struct Reading {
    var columns: [String] = []
    var rows: [[String]] = []
    var starts: [SourcePosition] = []
    var mistakes: [Diagnostic] = []
    var digest = ""
  }

  struct CSV: Sendable {
    var text: String
    var rows: [[String]]
  }

  @Test(arguments: [
    CSV(text: "a,b\n1,2\n", rows: [["1", "2"]]),
    CSV(text: "a,b\n1,2", rows: [["1", "2"]]),
    CSV(text: "a,b\r\n1,2\r\n3,4\r\n", rows: [["1", "2"], ["3", "4"]]),
    CSV(text: "\u{FEFF}a,b\n1,2\n", rows: [["1", "2"]]),
    CSV(text: "a,b\n,\n\"\",\n", rows: [["", ""], ["", ""]]),
    CSV(text: "a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", rows: [["x, y", "say \"hi\""]]),
    CSV(text: "a,b\n\"two\nlines\",\"\"\"\"\n", rows: [["two\nlines", "\""]]),
    CSV(text: "a,b\n\"two\r\nlines\",2\n", rows: [["two\r\nlines", "2"]]),
    CSV(text: "a,b\n Nguyễn ,Việt\n", rows: [[" Nguyễn ", "Việt"]]),
    CSV(text: "a\n1\n\n2\n", rows: [["1"], [""], ["2"]]),
    CSV(text: "a,b\n1,2\n\n\n", rows: [["1", "2"]]),
    CSV(text: "a,b\n$ref:x.y,😀\n", rows: [["$ref:x.y", "😀"]]),
    CSV(text: "a,b\n", rows: []),
    CSV(text: "a,b", rows: []),
  ])
  func `CSV is read as RFC 4180 says`(csv: CSV) throws {
    #expect(try read(csv.text, "r.csv").rows == csv.rows)
  }

  @Test(arguments: [
    Mistake("csv-without-header", "1️⃣"),
    Mistake("empty-column-name", "1️⃣a,,c\n"),
    Mistake("duplicate-column", "1️⃣a,b,a\n"),
    Mistake("open-quote", "a,b\n1,2\n1️⃣1,\"open\nand on\n"),
    Mistake("stray-quote", "a,b\n1️⃣5\" pipe,2\n"),
    Mistake("stray-quote", "a,b\n1️⃣\"5\"x,2\n"),
    Mistake("unsupported-character", "a,b\n1,2\n1️⃣1,\u{0}\n"),
    Mistake("unsupported-character", "a,b\n1,2\n1️⃣1,\r2\n"),
  ])
  func `a mistake of a CSV file names its line`(mistake: Mistake) {
    let marks = MarkedText(mistake.text)
    let found = failure(Array(marks.text.utf8), "r.csv")
    mistake.verify(found.map { [$0] } ?? [], marks)
    #expect(found?.isSensitive == true)
  }

  @Test(arguments: [
    Mistake("wrong-cell-count", "a,b\n1,2\n1️⃣1\n3,4\n"),
    Mistake("wrong-cell-count", "a,b\n\"x\ny\",2\n1️⃣1,2,3\n3,4\n"),
    Mistake("wrong-cell-count", "a,b\n1,2\n1️⃣\n3,4\n"),
  ])
  func `a row of CSV with too few or too many cells does not hide those after it`(
    mistake: Mistake
  ) throws {
    let marks = MarkedText(mistake.text)
    let outcome = try read(marks.text, "r.csv")
    mistake.verify(outcome.mistakes, marks)
    #expect(outcome.mistakes.allSatisfy { $0.isSensitive })
    #expect(outcome.rows.first?.last == "2")
    #expect(outcome.rows.last == ["3", "4"])
  }

  @Test(
    arguments: [
      [0xFF], [0xC3], [0xE1, 0xBB], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0x80],
      [0xF5, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func `CSV that is not UTF-8 names its line`(bytes: [UInt8]) {
    for quote in ["", "\""] {
      let text = Array("a,b\n1,😀\n\(quote)x".utf8) + bytes + Array("\(quote),2\n".utf8)
      let found = failure(text, "r.csv")
      #expect(found?.code.id == "not-utf8")
      #expect(found?.range?.start == SourcePosition(line: 3, column: 1))
    }
    #expect(failure([0xFF, 0xFE, 0x61, 0x00], "r.csv")?.code.id == "not-utf8")
  }

  @Test func `rows that straddle the buffer are whole`() throws {
    var text = "id,note\n"
    var expected: [[String]] = []
    for id in 0..<12_000 {
      let note = String(repeating: "đ\"", count: id % 17)
      text += "\(id),\"\(note.replacing("\"", with: "\"\""))\"\r\n"
      expected.append([String(id), note])
    }
    let long = String(repeating: "long ", count: 200_000)
    text += "long,\(long)\n"
    expected.append(["long", long])
    let found = try read(text, "r.csv")
    #expect(found.rows == expected)
    #expect(found.starts.last?.line == 12_002)
  }

  @Test func `a cell may not outgrow its limit`() {
    let bytes = Array("a,b\n1,".utf8) + [UInt8](repeating: 0x78, count: 17 << 20)
    #expect(failure(bytes, "r.csv")?.code.id == "scalar-too-long")
  }

  @Test func `the digest is that of the bytes`() throws {
    let first = try read("a\n1\n", "r.csv").digest
    #expect(try read("a\n1\n", "s.csv").digest == first)
    #expect(try read("a\n2\n", "r.csv").digest != first)
    let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    #expect(try read("hello", "r.csv").digest == hello)
  }

  struct Tree: Sendable {
    var name: String
    var text: String
  }

  @Test(arguments: [
    Tree(name: "r.json", text: #"[{"a":1,"b":"x"},{"b":null,"c":[1]},{}]"#),
    Tree(name: "r.yaml", text: "- { a: 1, b: x }\n- b: null\n  c: [1]\n- {}\n"),
    Tree(name: "r.jsonl", text: #"{"a":1,"b":"x"}"# + "\n\n" + #"{"b":null,"c":[1]}"# + "\r\n{}"),
    Tree(name: "r.jsonl", text: #"{"a":1,"b":"x"}"# + "\n" + #"{"b":null,"c":[1]}"# + "\n{}\n"),
  ])
  func `columns of trees grow with their rows`(tree: Tree) throws {
    let found = try read(tree.text, tree.name)
    #expect(found.columns == ["a", "b", "c"])
    #expect(found.rows == [["1", "x"], ["-", "null", "{}"], ["-", "-", "-"]])
  }

  @Test func `lines of JSONL have the place and text that they have in the file`() throws {
    let marks = MarkedText(
      #"1️⃣{"a":"\ud83d\ude00,[x]"}"# + "\n" + #"  2️⃣{"a":"\\ud83d"}"# + "\n3️⃣{\"a\":\"đ\u{2028}\"}")
    let found = try read(marks.text, "r.jsonl")
    #expect(found.starts == [marks[1], marks[2], marks[3]])
    #expect(found.rows == [["😀,[x]"], ["\\ud83d"], ["đ\u{2028}"]])
  }

  @Test(arguments: [
    ("r.json", Mistake("wrong-shape", "1️⃣{}")), ("r.json", Mistake("wrong-shape", "[{},\n1️⃣5]")),
    ("r.json", Mistake("empty-file", "1️⃣")),
    ("r.json", Mistake("duplicate-key", #"[{"a":1,1️⃣"a":2}]"#)),
    ("r.json", Mistake("yaml-syntax", "[{},\n{}1️⃣{}]")),
    ("r.yaml", Mistake("wrong-shape", "1️⃣a: 1\n")),
    ("r.jsonl", Mistake("not-one-object-a-line", "{}\n1️⃣{\"a\":\n1}\n")),
    ("r.jsonl", Mistake("not-one-object-a-line", "{}\n1️⃣{},{}\n")),
    ("r.jsonl", Mistake("wrong-shape", "{}\n1️⃣5\n")),
    ("r.jsonl", Mistake("duplicate-key", "{}\n{\"a\":1,1️⃣\"a\":2}\n")),
  ])
  func `a mistake of a tree of rows is at its place`(name: String, mistake: Mistake) {
    let marks = MarkedText(mistake.text)
    let found = failure(Array(marks.text.utf8), name)
    mistake.verify(found.map { [$0] } ?? [], marks)
  }

  @Test(arguments: ["r.csv", "r.json", "r.jsonl", "r.yaml"])
  func `a file of rows cut at any byte gives rows or a diagnostic`(name: String) throws {
    let text =
      switch name {
      case "r.csv": "a,b\r\n\"x\"\"y\",Nguyễn\r\n\"z\nz\",2\r\n"
      case "r.yaml": "- a: \"x\"\n  b: Nguyễn\n- { a: [1, 2] }\n"
      case "r.json": #"[{"a":"\ud83d\ude00","b":[1,{"c":2}]},{"a":"Nguyễn"}]"#
      default: #"{"a":"\ud83d\ude00","b":[1,{"c":2}]}"# + "\r\n" + #"{"a":"Nguyễn"}"# + "\n"
      }
    let whole = Array(text.utf8)
    _ = try read(whole, name)
    for end in whole.indices { _ = failure(Array(whole[..<end]), name) }
  }

  @Test func `a file above the limit of size is refused`() {
    let bytes = Array("a\n".utf8) + [UInt8](repeating: 0x78, count: 4096)
    var found: RowFailure?
    do { _ = try read(bytes, "r.csv", limit: 1024) } catch { found = error as? RowFailure }
    #expect(found?.diagnostic.code.id == "file-too-large")
  }
}
