internal import SowModel

extension Decider {
  /// Runs the query of an `update`, `delete` or `read` and says which rows it will write.
  ///
  /// While applying (`seesWrites`) it answers a `read` of rows that were still to be written.
  package func decideQuery(_ number: Int, in state: inout RunState) throws {
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    let entity = plan.entities[operation.entity]
    let query = operation.queries[number - operation.instances.lowerBound]
    if let failed = state.failedDependency(of: Int(instance.operation)) {
      return state.skip(number, because: plan.operations[failed].name)
    }
    var reading = QueryReading(number, operation, entity, query, range: instance.range)
    let values: [Value?]
    do throws(ValueProblem) {
      try reading.resolve(state)
      values = try state.values(of: number).get()
    } catch {
      return state.end(number, error)
    }
    var result = QueryResult()
    result.pending = reading.pending
    result.fields =
      operation.action == .read
      ? query.select + operation.fetched.filter { !query.select.contains($0) }
      : Array(entity.fields.indices)
    if !reading.isOfPendingOnly {
      try select(reading, values, into: &result)
    }
    result.arrange(reading.ids)
    foldWrites(of: reading, into: &result, state)
    try judge(reading, values, &result, &state)
    state.results[number] = result
  }

  private func select(
    _ reading: QueryReading, _ values: [Value?], into result: inout QueryResult
  ) throws {
    let action = reading.operation.action
    let columns = plan.columnSets[Int(plan.instances[reading.number].columnSet)].columns
    var question = Query(
      table: reading.entity.table, conditions: reading.conditions, columns: result.fields)
    question.sort = reading.query.sort.map { ($0.field, $0.descending) }
    question.limit = reading.query.limit
    question.comparison = zip(columns, values).compactMap { field, value in
      value.map { (field, $0) }
    }
    let hasPending = values.contains { $0 == nil }
    for row in try snapshot.select(question, of: reading.entity) {
      result.keys.append(row.key)
      result.rows.append(row.values)
      result.changes.append(
        action == .delete || action == .update && (hasPending || !row.isEqual))
    }
  }

  /// A row that an earlier operation sets back in the same fields is updated again, whatever the
  /// database holds before the run.
  private func foldWrites(
    of reading: QueryReading, into result: inout QueryResult, _ state: RunState
  ) {
    guard reading.operation.action == .update, !state.seesWrites else { return }
    let columns = plan.columnSets[Int(plan.instances[reading.number].columnSet)].columns
    for (position, key) in result.keys.enumerated() where !result.changes[position] {
      guard let set = state.claims.rewritten(key, in: reading.entity.table.name) else { continue }
      if plan.columnSets[set].columns.contains(where: columns.contains) {
        result.changes[position] = true
      }
    }
  }
}

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
  private var pendingByFilter: [Int32] = []

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
    if let target, state.isUnwritten(target, for: operation.action) {
      pendingByFilter.append(target)
      return
    }
    if target == nil, let writer = state.writer(of: condition.field, entity, before: number) {
      throw .failed(
        Diagnostic(
          .filterOnWritten,
          ["field": entity.fields[condition.field].name, "operation": writer], at: range,
          hint: .text("refer to the key of the row: $ref:\(writer)")))
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
    for cell in cells {
      if let target = state.keyTarget(cell, key, entity),
        state.isUnwritten(target, for: operation.action)
      {
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

  private func value(
    of cell: Cell, _ field: Int, _ state: RunState
  ) throws(ValueProblem) -> Value {
    switch state.resolve(cell, at: range) {
    case .value(let value): return value
    case .pending: throw notKnown(field)
    case .dead(let operation): throw .dead(operation: operation)
    case .failed(let diagnostic): throw .failed(diagnostic)
    }
  }

  private func notKnown(_ field: Int) -> ValueProblem {
    .failed(Diagnostic(.notKnownYet, ["field": entity.fields[field].name], at: range))
  }
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
    case .create, .recreate: return true
    case .update, .drift: return action == .read
    default: return false
    }
  }

  /// The operation that writes a field before the query of an instance runs.
  func writer(of field: Int, _ entity: Entity, before number: Int) -> String? {
    guard !seesWrites,
      let writers = writers[WrittenField(table: entity.table.name, column: field)]
    else { return nil }
    let own = Int(plan.instances[number].operation)
    return writers.first { $0 != own }.map { plan.operations[$0].name }
  }

  /// Notes what a set writes, for the filters of later ones.
  mutating func noteWriter(_ set: WorkSet) {
    guard hasFilters, set.action != .read, set.action != .delete else { return }
    var operations: [Int] = []
    switch set.members {
    case .stream(let operation): operations = [operation]
    case .instances(let members):
      for member in members {
        let operation = Int(plan.instances[Int(member)].operation)
        if operations.last != operation { operations.append(operation) }
        if operations.count == 2 { break }  // Two say enough: one of them is another.
      }
    }
    let table = plan.entities[set.entity].table.name
    for column in plan.columnSets[set.columnSet].columns {
      let place = WrittenField(table: table, column: column)
      for operation in operations where writers[place, default: []].count < 2 {
        if writers[place]?.contains(operation) != true {
          writers[place, default: []].append(operation)
        }
      }
    }
  }
}

extension QueryResult {
  /// Says for each requested id what was found, in request order.
  fileprivate mutating func arrange(_ ids: [QueryReading.ID]?) {
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
