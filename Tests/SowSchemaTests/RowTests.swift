import SowModel
import SowSchema
import Testing

struct RowTests {
  private static let person = """
    {type: object,
     properties: {
      person_id: {type: string, format: uuid, readOnly: true},
      name: {type: string, minLength: 1, maxLength: 100},
      type: {enum: [faculty, resident]},
      email: {type: [string, "null"], format: email},
      pgy_level: {type: [integer, "null"], minimum: 1, maximum: 3},
      specialties: {type: array, maxItems: 10, items: {type: string, maxLength: 50}},
      address: {type: object, properties: {zip: {type: string, pattern: "^[0-9]{4}$"}}}},
     required: [name, type],
     if: {properties: {type: {const: resident}}, required: [type]},
     then: {required: [pgy_level], properties: {pgy_level: {type: integer}}}}
    """

  @Test(arguments: [
    ("{name: Ann, type: faculty}", ""),
    ("{name: Ann, type: resident, pgy_level: 2, email: null}", ""),
    ("{name: Ann, type: resident}", "pgy_level schema-required"),
    ("{name: Ann, type: resident, pgy_level: null}", "pgy_level schema-null"),
    ("{name: Ann, type: faculty, pgy_level: null}", ""),
    ("{name: Ann, type: resident, pgy_level: 4}", "pgy_level schema-maximum"),
    ("{type: faculty}", "name schema-required"),
    ("{name: absent, type: faculty}", "name schema-required"),
    ("{name: null, type: faculty}", "name schema-null"),
    (
      "{name: \"\", type: dean, email: x}",
      "name schema-min-length, type schema-enum, email schema-format"
    ),
    ("{name: Ann, type: null}", "type schema-null"),
    (
      "{name: Ann, type: faculty, specialties: [a, 1, null]}",
      "specialties.1 schema-type, specialties.2 schema-null"
    ),
    ("{name: Ann, type: faculty, address: {zip: 12a4}}", "address.zip schema-pattern"),
    ("{name: Ann, type: faculty, unknown: 1}", ""),
  ])
  func `a row is checked as one object`(row: String, expected: String) throws {
    #expect(try violations(of: row, by: compiled(Self.person)).summary == expected)
  }

  @Test(arguments: [
    ("{name: pending, type: faculty}", ""),
    ("{name: Ann, type: pending}", ""),
    ("{name: Ann, type: pending, pgy_level: 9}", "pgy_level schema-maximum"),
    ("{name: Ann, type: resident, pgy_level: pending}", ""),
    ("{name: pending, type: dean}", "type schema-enum"),
    ("{name: Ann, type: resident, email: pending}", "pgy_level schema-required"),
  ])
  func `a pending value is present and passes what needs its value`(
    row: String, expected: String
  ) throws {
    #expect(try violations(of: row, by: compiled(Self.person)).summary == expected)
  }

  @Test(arguments: [
    // Schema, row, what is certain.
    ("not: {properties: {a: {const: 1}}}", "{a: pending}", ""),
    ("not: {properties: {a: {const: 1}}}", "{a: 1}", "schema-not"),
    ("not: {properties: {a: true}}", "{a: pending}", "schema-not"),
    ("not: {required: [a]}", "{a: pending}", "schema-not"),
    ("anyOf: [{properties: {a: {const: 1}}}, {required: [b]}]", "{a: pending}", ""),
    ("anyOf: [{properties: {a: false}}, {required: [b]}]", "{a: pending}", "schema-any-of"),
    ("oneOf: [{properties: {a: {const: 1}}}, {required: [a]}]", "{a: pending}", ""),
    (
      "oneOf: [{properties: {a: {const: 1}}}, {required: [a]}, {required: [b]}]",
      "{a: pending, b: 1}", "schema-one-of"
    ),
    ("oneOf: [{properties: {a: {const: 1}}}, false]", "{a: pending}", ""),
    (
      "allOf: [{properties: {a: {const: 1}}}, {required: [b]}]", "{a: pending}", "b schema-required"
    ),
    ("if: {properties: {a: {const: 1}}}, then: {required: [b]}", "{a: pending}", ""),
    ("if: {properties: {a: {const: 1}}}, else: {required: [b]}", "{a: pending}", ""),
    ("if: {required: [a]}, then: {required: [b]}", "{a: pending}", "b schema-required"),
    ("if: {not: {properties: {a: {const: 1}}}}, then: false, else: false", "{a: pending}", ""),
    ("properties: {a: false}", "{a: pending}", "a schema-forbidden"),
    (
      "properties: {a: {$ref: \"#/$defs/no\"}}, $defs: {no: false}", "{a: pending}",
      "a schema-forbidden"
    ),
    ("properties: {a: {anyOf: [false, {type: string}]}}", "{a: pending}", ""),
    ("properties: {a: {not: {const: 1}}}", "{a: pending}", ""),
    ("additionalProperties: false", "{a: pending}", "a schema-additional-properties"),
    ("additionalProperties: {type: string}", "{a: pending, b: 1}", "b schema-type"),
    ("minProperties: 2", "{a: pending, b: absent}", "schema-min-properties"),
    ("maxProperties: 1", "{a: pending, b: 1}", "schema-max-properties"),
    ("dependentRequired: {a: [b]}", "{a: pending}", "b schema-dependent-required"),
    ("dependentRequired: {a: [b]}", "{a: absent}", ""),
    ("dependentRequired: {a: [b]}", "{a: 1, b: pending}", ""),
    ("dependentSchemas: {a: {required: [b]}}", "{a: pending}", "b schema-required"),
    ("const: {a: 1}", "{a: pending}", ""), ("const: {a: 1}", "{a: 1.0, b: absent}", ""),
    ("const: {a: 1}", "{a: 2}", "schema-const"), ("enum: [{a: 1}]", "{b: 1}", "schema-enum"),
  ])
  func `logic has three values`(keywords: String, row: String, expected: String) throws {
    #expect(try violations(of: row, by: compiled("{\(keywords)}")).summary == expected)
  }

