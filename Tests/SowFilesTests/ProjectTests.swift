import SowFiles
import SowModel
import SowTestSupport
import Testing

struct ProjectTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(_ text: String?, from name: String = "") throws -> (Project?, [Diagnostic]) {
    if let text { try folder.write(text, to: "sow.yaml") }
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let project = Project.load(
      from: folder.path + "/" + name, files: &files, diagnostics: &diagnostics)
    return (project, diagnostics.sorted)
  }

  @Test func `without a file the project is the folder with its local environment`() throws {
    let (project, diagnostics) = try load(nil)
    #expect(diagnostics.isEmpty)
    #expect(project?.root == folder.path)
    let local = project?.environments.first
    #expect(local?.name == "local")
    #expect(local?.createTables == true)
    guard case .scalar(let url, _)? = local?.database else {
      Issue.record("no database")
      return
    }
    #expect(url.text == "sqlite:.sow/local.db")
  }

  @Test func `the nearest file upwards is the project`() throws {
    try folder.write("x", to: "plans/shop/note.txt")
    let (project, _) = try load("limits: { operations: 7 }", from: "plans/shop")
    #expect(project?.root == folder.path)
    #expect(project?.limits.operations == 7)
    #expect(project?.limits.rows == 1_000_000)
  }

  @Test func `environments are read in their order`() throws {
    let (project, diagnostics) = try load(
      """
      default_environment: staging
      environments:
        staging: { database: $env:URL, scope: s, lockfile: false, variables: { a: 1 }, tenant: t, identity: { roles: [admin], overridable: [roles] } }
        local: { database: "sqlite:x.db", create_tables: true }
      limits: { rows: 1, file_bytes: 2, deletes: 3, delete_percent: 4 }
      """)
    #expect(diagnostics.isEmpty)
    #expect(project?.environments.map(\.name) == ["staging", "local"])
    let staging = project?.environments.first
    #expect(staging?.scope == "s")
    #expect(staging?.keepsLockfile == false)
    #expect(staging?.identity == Identity(roles: ["admin"], overridable: ["roles"]))
    guard case .scalar(Scalar("t"), _)? = staging?.tenant else {
      Issue.record("no tenant")
      return
    }
    #expect(staging?.variables.map(\.key.value) == ["a"])
    guard case .link(.environment("URL"), _)? = staging?.database else {
      Issue.record("no link")
      return
    }
    #expect(project?.limits.deletePercent == 4)
  }

  @Test(arguments: Language.allCases)
  func `a project says which language it speaks`(language: Language) throws {
    let (project, diagnostics) = try load("language: \(language.rawValue)")
    #expect(diagnostics.isEmpty)
    #expect(project?.language == language)
  }

  @Test(arguments: [
    Mistake("unknown-key", "1️⃣enviroments: {}", hint: "environments"),
    Mistake("wrong-shape", "language: 1️⃣fr"),
    Mistake("wrong-shape", "environments: { a: { protected: 1️⃣yes } }"),
    Mistake("wrong-shape", "environments: { a: { tenant: 1️⃣$var:x } }"),
    Mistake("wrong-shape", "environments: { a: { tenant: 1️⃣~ } }"),
    Mistake("unknown-key", "environments: { a: { identity: { 1️⃣rules: [] } } }", hint: "roles"),
    Mistake("wrong-shape", "environments: { a: { identity: { overridable: [1️⃣tenant] } } }"),
    Mistake("wrong-shape", "environments: { a: { ledger_schema: 1️⃣[x] } }"),
    Mistake("unknown-key", "environments: { a: { 1️⃣databse: x } }", hint: "database"),
    Mistake("wrong-shape", "environments: { a: { database: 1️⃣$var:x } }"),
    Mistake("wrong-shape", "environments: { a: { database: 1️⃣null } }"),
    Mistake("wrong-shape", "environments: { a: { create_tables: 1️⃣on } }", hint: "true"),
    Mistake("wrong-shape", "environments: { a: 1️⃣x }"),
    Mistake("wrong-shape", "environments: 1️⃣[]"),
    Mistake("unknown-key", "limits: { 1️⃣nesting: 5 }"),
    Mistake("wrong-shape", "limits: { delete_percent: 1️⃣101 }"),
    Mistake("wrong-shape", "limits: { rows: 1️⃣0 }"),
    Mistake(
      "unknown-environment", "default_environment: 1️⃣locl\nenvironments: { local: {} }",
      hint: "local"),
    Mistake("wrong-shape", "1️⃣[]"),
    Mistake("yaml-syntax", "limits: {\n1️⃣"),
  ])
  func `a mistake is one diagnostic at its place`(mistake: Mistake) throws {
    let marks = MarkedText(mistake.text)
    let (_, diagnostics) = try load(marks.text)
    mistake.verify(diagnostics, marks)
  }

  @Test func `limits where nothing is said are those of the pages`() {
    let limits = Limits()
    #expect(limits.operations == 100_000 && limits.rows == 1_000_000)
    #expect(limits.fileBytes == 256 << 20)
    for (owned, deletes) in [(0, 10), (19, 10), (20, 6), (30, 9), (100, 10)] {
      #expect(limits.deletable(owned: owned, allowed: nil, wantsConsent: false) == deletes)
    }
  }

  @Test func `a password in a mistaken URL is never shown`() throws {
    let (_, diagnostics) = try load("environments: { a: { database: \"x${var:p}secret\" } }")
    #expect(diagnostics.map(\.isSensitive) == [true])
    #expect(diagnostics.first?.message.contains("secret") == false)
  }
}
