import Testing

struct StructureKeywordTests {
  @Test(arguments: [
    SchemaCase(
      "{maxItems: 2}", valid: ["[1]", "[1, 2]", "foo"], invalid: ["[1, 2, 3]": "schema-max-items"]),
    SchemaCase("{minItems: 1}", valid: ["[1]", "\"\""], invalid: ["[]": "schema-min-items"]),
    SchemaCase(
      "{items: {type: integer}}", valid: ["[1, 2]", "{a: x}"],
      invalid: [
        "[1, x]": "schema-type", "[x, y]": "schema-type schema-type", "[null]": "schema-null",
      ]),
    SchemaCase("{items: false}", valid: ["[]"], invalid: ["[1, 2]": "schema-items"]),
    SchemaCase(
      "{prefixItems: [{type: integer}, {type: string}]}",
      valid: ["[1, foo]", "[1]", "[]", "[1, foo, true]"],
      invalid: ["[foo, 1]": "schema-type schema-type"]),
    SchemaCase(
      "{prefixItems: [{}, {}], items: false}", valid: ["[1, 2]"],
      invalid: ["[1, 2, 3, 4]": "schema-items"]),
    SchemaCase(
      "{prefixItems: [{type: string}], items: {type: integer}}", valid: ["[x, 2, 3]"],
      invalid: ["[x, y]": "schema-type"]),
    SchemaCase(
      "{prefixItems: [true, false]}", valid: ["[1]"], invalid: ["[1, 2]": "schema-forbidden"]),
  ])
  func `items and their number`(example: SchemaCase) throws { try example.check() }