  @Test(arguments: [
    (
      "patternProperties: {\"_at$\": {format: date}}", "{made_at: x, at: y}",
      "made_at schema-format"
    ),
    (
      "properties: {a: {}}, patternProperties: {^b: {}}, additionalProperties: false",
      "{a: 1, bc: 2, ab: 3}",
      "ab schema-additional-properties"
    ),
    (
      "propertyNames: {pattern: \"^[a-z]+$\"}", "{ab: 1, Ab: 2, Zz: absent}",
      "Ab schema-property-names"
    ),
    ("false", "{a: 1}", "schema-forbidden"),
    (
      "allOf: [{$ref: \"#/$defs/x\"}, {$ref: \"#/$defs/x\"}], $defs: {x: {required: [b]}}",
      "{a: 1}", "b schema-required"
    ),
    (
      "allOf: [{properties: {a: {type: string}}}, {properties: {a: {type: string}}}]", "{a: null}",
      "a schema-null"
    ),
    ("if: {type: string}, then: false", "{a: 1}", ""),
    ("maxLength: 1, minimum: 5, items: false, contains: false, pattern: x", "{a: 1}", ""),
    ("oneOf: [{required: [a]}, {required: [b]}]", "{c: 1}", "schema-one-of"),
  ])
  func `every keyword for objects works on rows`(
    keywords: String, row: String, expected: String
  ) throws {
    let text = keywords == "false" ? keywords : "{\(keywords)}"
    #expect(try violations(of: row, by: compiled(text)).summary == expected)
  }

