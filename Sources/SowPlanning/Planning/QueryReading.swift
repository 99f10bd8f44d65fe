package import SowModel

/// The conditions and ids of a query, resolved as far as they can be.
struct QueryReading {
  let number: Int
  let operation: CheckedOperation
  let entity: Entity
  let query: CheckedQuery
  let range: SourceRange
  private(set) var conditions: [ResolvedCondition] = []
  /// In request order.
  private(set) var ids: [ID]?
  /// Versions that the rows must have.
  private(set) var versions: [Value] = []
  private(set) var limit: Int?
  private var pendingByFilter: [Int32] = []
  /// Whether the row is addressed by reference to its key.
  private(set) var isAddressed = false
  /// The same of single ids, by position.
  private(set) var addressed: Set<Int> = []

  enum ID {
    case value(Value)
    case pending(Int32)
  }

  init(
    _ number: Int, _ operation: CheckedOperation, _ entity: Entity, _ query: CheckedQuery,
    range: SourceRange
  ) {
    self.number = number
    self.operation = operation
    self.entity = entity
    self.query = query
    self.range = range
  }

  /// Instances whose rows are addressed by key and still to be written.
  var pending: [Int32] {
    var instances = pendingByFilter
    for case .pending(let instance) in ids ?? [] where !instances.contains(instance) {
      instances.append(instance)
    }
    return instances
  }

  /// Whether there is nothing to look for in the database.
  var isOfPendingOnly: Bool {
    if !pendingByFilter.isEmpty { return true }
    guard let ids, !ids.isEmpty else { return false }
    return ids.allSatisfy { id in
      if case .pending = id { return true }
      return false
    }
  }

  /// Nothing may be left open but the keys of rows that the run itself writes.
  mutating func resolve(_ state: RunState) throws(ValueProblem) {
    for condition in query.conditions { try resolve(condition, state) }
    if let cells = query.ids { try resolve(ids: cells, state) }
    if let field = entity.managed?.version?.field {
      for cell in query.versions { versions.append(try value(of: cell, field, state)) }
    }
    if let cell = query.limit { limit = try limit(cell, state) }
    guard !pending.isEmpty else { return }
    // A row that is not there yet cannot be held against further conditions.
    if query.conditions.count + (query.ids == nil ? 0 : 1) > 1 {
      throw notKnown(query.conditions[0].field)
    }
  }

  private mutating func resolve(
    _ condition: CheckedCondition, _ state: RunState
  ) throws(ValueProblem) {
    let target =
      condition.comparison == .equal
      ? state.keyTarget(condition.operands[0], condition.field, entity) : nil
    if target != nil { isAddressed = true }
    if let target, state.isUnwritten(target, for: operation.action) {
      pendingByFilter.append(target)
      return
    }
    if target == nil, let writer = state.writer(of: condition.field, entity, before: number) {
      throw .failed(
        Diagnostic(
          .filterOnWritten,
          ["field": entity.fields[condition.field].name, "operation": writer], at: range,
          hint: .text(
            "refer to the key of the row: $ref:\(writer)",
            vi: "hãy tham chiếu đến khóa của bản ghi: $ref:\(writer)")))
    }
    if !state.seesWrites, entity.missingColumns.contains(condition.field) {
      throw notKnown(condition.field)
    }
    var operands: [Value] = []
    for operand in condition.operands {
      operands.append(try value(of: operand, condition.field, state))
    }
    conditions.append(
      ResolvedCondition(
        column: condition.field, comparison: condition.comparison, operands: operands))
  }

  private mutating func resolve(ids cells: [Cell], _ state: RunState) throws(ValueProblem) {
    guard let key = entity.primaryKey.first else {
      preconditionFailure("ids are checked to have a key")
    }
    let type = entity.fields[key].type
    var ids: [ID] = []
    for (position, cell) in cells.enumerated() {
      let target = state.keyTarget(cell, key, entity)
      if target != nil { addressed.insert(position) }
      if let target, state.isUnwritten(target, for: operation.action) {
        ids.append(.pending(target))
      } else {
        let value = try value(of: cell, key, state)
        ids.append(.value(value.fitting(type) ?? value))
      }
    }
    self.ids = ids
    let known = ids.compactMap { id -> Value? in
      if case .value(let value) = id { return value }
      return nil
    }
    conditions.append(ResolvedCondition(column: key, comparison: .in, operands: known))
  }

  private func limit(_ cell: Cell, _ state: RunState) throws(ValueProblem) -> Int {
    switch state.resolve(cell, at: range) {
    case .value(let value):
      if let limit = value.asLimit { return limit }
    case .pending: break
    case .dead(let blocker): throw .dead(blocker)
    case .failed(let diagnostic): throw .failed(diagnostic)
    }
    throw .failed(Diagnostic(.limitNotKnown, at: range))
  }

  private func value(
    of cell: Cell, _ field: Int, _ state: RunState
  ) throws(ValueProblem) -> Value {
    switch state.resolve(cell, at: range) {
    case .value(let value): return value
    case .pending: throw notKnown(field)
    case .dead(let blocker): throw .dead(blocker)
    case .failed(let diagnostic): throw .failed(diagnostic)
    }
  }

  private func notKnown(_ field: Int) -> ValueProblem {
    .failed(Diagnostic(.notKnownYet, ["field": entity.fields[field].name], at: range))
  }
}

extension CheckedQuery {
  /// A requested id as messages may show it.
  package func shown(_ id: Value) -> String { keyLabel.map { "(\($0))" } ?? id.text }
}

extension RunState {
  /// The instance whose key the cell is, where that is the key of this entity.
  func keyTarget(_ cell: Cell, _ field: Int, _ entity: Entity) -> Int32? {
    guard case .reference(let target, let targetField) = cell, entity.primaryKey == [field] else {
      return nil
    }
    let operation = plan.operations[Int(plan.instances[Int(target)].operation)]
    let other = plan.entities[operation.entity]
    guard other.table.name == entity.table.name, other.primaryKey == [Int(targetField)] else {
      return nil
    }
    return target
  }

  /// Whether the row of an instance is not there yet; for a `read`, not yet as it will be.
  func isUnwritten(_ instance: Int32, for action: Action) -> Bool {
    guard !seesWrites else { return false }
    switch fates[Int(instance)] {
    case .create, .recreate, .revive, .replace: return true
    case .update, .drift: return action == .read
    default: return false
    }
  }
}

extension QueryResult {
  /// Says for each requested id what was found, in request order.
  mutating func arrange(_ ids: [QueryReading.ID]?) {
    guard let ids else { return }
    var positions: [String: Int] = [:]
    for (position, key) in keys.enumerated() { positions[key.text] = position }
    items = ids.map { id in
      switch id {
      case .pending(let instance): .pending(instance)
      case .value(let value): positions[value.text].map { .row($0) } ?? .missing(value)
      }
    }
  }
}
