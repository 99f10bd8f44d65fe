import SowFiles
import SowModel
import SowTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct FolderTests {
  private let folder: TemporaryFolder
  private let project: Project

  init() throws {
    folder = try TemporaryFolder()
    project = Project(root: folder.path, environments: [])
  }

  private func load(_ name: String) -> (plan: Plan?, diagnostics: [Diagnostic]) {
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let plan = Plan.load(
      path: folder.path + "/" + name, project: project, files: &files, diagnostics: &diagnostics)
    return (plan, diagnostics.sorted)
  }

  private let read = "{ action: read, entity: x }"

  @Test func `the files of a folder are one plan in byte order`() throws {
    try folder.write("operations: { b: \(read) }", to: "plans/shop/20.yml")
    try folder.write("operations: { a: \(read) }", to: "plans/shop/10.yaml")
    try folder.write("no plan", to: "plans/shop/notes.txt")
    try folder.write("operations: { c: \(read) }", to: "plans/shop/deeper/30.yaml")
    try folder.write("operations: { c: \(read) }", to: "plans/shop/.hidden.yaml")
    let (plan, diagnostics) = load("plans/shop/")
    #expect(diagnostics.isEmpty)
    #expect(plan?.name == "shop")
    #expect(plan?.isFolder == true)
    #expect(plan?.operations.map(\.name) == ["a", "b"])
  }

  @Test func `what is set in two files of a folder is an error at both`() throws {
    let first = "plan: s\noptions: {}\nvariables: { v: {} }\noperations: { a: \(read) }"
    try folder.write(first, to: "plans/s/1.yaml")
    try folder.write(first, to: "plans/s/2.yaml")
    let (_, diagnostics) = load("plans/s")
    #expect(
      diagnostics.map(\.code.id) == ["set-twice", "set-twice", "set-twice", "duplicate-operation"])
    for diagnostic in diagnostics {
      #expect(diagnostic.range?.file == FileID(index: 1))
      #expect(diagnostic.related.first?.file == FileID(index: 0))
      #expect(diagnostic.related.first?.start == diagnostic.range?.start)
    }
  }

  @Test func `every file of a folder is read though one is no YAML`() throws {
    try folder.write("operations: [", to: "plans/s/1.yaml")
    try folder.write("operatons: {}", to: "plans/s/2.yaml")
    let (plan, diagnostics) = load("plans/s")
    #expect(plan == nil)
    #expect(diagnostics.map(\.code.id) == ["yaml-syntax", "unknown-key"])
  }

  @Test func `plans are found by name, data aside`() throws {
    for name in ["plans/b.yaml", "plans/a/x.yml", "plans/data/y.yaml", "plans/c.json"] {
      try folder.write("operations: { a: \(read) }", to: name)
    }
    try folder.write("1", to: "plans/empty/data.csv")
    let root = folder.path + "/plans/"
    #expect(Plan.paths(below: folder.path) == [root + "a", root + "b.yaml"])
  }

  @Test func `two plans of one name are an error at both`() throws {
    try folder.write("plan: b\noperations: { a: \(read) }", to: "plans/a.yaml")
    try folder.write("operations: { a: \(read) }", to: "plans/b.yaml")
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let plans = Plan.loadAll(
      project: project, shownRoot: folder.path, files: &files, diagnostics: &diagnostics)
    #expect(plans.count == 2)
    #expect(diagnostics.all.map(\.code.id) == ["duplicate-plan"])
    #expect(diagnostics.all.first?.related.count == 1)
  }

  @Test func `a file name that is no name asks for one`() throws {
    try folder.write("operations: { a: \(read) }", to: "my plan.yaml")
    #expect(load("my plan.yaml").diagnostics.map(\.code.id) == ["invalid-name"])
  }

  @Test func `a plan that is not there is named with the nearest file`() throws {
    try folder.write("operations: { a: \(read) }", to: "shop.yaml")
    let (_, diagnostics) = load("shpo.yaml")
    #expect(diagnostics.map(\.code.id) == ["file-missing"])
    #expect(diagnostics.first?.hint == .didYouMean("shop.yaml"))
    mkdir(folder.path + "/none", 0o755)
    #expect(load("none").diagnostics.map(\.code.id) == ["folder-without-plan"])
  }

  struct Refusal: Sendable {
    var path: String
    var code: String
    var hint: String?
  }

  @Test(arguments: [
    Refusal(path: "../../outside.csv", code: "file-outside-project"),
    Refusal(path: "/etc/passwd.csv", code: "file-outside-project"),
    Refusal(path: "../../../../../../etc/no-such.csv", code: "file-outside-project"),
    Refusal(path: "link.csv", code: "file-outside-project"),
    Refusal(path: "fifo.csv", code: "not-a-file"),
    Refusal(path: "folder.csv", code: "not-a-file"),
    Refusal(path: "row.csv", code: "file-missing", hint: "rows.csv"),
    Refusal(path: "rows.xlsx", code: "unknown-row-format"),
  ])
  func `a file of rows stays in the project and is a file`(refusal: Refusal) throws {
    let outside = try TemporaryFolder()
    let target = try outside.write("a\n1\n", to: "outside.csv")
    try folder.write("a\n1\n", to: "plans/rows.csv")
    symlink(target, folder.path + "/plans/link.csv")
    mkfifo(folder.path + "/plans/fifo.csv", 0o644)
    mkdir(folder.path + "/plans/folder.csv", 0o755)
    for key in ["rows: { file: 1️⃣\(refusal.path) }", "for_each: { file: 1️⃣\(refusal.path), key: a }"]
    {
      let marks = MarkedText(operation("action: create\nentity: x\n\(key)"))
      try folder.write(marks.text, to: "plans/p.yaml")
      let (_, diagnostics) = load("plans/p.yaml")
      #expect(diagnostics.map(\.code.id) == [refusal.code])
      #expect(diagnostics.first?.range?.start == marks[1])
      if let hint = refusal.hint { #expect(diagnostics.first?.hint == .didYouMean(hint)) }
    }
  }

  @Test func `a plan file that leads out of the project is refused`() throws {
    let outside = try TemporaryFolder()
    let target = try outside.write("secret: 1", to: "plan.yaml")
    try folder.write("operations: {}", to: "plans/shop/a.yaml")
    symlink(target, folder.path + "/plans/linked.yaml")
    symlink(target, folder.path + "/plans/shop/b.yaml")
    symlink(outside.path, folder.path + "/plans/far")
    for path in ["plans/linked.yaml", "plans/shop", "plans/far"] {
      let (plan, diagnostics) = load(path)
      #expect(plan == nil, "\(path)")
      #expect(diagnostics.map(\.code.id) == ["file-outside-project"], "\(path)")
    }
    // Named where it lies, outside, it is a plan like any other.
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let plan = Plan.load(
      path: target, project: Project(root: folder.path, environments: []), files: &files,
      diagnostics: &diagnostics)
    #expect(plan != nil)
    #expect(diagnostics.all.map(\.code.id) == ["unknown-key", "missing-key"])
  }

  @Test func `a link that stays in the project is followed`() throws {
    try folder.write("a\n1\n", to: "shared/rows.csv")
    mkdir(folder.path + "/plans", 0o755)
    symlink("../shared/rows.csv", folder.path + "/plans/link.csv")
    let text = "operations: { a: { action: create, entity: x, rows: { file: link.csv } } }"
    try folder.write(text, to: "plans/p.yaml")
    let (plan, diagnostics) = load("plans/p.yaml")
    #expect(diagnostics.isEmpty)
    guard case .file(let source, _)? = plan?.operations.first?.rows else {
      Issue.record("no file")
      return
    }
    var row = DataRow()
    #expect(try source.open().next(into: &row))
  }
}
