internal import SowModel
internal import SowSchema

extension Decider {
  /// Holds what a query matched against what the plan expects of it.
  func judge(
    _ number: Int, _ operation: CheckedOperation, _ entity: Entity, _ query: CheckedQuery,
    _ conditions: [ResolvedCondition], _ values: [Value?], _ result: inout QueryResult,
    _ state: inout RunState
  ) throws {
    let range = plan.instances[number].range
    let count = result.keys.count + result.pending.count
    let done = doneDigest(operation, conditions, values)
    result.done = done
    if operation.action == .read {
      return judgeRead(number, operation, query, count, result, &state)
    }
    let satisfied =
      operation.expectsEveryID ? result.missing.isEmpty : operation.expect.accepts(count)
    guard satisfied else {
      if count == 0, policies[operation.name]?.done == done {
        state.fates[number] = .unchanged
      } else if let missing = result.missing.first, operation.expectsEveryID {
        state.fail(
          number,
          Diagnostic(.rowNotFound, ["entity": entity.name, "key": missing.text], at: range))
      } else if count == 0 {
        state.fail(number, Diagnostic(.nothingModified, at: range))
      } else {
        state.fail(
          number,
          Diagnostic(
            .unexpectedCount, ["expected": operation.expect.text, "count": String(count)],
            at: range))
      }
      return
    }
    if operation.action == .delete {
      try refuseOwned(result.keys, operation, entity, number, &state)
    } else {
      validateMerged(number, operation, entity, values, result, &state)
    }
    if state.fates[number].isDead { return }
    let writes = result.changes.contains(true) || !result.pending.isEmpty
    state.fates[number] = writes ? .query : .unchanged
  }

  private func judgeRead(
    _ number: Int, _ operation: CheckedOperation, _ query: CheckedQuery, _ count: Int,
    _ result: QueryResult, _ state: inout RunState
  ) {
    guard operation.expect.accepts(count) else {
      state.fail(
        number,
        Diagnostic(
          .unexpectedCount, ["expected": operation.expect.text, "count": String(count)],
          at: plan.instances[number].range))
      return
    }
    state.fates[number] = .query
  }

  /// A digest of what an `update` or `delete` does, so that it is known again once done.
  func doneDigest(
    _ operation: CheckedOperation, _ conditions: [ResolvedCondition], _ values: [Value?]
  ) -> RowDigest {
    var encoder = RowEncoder()
    encoder.append(.text(operation.action.rawValue))
    for condition in conditions {
      encoder.append(.integer(Int64(condition.column)))
      encoder.append(.text(condition.comparison.rawValue))
      encoder.append(.list(condition.operands))
    }
    for value in values { encoder.append(value ?? .null) }
    return digester.digest(encoder)
  }

  /// Rows that some plan owns are deleted by taking their operation out of that plan.
  private func refuseOwned(
    _ keys: [RowKey], _ operation: CheckedOperation, _ entity: Entity, _ number: Int,
    _ state: inout RunState
  ) throws {
    guard hasLedger, entity.isLive, !keys.isEmpty else { return }
    for ownedBy in try snapshot.owners(of: keys, in: entity.table) {
      guard let ownedBy else { continue }
      let other = address(operation: ownedBy.operation, instance: ownedBy.instance)
      state.fail(
        number,
        Diagnostic(
          .ownedElsewhere,
          ["entity": entity.name, "plan": ownedBy.owner.plan, "address": other],
          at: plan.instances[number].range))
      return
    }
  }

  /// The merged row is what must be valid, not the patch alone.
  private func validateMerged(
    _ number: Int, _ operation: CheckedOperation, _ entity: Entity, _ values: [Value?],
    _ result: QueryResult, _ state: inout RunState
  ) {
    guard entity.schema != nil, result.changes.contains(true) else { return }
    let set = plan.columnSets[Int(plan.instances[number].columnSet)]
    var validation = RowValidation(entity, columns: Array(entity.fields.indices), isWhole: true)
    for (row, changes) in zip(result.rows, result.changes) where changes {
      var merged: [Value?] = row
      for (field, value) in zip(set.columns, values) { merged[field] = value }
      let touched = Set(set.columns.map { entity.fields[$0].name })
      let violation = validation.violations(merged).first { violation in
        violation.field.map(touched.contains) ?? true || violation.code.id == "schema-required"
      }
      if let violation {
        state.fail(
          number,
          Diagnostic(
            violation, at: plan.instances[number].range, text: nil, isSensitive: true))
        return
      }
    }
  }
}
