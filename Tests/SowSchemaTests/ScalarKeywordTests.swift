import Testing

struct ScalarKeywordTests {
  @Test(arguments: [
    SchemaCase(
      "{type: integer}", valid: ["1", "1.0", "-0", "1e2", "12345678901234567890123"],
      invalid: [
        "1.1": "schema-type", "\"1\"": "schema-type", "{}": "schema-type", "[]": "schema-type",
        "true": "schema-type", "null": "schema-null",
      ]),
    SchemaCase(
      "{type: number}", valid: ["1", "1.0", "1.1"],
      invalid: ["foo": "schema-type", "\"1\"": "schema-type", "null": "schema-null"]),
    SchemaCase("{type: string}", valid: ["foo", "\"1\"", "\"\""], invalid: ["1": "schema-type"]),
    SchemaCase("{type: object}", valid: ["{}"], invalid: ["[]": "schema-type"]),
    SchemaCase("{type: array}", valid: ["[]"], invalid: ["{}": "schema-type"]),
    SchemaCase("{type: boolean}", valid: ["true", "false"], invalid: ["0": "schema-type"]),
    SchemaCase("{type: \"null\"}", valid: ["null", "~"], invalid: ["0": "schema-type"]),
    SchemaCase(
      "{type: [integer, string]}", valid: ["1", "foo"],
      invalid: ["1.1": "schema-type", "null": "schema-null"]),
    SchemaCase("{type: [string, \"null\"]}", valid: ["null", "a"], invalid: ["1": "schema-type"]),
  ])
  func `type names what a value is`(example: SchemaCase) throws { try example.check() }

  @Test(arguments: [
    SchemaCase(
      "{enum: [1, foo, [], true, {foo: 12}]}", valid: ["1", "1.0", "foo", "[]", "{foo: 12.0}"],
      invalid: [
        "2": "schema-enum", "{foo: false}": "schema-enum", "{foo: 12, a: 1}": "schema-enum",
      ]),
    SchemaCase("{enum: [6, null]}", valid: ["null", "6"], invalid: ["x": "schema-enum"]),
    SchemaCase(
      "{enum: [false]}", valid: ["false"], invalid: ["0": "schema-enum", "[false]": "schema-enum"]),
    SchemaCase("{enum: [[0]]}", valid: ["[0]", "[0.0]"], invalid: ["[false]": "schema-enum"]),
    SchemaCase("{enum: [a, b]}", invalid: ["null": "schema-null", "A": "schema-enum"]),
    SchemaCase("{type: string, enum: [01234, no, 5]}", valid: ["\"01234\"", "no", "\"5\""]),
    SchemaCase(
      "{enum: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, {a: 1, b: [2]}]}",
      valid: ["17.0", "{b: [2.0], a: 1}"], invalid: ["18": "schema-enum", "x": "schema-enum"]),
    SchemaCase(
      "{const: 2}", valid: ["2", "2.0"], invalid: ["5": "schema-const", "\"2\"": "schema-const"]),
    SchemaCase("{const: null}", valid: ["null"], invalid: ["0": "schema-const"]),
    SchemaCase(
      "{const: {a: 1, b: x}}", valid: ["{b: x, a: 1}"], invalid: ["{a: 1}": "schema-const"]),
    SchemaCase("{const: 9007199254740992}", invalid: ["9007199254740993": "schema-const"]),
    SchemaCase("{const: \"\\u00e9\"}", valid: ["é"], invalid: ["\"e\\u0301\"": "schema-const"]),
  ])
  func `enum and const compare as JSON`(example: SchemaCase) throws { try example.check() }

  @Test(arguments: [
    SchemaCase("{maximum: 3.0}", valid: ["2.6", "3", "x"], invalid: ["3.5": "schema-maximum"]),
    SchemaCase(
      "{maximum: 300}", valid: ["300.00"],
      invalid: ["300.5": "schema-maximum", "301": "schema-maximum"]),
    SchemaCase("{exclusiveMaximum: 3}", valid: ["2"], invalid: ["3": "schema-exclusive-maximum"]),
    SchemaCase(
      "{minimum: 1.1}", valid: ["2", "1.10"],
      invalid: ["1": "schema-minimum", "0.6": "schema-minimum"]),
    SchemaCase(
      "{minimum: -2.5}", valid: ["-2", "-2.5", "0"],
      invalid: ["-3": "schema-minimum", "-2.50001": "schema-minimum"]),
    SchemaCase(
      "{exclusiveMinimum: -1}", valid: ["-0.9"], invalid: ["-1.0": "schema-exclusive-minimum"]),
    SchemaCase(
      "{maximum: 18446744073709551615}", valid: ["18446744073709551615", "9223372036854775807"],
      invalid: ["18446744073709551616": "schema-maximum"]),
    SchemaCase(
      "{minimum: -18446744073709551615}", valid: ["-9223372036854775808"],
      invalid: ["-18446744073709551616": "schema-minimum"]),
    SchemaCase("{maximum: 9007199254740992}", invalid: ["9007199254740993": "schema-maximum"]),
    SchemaCase(
      "{maximum: 0.3}", valid: ["0.3", "0.30"], invalid: ["0.30000000000000004": "schema-maximum"]),
  ])
  func `bounds are exact`(example: SchemaCase) throws { try example.check() }

