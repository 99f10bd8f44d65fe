package import SowModel

extension RunState {
  /// The rows of `members` with their cells resolved as far as they are known now; what was
  /// resolved stays so. Cells that had to be resolved are checked against the schema again.
  package mutating func batch(
    _ set: WorkSet, _ members: ArraySlice<Int32>
  ) -> Batch {
    let columns = plan.columnSets[set.columnSet].columns
    let entity = plan.entities[set.entity]
    var batch = Batch(entity: entity, action: set.action, plan.columnSets[set.columnSet])
    batch.gone = deletes(in: entity)
    batch.rows.reserveCapacity(members.count)
    batch.values.reserveCapacity(members.count * columns.count)
    var validation: RowValidation?
    var resolved: [(cell: Int, value: Value)] = []
    for member in members {
      let number = Int(member)
      let instance = plan.instances[number]
      var row = BatchRow(
        operation: Int(instance.operation), instance: number, address: instance.key,
        range: instance.range)
      row.fate = fates[number]
      row.key = keys[number]
      row.failure = failures[number] ?? plan.invalid[number]
      if let failure = row.failure, !row.fate.isDead { row.end(.failed, failure) }
      if row.fate == .undecided || row.fate != .unchanged && !failedOperations.isEmpty,
        let obstacle = obstacle(of: row.operation, instance: number)
      {
        row.end(obstacle.fate, obstacle.diagnostic)
      }
      resolving = row.operation
      append(number, to: &batch, &row, set.phase, &resolved)
      for (cell, value) in resolved { cells[cell] = .value(value) }
      // The plan's own check knew all but what is known only now.
      if !resolved.isEmpty, !row.fate.isDead, entity.schema != nil {
        var checking = validation ?? RowValidation(entity, columns: columns, isWhole: true)
        validation = nil
        let first = cellRange(of: number).lowerBound
        if resolved.contains(where: { checking.concerns($0.value, at: $0.cell - first) }),
          let violation = checking.violations(batch.known(of: batch.rows.count)).first
        {
          row.end(
            .failed, Diagnostic(violation, of: entity, at: row.range, text: nil, isSensitive: true))
        }
        validation = checking
      }
      batch.rows.append(row)
    }
    return batch
  }

  /// Appends the values of one instance; `resolved` are those that were none before.
  private func append(
    _ number: Int, to batch: inout Batch, _ row: inout BatchRow, _ phase: WorkSet.Phase,
    _ resolved: inout [(cell: Int, value: Value)]
  ) {
    resolved.removeAll(keepingCapacity: true)
    let delayed = phase == .start ? plan.delayed[Int32(number)] : nil
    for (offset, position) in cellRange(of: number).enumerated() {
      if let delayed, delayed.contains(offset) {
        row.hasPending = true
        batch.pending.insert(batch.values.count)
        batch.values.append(.null)
        continue
      }
      if case .value(let value) = cells[position] {
        batch.values.append(value)
        continue
      }
      let field = batch.entity.fields[batch.columns[offset]]
      switch resolve(cells[position], at: row.range) {
      case .value(let value):
        switch field.accepting(value, at: row.range) {
        case .success(let accepted):
          resolved.append((position, accepted))
          batch.values.append(accepted)
        case .failure(let problem):
          row.end(.failed, problem.diagnostic)
          batch.values.append(.null)
        }
      case .pending:
        row.hasPending = true
        batch.pending.insert(batch.values.count)
        batch.values.append(.null)
      case .dead(let blocker):
        row.end(blocker.fate, blocker.diagnostic(at: row.range))
        batch.values.append(.null)
      case .failed(let diagnostic):
        row.end(.failed, diagnostic)
        batch.values.append(.null)
      }
    }
  }

  /// Keeps what was decided of a batch for the rows that refer to it.
  package mutating func keep(_ batch: Batch) {
    for row in batch.rows {
      guard let number = row.instance else { continue }
      if fates[number] != row.fate { note(row.fate, of: row.operation) }
      fates[number] = row.fate
      keys[number] = row.key
      if let failure = row.failure { failures[number] = failure }
    }
  }

  /// The values of an instance in the order of its column set, nil for pending ones.
  package mutating func values(of number: Int) -> Result<[Value?], ValueProblem> {
    let instance = plan.instances[number]
    let set = plan.columnSets[Int(instance.columnSet)]
    var values: [Value?] = []
    resolving = Int(instance.operation)
    for (offset, position) in cellRange(of: number).enumerated() {
      switch resolve(cells[position], at: instance.range) {
      case .value(let value):
        let field = plan.entities[set.entity].fields[set.columns[offset]]
        switch field.accepting(value, at: instance.range) {
        case .success(let accepted):
          cells[position] = .value(accepted)
          values.append(accepted)
        case .failure(let problem): return .failure(.failed(problem.diagnostic))
        }
      case .pending: values.append(nil)
      case .dead(let blocker): return .failure(.dead(blocker))
      case .failed(let diagnostic): return .failure(.failed(diagnostic))
      }
    }
    return .success(values)
  }
}
