import SowFiles
import SowModel
import SowTestSupport
import Testing

struct NamedQueryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load() -> (queries: [NamedQuery], diagnostics: [Diagnostic]) {
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let queries = NamedQuery.loadAll(
      project: Project(root: folder.path, environments: []), shownRoot: folder.path,
      files: &files, diagnostics: &diagnostics)
    return (queries, diagnostics.sorted)
  }

  @Test func `a statement and what describes it are read together`() throws {
    try folder.write("SELECT :days AS days", to: "schemas/queries/overdue.sql")
    try folder.write("SELECT :days::int AS days", to: "schemas/queries/overdue.postgres.sql")
    try folder.write(
      """
      description: invoices that nobody paid
      properties: { days: { type: integer, default: 30 } }
      required: [days]
      x-sow:
        limits: { for_each: [1, 50] }
        columns: { days: { type: integer } }
        sensitive: { days: PII }
        permissions: { clerk: [read] }
        messages: { days: { en: Days, vi: Ngày } }
      """, to: "schemas/queries/overdue.yaml")
    try folder.write("SELECT 1", to: "schemas/queries/alone.sqlite.sql")
    let (queries, diagnostics) = load()
    #expect(diagnostics.isEmpty)
    #expect(queries.map(\.name) == ["alone", "overdue"])
    let overdue = queries.last
    #expect(overdue?.statement(for: .postgres)?.text == "SELECT :days::int AS days")
    #expect(overdue?.statement(for: .sqlite)?.text == "SELECT :days AS days")
    #expect(queries.first?.statement(for: .postgres) == nil)
    #expect(overdue?.elementLimit?.value == 1...50)
    #expect(overdue?.columns?["properties"]?["days"]?["type"]?.scalar?.text == "integer")
    #expect(overdue?.sensitive["days"]?.value == "PII")
    #expect(overdue?.permissions?.allow(.read, to: ["clerk"]) == true)
    #expect(overdue?.messages["days"]?.value.vietnamese == "Ngày")
    #expect(overdue?.parameters["required"]?.items?.count == 1)
  }

  @Test(arguments: [
    (["a.mysql.sql": "SELECT 1"], "unknown-dialect"),
    (["a.yaml": "type: object"], "query-without-statement"),
    (["a.sql": "SELECT 1", "a.yaml": "{}", "a.json": "{}"], "duplicate-query"),
    (["first step.sql": "SELECT 1"], "invalid-name"),
    (["a.sql": "SELECT 1", "a.yaml": ""], "empty-file"),
    (["a.sql": "SELECT 1", "a.yaml": "x-sow: { colums: {} }"], "unknown-key"),
    (["a.sql": "SELECT 1", "a.yaml": "x-sow: { columns: [id] }"], "wrong-shape"),
    (["a.sql": "SELECT 1", "a.yaml": "x-sow: { limits: { for_each: [3] } }"], "wrong-shape"),
    (["a.sql": "SELECT 1", "a.yaml": "x-sow: { limits: { rows: 3 } }"], "unknown-key"),
  ])
  func `a mistake of the files is reported`(files: [String: String], code: String) throws {
    for (name, text) in files { try folder.write(text, to: "schemas/queries/\(name)") }
    #expect(load().diagnostics.map(\.code.id) == [code])
  }

  @Test func `a statement that is no text is refused with its place`() throws {
    try folder.write(Array("SELECT 1,\n 'a".utf8) + [0xFF, 0x27], to: "schemas/queries/a.sql")
    let found = load().diagnostics
    #expect(found.map(\.code.id) == ["not-utf8"])
    #expect(found.first?.range?.start == SourcePosition(line: 2, column: 4))
  }

  @Test(arguments: [
    Mistake("query-takes-no", "action: read\nquery: q\n1️⃣where: { a: 1 }"),
    Mistake("query-takes-no", "action: read\nquery: q\n1️⃣entity: x"),
    Mistake("query-takes-no", "action: read\nquery: q\n1️⃣limit: 3"),
    Mistake("missing-key", "action: read\nentity: x\nids: [1]\n1️⃣params: { a: 1 }"),
    Mistake("wrong-shape", "action: read\nquery: q\nparams: 1️⃣[1]"),
    Mistake("wrong-shape", "action: read\nquery: 1️⃣[q]"),
  ])
  func `a mistake of an operation is reported at its place`(mistake: Mistake) {
    let loaded = Loaded(operation(mistake.text))
    mistake.verify(loaded.diagnostics, loaded.marks)
  }
}