  @Test(arguments: [
    SchemaCase(
      "{multipleOf: 2}", valid: ["10", "0", "-4", "foo"], invalid: ["7": "schema-multiple-of"]),
    SchemaCase("{multipleOf: 1.5}", valid: ["0", "4.5"], invalid: ["35": "schema-multiple-of"]),
    SchemaCase(
      "{multipleOf: 0.0001}", valid: ["0.0075"], invalid: ["0.00751": "schema-multiple-of"]),
    SchemaCase(
      "{multipleOf: 0.01}", valid: ["19.99", "0.07", "4.35", "1e300"],
      invalid: ["0.005": "schema-multiple-of"]),
    SchemaCase(
      "{type: integer, multipleOf: 0.123456789}", invalid: ["1e308": "schema-multiple-of"]),
    SchemaCase("{multipleOf: 1e-8}", valid: ["12391239123", "0.00000001"]),
    SchemaCase(
      "{multipleOf: 3}", valid: ["300000000000000000000"],
      invalid: ["300000000000000000001": "schema-multiple-of"]),
  ])
  func `multipleOf divides decimals as written`(example: SchemaCase) throws {
    try example.check()
  }

  @Test(arguments: [
    SchemaCase(
      "{maxLength: 2}", valid: ["f", "fo", "100", "\"💩💩\"", "\"éé\""],
      invalid: ["foo": "schema-max-length"]),
    SchemaCase("{maxLength: 2.0}", valid: ["f"], invalid: ["foo": "schema-max-length"]),
    SchemaCase(
      "{minLength: 2}", valid: ["foo", "fo", "1", "\"💩💩\""],
      invalid: ["f": "schema-min-length", "\"💩\"": "schema-min-length"]),
    SchemaCase("{minLength: 3}", invalid: ["\"💩é\"": "schema-min-length"]),
    SchemaCase("{maxLength: 1}", invalid: ["\"e\\u0301\"": "schema-max-length"]),
    SchemaCase(
      "{minLength: 1, maxLength: 3, pattern: ^a}",
      invalid: ["bbbb": "schema-max-length schema-pattern"]),
  ])
  func `length counts Unicode characters`(example: SchemaCase) throws { try example.check() }

  @Test(arguments: [
    SchemaCase(
      "{pattern: \"^a*$\"}", valid: ["aaa", "true", "1", "[]"], invalid: ["abc": "schema-pattern"]),
    SchemaCase("{pattern: a+}", valid: ["xxaayy"], invalid: ["xyz": "schema-pattern"]),
    SchemaCase(
      "{pattern: \"^\\\\p{L}+$\"}", valid: ["Luís", "Nguyễn", "東京"],
      invalid: ["a1": "schema-pattern"]),
    SchemaCase(
      "{pattern: \"^\\\\d$\"}", valid: ["\"0\""],
      invalid: ["\"߀\"": "schema-pattern", "a": "schema-pattern"]),
    SchemaCase("{pattern: \"^\\\\w$\"}", valid: ["a", "_"], invalid: ["é": "schema-pattern"]),
    SchemaCase("{pattern: \"^abc$\"}", valid: ["abc"], invalid: ["\"abc\\n\"": "schema-pattern"]),
    SchemaCase(
      "{pattern: \"^\\\\u00e9[\\\\-x]$\"}", valid: ["é-"], invalid: ["e-": "schema-pattern"]),
    SchemaCase(
      "{pattern: \"^(?!admin)[a-z]+$\"}", valid: ["user"], invalid: ["admins": "schema-pattern"]),
    SchemaCase("{pattern: \"^.$\"}", valid: ["💩"]),
    SchemaCase("{pattern: \"[]\"}", invalid: ["a": "schema-pattern"]),
  ])
  func `patterns are those of ECMAScript in common use`(example: SchemaCase) throws {
    try example.check()
  }
}
