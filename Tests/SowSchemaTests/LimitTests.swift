import SowModel
import SowSchema
import Testing

struct LimitTests {
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("^(a+)+$", 40), ("(a*)*b$", 2_000), ("(x+x+)+y", 40), ("^(([a-z])+.)+[A-Z]([a-z])+$", 60),
      ("(.*)(.*)(.*)(.*)(.*)(.*)(.*)[^!]$", 5_000),
    ])
  func `a pattern that explodes is a violation, not a hang`(pattern: String, length: Int) throws {
    let schema = try compiled("{properties: {x: {pattern: \"\(pattern)\"}}}")
    let text = String(repeating: pattern.contains("x+") ? "x" : "a", count: length) + "!"
    let found = schema.validator(for: ["x"]).validate([.value(.text(text))])
    #expect(found.map(\.code.id).allSatisfy { $0.hasPrefix("schema-pattern") })
    #expect(!found.isEmpty)
  }

  @Test func `a limit that is reached within not or anyOf does not pass`() throws {
    for keywords in [
      "not: {pattern: \"^(([a-z])+.)+[A-Z]([a-z])+$\"}",
      "anyOf: [{pattern: \"^(([a-z])+.)+[A-Z]([a-z])+$\"}, {minLength: 5}]",
    ] {
      let schema = try compiled("{properties: {x: {\(keywords)}}}")
      let text = String(repeating: "a", count: 60) + "!"
      let found = schema.validator(for: ["x"]).validate([.value(.text(text))])
      #expect(found.summary == "x schema-pattern-limit")
    }
  }

  @Test func `a long text is searched to its end`() throws {
    let schema = try compiled("{properties: {x: {pattern: \"(?<=é)needle\"}}}")
    let validator = schema.validator(for: ["x"])
    for count in [0, 1, 63, 126, 127, 128, 129, 1000, 99_999] {
      let text = String(repeating: "é", count: count) + "éneedle"
      #expect(validator.validate([.value(.text(text))]).isEmpty, "\(count)")
    }
    let without = String(repeating: "é", count: 100_000)
    #expect(validator.validate([.value(.text(without))]).summary == "x schema-pattern")
  }

  @Test(.timeLimit(.minutes(1))) func `a schema that doubles at each level is stopped`() throws {
    let defs = (0..<40).map {
      "d\($0): {allOf: [{$ref: \"#/$defs/d\($0 + 1)\"}, {$ref: \"#/$defs/d\($0 + 1)\"}]}"
    }
    let schema = try compiled(
      "{properties: {x: {$ref: \"#/$defs/d0\"}}, $defs: {\(defs.joined(separator: ", ")), d40: {}}}"
    )
    let found = schema.validator(for: ["x"]).validate([.value(.integer(1))])
    #expect(found.summary == "x schema-too-complex")
    let row = try compiled(
      "{$ref: \"#/$defs/d0\", $defs: {\(defs.joined(separator: ", ")), d40: {required: [a]}}}")
    #expect(try violations(of: "{b: 1}", by: row).summary == "a schema-required")
  }

  @Test func `data may be as deep as a file may be`() throws {
    let schema = try compiled(
      "{properties: {x: {$ref: \"#/$defs/t\"}}, $defs: {t: {items: {$ref: \"#/$defs/t\"}}}}")
    func nested(_ depth: Int) -> Value {
      (0..<depth).reduce(.list([])) { list, _ in .list([list]) }
    }
    let validator = schema.validator(for: ["x"])
    #expect(validator.validate([.value(nested(200))]).isEmpty)
    #expect(validator.validate([.value(nested(5000))]).summary == "x schema-too-complex")
  }
}
