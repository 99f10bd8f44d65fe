package import SowModel

extension Decider {
  /// Runs the query of an `update`, `delete` or `read` and says which rows it will write.
  func decideQuery(_ number: Int, in state: inout RunState) throws {
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    let entity = plan.entities[operation.entity]
    let query = operation.queries[number - operation.instances.lowerBound]
    if let failed = state.failedDependency(of: Int(instance.operation)) {
      return state.skip(number, because: plan.operations[failed].name)
    }
    var result = QueryResult()
    var conditions: [ResolvedCondition] = []
    for condition in query.conditions {
      guard
        let resolved = resolved(condition, entity, number, instance.range, &state, &result)
      else { return }
      conditions += resolved
    }
    if let ids = query.ids {
      guard resolve(ids: ids, entity, number, instance.range, &state, &result, &conditions) else {
        return
      }
    }
    let set = plan.columnSets[Int(instance.columnSet)]
    let values: [Value?]
    switch state.values(of: number) {
    case .success(let known): values = known
    case .failure(let problem): return state.end(number, problem)
    }
    result.fields =
      operation.action == .read
      ? query.select + operation.fetched.filter { !query.select.contains($0) }
      : Array(entity.fields.indices)
    if entity.isLive, !(conditions.isEmpty && !result.pending.isEmpty) {
      var question = Query(
        table: entity.table, conditions: conditions, columns: result.fields)
      question.sort = query.sort.map { ($0.field, $0.descending) }
      question.limit = query.limit
      question.comparison = zip(set.columns, values).compactMap { field, value in
        value.map { (field, $0) }
      }
      let hasPending = values.contains { $0 == nil }
      for row in try snapshot.select(question) {
        result.keys.append(row.key)
        result.rows.append(row.values)
        result.changes.append(
          operation.action == .delete || operation.action == .update && (hasPending || !row.isEqual))
      }
    }
    arrange(&result, entity, query)
    try judge(number, operation, entity, query, conditions, values, &result, &state)
    state.results[number] = result
  }

  private func resolved(
    _ condition: CheckedCondition, _ entity: Entity, _ number: Int, _ range: SourceRange,
    _ state: inout RunState, _ result: inout QueryResult
  ) -> [ResolvedCondition]? {
    var operands: [Value] = []
    for operand in condition.operands {
      switch state.resolve(operand, at: range) {
      case .value(let value): operands.append(value)
      case .pending:
        if condition.comparison == .equal, let target = keyTarget(operand, condition.field, entity) {
          result.pending.append(target)
          return []
        }
        state.fail(
          number,
          Diagnostic(.notKnownYet, ["field": entity.fields[condition.field].name], at: range))
        return nil
      case .dead(let operation):
        state.skip(number, because: operation)
        return nil
      case .failed(let diagnostic):
        state.fail(number, diagnostic)
        return nil
      }
    }
    return [
      ResolvedCondition(
        column: condition.field, comparison: condition.comparison, operands: operands)
    ]
  }

  /// The instance whose key the cell is, where it is the key of this entity.
  private func keyTarget(_ cell: Cell, _ field: Int, _ entity: Entity) -> Int32? {
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

  private func resolve(
    ids: [Cell], _ entity: Entity, _ number: Int, _ range: SourceRange,
    _ state: inout RunState, _ result: inout QueryResult,
    _ conditions: inout [ResolvedCondition]
  ) -> Bool {
    guard let key = entity.primaryKey.first else { return false }
    let field = entity.fields[key]
    for id in ids {
      switch state.resolve(id, at: range) {
      case .value(let value): result.requested.append(value.fitting(field.type) ?? value)
      case .pending:
        guard let target = keyTarget(id, key, entity) else {
          state.fail(number, Diagnostic(.notKnownYet, ["field": field.name], at: range))
          return false
        }
        result.pending.append(target)
      case .dead(let operation):
        state.skip(number, because: operation)
        return false
      case .failed(let diagnostic):
        state.fail(number, diagnostic)
        return false
      }
    }
    if !result.requested.isEmpty || result.pending.isEmpty {
      conditions.append(
        ResolvedCondition(column: key, comparison: .in, operands: result.requested))
    }
    return true
  }

  /// Puts the rows of `ids` in the order requested and notes what is missing.
  private func arrange(_ result: inout QueryResult, _ entity: Entity, _ query: CheckedQuery) {
    guard query.ids != nil, query.sort.isEmpty else { return }
    var positions: [String: Int] = [:]
    for (position, key) in result.keys.enumerated() { positions[key.text] = position }
    var order: [Int] = []
    var seen: Set<Int> = []
    for id in result.requested {
      if let position = positions[id.text] {
        if seen.insert(position).inserted { order.append(position) }
      } else {
        result.missing.append(id)
      }
    }
    guard order.count == result.keys.count else { return }
    result.keys = order.map { result.keys[$0] }
    result.rows = order.map { result.rows[$0] }
    result.changes = order.map { result.changes[$0] }
  }
}

/// Why the values of an instance cannot be had.
package enum ValueProblem: Error {
  case dead(operation: String)
  case failed(Diagnostic)
}

extension RunState {
  /// The values of an instance in the order of its column set, nil for pending ones.
  package mutating func values(of number: Int) -> Result<[Value?], ValueProblem> {
    let instance = plan.instances[number]
    let set = plan.columnSets[Int(instance.columnSet)]
    var values: [Value?] = []
    for (offset, position) in cellRange(of: number).enumerated() {
      switch resolve(cells[position], at: instance.range) {
      case .value(let value):
        let field = plan.entities[set.entity].fields[set.columns[offset]]
        if let problem = RunState.problem(value, field, at: instance.range) {
          return .failure(.failed(problem))
        }
        let fitting = value.fitting(field.type) ?? value
        cells[position] = .value(fitting)
        values.append(fitting)
      case .pending: values.append(nil)
      case .dead(let operation): return .failure(.dead(operation: operation))
      case .failed(let diagnostic): return .failure(.failed(diagnostic))
      }
    }
    return .success(values)
  }

  package mutating func end(_ instance: Int, _ problem: ValueProblem) {
    switch problem {
    case .dead(let operation): skip(instance, because: operation)
    case .failed(let diagnostic): fail(instance, diagnostic)
    }
  }

  package mutating func fail(_ instance: Int, _ diagnostic: Diagnostic) {
    fates[instance] = .failed
    noteFailure(of: Int(plan.instances[instance].operation))
    failures[instance] = diagnostic
  }

  package mutating func skip(_ instance: Int, because operation: String) {
    fates[instance] = .skipped
    noteFailure(of: Int(plan.instances[instance].operation))
    failures[instance] = Diagnostic(
      .dependencyFailed, ["operation": operation], at: plan.instances[instance].range)
  }
}
