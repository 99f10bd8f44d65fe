import SowModel

/// Applies plans to rows; `RowEvaluator+Reporting.swift` finds the reasons where one fails.
final class RowEvaluator {
  let columns: [String]
  let values: Evaluator
  let plans: [RowPlan]
  /// Limits that the row at hand reached, by column.
  private(set) var exhaustions: [Int: Evaluator.Exhaustion] = [:]
  /// The verdicts on the row at hand, so that no plan is applied twice.
  private var verdicts: [Truth?]
  private var pendingVerdicts: [SchemaID: Truth] = [:]

  init(columns: [String], graph: SchemaGraph) {
    self.columns = columns
    values = Evaluator(graph)
    var binder = RowBinder(columns: columns, evaluator: values)
    _ = binder.bind(0)
    plans = binder.plans
    verdicts = Array(repeating: nil, count: plans.count)
  }

  /// The verdict on a new row.
  func start(_ cells: [RowCell]) -> Truth {
    if !exhaustions.isEmpty { exhaustions = [:] }
    for index in verdicts.indices { verdicts[index] = nil }
    return verdict(0, cells)
  }

  func verdict(_ plan: Int, _ cells: [RowCell]) -> Truth {
    if let verdict = verdicts[plan] { return verdict }
    var truth = values.worst(of: plans[plan].cells) { verdict($0, cells) }
    if truth != .fails {
      let others = values.worst(of: plans[plan].checks) { verdict($0.kind, cells) }
      if others != .holds { truth = others }
    }
    verdicts[plan] = truth
    return truth
  }

  func verdict(_ kind: RowCheck.Kind, _ cells: [RowCell]) -> Truth {
    switch kind {
    case .required(let name): Truth(isPresent(name.column, cells))
    case .dependentRequired(let column, let names):
      Truth(!isPresent(column, cells) || names.allSatisfy { isPresent($0.column, cells) })
    case .dependentPlan(let column, let plan):
      isPresent(column, cells) ? verdict(plan, cells) : .holds
    case .maxProperties(let limit): Truth(count(cells) <= limit)
    case .minProperties(let limit): Truth(count(cells) >= limit)
    case .refusedName(let column), .undecidedName(let column, _):
      Truth(!isPresent(column, cells))
    case .combination(let combination): combination.verdict { verdict($0, cells) }
    case .whole(let rule): object(cells).map { values.verdict(rule, $0) } ?? .unknown
    case .never: .fails
    }
  }

  func verdict(_ cell: BoundCell, _ cells: [RowCell]) -> Truth {
    if let types = cell.types, case .value(let value) = cells[cell.column] {
      return Truth(types.admits(value))
    }
    switch cells[cell.column] {
    case .absent: return .holds
    case .pending: return pendingVerdict(cell.schema)
    case .value(let value):
      if !exhaustions.isEmpty, exhaustions[cell.column] != nil { return .unknown }
      values.start()
      let truth = values.verdict(cell.schema, value)
      guard let exhaustion = values.exhaustion else { return truth }
      exhaustions[cell.column] = exhaustion
      return .unknown
    }
  }

  /// The verdict on a value that is not known yet.
  private func pendingVerdict(_ id: SchemaID) -> Truth {
    if let verdict = pendingVerdicts[id] { return verdict }
    let verdict = values.worst(of: values.graph.schemas[id].rules) { rule in
      switch rule.check {
      case .never: .fails
      case .combination(let combination): combination.verdict { pendingVerdict($0) }
      default: .unknown
      }
    }
    pendingVerdicts[id] = verdict
    return verdict
  }

  /// Whether nothing but its type is asked of the column.
  func accepts(every type: FieldType, at column: Int) -> Bool {
    guard plans.count == 1, !plans[0].checks.contains(where: \.looksAtValues) else { return false }
    return plans[0].cells.allSatisfy {
      $0.column != column || accepts(every: type, by: $0.schema)
    }
  }

  private func accepts(every type: FieldType, by schema: SchemaID) -> Bool {
    values.graph.schemas[schema].rules.allSatisfy { rule in
      switch (rule.check, type) {
      case (.type(let types), _): types.admitsEvery(type)
      case (.items(let rules), .list(let element)):
        rules.prefix.isEmpty && rules.rest.map { accepts(every: element, by: $0) } ?? true
      default: false
      }
    }
  }

  func isPresent(_ column: Int?, _ cells: [RowCell]) -> Bool {
    guard let column else { return false }
    if case .absent = cells[column] { return false }
    return true
  }

  private func count(_ cells: [RowCell]) -> Int {
    cells.indices.count { isPresent($0, cells) }
  }

  /// The row as one value; nil where a part of it is pending.
  func object(_ cells: [RowCell]) -> Value? {
    var members: [Value.Member] = []
    for (column, cell) in zip(columns, cells) {
      switch cell {
      case .absent: continue
      case .pending: return nil
      case .value(let value): members.append(Value.Member(column, value))
      }
    }
    return .object(members)
  }
}
