import SowModel
import SowSchema
import Testing

struct CompilingTests {
  struct Mistake: Sendable, CustomStringConvertible {
    var schema: String
    var code: String
    /// The text that is marked.
    var place: String
    var hint: Diagnostic.Hint?

    init(_ schema: String, _ code: String, at place: String, hint: Diagnostic.Hint? = nil) {
      (self.schema, self.code, self.place, self.hint) = (schema, code, place, hint)
    }

    var description: String { schema }
  }

  @Test(arguments: [
    Mistake(
      "{minLenght: 1}", "schema-unknown-keyword", at: "minLenght", hint: .didYouMean("minLength")),
    Mistake(
      "{propertys: {}}", "schema-unknown-keyword", at: "propertys", hint: .didYouMean("properties")),
    Mistake("{x-other: 1}", "schema-unknown-keyword", at: "x-other"),
    Mistake("{xsow: {}}", "schema-unknown-keyword", at: "xsow", hint: .didYouMean("x-sow")),
    Mistake("{properties: {a: {x-sow: {}}}}", "schema-unknown-keyword", at: "x-sow"),
    Mistake("{$defs: {a: {foo: 1}}}", "schema-unknown-keyword", at: "foo"),
    Mistake(
      "{items: {minLenght: 1}}", "schema-unknown-keyword", at: "minLenght",
      hint: .didYouMean("minLength")),
  ])
  func `unknown keywords are refused by name`(mistake: Mistake) { expect(mistake) }

  @Test(arguments: [
    "unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$dynamicAnchor", "contentEncoding",
    "contentMediaType", "contentSchema", "definitions", "dependencies", "additionalItems",
    "$vocabulary",
    "$recursiveRef", "nullable", "id",
  ])
  func `keywords that are not checked are refused with what to use instead`(keyword: String) {
    let found = diagnostics(of: "{\(keyword): true}")
    #expect(found.map(\.code.id) == ["schema-unsupported-keyword"])
    #expect(found.first?.message.contains(keyword) == true)
    #expect(found.first?.hint != nil)
  }

  @Test(arguments: [
    Mistake("{minimum: abc}", "schema-keyword-value", at: "abc"),
    Mistake("{minimum: \"5\"}", "schema-keyword-value", at: "\"5\""),
    Mistake("{required: name}", "schema-keyword-value", at: "name"),
    Mistake("{required: [a, a]}", "schema-keyword-value", at: "[a, a]"),
    Mistake("{required: [{}]}", "schema-keyword-value", at: "[{}]"),
    Mistake("{maxLength: -1}", "schema-keyword-value", at: "-1"),
    Mistake("{minItems: 1.5}", "schema-keyword-value", at: "1.5"),
    Mistake("{uniqueItems: yes}", "schema-keyword-value", at: "yes", hint: .didYouMean("true")),
    Mistake("{multipleOf: 0}", "schema-keyword-value", at: "0"),
    Mistake("{multipleOf: -2}", "schema-keyword-value", at: "-2"),
    Mistake("{enum: a}", "schema-keyword-value", at: "a"),
    Mistake("{enum: []}", "schema-keyword-value", at: "[]"),
    Mistake("{allOf: []}", "schema-keyword-value", at: "[]"),
    Mistake("{anyOf: {}}", "schema-keyword-value", at: "{}"),
    Mistake("{properties: []}", "schema-keyword-value", at: "[]"),
    Mistake("{dependentRequired: {a: b}}", "schema-keyword-value", at: "b"),
    Mistake("{examples: a}", "schema-keyword-value", at: "a"),
    Mistake("{title: []}", "schema-keyword-value", at: "[]"),
    Mistake("{deprecated: 1}", "schema-keyword-value", at: "1"),
    Mistake("{readOnly: x}", "schema-keyword-value", at: "x"),
    Mistake("{$anchor: 1a}", "schema-keyword-value", at: "1a"),
    Mistake("{type: []}", "schema-keyword-value", at: "[]"),
    Mistake(
      "{properties: {a: {type: [string, null]}}}", "schema-keyword-value", at: "null",
      hint: .text(Phrase(same: "quote it: \"null\""))),
    Mistake("{properties: {a: {type: [string, string]}}}", "schema-keyword-value", at: "string"),
    Mistake("{items: string}", "schema-shape", at: "string"),
    Mistake("{not: [1]}", "schema-shape", at: "[1]"),
    Mistake("[]", "schema-shape", at: "[]"),
    Mistake("{properties: {a: \"true\"}}", "schema-shape", at: "\"true\""),
    Mistake(
      "{properties: {a: {type: strng}}}", "schema-unknown-type", at: "strng",
      hint: .didYouMean("string")),
    Mistake(
      "{properties: {a: {format: e-mail}}}", "schema-unknown-format", at: "e-mail",
      hint: .didYouMean("email")),
    Mistake("{properties: {a: {format: regex}}}", "schema-unknown-format", at: "regex"),
    Mistake("{properties: {a: {pattern: \"[a-z\"}}}", "schema-pattern-syntax", at: "\"[a-z\""),
    Mistake("{patternProperties: {\"(\": {}}}", "schema-pattern-syntax", at: "\"(\""),
    Mistake("{type: array}", "schema-root-type", at: "type"),
    Mistake(
      "{$schema: \"http://json-schema.org/draft-07/schema#\"}", "schema-dialect",
      at: "\"http://json-schema.org/draft-07/schema#\"",
      hint: .text(Phrase(same: "write \"https://json-schema.org/draft/2020-12/schema\""))),
    Mistake("{properties: {a: {$id: x}}}", "schema-nested-id", at: "$id"),
    Mistake("{properties: {a: {$anchor: x}, b: {$anchor: x}}}", "schema-duplicate-anchor", at: "x"),
    Mistake(
      "{properties: {a: {type: boolean, enum: [true, no]}}}", "schema-literal", at: "no",
      hint: .didYouMean("false")),
    Mistake(
      "{properties: {a: {type: integer, const: \"3\"}}}", "schema-literal", at: "\"3\"",
      hint: .text(Phrase(same: "remove the quotes"))),
    Mistake(
      "{properties: {a: {type: string, format: date, enum: [2023-02-29]}}}", "schema-literal",
      at: "2023-02-29"),
  ])
  func `a value of the wrong shape is a diagnostic at its place`(mistake: Mistake) {
    expect(mistake)
  }

