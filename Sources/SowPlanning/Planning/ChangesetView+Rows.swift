internal import SowModel

/// How rows are shown that were decided: one line each, field by field.
extension ChangesetView {
  /// Adds decided rows; those of a file with the pass that they come from.
  mutating func add(_ batch: Batch, _ state: RunState, _ pass: StreamPass? = nil) throws {
    var shown: [Int] = []
    for (index, row) in batch.rows.enumerated() where row.fate != .undecided {
      guard let kind = row.fate.kind(isOwned: row.entry != nil) else {
        changes[row.operation].counts.unchanged += 1
        continue
      }
      changes[row.operation].counts.count(kind)
      changes[row.operation].differing += 1
      if takesRow(of: row.operation) {
        shown.append(index)
        changes[row.operation].rows.append(
          RowChange(
            kind: kind,
            address: address(
              operation: plan.operations[row.operation].name, instance: row.address),
            entity: batch.entity.name, key: keyText(row), fields: [],
            obstacle: row.fate == .idle ? row.failure?.sentence : nil))
        if hidesKey(row.address) {
          let last = changes[row.operation].rows.count - 1
          changes[row.operation].rows[last].place = RowChange.Place(row.range)
        }
      }
    }
    try fillFields(of: shown, batch, state, pass)
  }

  /// Adds the second step of rows that were inserted with null where cells are delayed.
  mutating func add(completed batch: Batch, _ state: RunState) throws {
    for (index, row) in batch.rows.enumerated() where !row.fate.isDead {
      guard let instance = row.instance, let offsets = plan.delayed[Int32(instance)] else {
        continue
      }
      changes[row.operation].counts.update += 1
      changes[row.operation].differing += 1
      guard takesRow(of: row.operation) else { continue }
      let fields = offsets.map { offset in
        let field = batch.entity.fields[batch.columns[offset]]
        let position = index * batch.columns.count + offset
        let value = batch.pending.contains(position) ? nil : batch.values[position]
        let label = label(of: row, offset, field)
        return FieldChange(
          field: field.name, old: shown(.null, label),
          new: shown(value, label, plan.cells[state.cellRange(of: instance).lowerBound + offset]))
      }
      changes[row.operation].rows.append(
        RowChange(
          kind: .update,
          address: address(
            operation: plan.operations[row.operation].name, instance: row.address),
          entity: batch.entity.name, key: nil, fields: fields))
    }
  }

  /// A stream that is not carried out at all: one line for its `count` rows.
  mutating func add(_ obstacle: Obstacle, of count: Int, in operation: Int) {
    if obstacle.fate == .failed {
      changes[operation].counts.failed += count
    } else {
      changes[operation].counts.skipped += count
    }
    changes[operation].differing += 1
    guard left > 0, detail.rows > 0 else { return }
    left -= 1
    changes[operation].rows.append(
      RowChange(
        kind: obstacle.fate == .failed ? .failed : .skipped,
        address: plan.operations[operation].name, entity: changes[operation].entity, key: nil,
        fields: [], obstacle: obstacle.fate == .idle ? obstacle.diagnostic.sentence : nil))
  }

  private func keyText(_ row: BatchRow) -> String? {
    guard row.fate != .recreate else { return nil }
    return (row.fate == .replace ? row.entry?.key : row.key)?.text
  }

  private mutating func fillFields(
    of shown: [Int], _ batch: Batch, _ state: RunState, _ pass: StreamPass?
  ) throws {
    let existing = shown.filter {
      batch.rows[$0].fate.isInPlace || batch.rows[$0].fate == .replace
    }
    var old: [Int: [Value]] = [:]
    if !existing.isEmpty {
      let keys = existing.compactMap { batch.rows[$0].key ?? batch.rows[$0].entry?.key }
      let rows = try snapshot.rows(
        of: batch.entity, columns: batch.columns + batch.entity.changedAlong, keys: keys)
      for (index, values) in zip(existing, rows) { old[index] = values }
    }
    var positions: [Int: Int] = [:]
    for index in shown.reversed() {
      let operation = batch.rows[index].operation
      let position = positions[operation] ?? changes[operation].rows.count - 1
      positions[operation] = position - 1
      changes[operation].rows[position].fields = fields(
        of: index, batch, old[index], state, pass)
    }
  }

