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
    if let obstacle = state.obstacle(of: Int(instance.operation), instance: number) {
      return state.end(number, obstacle)
    }
    if let failure = plan.invalid[number] { return state.fail(number, failure) }
    state.resolving = Int(instance.operation)
    if let call = query.call { return try decideCall(number, call, in: &state) }
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
    result.conditions = reading.conditions
    result.fields =
      operation.action == .read
      ? query.selection.fields
        + operation.fetched.filter { !query.selection.fields.contains($0) }
      : Array(entity.fields.indices)
    if !reading.isOfPendingOnly {
      try select(reading, values, into: &result, state)
    }
    result.arrange(reading.ids)
    if staysOut(number) {
      if operation.action == .delete { result = QueryResult() }
      result.changes = result.changes.map { _ in false }
      state.fates[number] = .unchanged
      state.results[number] = result
      return
    }
    foldWrites(of: reading, values, into: &result, state)
    if operation.action == .read { state.noteWritten(before: number, reading, in: &result) }
    try judge(reading, values, &result, &state)
    state.results[number] = result
  }

  private func select(
    _ reading: QueryReading, _ values: [Value?], into result: inout QueryResult, _ state: RunState
  ) throws {
    let gone = state.deletes(in: reading.entity)
    let action = reading.operation.action
    let columns = plan.columnSets[Int(plan.instances[reading.number].columnSet)].columns
    var question = Query(
      table: reading.entity.table, conditions: reading.conditions, columns: result.fields)
    question.sort = reading.query.sort.map { ($0.field, $0.descending) }
    question.limit = reading.limit.map { $0 + gone.count }
    question.comparison = zip(columns, values).compactMap { field, value in
      value.map { (field, $0) }
    }
    let hasPending = values.contains { $0 == nil }
    for row in try snapshot.select(question, of: reading.entity) {
      if let deleter = gone[row.key] {
        result.deleter = result.deleter ?? deleter
        continue
      }
      if result.keys.count == reading.limit { break }
      result.keys.append(row.key)
      result.rows.append(row.values)
      result.changes.append(
        action == .delete || action == .update && (hasPending || !row.isEqual))
    }
  }

  /// An update is held against what earlier operations will have written, whatever the database
  /// holds before the run.
  private func foldWrites(
    of reading: QueryReading, _ values: [Value?], into result: inout QueryResult, _ state: RunState
  ) {
    guard reading.operation.action == .update, !state.seesWrites else { return }
    let columns = plan.columnSets[Int(plan.instances[reading.number].columnSet)].columns
    for (position, key) in result.keys.enumerated() {
      let written = state.written(key, in: reading.entity.table.name)
      for case (let column, let value?) in written { result.rows[position][column] = value }
      let isSame = zip(columns, values).map { column, value in
        written[column].map { $0 != nil && $0 == value }
      }
      if isSame.allSatisfy({ $0 == true }) {
        result.changes[position] = false
      } else if isSame.contains(false) {
        result.changes[position] = true
      }
    }
  }
}
