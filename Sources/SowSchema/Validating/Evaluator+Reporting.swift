import SowModel

/// Violations in the order of the rules, each mistake once, whoever finds it.
struct ViolationList {
  private(set) var all: [SchemaViolation] = []
  private var seen: Set<Key> = []

  private struct Key: Hashable {
    var path: [String]
    var code: DiagnosticCode
    var facts: Facts
  }

  mutating func append(_ violation: SchemaViolation) {
    let key = Key(path: violation.path, code: violation.code, facts: violation.facts)
    if seen.insert(key).inserted { all.append(violation) }
  }
}

extension Evaluator {
  /// What is wrong with `value` by one subschema.
  func violations(
    of id: SchemaID, by value: Value, at path: [String]
  ) -> [SchemaViolation] {
    start()
    var found = ViolationList()
    if verdict(id, value) == .fails { report(id, value, at: path, into: &found) }
    if let exhaustion {
      found.append(SchemaViolation(exhaustion.code, at: path, keyword: exhaustion.range))
    }
    return found.all
  }

  /// Reports each rule that fails; a value of the wrong type is no more than that.
  func report(
    _ id: SchemaID, _ value: Value, at path: [String], into found: inout ViolationList
  ) {
    guard enter(id) else { return }
    defer { leave() }
    for rule in graph.schemas[id].rules where verdict(rule, value) == .fails {
      report(rule, value, at: path, into: &found)
      if case .type = rule.check { return }
    }
  }

  /// Reports one rule that fails.
  func report(
    _ rule: Rule, _ value: Value, at path: [String], into found: inout ViolationList
  ) {
    switch rule.check {
    case .items(let rules): reportItems(rules, value, at: path, into: &found)
    case .members(let rules): reportMembers(rules, value, at: path, into: &found)
    case .contains(let containment):
      reportContainment(containment, value, at: path, rule.range, into: &found)
    case .required, .dependentRequired, .dependentSchemas, .propertyNames:
      reportNames(rule, value, at: path, into: &found)
    case .combination(let combination):
      report(combination, at: path, rule.range, into: &found, of: value)
    default: found.append(violation(of: rule, by: value, at: path))
    }
  }

  private func reportItems(
    _ rules: ItemRules, _ value: Value, at path: [String], into found: inout ViolationList
  ) {
    guard case .list(let items) = value else { return }
    for (index, item) in items.enumerated() {
      guard let schema = rules.schema(at: index) else { return }
      if index >= rules.prefix.count, graph.isNever(schema), let range = rules.restRange {
        found.append(
          SchemaViolation(
            .schemaItems, ["limit": String(rules.prefix.count)], at: path, keyword: range))
        return
      }
      report(schema, item, at: path + [String(index)], into: &found)
    }
  }

  private func reportMembers(
    _ rules: MemberRules, _ value: Value, at path: [String], into found: inout ViolationList
  ) {
    guard case .object(let members) = value else { return }
    for member in members {
      for (schema, isAdditional) in schemas(for: member.name, in: rules) {
        let path = path + [member.name]
        if isAdditional, graph.isNever(schema) {
          found.append(rules.additionalViolation(at: path))
        } else {
          report(schema, member.value, at: path, into: &found)
        }
      }
    }
  }

  private func reportContainment(
    _ containment: Containment, _ value: Value, at path: [String], _ range: SourceRange,
    into found: inout ViolationList
  ) {
    guard case .list(let items) = value else { return }
    let held = count(containment.schema, in: items).held
    if let most = containment.most, held > most {
      found.append(
        SchemaViolation(
          .schemaMaxContains, ["limit": String(most), "count": String(held)], at: path,
          keyword: containment.mostRange ?? range))
    }
    guard held < containment.least else { return }
    if let range = containment.leastRange {
      found.append(
        SchemaViolation(
          .schemaMinContains, ["limit": String(containment.least), "count": String(held)],
          at: path, keyword: range))
    } else {
      found.append(SchemaViolation(.schemaContains, at: path, keyword: range))
    }
  }

  private func reportNames(
    _ rule: Rule, _ value: Value, at path: [String], into found: inout ViolationList
  ) {
    guard case .object(let members) = value else { return }
    switch rule.check {
    case .required(let names):
      for name in names where !members.hold(name) {
        found.append(SchemaViolation(.schemaRequired, at: path + [name], keyword: rule.range))
      }
    case .dependentRequired(let dependencies):
      for dependency in dependencies where members.hold(dependency.name) {
        for name in dependency.consequence where !members.hold(name) {
          found.append(
            .dependentRequired(name, because: dependency.name, in: path, keyword: rule.range))
        }
      }
    case .dependentSchemas(let dependencies):
      for dependency in dependencies where members.hold(dependency.name) {
        report(dependency.consequence, value, at: path, into: &found)
      }
    case .propertyNames(let schema):
      for member in members where verdict(schema, .text(member.name)) == .fails {
        found.append(
          SchemaViolation(.schemaPropertyNames, at: path + [member.name], keyword: rule.range))
      }
    default: break
    }
  }
}

extension MemberRules {
  func additionalViolation(at path: [String]) -> SchemaViolation {
    guard let range = additionalRange else {
      preconditionFailure("additional properties are refused by a keyword")
    }
    let name = path.last ?? ""
    return SchemaViolation(
      .schemaAdditionalProperties, at: path, keyword: range,
      hint: nearest(to: name, among: properties.lazy.map(\.name)).map { .didYouMean($0) })
  }
}

extension SchemaViolation {
  static func dependentRequired(
    _ name: String, because other: String, in path: [String], keyword range: SourceRange
  ) -> SchemaViolation {
    SchemaViolation(
      .schemaDependentRequired, ["other": "\"\((path + [other]).joined(separator: "."))\""],
      at: path + [name], keyword: range)
  }
}

extension SchemaGraph {
  /// Whether the subschema is `false`.
  func isNever(_ id: SchemaID) -> Bool {
    if case .never? = schemas[id].rules.first?.check { return true }
    return false
  }
}
