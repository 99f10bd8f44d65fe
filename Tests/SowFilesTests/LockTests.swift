import SowFiles
import SowModel
import SowTestSupport
import Testing

struct LockTests {
  private let lock = Lock(
    plan: "shop", lineage: "6f1e", scope: "",
    entries: [
      .row(address: "jane", entity: "employee", key: "3"),
      .row(address: #"s["Việt \"x\""]"#, entity: "status", key: "a\u{2028}\u{1}b"),
      .summary(
        operation: "tracks", entity: "track", count: 3503, first: "1", last: "3503",
        digest: "00ff"),
    ])

  private func parse(_ text: String) -> (lock: Lock?, diagnostics: [Diagnostic]) {
    var diagnostics = Diagnostics()
    let lock = Lock.parse(
      Array(text.utf8), file: FileID(index: 0), diagnostics: &diagnostics)
    return (lock, diagnostics.sorted)
  }

  @Test func `what is written is read back`() {
    let (found, diagnostics) = parse(lock.text)
    #expect(diagnostics.isEmpty)
    #expect(found == lock)
    #expect(found?.bytes == lock.bytes)
  }

  @Test(arguments: 0..<20)
  func `any lock is read back`(seed: UInt64) {
    var random = Generator(state: seed)
    func text() -> String {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0..<12, using: &random) {
        let top: UInt32 = Bool.random(using: &random) ? 0x7F : 0x10FFFF
        if let scalar = Unicode.Scalar(UInt32.random(in: 0...top, using: &random)) {
          scalars.append(scalar)
        }
      }
      return String(scalars)
    }
    var random2 = Lock(plan: text(), lineage: text(), scope: text(), entries: [])
    for index in 0..<30 {
      random2.entries.append(.row(address: "\(text())\(index)", entity: text(), key: text()))
    }
    let (found, diagnostics) = parse(random2.text)
    #expect(diagnostics.isEmpty)
    #expect(found?.text == random2.text)
    #expect(found?.entries.count == 30)
  }

  @Test func `an address takes a line, sorted, before a fixed last line`() {
    let mixed = Lock(
      plan: "p", lineage: "l", scope: "",
      entries: [
        .row(address: "b", entity: "x", key: "2"), .row(address: "a", entity: "x", key: "1"),
      ])
    #expect(
      mixed.text == """
        {
          "version": 1,
          "plan": "p",
          "lineage": "l",
          "scope": "",
          "entries": [
            { "address": "a", "entity": "x", "key": "1" },
            { "address": "b", "entity": "x", "key": "2" },
            null
          ]
        }

        """)
  }

  @Test func `the union of two branches is mended`() {
    let lines = lock.text.split(separator: "\n", omittingEmptySubsequences: false)
    let added = #"    { "address": "adam", "entity": "employee", "key": "9" },"#
    var union = lines.map(String.init)
    union.insert(added, at: 8)
    union.insert(union[6], at: 9)
    let (found, diagnostics) = parse(union.joined(separator: "\n"))
    #expect(diagnostics.isEmpty)
    #expect(found?.entries.count == 4)
    #expect(found?.entries.first == .row(address: "adam", entity: "employee", key: "9"))
  }

  private static let head = #"{"version":1,"plan":"p","lineage":"l","scope":"","entries":["# + "\n"

  @Test(arguments: [
    Mistake("lock-empty", "1️⃣"), Mistake("lock-empty", "1️⃣\n \n"),
    Mistake("lock-cut", head + "1️⃣{ \"address\": \"a\", \"ent"),
    Mistake(
      "lock-in-conflict",
      head + "1️⃣<<<<<<< HEAD\n{},\n=======\n{},\n>>>>>>> other\nnull\n]\n}\n"),
    Mistake("lock-newer", #"{"version":1️⃣2,"rows":{},"entries":[null]}"#),
    Mistake("lock-invalid", #"1️⃣{"version":1,"lineage":"l","scope":"","entries":[null]}"#),
    Mistake("lock-invalid", head + "1️⃣{\"address\":\"a\"},\nnull]}"),
    Mistake(
      "lock-two-keys",
      head + #"2️⃣{"address":"a","entity":"x","key":"1"},"# + "\n"
        + #"1️⃣{"address":"a","entity":"x","key":"2"},"# + "\nnull]}"),
    Mistake(
      "lock-two-heads",
      #"{"version":1,"plan":"p","lineage":2️⃣"l","lineage":1️⃣"m","scope":"","entries":[null]}"#),
  ])
  func `a lockfile that cannot be trusted is refused by name`(mistake: Mistake) {
    let marks = MarkedText(mistake.text)
    let (found, diagnostics) = parse(marks.text)
    #expect(found == nil)
    mistake.verify(diagnostics, marks)
  }

  @Test func `a lockfile cut at any byte is refused`() {
    let whole = lock.bytes
    for end in 0..<whole.count - 2 {
      var diagnostics = Diagnostics()
      let found = Lock.parse(
        Array(whole[..<end]), file: FileID(index: 0), diagnostics: &diagnostics)
      #expect(found == nil && diagnostics.hasErrors, "cut at \(end)")
    }
  }

  @Test func `no lockfile is no mistake`() throws {
    let folder = try TemporaryFolder()
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let path = folder.path + "/shop.local.lock.json"
    #expect(
      Lock.load(path: path, limit: 1 << 20, files: &files, diagnostics: &diagnostics) == nil)
    #expect(diagnostics.isEmpty)
    try folder.write(lock.text, to: "shop.local.lock.json")
    #expect(
      Lock.load(path: path, limit: 1 << 20, files: &files, diagnostics: &diagnostics) == lock)
  }
}

extension Lock {
  /// What a file of it holds.
  fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }
}
