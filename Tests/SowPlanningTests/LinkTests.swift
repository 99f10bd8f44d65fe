import SowModel
import SowPlanning
import Testing

/// What schemas and plans may say about sets of links.
struct LinkTests {
  static let tables = """
    CREATE TABLE category (category_id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
    CREATE TABLE activity (activity_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE pair (a INTEGER, b INTEGER, PRIMARY KEY (a, b));
    CREATE TABLE tagging (
      activity_id INTEGER NOT NULL REFERENCES activity, category_id INTEGER NOT NULL REFERENCES category,
      PRIMARY KEY (activity_id, category_id));
    CREATE TABLE weighted (activity_id INTEGER NOT NULL, category_id TEXT, weight REAL NOT NULL);
    """
  static let schema = """
    type: object
    properties:
      activity_id: { type: integer, readOnly: true }
      name: { type: string }
      tags: { type: array, items: { type: integer }, uniqueItems: true }
    required: [name]
    x-sow:
      unique: [[name]]
      links: { tags: { table: tagging, own: activity_id, other: category_id } }
    """

  private func bench(_ old: String = "", _ new: String = "") throws -> CheckBench {
    let schema = old.isEmpty ? Self.schema : Self.schema.replacing(old, with: new)
    return try CheckBench(Self.tables, schemas: ["activity": schema])
  }

  private let plan = "operations: { a: { action: create, entity: activity, values: { name: x } } }"

  struct Mistake: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let codes: [String]

    init(_ old: String, _ new: String, _ codes: String...) {
      self.old = old
      self.new = new
      self.codes = codes
    }

    var testDescription: String { codes.joined(separator: ", ") + ": " + new }
  }

  static let mistakes = [
    Mistake("links: { tags:", "links: { tgas:", "schema-unknown-field", "missing-column"),
    Mistake("items: { type: integer }", "items: { type: number }", "link-not-list"),
    Mistake("{ type: array, items: { type: integer }", "{ type: integer", "link-not-list"),
    Mistake("type: array", "type: [array, 'null']", "link-not-list"),
    Mistake("items: { type: integer }, ", "", "link-not-list"),
    Mistake("items: { type: integer }", "items: { type: string }", "column-type"),
    Mistake("table: tagging", "table: taging", "missing-table"),
    Mistake("other: category_id", "other: catgory_id", "missing-column"),
    Mistake("own: activity_id", "own: activty_id", "missing-column"),
    Mistake("unique: [[name]]", "unique: [[name, tags]]", "link-misplaced"),
    Mistake("unique: [[name]]", "trim: [tags]", "link-misplaced"),
    Mistake("unique: [[name]]", "generated: { tags: uuid }", "link-misplaced"),
    Mistake(
      "table: tagging", "table: weighted", "column-type", "missing-foreign-key", "link-demands"),
    Mistake(
      "links: { tags:", "links: { name:", "link-is-column", "link-misplaced", "missing-column"),
  ]

  @Test(arguments: mistakes)
  func `what a schema says wrong of links is named`(mistake: Mistake) throws {
    let found = try bench(mistake.old, mistake.new).check(plan).map(\.code)
    #expect(Set(found) == Set(mistake.codes))
  }

  @Test func `a row with links needs a key of one field`() throws {
    let schema = """
      type: object
      properties: { a: { type: integer }, b: { type: integer }, tags: { type: array, items: { type: integer } } }
      required: [a, b]
      x-sow: { table: pair, links: { tags: { table: tagging, own: activity_id, other: category_id } } }
      """
    let bench = try CheckBench(Self.tables, schemas: ["pair2": schema])
    let plan = "operations: { a: { action: create, entity: pair2, values: { a: 1, b: 2 } } }"
    #expect(try bench.check(plan).map(\.code) == ["link-without-key"])
  }

  struct Use: Sendable, CustomTestStringConvertible {
    let operation: String
    let findings: [String]

    init(_ operation: String, _ findings: String...) {
      self.operation = operation
      self.findings = findings
    }

    var testDescription: String { operation }
  }

  static let uses = [
    Use("action: create, values: { name: x, tags: [1, 2] }"),
    Use("action: create, values: { name: x, tags: [] }"),
    Use("action: create, values: { name: x, tags: [1, 1] }", "schema-unique-items @ "),
    Use("action: create, values: { name: x, tags: null }", "null-refused @ null"),
    Use("action: create, values: { name: x, tags: 1 }", "value-type @ 1"),
    Use("action: create, values: { name: x, tags: [one] }", "value-type @ one"),
    Use("action: create, values: { name: x, tags: [null] }", "schema-null @ [null]"),
    Use("action: create, values: { name: x, tags: [[1]] }", "value-type @ "),
    Use("action: read, where: { tags: { in: [1] } }", "link-misplaced @ tags"),
    Use("action: read, where: { name: x }, sort: [tags]", "link-misplaced @ tags"),
    Use("action: read, where: { name: x }, select: [tags]"),
    Use("action: upsert, key: [tags], values: { name: x, tags: [1] }", "link-misplaced @ tags"),
    Use("action: update, where: { name: x }, values: { tags: [3] }"),
  ]

  @Test(arguments: uses)
  func `a set of links is a list of keys, and nothing to find rows by`(use: Use) throws {
    let text = "operations: { a: { entity: activity, \(use.operation) } }"
    let found = try bench().check(text).map(\.description)
    #expect(found.count == use.findings.count)
    for (found, wanted) in zip(found, use.findings) {
      #expect(found.hasPrefix(wanted))
    }
  }

  @Test func `what one operation links no other one writes`() throws {
    let text = """
      operations:
        a: { action: create, entity: activity, values: { name: x, tags: [1] } }
        b: { action: create, entity: tagging, values: { activity_id: 1, category_id: 1 } }
      """
    #expect(try bench().check(text).map(\.description) == ["link-table-written @ b"])
    let apart = text.replacing(", tags: [1]", with: "")
    #expect(try bench().check(apart).map(\.code) == [])
  }

  @Test func `a link has one side`() throws {
    let other = """
      type: object
      properties: { code: { type: string }, acts: { type: array, items: { type: integer } } }
      required: [code]
      x-sow: { links: { acts: { table: tagging, own: category_id, other: activity_id } } }
      """
    let bench = try CheckBench(
      Self.tables, schemas: ["activity": Self.schema, "category": other])
    let text = """
      operations:
        a: { action: create, entity: activity, values: { name: x, tags: [1] } }
        c: { action: create, entity: category, values: { code: x, acts: [1] } }
      """
    #expect(try bench.check(text).map(\.description) == ["link-table-written @ c"])
    #expect(try bench.check(text.replacing(", acts: [1]", with: "")).map(\.code) == [])
  }

  @Test func `offline a set is checked by its schema`() throws {
    let bench = try CheckBench(schemas: ["activity": Self.schema])
    let text = """
      operations: { a: { action: create, entity: activity, values: { name: x, tags: [1, one] } } }
      """
    #expect(try bench.check(text).map(\.description) == ["value-type @ one"])
  }
}
