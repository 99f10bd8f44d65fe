import Foundation
import SowFiles
import SowModel
import SowSchema
import SowTestSupport
import Testing

/// The schema of plan files, held against plans by sow's own validator.
struct PlanSchemaTests {
  /// A project whose plans are valid, by its folder below the package.
  static let projects =
    ["."]
    + [
      "drift", "folder-plans", "gates", "graph", "keys", "lockfile", "references", "row-files",
      "sensitive", "types", "update-delete-read", "value-changed", "variables",
    ].map { "Tests/ScenarioTests/Scenarios/\($0)" }

  @Test(arguments: projects)
  func `plans that are valid are valid to an editor`(project: String) throws {
    let root = PackageFolder.path() + "/" + project
    let schema = try planSchema(of: root)
    var count = 0
    for path in Plan.paths(below: root).flatMap(Self.files) {
      let violations = try Self.violations(of: path, by: schema)
      #expect(violations == [], "\(path)")
      count += 1
    }
    #expect(count > 0)
  }

  static let shop = """
    type: object
    properties:
      id: { type: integer }
      name: { $ref: "#/$defs/word" }
      code: { $ref: "#tag" }
      price: { type: number, minimum: 0 }
      "a/b~c d": { type: boolean }
      tags: { type: array, items: { type: string } }
      kind: { enum: [small, large] }
    additionalProperties: false
    $defs:
      word: { type: string, maxLength: 5, default: { $ref: is no reference } }
      tag: { $anchor: tag, type: string, minLength: 2 }
    x-sow: { primary_key: id }
    """

  @Test(arguments: [
    ("name: Ana", true), ("name: 01234", true), ("name: Anabel", false),
    ("name: $ref:b.name", true), ("name: \"Dr. ${ref:b.name}\"", true),
    ("name: { $lookup: { entity: item, where: { id: 1 }, field: name } }", true),
    ("name: { $lookup: { entity: item } }", false), ("code: x", false), ("code: xy", true),
    ("price: -1", false), ("price: \"1.50\"", true), ("price: many", false),
    ("price: $each:price", true), ("\"a/b~c d\": true", true), ("\"a/b~c d\": 1", false),
    ("tags: [$ref:b.name]", true), ("tags: 1", false), ("kind: medium", false),
    ("nmae: Ana", false),
  ])
  func `a value is what its field takes, or refers to something`(
    value: String, isValid: Bool
  ) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.shop, to: "schemas/item.yaml")
    let schema = try planSchema(of: folder.path)
    for (key, text) in [("values", value), ("rows", "[{ \(value) }]")] {
      let body = key == "values" ? "{ \(text) }" : text
      let path = try folder.write(
        "operations:\n  a: { action: create, entity: item, \(key): \(body) }\n", to: "plan.yaml")
      #expect(try Self.violations(of: path, by: schema).isEmpty == isValid, "\(body)")
    }
  }

  @Test(arguments: [
    "plan: no name!", "operations: 7", "operations: { \"a b\": { action: create, entity: item } }",
    "operations: { a: { action: creat, entity: item } }", "operations: { a: { action: read } }",
    "operations: { a: { action: read, entity: item, ids: [1], lmit: 1 } }",
    "operations: { a: { action: read, entity: item, where: {} } }",
    "operations: { a: { action: read, entity: item, where: { id: { gte: 1 } } } }",
    "operations: { a: { action: read, entity: item, ids: [1], expect: two } }",
    "operations: { a: { action: create, entity: item, rows: { file: a.xlsx } } }",
    "variables: { a: { type: text } }", "options: { on_error: go }", "opertions: {}",
  ])
  func `what no plan may say is marked`(text: String) throws {
    let folder = try TemporaryFolder()
    let schema = try planSchema(of: folder.path)
    let rest = text.hasPrefix("operations") ? "" : "\noperations: {}"
    let path = try folder.write(text + rest, to: "plan.yaml")
    #expect(try Self.violations(of: path, by: schema) != [])
  }

  @Test(arguments: [("name: Ana", true), ("tags: [a]", false), ("tags: { in: [a] }", false)])
  func `rows are not found by sets of links`(filter: String, isValid: Bool) throws {
    let folder = try TemporaryFolder()
    let links = "x-sow: { links: { tags: { table: item_tag, own: item_id, other: tag } }, "
    _ = try folder.write(
      Self.shop.replacing("x-sow: { ", with: links), to: "schemas/item.yaml")
    let path = try folder.write(
      "operations:\n  a: { action: read, entity: item, where: { \(filter) } }\n", to: "plan.yaml")
    #expect(
      try Self.violations(of: path, by: planSchema(of: folder.path)).isEmpty == isValid)
  }

  // MARK: Reading

  private func planSchema(of root: String) throws -> CompiledSchema {
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let schemas = EntitySchema.loadAll(
      project: Project(root: root, environments: []), shownRoot: root, files: &files,
      diagnostics: &diagnostics)
    #expect(diagnostics.isEmpty)
    let document = try Self.document(PlanSchema(schemas).text, "plan.schema.json")
    let compiled = CompiledSchema.compile(document, into: &diagnostics)
    #expect(diagnostics.all.map(\.sentence.english) == [])
    return try #require(compiled)
  }

  private static func violations(
    of path: String, by schema: CompiledSchema
  ) throws -> [String] {
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    let entries = try #require(try document(text, "plan.yaml").entries)
    let cells = try entries.map { entry -> RowCell in
      var mistakes: [NodeMistake] = []
      return .value(try #require(entry.value.value(as: .any, mistakes: &mistakes)))
    }
    return schema.validator(for: entries.map(\.key.value)).validate(cells).map(\.sentence.english)
  }

  /// Any YAML or JSON, as files of schemas are read.
  private static func document(_ text: String, _ name: String) throws -> Node {
    let folder = try TemporaryFolder()
    _ = try folder.write(text, to: "schemas/\(name)")
    var files = SourceFiles()
    var diagnostics = Diagnostics()
    let loaded = EntitySchema.loadAll(
      project: Project(root: folder.path, environments: []), shownRoot: folder.path,
      files: &files, diagnostics: &diagnostics)
    #expect(diagnostics.all.map(\.sentence.english) == [])
    return try #require(loaded.first).document
  }

  /// The files of one plan.
  private static func files(_ path: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: path)
    return names.map { $0.filter { $0.hasSuffix("yaml") }.map { path + "/" + $0 } } ?? [path]
  }
}
