import SowModel
import SowPlanning
import Testing

struct OrderTests {
  static let tables = """
    CREATE TABLE node (node_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, up INTEGER);
    """
  /// A row cannot be written without `up` first.
  static let strict = tables.replacing("up INTEGER", with: "up INTEGER NOT NULL")

  static func node(_ name: String, _ rest: String) -> String {
    "  \(name): { action: create, entity: node, values: { name: \(name)\(rest)\n"
  }

  @Test func `a cycle of references says its whole path`() throws {
    let text =
      "operations:\n" + Self.node("a", ", up: $ref:b.node_id } }")
      + Self.node("b", ", up: $ref:c.node_id } }") + Self.node("c", ", up: $ref:a.node_id } }")
    let findings = try CheckBench(Self.strict).check(text)
    try #require(findings.map(\.code) == ["cycle"])
    #expect(findings[0].message == "these wait for each other: a -> b -> c -> a")
    #expect(findings[0].place == "a")
    #expect(findings[0].related == ["b", "c"])
  }

  @Test(arguments: [
    "  a: { action: create, entity: node, values: { name: a }, depends_on: [a] }\n",
    "  a: { action: create, entity: node, values: { name: a, up: $ref:a.node_id } }\n",
    "  a: { action: create, entity: node, for_each: {}, values: { name: a }, depends_on: [a] }\n",
    "  a: { action: create, entity: nothing, values: { name: a, up: $ref:a.node_id } }\n",
  ])
  func `an operation that waits for itself`(_ operation: String) throws {
    let findings = try CheckBench(Self.tables).check("operations:\n" + operation)
      .filter { $0.code != "unknown-entity" }
    #expect(findings.map(\.message) == ["these wait for each other: a -> a"])
  }

  @Test func `operations without rows keep their place in a cycle`() throws {
    let text = """
      operations:
        a: { action: create, entity: node, for_each: {}, values: { name: a }, depends_on: [b] }
        b: { action: create, entity: node, values: { name: b }, depends_on: [a] }
      """
    let findings = try CheckBench(Self.tables).check(text)
    #expect(findings.map(\.code) == ["cycle"])
    #expect(findings.first?.message.hasSuffix("b -> a -> b") == true, "\(findings[0].message)")
  }

  @Test func `sets come by level, and within one as the plan has them`() throws {
    let text = """
      operations:
        last: { action: create, entity: node, values: { name: last, up: $ref:zoo.node_id } }
        zoo: { action: create, entity: node, values: { name: zoo } }
        middle: { action: read, entity: node, where: { name: x } }
        ant: { action: upsert, entity: node, key: [node_id], values: { node_id: 7 } }
      """
    let plan = try CheckBench(Self.tables).proof(text)
    let order = plan.sets.flatMap { set -> [String] in
      guard case .instances(let members) = set.members else { return [] }
      return members.map { plan.operations[Int(plan.instances[Int($0)].operation)].name }
    }
    #expect(order == ["zoo", "middle", "ant", "last"])
  }

  @Test func `rows of one operation come in the order of their references`() throws {
    let text = """
      operations:
        staff:
          action: create
          entity: node
          for_each:
            items:
              - { id: 1, boss: 2 }
              - { id: 2, boss: 3 }
              - { id: 3, boss: ~ }
            key: id
          values: { name: "n${each:id}", up: "$ref:staff[$each:boss].node_id" }
      """
    let bench = try CheckBench(Self.tables)
    let members = try bench.proof(text).sets.map(\.members)
    let order = members.flatMap { members -> [Int32] in
      if case .instances(let numbers) = members { return numbers }
      return []
    }
    #expect(order == [2, 1, 0])
    let cycle = text.replacing("boss: ~", with: "boss: 1")
    let findings = try CheckBench(Self.strict).check(cycle)
    try #require(findings.map(\.code) == ["cycle"])
    #expect(
      findings[0].message
        == #"these wait for each other: staff["1"] -> staff["2"] -> staff["3"] -> staff["1"]"#)
  }

  @Test func `an unknown dependency is an error with the nearest name`() throws {
    let text = """
      operations:
        first: { action: create, entity: node, values: { name: a } }
        second: { action: create, entity: node, values: { name: b }, depends_on: [frist] }
      """
    let findings = try CheckBench(Self.tables).check(text)
    #expect(findings.map(\.description) == ["unknown-dependency @ frist"])
    #expect(findings.first?.hint == "did you mean first")
  }

  @Test func `offline an unknown entity is a warning, and all else is checked`() throws {
    let text = """
      variables: { v: { default: x } }
      operations:
        a: { action: create, entity: mystery, values: { x: $ref:b.y, z: $ref:c.z } }
        b: { action: create, entity: mystery, values: { x: $ref:a.y, z: "${var:w}" } }
        d: { action: create, entity: known, values: { name: 1, nam: 2 }, depends_on: [e] }
        f: { action: read, entity: mystery, where: { x: $env:UNSET } }
      """
    let bench = try CheckBench(schemas: [
      "known": "type: object\nproperties: { known_id: { type: integer }, name: { type: string } }\n"
    ])
    let findings = try bench.check(text)
    #expect(
      findings.map(\.description) == [
        "cycle @ a", "unknown-entity-offline @ mystery", "unknown-operation @ $ref:c.z",
        "unknown-variable @ \"${var:w}\"", "unknown-field @ nam", "unknown-dependency @ e",
        "environment-unset @ $env:UNSET",
      ])
  }

  @Test func `offline an unknown entity has the nearest name as a hint`() throws {
    let bench = try CheckBench(schemas: ["known": "type: object\nproperties: { a: {} }\n"])
    let findings = try bench.check(
      "operations: { a: { action: read, entity: knwon, where: { a: 1 } } }\n")
    #expect(findings.map(\.description) == ["unknown-entity-offline @ knwon"])
    #expect(findings.first?.hint == "did you mean known")
  }

  // MARK: Size

  static func chain(_ count: Int, closed: Bool) -> String {
    var text = "operations:\n"
    for number in 0..<count {
      text += "  n\(number): { action: create, entity: node, values: { name: n\(number)"
      if number > 0 { text += ", up: $ref:n\(number - 1).node_id" }
      if number == 0, closed { text += ", up: $ref:n\(count - 1).node_id" }
      text += " } }\n"
    }
    return text
  }

  @Test(.timeLimit(.minutes(1))) func `a cycle of 10,000 operations is one short diagnostic`()
    throws
  {
    let findings = try CheckBench(Self.strict).check(Self.chain(10_000, closed: true))
    try #require(findings.map(\.code) == ["cycle"])
    #expect(findings[0].message.utf8.count < 1_000)
    #expect(findings[0].message.contains("… 9981 more …"))
    #expect(findings[0].related.count <= 9)
  }

  @Test(.timeLimit(.minutes(1))) func `a long chain is checked without recursion`() throws {
    let plan = try CheckBench(Self.tables).proof(Self.chain(20_000, closed: false))
    #expect(plan.sets.count == 20_000)
  }

  @Test(.timeLimit(.minutes(1))) func `many mistakes take no longer for their hints`() throws {
    var text = "operations:\n"
    for number in 0..<10_000 {
      text +=
        "  n\(number): { action: create, entity: node, values: { nam: x, up: $ref:m\(number).node_id } }\n"
    }
    let start = ContinuousClock.now
    let findings = try CheckBench(Self.tables).check(text)
    #expect(findings.count == 20_000)
    #expect(findings[1].hint == "did you mean n0")
    #expect(ContinuousClock.now - start < .seconds(40))
  }
}