  @Test func `a wrong pattern is explained in the words of PCRE2`() {
    let found = diagnostics(of: "{properties: {a: {pattern: \"é[a-z\"}}}")
    #expect(
      found.map(\.message) == [
        "the pattern is wrong after 5 characters: missing terminating ] for character class"
      ])
  }

  @Test(arguments: [
    ("{then: {}}", "then"), ("{else: {}}", "else"), ("{if: {}}", "if"),
    ("{minContains: 1}", "minContains"), ("{maxContains: 1}", "maxContains"),
  ])
  func `a keyword that completes a missing one is a warning`(schema: String, keyword: String) {
    let found = diagnostics(of: schema)
    #expect(found.map(\.code.id) == ["schema-idle-keyword"])
    #expect(found.map(\.severity) == [.warning])
    #expect(schema.text(at: found.first?.range) == keyword)
  }

  @Test func `annotations and the key of the project are accepted`() throws {
    _ = try compiled(
      """
      {$schema: "https://json-schema.org/draft/2020-12/schema#", $id: "https://example.com/p",
       title: p, description: "…", $comment: c, examples: [1], deprecated: false, writeOnly: true,
       x-sow: {table: people, whatever: [1]},
       properties: {a: {readOnly: true, title: 5, default: null}}}
      """)
  }

  @Test func `all mistakes are reported at once`() {
    let found = diagnostics(of: "{required: 1, properties: {a: {tipe: string}, b: {minimum: x}}}")
    #expect(
      found.map(\.code.id) == [
        "schema-keyword-value", "schema-unknown-keyword", "schema-keyword-value",
      ])
  }

  @Test(arguments: [
    Mistake(
      "{properties: {a: {type: boolean, default: no}}}", "schema-default", at: "no",
      hint: .didYouMean("false")),
    Mistake(
      "{properties: {a: {type: integer, default: \"1\"}}}", "schema-default", at: "\"1\"",
      hint: .text(Phrase(same: "remove the quotes"))),
    Mistake(
      "{properties: {a: {type: integer, default: null}}}", "schema-default-refused", at: "null"),
    Mistake(
      "{properties: {a: {type: integer, minimum: 18, default: 0}}}", "schema-default-refused",
      at: "0"),
    Mistake(
      "{properties: {a: {type: object, properties: {b: {type: integer}}, default: {b: x}}}}",
      "schema-default", at: "x"),
  ])
  func `a default that its field refuses is a diagnostic`(mistake: Mistake) { expect(mistake) }

  private func expect(_ mistake: Mistake) {
    let found = diagnostics(of: mistake.schema)
    #expect(found.map(\.code.id) == [mistake.code], "\(found.map(\.message))")
    #expect(mistake.schema.text(at: found.first?.range) == mistake.place)
    #expect(found.first?.hint?.sentence.english == mistake.hint?.sentence.english)
  }
}