  private func fields(
    of index: Int, _ batch: Batch, _ old: [Value]?, _ state: RunState, _ pass: StreamPass?
  ) -> [FieldChange] {
    let row = batch.rows[index]
    guard row.fate != .adopt, !row.fate.isDead else { return [] }
    let isPatch = row.fate == .update || row.fate == .drift
    let fields = (isPatch ? batch.asked : Array(batch.columns.indices)).compactMap {
      offset -> FieldChange? in
      let field = batch.entity.fields[batch.columns[offset]]
      let position = index * batch.columns.count + offset
      let isDelayed =
        row.fate.isStarted
        && row.instance.flatMap { plan.delayed[Int32($0)] }?.contains(offset) ?? false
      if isDelayed { return FieldChange(field: field.name, old: nil, new: .value(.null)) }
      let value = batch.pending.contains(position) ? nil : batch.values[position]
      if let old, let value, field.shows(old[offset], as: value) { return nil }
      let label = label(of: row, offset, field)
      let cell =
        row.instance.map { plan.cells[Int(plan.instances[$0].firstCell) + offset] }
        ?? pass?.cell(row: index, offset: offset)
      return change(
        of: field, from: old?[offset], to: value, label, cell,
        written: cell.map { cell in
          row.instance.map { list(cell, of: $0, state) }
            ?? WrittenList(
              cells: pass?.list(row: index, offset: offset), state: state, range: row.range)
        })
    }
    guard row.fate.isInPlace, let old else { return fields }
    return fields
      + changesAlong(
        batch.entity, old[batch.columns.count...], isRevived: row.fate == .revive)
  }

  /// What a change of a row changes along: its version where that is counted, and the mark of a
  /// deleted row that comes back. `old` are the values of `changedAlong`.
  func changesAlong(
    _ entity: Entity, _ old: some Sequence<Value>, isRevived: Bool
  ) -> [FieldChange] {
    zip(entity.changedAlong, old).compactMap { position, value in
      let new: Value
      if position == entity.managed?.softDelete {
        guard isRevived else { return nil }
        new = entity.deletedMark(false, now: .null)
      } else {
        new = entity.nextVersion(value, now: .null)
      }
      let field = entity.fields[position]
      let label = detail.showsSensitive ? nil : field.label
      return FieldChange(field: field.name, old: shown(value, label), new: shown(new, label))
    }
  }

  func label(of row: BatchRow, _ offset: Int, _ field: Entity.Field) -> String? {
    if detail.showsSensitive { return nil }
    if let label = field.label { return label }
    if let instance = row.instance {
      return plan.labels[plan.instances[instance].firstCell + Int32(offset)]
    }
    return plan.operations[row.operation].stream?.labels[offset]
  }

  func shown(_ value: Value, _ label: String?) -> FieldChange.Shown {
    label.map { .masked(label: $0) } ?? .value(value)
  }

  func shown(_ value: Value?, _ label: String?, _ cell: Cell?) -> FieldChange.Shown {
    if let label { return .masked(label: label) }
    if let link = cell.flatMap(linkText) { return .reference(link, value) }
    return value.map { .value($0) } ?? .pending
  }

  /// The reference that a cell was written as.
  private func linkText(of cell: Cell) -> String? {
    switch cell {
    case .reference(let instance, let field):
      let target = plan.instances[Int(instance)]
      let operation = plan.operations[Int(target.operation)]
      return address(operation: operation.name, instance: target.key) + "."
        + plan.entities[operation.entity].fields[Int(field)].name
    case .streamed(let operation, let instance, let field):
      let target = plan.operations[Int(operation)]
      return address(operation: target.name, instance: instance) + "."
        + plan.entities[target.entity].fields[Int(field)].name
    case .value, .computed: return nil
    }
  }
}

extension Fate {
  /// How the fate is shown, nil for what stays as it is.
  fileprivate func kind(isOwned: Bool) -> RowChange.Kind? {
    switch self {
    case .create: .create
    case .update, .revive: .update
    case .drift: .drift
    case .recreate: .recreate
    case .replace: .replace
    case .adopt: isOwned ? .note : .adopt
    case .failed: .failed
    case .skipped, .idle: .skipped
    case .undecided, .unchanged, .query: nil
    }
  }
}

extension Value {
  /// Whether two values look the same, so that showing old → new would say nothing.
  func isShownAs(_ other: Value) -> Bool {
    // Swift takes texts of other bytes for equal where Unicode does; the database does not.
    if case (.text(let left), .text(let right)) = (self, other) {
      return left.utf8.elementsEqual(right.utf8)
    }
    if self == other { return true }
    switch (self, other) {
    case (.decimal(let left), .integer(let right)): return left == ExactDecimal(right)
    case (.integer(let left), .decimal(let right)): return ExactDecimal(left) == right
    default: return false
    }
  }
}
