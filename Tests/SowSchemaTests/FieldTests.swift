import SowModel
import SowSchema
import Testing

struct FieldTests {
  struct FieldCase: Sendable, CustomStringConvertible {
    var property: String
    var type: FieldType
    var isNullable: Bool

    init(_ property: String, _ type: FieldType, nullable: Bool = false) {
      (self.property, self.type, self.isNullable) = (property, type, nullable)
    }

    var description: String { property }
  }

  @Test(arguments: [
    FieldCase("{type: string}", .string),
    FieldCase("{type: [string, \"null\"]}", .string, nullable: true),
    FieldCase("{type: integer}", .integer), FieldCase("{type: number}", .decimal),
    FieldCase("{type: [integer, number]}", .decimal),
    FieldCase("{type: number, format: double}", .float),
    FieldCase("{type: [number, \"null\"], format: double}", .float, nullable: true),
    FieldCase("{type: boolean}", .boolean), FieldCase("{type: string, format: date}", .date),
    FieldCase("{format: time, type: string}", .time),
    FieldCase("{type: string, format: date-time}", .timestamp),
    FieldCase("{type: string, format: uuid}", .uuid),
    FieldCase("{type: string, format: byte}", .bytes),
    FieldCase("{type: string, format: email}", .string), FieldCase("{type: object}", .object([:])),
    FieldCase("{type: array}", .list(of: .any)),
    FieldCase("{type: array, items: {type: integer}}", .list(of: .integer)),
    FieldCase("{type: array, prefixItems: [{}], items: {type: integer}}", .list(of: .any)),
    FieldCase("{type: [string, integer]}", .any),
    FieldCase("{type: \"null\"}", .any, nullable: true),
    FieldCase("{}", .any, nullable: true), FieldCase("true", .any, nullable: true),
    FieldCase("false", .any),
    FieldCase("{minimum: 1}", .any, nullable: true),
    FieldCase("{enum: [faculty, no, \"1\"]}", .string),
    FieldCase("{enum: [a, null]}", .string, nullable: true),
    FieldCase("{enum: [a, 1]}", .any), FieldCase("{enum: [1, 2, null]}", .any, nullable: true),
    FieldCase("{const: a}", .string), FieldCase("{const: null}", .any, nullable: true),
    FieldCase("{type: [string, \"null\"], enum: [a]}", .string),
    FieldCase("{type: string, enum: [a, null]}", .string),
    FieldCase("{$ref: \"#/$defs/zip\"}", .string),
    FieldCase("{$ref: \"#/$defs/zip\", format: date}", .string),
    FieldCase("{allOf: [{type: string}, {type: [string, \"null\"], format: date}]}", .date),
    FieldCase("{anyOf: [{type: integer}, {type: \"null\"}]}", .integer, nullable: true),
    FieldCase("{oneOf: [{$ref: \"#/$defs/zip\"}, {const: null}]}", .string, nullable: true),
    FieldCase("{anyOf: [{type: integer}, {type: string}]}", .any),
    FieldCase("{type: string, anyOf: [{minLength: 3}, {pattern: a}]}", .string),
    FieldCase("{not: {type: string}}", .any, nullable: true),
    FieldCase(
      "{type: [object, \"null\"], properties: {zip: {$ref: \"#/$defs/zip\"}, n: {type: [integer, \"null\"]}}}",
      .object(["zip": .string, "n": .integer]), nullable: true),
    FieldCase("{$ref: \"#/$defs/tree\"}", .object(["code": .string, "children": .list(of: .any)])),
  ])
  func `a property has the type of its column`(example: FieldCase) throws {
    let schema = try compiled(
      """
      {properties: {x: \(example.property)}, $defs: {zip: {type: string}, tree: {type: object,
       properties: {code: {type: string}, children: {type: array, items: {$ref: "#/$defs/tree"}}}}}}
      """)
    let field = try #require(schema.fields.first)
    #expect(field.type == example.type)
    #expect(field.isNullable == example.isNullable)
    let refusesNull = try violations(of: "{x: null}", by: schema).contains { !$0.code.id.isEmpty }
    #expect(refusesNull != field.isNullable || example.property.contains("not"))
  }

  @Test func `fields come in order, those behind $ref and allOf too, each once`() throws {
    let schema = try compiled(
      """
      {$ref: "#/$defs/base", properties: {b: {type: string}, a: {}}, required: [a],
       allOf: [{properties: {c: {type: integer, readOnly: true}, b: {maxLength: 3, default: x}},
         required: [c]}],
       if: {properties: {hidden: {const: 1}}}, then: {properties: {hidden: {}}},
       $defs: {base: {properties: {d: {}, a: {type: boolean}}, required: [b]}}}
      """)
    #expect(schema.fields.map(\.name) == ["b", "a", "c", "d"])
    #expect(schema.fields.map(\.type) == [.string, .boolean, .integer, .any])
    #expect(schema.fields.map(\.isRequired) == [true, true, true, false])
    #expect(schema.fields.map(\.isReadOnly) == [false, false, true, false])
    #expect(schema.fields.first?.defaultValue == .text("x"))
  }

  @Test func `a default has the type of its field`() throws {
    let schema = try compiled(
      """
      {properties: {code: {type: string, default: 007}, price: {type: number, default: "1.50"},
       at: {type: string, format: date, default: 2024-02-29}, none: {default: null},
       tags: {type: array, items: {type: string}, default: [no]}, plain: {type: integer}}}
      """)
    let defaults = schema.fields.map(\.defaultValue)
    #expect(defaults[0] == .text("007"))
    #expect(defaults[1] == ExactDecimal("1.5").map { .decimal($0) })
    #expect(defaults[2] == .text("2024-02-29"))
    #expect(defaults[3] == .null)
    #expect(defaults[4] == .list([.text("no")]))
    #expect(defaults[5] == nil)
  }

  @Test func `a field knows where it is named`() throws {
    let text = "{properties: {first: {}, second: {}}}"
    let schema = try compiled(text)
    #expect(schema.fields.map { text.text(at: $0.range) } == ["first", "second"])
  }

  @Test func `a schema that contains itself many times has a finite type`() throws {
    let names = (0..<20).map { "p\($0): {$ref: \"#\"}" }.joined(separator: ", ")
    let schema = try compiled("{type: object, properties: {\(names)}}")
    #expect(schema.fields.count == 20)
  }
}
