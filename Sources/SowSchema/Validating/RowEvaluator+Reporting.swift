import SowModel

extension RowEvaluator {
  func violations(by cells: [RowCell]) -> [SchemaViolation] {
    let verdict = start(cells)
    guard verdict == .fails || !exhaustions.isEmpty else { return [] }
    var found = ViolationList()
    var visited: Set<Int> = []
    if verdict == .fails { report(0, cells, &visited, into: &found) }
    for (column, exhaustion) in exhaustions.sorted(by: { $0.key < $1.key }) {
      found.append(
        SchemaViolation(exhaustion.code, at: [columns[column]], keyword: exhaustion.range))
    }
    return found.all
  }

  /// Reports each check of a plan that fails; no plan twice.
  private func report(
    _ plan: Int, _ cells: [RowCell], _ visited: inout Set<Int>, into found: inout ViolationList
  ) {
    guard visited.insert(plan).inserted else { return }
    for cell in plans[plan].cells where verdict(cell, cells) == .fails {
      report(cell, cells, refusal: plans[plan].refusals[cell.column], into: &found)
    }
    for check in plans[plan].checks where verdict(check.kind, cells) == .fails {
      report(check, cells, &visited, into: &found)
    }
  }

  private func report(
    _ check: RowCheck, _ cells: [RowCell], _ visited: inout Set<Int>,
    into found: inout ViolationList
  ) {
    func append(_ code: DiagnosticCode, _ facts: Facts = [:], at path: [String]) {
      found.append(SchemaViolation(code, facts, at: path, keyword: check.range))
    }
    switch check.kind {
    case .required(let name): append(.schemaRequired, at: [name.name])
    case .dependentRequired(let column, let names):
      for name in names where !isPresent(name.column, cells) {
        found.append(
          .dependentRequired(name.name, because: columns[column], in: [], keyword: check.range))
      }
    case .dependentPlan(_, let plan): report(plan, cells, &visited, into: &found)
    case .maxProperties(let limit):
      append(.schemaMaxProperties, ["limit": String(limit)], at: [])
    case .minProperties(let limit):
      append(.schemaMinProperties, ["limit": String(limit)], at: [])
    case .refusedName(let column): append(.schemaPropertyNames, at: [columns[column]])
    case .undecidedName(let column, let code): append(code, at: [columns[column]])
    case .combination(let combination):
      report(combination, cells, check.range, &visited, into: &found)
    case .whole(let rule), .never(let rule):
      found.append(values.violation(of: rule, by: .object([]), at: []))
    }
  }

  private func report(
    _ cell: BoundCell, _ cells: [RowCell], refusal: SchemaViolation?,
    into found: inout ViolationList
  ) {
    let path = [columns[cell.column]]
    if let refusal {
      found.append(refusal)
    } else if case .value(let value) = cells[cell.column] {
      values.start()
      values.report(cell.schema, value, at: path, into: &found)
    } else {
      let range = values.graph.schemas[cell.schema].range
      found.append(SchemaViolation(.schemaForbidden, at: path, keyword: range))
    }
  }

  private func report(
    _ combination: Combination<Int>, _ cells: [RowCell], _ range: SourceRange,
    _ visited: inout Set<Int>, into found: inout ViolationList
  ) {
    switch combination {
    case .reference(let plan): report(plan, cells, &visited, into: &found)
    case .all(let plans):
      for plan in plans { report(plan, cells, &visited, into: &found) }
    case .condition(let condition, let then, let otherwise):
      let branch = verdict(condition, cells) == .holds ? then : otherwise
      if let branch { report(branch, cells, &visited, into: &found) }
    case .not: found.append(SchemaViolation(.schemaNot, at: [], keyword: range))
    case .any(let plans): found.append(.anyOf(count: plans.count, at: [], keyword: range))
    case .one(let plans):
      let held = plans.count { verdict($0, cells) == .holds }
      found.append(.oneOf(held: held, count: plans.count, at: [], keyword: range))
    }
  }
}
