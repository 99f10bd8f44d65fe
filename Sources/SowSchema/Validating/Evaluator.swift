import SowModel

/// Applies subschemas to values and says what holds, without a reason and without allocating
/// for simple rules; `Evaluator+Reporting.swift` finds the reasons where something fails.
final class Evaluator {
  let graph: SchemaGraph
  let matcher = PatternMatcher()
  /// The limit that was reached since `start`, if any; from there on every verdict is `unknown`.
  private(set) var exhaustion: Exhaustion?
  private var depth = 0
  private var steps = 0

  struct Exhaustion {
    var code: DiagnosticCode
    var range: SourceRange
  }

  /// How many subschemas may be applied within each other, which bounds the stack.
  private static let deepest = 1000
  /// How many subschemas may be applied to one cell, which bounds the time.
  private static let mostSteps = 5_000_000

  init(_ graph: SchemaGraph) { self.graph = graph }

  /// Begins a new cell.
  func start() {
    if exhaustion != nil { exhaustion = nil }
    steps = 0
  }

  func verdict(_ id: SchemaID, _ value: Value) -> Truth {
    guard enter(id) else { return .unknown }
    defer { leave() }
    let rules = graph.schemas[id].rules
    var truth = Truth.holds
    for index in rules.indices {
      switch verdict(rules[index], value) {
      case .fails: return .fails
      case .unknown: truth = .unknown
      case .holds: break
      }
    }
    return truth
  }

  func verdict(_ rule: Rule, _ value: Value) -> Truth {
    switch rule.check {
    case .type(let types): Truth(types.admits(value))
    case .enumeration(let literals), .constant(let literals): Truth(literals.contains(value))
    case .multipleOf(let divisor): Truth(divisor.divides(value))
    case .bound(let bound): Truth(bound.admits(value))
    case .format(let format): Truth(format.admits(value))
    case .maxLength, .minLength, .pattern: verdict(onText: rule, value)
    case .maxItems, .minItems, .uniqueItems, .items, .contains: verdict(onList: rule, value)
    case .maxProperties, .minProperties, .required, .dependentRequired, .dependentSchemas,
      .members, .propertyNames:
      verdict(onObject: rule, value)
    case .combination(let combination): combination.verdict { verdict($0, value) }
    case .never: .fails
    }
  }

  /// Whether `pattern` matches; a search that took too much work is `unknown` and remembered.
  func verdict(_ pattern: Pattern, _ text: String, at range: SourceRange) -> Truth {
    guard exhaustion == nil else { return .unknown }
    guard let matches = matcher.matches(pattern, text) else {
      exhaust(.schemaPatternLimit, at: range)
      return .unknown
    }
    return Truth(matches)
  }

  /// Counts one application of a subschema, which `leave` ends; false at a limit.
  func enter(_ id: SchemaID) -> Bool {
    guard exhaustion == nil else { return false }
    steps += 1
    guard depth < Self.deepest, steps < Self.mostSteps else {
      exhaust(.schemaTooComplex, at: graph.schemas[id].range)
      return false
    }
    depth += 1
    return true
  }

  func leave() { depth -= 1 }

  private func exhaust(_ code: DiagnosticCode, at range: SourceRange) {
    if exhaustion == nil { exhaustion = Exhaustion(code: code, range: range) }
  }
}

extension Evaluator {
  private func verdict(onText rule: Rule, _ value: Value) -> Truth {
    let text: String
    switch value {
    case .text(let value): text = value
    case .bytes(let bytes): text = Base64.encode(bytes)
    default: return .holds
    }
    switch rule.check {
    // A text has at most as many characters as bytes, and at least a quarter of them.
    case .maxLength(let limit):
      return Truth(text.utf8.count <= limit || text.scalarCount <= limit)
    case .minLength(let limit):
      let bytes = text.utf8.count
      return Truth(bytes >= limit && (bytes / 4 >= limit || text.scalarCount >= limit))
    case .pattern(let pattern): return verdict(pattern, text, at: rule.range)
    default: return .holds
    }
  }

  private func verdict(onList rule: Rule, _ value: Value) -> Truth {
    guard case .list(let items) = value else { return .holds }
    switch rule.check {
    case .maxItems(let limit): return Truth(items.count <= limit)
    case .minItems(let limit): return Truth(items.count >= limit)
    case .uniqueItems: return Truth(items.firstTwins == nil)
    case .items(let rules):
      return worst(of: items.indices) { index in
        rules.schema(at: index).map { verdict($0, items[index]) } ?? .holds
      }
    case .contains(let containment):
      let (held, unknown) = count(containment.schema, in: items)
      if held > containment.most ?? .max || held + unknown < containment.least { return .fails }
      return unknown == 0 ? .holds : .unknown
    default: return .holds
    }
  }

  /// How many items the schema holds for, and for how many that is unknown.
  func count(_ schema: SchemaID, in items: [Value]) -> (held: Int, unknown: Int) {
    var held = 0
    var unknown = 0
    for item in items {
      switch verdict(schema, item) {
      case .holds: held += 1
      case .unknown: unknown += 1
      case .fails: break
      }
    }
    return (held, unknown)
  }

  private func verdict(onObject rule: Rule, _ value: Value) -> Truth {
    guard case .object(let members) = value else { return .holds }
    switch rule.check {
    case .maxProperties(let limit): return Truth(members.count <= limit)
    case .minProperties(let limit): return Truth(members.count >= limit)
    case .required(let names): return Truth(names.allSatisfy(members.hold))
    case .dependentRequired(let dependencies):
      return Truth(
        dependencies.allSatisfy {
          !members.hold($0.name) || $0.consequence.allSatisfy(members.hold)
        })
    case .dependentSchemas(let dependencies):
      return worst(of: dependencies) {
        members.hold($0.name) ? verdict($0.consequence, value) : .holds
      }
    case .members(let rules):
      return worst(of: members) { member in
        worst(of: schemas(for: member.name, in: rules)) { verdict($0.schema, member.value) }
      }
    case .propertyNames(let schema):
      return worst(of: members) { verdict(schema, .text($0.name)) }
    default: return .holds
    }
  }

  /// The schemas that apply to the property `name`, and whether as an additional one.
  func schemas(
    for name: String, in rules: MemberRules
  ) -> [(schema: SchemaID, isAdditional: Bool)] {
    var schemas: [(schema: SchemaID, isAdditional: Bool)] = []
    if let schema = rules.schema(ofProperty: name) { schemas.append((schema, false)) }
    for (pattern, schema, range) in rules.patterns
    where verdict(pattern, name, at: range) == .holds {
      schemas.append((schema, false))
    }
    if schemas.isEmpty, let schema = rules.additional { schemas.append((schema, true)) }
    return schemas
  }

  func worst<Elements: Sequence>(
    of elements: Elements, _ verdict: (Elements.Element) -> Truth
  ) -> Truth {
    var truth = Truth.holds
    for element in elements {
      switch verdict(element) {
      case .fails: return .fails
      case .unknown: truth = .unknown
      case .holds: break
      }
    }
    return truth
  }
}

extension ItemRules {
  func schema(at index: Int) -> SchemaID? { index < prefix.count ? prefix[index] : rest }
}

extension [Value.Member] {
  func hold(_ name: String) -> Bool { contains { $0.name.hasSameBytes(as: name) } }
}
