internal import SowModel

extension ChangesetView {
  mutating func add(query number: Int, _ state: RunState) {
    let instance = plan.instances[number]
    let index = Int(instance.operation)
    let operation = plan.operations[index]
    let entity = plan.entities[operation.entity]
    let address = address(operation: operation.name, instance: instance.key)
    guard !state.fates[number].isDead else {
      guard state.fates[number] == .idle else {
        changes[index].counts.count(state.fates[number] == .failed ? .failed : .skipped)
        return
      }
      return add(
        RowChange(
          kind: .skipped, address: address, entity: entity.name, key: nil, fields: [],
          obstacle: state.failures[number]?.sentence), to: index)
    }
    guard operation.action != .read, let result = state.results[number] else { return }
    changes[index].counts.unchanged += result.changes.count { !$0 }
    let kind: RowChange.Kind = operation.action == .delete ? .delete : .update
    let query = operation.queries[number - operation.instances.lowerBound]
    let hidesKeys = query.keyLabel != nil && !detail.showsSensitive
    for (position, changes) in result.changes.enumerated() where changes {
      add(
        RowChange(
          kind: kind, address: address, entity: entity.name,
          key: hidesKeys ? nil : result.keys[position].text,
          fields: kind == .delete ? [] : fields(of: number, entity, result.rows[position], state)),
        to: index)
    }
    for _ in result.pending {
      add(
        RowChange(
          kind: kind, address: address, entity: entity.name, key: nil,
          fields: kind == .delete ? [] : fields(of: number, entity, nil, state)), to: index)
    }
  }

  private mutating func add(_ change: RowChange, to operation: Int) {
    changes[operation].counts.count(change.kind)
    changes[operation].differing += 1
    guard left > 0, changes[operation].rows.count < detail.rows else { return }
    left -= 1
    changes[operation].rows.append(change)
  }

  private func fields(
    of number: Int, _ entity: Entity, _ old: [Value]?, _ state: RunState
  ) -> [FieldChange] {
    let columns = plan.columnSets[Int(plan.instances[number].columnSet)].columns
    let fields = zip(columns, state.cellRange(of: number)).compactMap {
      column, cell -> FieldChange? in
      let field = entity.fields[column]
      let label = detail.showsSensitive ? nil : field.label ?? plan.labels[Int32(cell)]
      var value: Value?
      if case .value(let known) = state.cells[cell] { value = known }
      if let old, let value, field.shows(old[column], as: value) { return nil }
      return change(
        of: field, from: old?[column], to: value, label, plan.cells[cell],
        written: list(plan.cells[cell], of: number, state))
    }
    guard let old else { return fields }
    return fields + changesAlong(entity, entity.changedAlong.map { old[$0] }, isRevived: false)
  }
}