  @Test func `a violation has a sentence, the place of its keyword and no value`() throws {
    let text = "{properties: {age: {type: integer, minimum: 18}, kind: {enum: [a, b, 10]}}}"
    let found = try violations(of: "{age: 7, kind: secret}", by: compiled(text))
    #expect(
      found.map(\.sentence.english) == [
        "\"age\" must be at least 18", "\"kind\" must be one of \"a\", \"b\", \"10\"",
      ])
    #expect(found.map { text.text(at: $0.range) } == ["minimum", "enum"])
    #expect(found.map(\.allowed) == [[], ["a", "b", "10"]])
    #expect(found.map(\.field) == ["age", "kind"])
  }

  @Test(arguments: [
    ("type: [string, \"null\"]", "1", "\"x\" must be a string or null"),
    ("type: [integer, boolean, array]", "a", "\"x\" must be an integer, true or false or a list"),
    ("type: string", "null", "\"x\" must not be null"),
    ("const: [a, 1]", "2", "\"x\" must be \"[a, 1]\""),
    ("multipleOf: 0.50", "0.3", "\"x\" must be a multiple of 0.50"),
    ("format: email", "a", "\"x\" must be an e-mail address"),
    ("uniqueItems: true", "[1, 2, 1]", "the items 0 and 2 of \"x\" are equal"),
    ("items: {minLength: 2}", "[ab, c]", "\"x.1\" must have at least 2 characters"),
    ("dependentRequired: {a: [b]}", "{a: 1}", "\"x.b\" is required where \"x.a\" is present"),
    (
      "contains: {const: 1}, maxContains: 1", "[1, 1]",
      "\"x\" has 2 items as \"contains\" describes, at most 1 are allowed"
    ),
    (
      "oneOf: [{minimum: 1}, {maximum: 9}]", "5",
      "\"x\" satisfies 2 of the 2 schemas of \"oneOf\" instead of one"
    ),
  ])
  func `sentences say what is wanted`(keywords: String, value: String, message: String) throws {
    let schema = try compiled("{properties: {x: {\(keywords)}}}")
    #expect(try violations(of: "{x: \(value)}", by: schema).map(\.sentence.english) == [message])
  }

  @Test func `an additional property has a suggestion`() throws {
    let schema = try compiled(
      "{properties: {address: {properties: {zip: {}, city: {}}, additionalProperties: false}}}")
    let found = try violations(of: "{address: {zipp: 1}}", by: schema)
    #expect(found.map(\.hint) == [.didYouMean("zip")])
  }

  @Test func `floats are compared as they were written`() throws {
    let schema = try compiled("{properties: {x: {type: number, maximum: 0.1, multipleOf: 0.01}}}")
    let validator = schema.validator(for: ["x"])
    #expect(validator.validate([.value(.float(0.1))]).isEmpty)
    #expect(validator.validate([.value(.float(0.07))]).isEmpty)
    #expect(
      validator.validate([.value(.float(0.105))]).summary
        == "x schema-maximum, x schema-multiple-of")
    #expect(validator.validate([.value(.float(.nan))]).summary == "x schema-type")
    let large = try compiled("{properties: {x: {exclusiveMaximum: 9007199254740993}}}")
    #expect(large.validator(for: ["x"]).validate([.value(.float(9_007_199_254_740_992))]).isEmpty)
  }

  @Test func `one validator serves many rows`() throws {
    let validator = try compiled(Self.person).validator(for: ["name", "type", "pgy_level"])
    let good: [RowCell] = [.value(.text("Ann")), .value(.text("resident")), .value(.integer(1))]
    let bad: [RowCell] = [.value(.text("Ann")), .value(.text("resident")), .absent]
    for _ in 0..<3 {
      #expect(validator.validate(good).isEmpty)
      #expect(validator.validate(bad).summary == "pgy_level schema-required")
    }
  }

  struct PlainCase: CustomTestStringConvertible {
    let schema: String
    let type: FieldType
    let isPlain: Bool
    var testDescription: String { schema }
  }

  @Test(arguments: [
    PlainCase(schema: "properties: {x: {type: integer}}", type: .integer, isPlain: true),
    PlainCase(schema: "properties: {x: {type: number}}", type: .integer, isPlain: true),
    PlainCase(schema: "properties: {x: {type: string}}", type: .uuid, isPlain: true),
    PlainCase(schema: "required: [y]", type: .any, isPlain: true),
    PlainCase(
      schema: "properties: {x: {type: array, items: {type: integer}}}", type: .list(of: .integer),
      isPlain: true),
    PlainCase(
      schema: "properties: {x: {type: array, items: {type: string}}}", type: .list(of: .integer),
      isPlain: false),
    PlainCase(
      schema: "properties: {x: {type: array, items: {minimum: 1}}}", type: .list(of: .integer),
      isPlain: false),
    PlainCase(
      schema: "properties: {x: {type: array, prefixItems: [{type: integer}]}}",
      type: .list(of: .integer), isPlain: false),
    PlainCase(
      schema: "properties: {x: {type: array, uniqueItems: true}}", type: .list(of: .integer),
      isPlain: false),
    PlainCase(schema: "properties: {x: {type: integer}}", type: .string, isPlain: false),
    PlainCase(schema: "properties: {x: {type: string}}", type: .any, isPlain: false),
    PlainCase(
      schema: "properties: {x: {type: integer, minimum: 1}}", type: .integer, isPlain: false),
    PlainCase(schema: "properties: {x: {enum: [1, 2]}}", type: .integer, isPlain: false),
    PlainCase(schema: "additionalProperties: {maximum: 3}", type: .integer, isPlain: false),
    PlainCase(
      schema: "if: {properties: {x: {const: 1}}}, then: {required: [y]}", type: .integer,
      isPlain: false),
  ])
  func `only where nothing but the type is asked does a value change nothing`(
    _ test: PlainCase
  ) throws {
    let validator = try compiled("{\(test.schema)}").validator(for: ["x", "y"])
    #expect(validator.accepts(every: test.type, at: 0) == test.isPlain)
  }
}
