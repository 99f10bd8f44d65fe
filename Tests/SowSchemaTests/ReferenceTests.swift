import SowModel
import SowSchema
import Testing

struct ReferenceTests {
  @Test(arguments: [
    "{$defs: {z: {type: string}}, properties: {x: {$ref: \"#/$defs/z\"}}}",
    "{properties: {z: {type: string}, x: {$ref: \"#/properties/z\"}}}",
    "{$defs: {\"a/b~c%\": {type: string}}, properties: {x: {$ref: \"#/$defs/a~1b~0c%25\"}}}",
    "{$defs: {z: {$anchor: here, type: string}}, properties: {x: {$ref: \"#here\"}}}",
    "{$id: \"https://e.com/p\", $defs: {z: {type: string}}, properties: {x: {$ref: \"https://e.com/p#/$defs/z\"}}}",
    "{properties: {y: {allOf: [true, {type: string}]}, x: {$ref: \"#/properties/y/allOf/1\"}}}",
    "{$defs: {a: {$ref: \"#/$defs/b\"}, b: {$ref: \"#/$defs/c\"}, c: {type: string}}, properties: {x: {$ref: \"#/$defs/a\"}}}",
    "{properties: {y: {prefixItems: [1], items: {type: string}}, x: {$ref: \"#/properties/y/items\"}}}"
      .replacing("[1]", with: "[{}]"),
  ])
  func `local references are followed`(text: String) throws {
    let schema = try compiled(text)
    #expect(try violations(of: "{x: a}", by: schema).isEmpty)
    #expect(try violations(of: "{x: 1}", by: schema).summary == "x schema-type")
  }

  @Test func `keywords beside a reference count too`() throws {
    let schema = try compiled(
      "{$defs: {z: {type: array}}, properties: {x: {$ref: \"#/$defs/z\", maxItems: 1}}}")
    #expect(try violations(of: "{x: [1]}", by: schema).isEmpty)
    #expect(try violations(of: "{x: [1, 2]}", by: schema).summary == "x schema-max-items")
    #expect(try violations(of: "{x: a}", by: schema).summary == "x schema-type")
  }

  @Test func `a property called $ref is a property`() throws {
    let schema = try compiled("{properties: {$ref: {type: string}}}")
    #expect(try violations(of: "{$ref: a}", by: schema).isEmpty)
    #expect(try violations(of: "{$ref: 2}", by: schema).summary == "$ref schema-type")
  }

  @Test func `a schema may contain itself for nested data`() throws {
    let schema = try compiled(
      """
      {properties: {value: {type: integer}, children: {type: array, items: {$ref: "#"}}},
       required: [value], additionalProperties: false}
      """)
    #expect(
      try violations(of: "{value: 1, children: [{value: 2, children: [{value: 3}]}]}", by: schema)
        .isEmpty)
    #expect(
      try violations(
        of: "{value: 1, children: [{value: 2, children: [{value: x, chidren: []}, {}]}]}",
        by: schema
      ).summary
        == """
        children.0.children.0.value schema-type, \
        children.0.children.0.chidren schema-additional-properties, \
        children.0.children.1.value schema-required
        """)
  }

  @Test(arguments: [
    ("#/$defs/adress", "schema-missing-reference", Diagnostic.Hint.didYouMean("#/$defs/address")),
    ("#adress", "schema-missing-reference", .didYouMean("#address")),
    ("#/properties", "schema-missing-reference", nil),
    ("#/%zz", "schema-missing-reference", nil),
    (
      "other.yaml#/a", "schema-remote-reference",
      .text(Phrase(same: "copy the schema into \"$defs\" and refer to it as \"#/$defs/name\""))
    ),
  ])
  func `a reference that leads nowhere is a diagnostic`(
    target: String, code: String, hint: Diagnostic.Hint?
  ) {
    let text =
      "{$defs: {address: {$anchor: address}}, properties: {somewhere: {$ref: \"\(target)\"}}}"
    let found = diagnostics(of: text)
    #expect(found.map(\.code.id) == [code])
    #expect(found.map(\.hint?.sentence.english) == [hint?.sentence.english])
    #expect(text.text(at: found.first?.range) == "\"\(target)\"")
  }

  @Test(arguments: [
    "{$ref: \"#\"}",
    "{properties: {x: {$ref: \"#/properties/x\"}}}",
    "{$defs: {a: {$ref: \"#/$defs/b\"}, b: {allOf: [{$ref: \"#/$defs/a\"}]}}}",
    "{$defs: {a: {not: {$ref: \"#/$defs/a\"}}}}",
    "{$defs: {a: {if: {$ref: \"#/$defs/a\"}, then: true}}}",
    "{$defs: {a: {dependentSchemas: {k: {$ref: \"#/$defs/a\"}}}}}",
  ])
  func `a reference that never enters the data is a loop`(text: String) {
    let found = diagnostics(of: text)
    #expect(found.map(\.code.id) == ["schema-reference-loop"])
    #expect(text.text(at: found.first?.range) == "$ref")
  }

  @Test func `a long chain of references is refused, however long`() {
    for count in [190, 201, 20_000] {
      let defs = (0..<count).map { "d\($0): {$ref: \"#/$defs/d\($0 + 1)\"}" }
      let found = diagnostics(of: "{$defs: {\(defs.joined(separator: ", ")), d\(count): true}}")
      #expect(found.map(\.code.id) == (count == 190 ? [] : ["schema-long-chain"]))
    }
  }
}
