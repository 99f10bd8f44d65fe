import SowModel

/// What one subschema asks of the row as a whole, its property names bound to columns.
struct RowPlan {
  var cells: [BoundCell] = []
  var checks: [RowCheck] = []
  /// What to say of a column that `additionalProperties: false` refuses.
  var refusals: [Int: SchemaViolation] = [:]
}

/// The cell, if present, must satisfy the subschema.
struct BoundCell {
  var column: Int
  var schema: SchemaID
  /// What may be there, where the subschema asks for nothing but a type, as most do.
  var types: TypeSet?
}

struct RowCheck {
  var kind: Kind
  var range: SourceRange

  enum Kind {
    case required(BoundName)
    case dependentRequired(column: Int, names: [BoundName])
    case dependentPlan(column: Int, plan: Int)
    case maxProperties(Int)
    case minProperties(Int)
    /// `propertyNames` refuses the column's name.
    case refusedName(column: Int)
    /// Whether the column's name matches a pattern could not be found out.
    case undecidedName(column: Int, DiagnosticCode)
    /// Members are plans.
    case combination(Combination<Int>)
    /// The rule speaks of the row as one object.
    case whole(Rule)
    /// The rule fails for every row.
    case never(Rule)
  }
}

extension RowCheck {
  /// Whether it asks for more than which columns there are.
  var looksAtValues: Bool {
    switch kind {
    case .required, .dependentRequired, .maxProperties, .minProperties, .refusedName,
      .undecidedName, .never:
      false
    case .dependentPlan, .combination, .whole: true
    }
  }
}

struct BoundName {
  var name: String
  /// Nil where no row under these columns has the property.
  var column: Int?
}

/// Makes the plans of one list of columns; a subschema that is applied often is bound once.
struct RowBinder {
  let columns: [String]
  let evaluator: Evaluator
  private(set) var plans: [RowPlan] = []
  private var bound: [SchemaID: Int] = [:]
  private let indices: [ExactText: Int]

  init(columns: [String], evaluator: Evaluator) {
    self.columns = columns
    self.evaluator = evaluator
    indices = Dictionary(
      columns.enumerated().map { (ExactText($1), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The index of the plan for a subschema; the recursion ends because chains do.
  mutating func bind(_ id: SchemaID) -> Int {
    if let index = bound[id] { return index }
    let index = plans.count
    plans.append(RowPlan())
    bound[id] = index
    var plan = RowPlan()
    for rule in evaluator.graph.schemas[id].rules {
      if case .members(let rules) = rule.check {
        for column in columns.indices { bind(column, to: rules, rule.range, in: &plan) }
      }
      plan.checks += kinds(of: rule).map { RowCheck(kind: $0, range: rule.range) }
    }
    plans[index] = plan
    return index
  }

  private mutating func kinds(of rule: Rule) -> [RowCheck.Kind] {
    switch rule.check {
    case .type(let types): types.contains(.object) ? [] : [.never(rule)]
    case .never: [.never(rule)]
    case .enumeration, .constant: [.whole(rule)]
    case .required(let names): names.map { .required(name($0)) }
    case .maxProperties(let limit): [.maxProperties(limit)]
    case .minProperties(let limit): [.minProperties(limit)]
    case .propertyNames(let schema): columns.indices.compactMap { refusal(of: $0, by: schema) }
    case .dependentRequired(let dependencies):
      dependencies.compactMap { dependency in
        indices[ExactText(dependency.name)].map {
          .dependentRequired(column: $0, names: dependency.consequence.map(name))
        }
      }
    case .dependentSchemas(let dependencies): dependencies.compactMap { dependent($0) }
    case .combination(let combination): [.combination(plans(for: combination))]
    case .multipleOf, .bound, .maxLength, .minLength, .pattern, .format, .maxItems, .minItems,
      .uniqueItems, .contains, .items, .members:
      []
    }
  }

  private func name(_ name: String) -> BoundName {
    BoundName(name: name, column: indices[ExactText(name)])
  }

  private func bind(
    _ column: Int, to rules: MemberRules, _ range: SourceRange, in plan: inout RowPlan
  ) {
    evaluator.start()
    let schemas = evaluator.schemas(for: columns[column], in: rules)
    if let exhaustion = evaluator.exhaustion {
      let kind = RowCheck.Kind.undecidedName(column: column, exhaustion.code)
      plan.checks.append(RowCheck(kind: kind, range: exhaustion.range))
      return
    }
    for (schema, isAdditional) in schemas {
      plan.cells.append(
        BoundCell(column: column, schema: schema, types: evaluator.graph.onlyTypes(of: schema)))
      if isAdditional, evaluator.graph.isNever(schema) {
        plan.refusals[column] = rules.additionalViolation(at: [columns[column]])
      }
    }
  }

  private func refusal(of column: Int, by schema: SchemaID) -> RowCheck.Kind? {
    evaluator.start()
    let verdict = evaluator.verdict(schema, .text(columns[column]))
    if let exhaustion = evaluator.exhaustion {
      return .undecidedName(column: column, exhaustion.code)
    }
    return verdict == .fails ? .refusedName(column: column) : nil
  }

  private mutating func dependent(_ dependency: Dependency<SchemaID>) -> RowCheck.Kind? {
    guard let column = indices[ExactText(dependency.name)] else { return nil }
    return .dependentPlan(column: column, plan: bind(dependency.consequence))
  }

  private mutating func plans(for combination: Combination<SchemaID>) -> Combination<Int> {
    switch combination {
    case .reference(let member): .reference(bind(member))
    case .not(let member): .not(bind(member))
    case .all(let members): .all(members.map { bind($0) })
    case .any(let members): .any(members.map { bind($0) })
    case .one(let members): .one(members.map { bind($0) })
    case .condition(let condition, let then, let otherwise):
      .condition(if: bind(condition), then: then.map { bind($0) }, else: otherwise.map { bind($0) })
    }
  }
}

extension SchemaGraph {
  /// What the subschema asks for, where that is a type alone.
  fileprivate func onlyTypes(of id: SchemaID) -> TypeSet? {
    guard schemas[id].rules.count == 1, case .type(let types) = schemas[id].rules[0].check else {
      return nil
    }
    return types
  }
}
