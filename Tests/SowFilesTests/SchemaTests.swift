import SowFiles
import SowModel
import SowTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct SchemaTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(_ place: String? = nil) -> (schemas: [EntitySchema], diagnostics: [Diagnostic])
  {
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let start = SourcePosition(line: 1, column: 1)
    let range = SourceRange(file: files.add("plan.yaml"), start: start, end: start)
    let schemas = EntitySchema.loadAll(
      project: Project(root: folder.path, environments: []), shownRoot: folder.path,
      folder: place.map { Located($0, at: range) }, files: &files, diagnostics: &diagnostics)
    return (schemas, diagnostics.sorted)
  }

  @Test func `what x-sow says is read`() throws {
    try folder.write(
      """
      type: object
      properties: { person_id: { type: string } }
      x-sow:
        table: people
        primary_key: person_id
        generated: { person_id: uuid }
        unique: [[email], [name, type]]
        immutable: [type]
        trim: name
        references: { manager_id: person.person_id }
        sensitive: { name: PHI }
        limits: { rows: [1, 100], ids: 50 }
      """, to: "schemas/people/person.yaml")
    let (schemas, diagnostics) = load()
    #expect(diagnostics.isEmpty)
    let person = schemas.first
    #expect(person?.name == "person")
    #expect(person?.table?.value == "people")
    #expect(person?.primaryKey.map(\.value) == ["person_id"])
    #expect(person?.generated["person_id"]?.value == .uuid)
    #expect(person?.unique.map { $0.map(\.value) } == [["email"], ["name", "type"]])
    #expect(person?.immutable.map(\.value) == ["type"])
    #expect(person?.trim.map(\.value) == ["name"])
    #expect(person?.references.first?.entity.value == "person")
    #expect(person?.references.first?.target == "person_id")
    #expect(person?.sensitive["name"]?.value == "PHI")
    #expect(person?.rowLimit?.value == 1...100)
    #expect(person?.idLimit?.value == 1...50)
    #expect(person?.document["type"]?.scalar?.text == "object")
  }

  @Test func `a list of sensitive fields is labelled by the word itself`() throws {
    try folder.write("x-sow: { sensitive: [a, b] }", to: "schemas/x.json")
    #expect(
      load().schemas.first?.sensitive.mapValues(\.value) == ["a": "sensitive", "b": "sensitive"])
  }

  @Test func `folders are read whole, queries aside`() throws {
    for name in ["a", "deep/er/b", "queries/c", "deep/queries/d"] {
      try folder.write("type: object", to: "schemas/\(name).yaml")
    }
    try folder.write("select 1", to: "schemas/e.sql")
    #expect(load().schemas.map(\.name) == ["a", "b", "d"])
    #expect(load("schemas/deep/er").schemas.map(\.name) == ["b"])
    #expect(load("schemas/deepr").diagnostics.map(\.code.id) == ["file-missing"])
    #expect(load("../x").diagnostics.map(\.code.id) == ["file-outside-project"])
  }

  @Test(arguments: ["schemas/far.yaml", "schemas/far"])
  func `a schema that leads out of the project is refused`(link: String) throws {
    let outside = try TemporaryFolder()
    let target = try outside.write("type: object", to: "x.yaml")
    try folder.write("type: object", to: "schemas/near.yaml")
    symlink(link.hasSuffix(".yaml") ? target : outside.path, folder.path + "/" + link)
    #expect(load().diagnostics.map(\.code.id) == ["file-outside-project"])
  }

  @Test func `two files of one name are an error at both`() throws {
    try folder.write("type: object", to: "schemas/a/x.yaml")
    try folder.write("type: object", to: "schemas/b/x.yml")
    let (schemas, diagnostics) = load()
    #expect(schemas.count == 1)
    #expect(diagnostics.map(\.code.id) == ["duplicate-entity"])
    #expect(diagnostics.first?.related.first?.file == FileID(index: 1))
  }

  @Test(arguments: [
    Mistake("unknown-key", "x-sow: { 1️⃣tabel: x }", hint: "table"),
    Mistake("wrong-shape", "x-sow: { soft_delete: 1️⃣[] }"),
    Mistake("wrong-shape", "x-sow: { tenant: 1️⃣~ }"),
    Mistake(
      "wrong-shape", "x-sow: { version: { field: a, by: 1️⃣incrment } }", hint: "increment"),
    Mistake("missing-key", "x-sow: { version: 1️⃣{ by: now } }"),
    Mistake("wrong-shape", "x-sow: { injected: 1️⃣[a] }", hint: "{ field: value }"),
    Mistake("link-not-allowed", "x-sow: { injected: { a: 1️⃣$each:b } }"),
    Mistake("link-not-allowed", "x-sow: { injected_on_update: { a: 1️⃣[1, \"x${ref:b.c}\"] } }"),
    Mistake(
      "wrong-shape", "x-sow: { permissions: { a: [read, 1️⃣upsert] } }", hint: "create and update"),
    Mistake("wrong-shape", "x-sow: { permissions: { a: [1️⃣updaet] } }", hint: "update"),
    Mistake("wrong-shape", "x-sow: { messages: 1️⃣[] }", hint: "{ field: { en: … } }"),
    Mistake("missing-key", "x-sow: { messages: { a: 1️⃣{ vi: x } } }"),
    Mistake("unknown-key", "x-sow: { messages: { a: { en: x, 1️⃣fr: y } } }"),
    Mistake("wrong-shape", "x-sow: { links: 1️⃣[a] }"),
    Mistake("wrong-shape", "x-sow: { links: { a: 1️⃣b } }"),
    Mistake("missing-key", "x-sow: { links: { a: 1️⃣{ table: b, own: c } } }"),
    Mistake("unknown-key", "x-sow: { links: { a: { table: b, own: c, other: d, 1️⃣key: e } } }"),
    Mistake("wrong-shape", "x-sow: { unique: [1️⃣email] }", hint: "[[field]]"),
    Mistake("wrong-shape", "x-sow: { generated: { id: 1️⃣serial } }"),
    Mistake("wrong-shape", "x-sow: { references: { a: 1️⃣person } }"),
    Mistake("wrong-shape", "x-sow: { limits: { rows: 1️⃣[1] } }"),
    Mistake("wrong-shape", "x-sow: { limits: { rows: [5, 1️⃣4] } }"),
    Mistake("unknown-key", "x-sow: { limits: { 1️⃣row: 4 } }", hint: "rows"),
    Mistake("missing-key", "x-sow: { limits: 1️⃣{ too_many: no } }"),
    Mistake("missing-key", "x-sow: { limits: { rows: 4, too_many: 1️⃣{ vi: không } } }"),
    Mistake("unknown-key", "x-sow: { limits: { rows: 4, too_many: { en: no, 1️⃣fr: non } } }"),
    Mistake("wrong-shape", "x-sow: { limits: { rows: 4, too_many: 1️⃣[no] } }"),
    Mistake("wrong-shape", "x-sow: 1️⃣[]"),
    Mistake("empty-file", "1️⃣"),
    Mistake("duplicate-key", "2️⃣type: object\n1️⃣type: string\n"),
  ])
  func `a mistake is one diagnostic at its place`(mistake: Mistake) throws {
    let marks = MarkedText(mistake.text)
    try folder.write(marks.text, to: "schemas/x.yaml")
    mistake.verify(load().diagnostics, marks)
  }
}