  @Test(arguments: [
    SchemaCase(
      "{uniqueItems: true}",
      valid: [
        "[1, 2]", "[1, true]", "[0, false]", "[[1], [true]]", "[{a: 1}, {a: 2}]", "[1, \"1\"]",
        "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "[[\"1\"], [1]]", "[a, A]", "x",
      ],
      invalid: [
        "[1, 1]": "schema-unique-items", "[1.0, 1.00, 1]": "schema-unique-items",
        "[{a: 1, b: 2}, {b: 2, a: 1}]": "schema-unique-items",
        "[null, null]": "schema-unique-items",
        "[1, 2, 3, 4, 5, 6, 7, 8, 9, 1.0]": "schema-unique-items",
        "[{a: 1, b: 2}, 2, 3, 4, 5, 6, 7, 8, 9, {b: 2.0, a: 1}]": "schema-unique-items",
      ]),
    SchemaCase("{uniqueItems: false}", valid: ["[1, 1]"]),
  ])
  func `unique items differ by value`(example: SchemaCase) throws { try example.check() }

  @Test(arguments: [
    SchemaCase(
      "{contains: {minimum: 5}}", valid: ["[3, 5]", "[6]", "{}"],
      invalid: ["[3]": "schema-contains", "[]": "schema-contains"]),
    SchemaCase("{contains: true}", valid: ["[x]"], invalid: ["[]": "schema-contains"]),
    SchemaCase(
      "{contains: {const: 1}, maxContains: 1}", valid: ["[1, 2]"],
      invalid: ["[1, 1]": "schema-max-contains", "[]": "schema-contains"]),
    SchemaCase(
      "{contains: {const: 1}, minContains: 2}", valid: ["[1, 2, 1]"],
      invalid: ["[1]": "schema-min-contains"]),
    SchemaCase("{contains: {const: 1}, minContains: 0}", valid: ["[]", "[2]"]),
    SchemaCase(
      "{contains: {const: 1}, minContains: 3, maxContains: 1}",
      invalid: ["[1, 1]": "schema-max-contains schema-min-contains"]),
  ])
  func `contains counts the items that fit`(example: SchemaCase) throws { try example.check() }

  @Test(arguments: [
    SchemaCase(
      "{maxProperties: 2}", valid: ["{a: 1}", "[1, 2, 3]"],
      invalid: ["{a: 1, b: 2, c: 3}": "schema-max-properties"]),
    SchemaCase(
      "{minProperties: 1}", valid: ["{a: 1}", "\"\""], invalid: ["{}": "schema-min-properties"]),
    SchemaCase(
      "{required: [a, b]}", valid: ["{a: 1, b: null}", "[]"],
      invalid: ["{a: 1}": "schema-required", "{}": "schema-required schema-required"]),
    SchemaCase(
      "{properties: {a: {type: integer}, b: false}}", valid: ["{a: 1, c: x}", "{}"],
      invalid: ["{a: x}": "schema-type", "{b: 1}": "schema-forbidden", "{a: null}": "schema-null"]),
    SchemaCase(
      "{patternProperties: {\"f.*o\": {type: integer}, \"^b\": false}}", valid: ["{foo: 1, c: x}"],
      invalid: ["{fooo: x}": "schema-type", "{bar: 1}": "schema-forbidden"]),
    SchemaCase(
      "{properties: {a: {}}, patternProperties: {^v: {}}, additionalProperties: false}",
      valid: ["{a: 1, vx: 2}"],
      invalid: ["{b: 1, c: 2}": "schema-additional-properties schema-additional-properties"]),
    SchemaCase(
      "{properties: {a: {}}, additionalProperties: {type: boolean}}", valid: ["{a: 1, b: true}"],
      invalid: ["{b: 1}": "schema-type"]),
    SchemaCase(
      "{properties: {a: {maxItems: 3}}, patternProperties: {a: {minItems: 2}}}",
      invalid: ["{a: [1]}": "schema-min-items", "{a: [1, 2, 3, 4]}": "schema-max-items"]),
    SchemaCase(
      "{allOf: [{properties: {a: {}}}], additionalProperties: false}",
      invalid: ["{a: 1}": "schema-additional-properties"]),
    SchemaCase(
      "{propertyNames: {maxLength: 3}}", valid: ["{foo: 1}", "[]"],
      invalid: ["{foobar: 1}": "schema-property-names"]),
    SchemaCase(
      "{propertyNames: false}", valid: ["{}"], invalid: ["{a: 1}": "schema-property-names"]),
    SchemaCase(
      "{dependentRequired: {b: [a]}}", valid: ["{}", "{a: 1}", "{a: 1, b: 2}"],
      invalid: ["{b: 2}": "schema-dependent-required"]),
    SchemaCase(
      "{dependentSchemas: {b: {properties: {a: {type: integer}}}, c: false}}",
      valid: ["{a: x}", "{a: 1, b: 2}"],
      invalid: ["{a: x, b: 2}": "schema-type", "{c: 1}": "schema-forbidden"]),
    SchemaCase(
      "{properties: {__proto__: {type: number}, toString: {type: string}}}", valid: ["{}"],
      invalid: ["{__proto__: x}": "schema-type"]),
  ])
  func `properties and their names`(example: SchemaCase) throws { try example.check() }

  @Test(arguments: [
    SchemaCase("true", valid: ["1", "null", "{}"]),
    SchemaCase("false", invalid: ["1": "schema-forbidden", "null": "schema-forbidden"]),
    SchemaCase(
      "{allOf: [{minimum: 2}, {maximum: 5}]}", valid: ["3"],
      invalid: ["1": "schema-minimum", "6": "schema-maximum"]),
    SchemaCase(
      "{allOf: [{type: string}, {type: string}]}",
      invalid: ["1": "schema-type", "null": "schema-null"]),
    SchemaCase(
      "{anyOf: [{type: integer}, {minimum: 2}]}", valid: ["1", "2.5"],
      invalid: ["1.5": "schema-minimum"]),
    SchemaCase(
      "{anyOf: [{minLength: 3}, {pattern: ^x}]}", valid: ["x", "abc"],
      invalid: ["a": "schema-any-of"]),
    SchemaCase(
      "{anyOf: [{type: string, format: email}, {type: \"null\"}]}", valid: ["null", "a@b.c"],
      invalid: ["a": "schema-format", "1": "schema-type"]),
    SchemaCase(
      "{anyOf: [{type: string}, {type: integer}]}",
      invalid: ["null": "schema-null", "[]": "schema-type"]),
    SchemaCase("{anyOf: [true, false]}", valid: ["foo"]),
    SchemaCase("{anyOf: [false, false]}", invalid: ["a": "schema-any-of"]),
    SchemaCase(
      "{oneOf: [{type: integer}, {minimum: 2}]}", valid: ["1", "2.5"],
      invalid: ["3": "schema-one-of", "1.5": "schema-minimum"]),
    SchemaCase(
      "{oneOf: [{required: [a]}, {required: [b]}]}", valid: ["{a: 1}"],
      invalid: ["{a: 1, b: 2}": "schema-one-of", "{}": "schema-one-of"]),
    SchemaCase("{not: {type: integer}}", valid: ["foo", "1.5"], invalid: ["1": "schema-not"]),
    SchemaCase("{not: {not: {type: integer}}}", valid: ["1"], invalid: ["foo": "schema-not"]),
    SchemaCase("{not: {}}", invalid: ["1": "schema-not"]),
    SchemaCase(
      "{if: {exclusiveMaximum: 0}, then: {minimum: -10}, else: {multipleOf: 2}}",
      valid: ["-1", "4"],
      invalid: ["-100": "schema-minimum", "3": "schema-multiple-of"]),
    SchemaCase("{if: {const: a}, then: false}", valid: ["b"], invalid: ["a": "schema-forbidden"]),
  ])
  func `combinations report the mistake that was made`(example: SchemaCase) throws {
    try example.check()
  }
}
