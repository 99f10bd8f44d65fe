internal import SowModel

/// Gathers what people are shown of a plan: counts of everything, details of the first rows.
package struct ChangesetView {
  let plan: CheckedPlan
  let snapshot: any Snapshot
  let detail: Detail
  var changes: [OperationChange]
  private var renames: [Rename] = []
  /// Rows of the plan's former names that keep their addresses.
  private var renamed = 0
  /// Rows that may still be shown.
  var left: Int
  var removals: [OperationRemoval] = []
  var cascades: [Cascade] = []
  /// Rows that someone else changed or removed, where that was asked for.
  var drift: [RowChange] = []

  package struct Detail: Sendable {
    /// Rows an operation.
    package var rows: Int
    /// Rows in all.
    package var total: Int
    package var showsSensitive: Bool

    package init(rows: Int, total: Int = .max, showsSensitive: Bool) {
      self.rows = rows
      self.total = total
      self.showsSensitive = showsSensitive
    }
  }

  init(_ plan: CheckedPlan, _ snapshot: any Snapshot, _ detail: Detail) {
    self.plan = plan
    self.snapshot = snapshot
    self.detail = detail
    left = detail.total
    changes = plan.operations.map { operation in
      OperationChange(
        name: operation.name, action: operation.action,
        entity: plan.entities[operation.entity].name)
    }
  }

  func finish(makesTables: Bool) -> Changeset {
    var changeset = Changeset(plan: plan.name)
    changeset.operations = changes
    changeset.removals = removals
    changeset.cascades = cascades
    changeset.renames = renames
    changeset.counts.renamed += renamed
    for change in changes { changeset.counts += change.counts }
    for removal in removals { changeset.counts += removal.counts }
    guard makesTables else { return changeset }
    for entity in plan.entities {
      if entity.isLive {
        changeset.createdTables += entity.newColumns.map {
          entity.table.name + "." + entity.fields[$0].name
        }
      } else {
        changeset.createdTables.append(entity.table.name)
      }
    }
    for link in plan.entities.flatMap(\.newLinkTables)
    where !changeset.createdTables.contains(link.table.name) {
      changeset.createdTables.append(link.table.name)
    }
    return changeset
  }

  /// One line for each row that gives a unique value up before it gets its new one.
  mutating func add(parkings: [Parking]) throws {
    for parking in parkings {
      let entity = plan.entities[plan.operations[parking.operation].entity]
      changes[parking.operation].counts.update += 1
      changes[parking.operation].differing += 1
      guard left > 0, changes[parking.operation].rows.count < detail.rows else { continue }
      left -= 1
      let old = try snapshot.rows(of: entity, columns: parking.columns, keys: [parking.key])[0]
      let fields = parking.columns.enumerated().map { position, column in
        let field = entity.fields[column]
        let label = detail.showsSensitive ? nil : field.label
        return FieldChange(
          field: field.name, old: old.map { shown($0[position], label) }, new: shown(.null, label))
      }
      changes[parking.operation].rows.append(
        RowChange(
          kind: .update,
          address: address(
            operation: plan.operations[parking.operation].name, instance: parking.address),
          entity: entity.name, key: parking.key.text, fields: fields))
    }
  }

  /// One line for each address that was another one, and one for each former name of the plan.
  mutating func add(_ moves: LedgerMoves, _ entries: LedgerEntries) {
    var ofPlans: [Owner: Int] = [:]
    for (move, count) in zip(moves.all, moves.counts) {
      if move.from.owner != move.to.owner, move.from.operation == move.to.operation,
        move.from.instance == move.to.instance
      {
        ofPlans[move.from.owner, default: 0] += count
        renamed += max(1, count)
        continue
      }
      let number = plan.operationNames[move.to.operation]
      if let number { changes[number].counts.renamed += max(1, count) }
      let instance =
        count == 1 ? plan.instance(operation: move.to.operation, key: move.to.instance) : nil
      renames.append(
        Rename(
          address: address(operation: move.to.operation, instance: move.to.instance),
          was: address(operation: move.from.operation, instance: move.from.instance),
          entity: number.map { changes[$0].entity },
          key: instance.flatMap { entries.rows[$0]?.key.text }, rows: count))
    }
    for former in moves.plans {
      guard let count = ofPlans[former] else { continue }
      renames.append(
        Rename(address: plan.name, was: former.plan, entity: nil, key: nil, rows: count))
    }
  }

  // MARK: Rows

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
      if left > 0, changes[row.operation].rows.count < detail.rows {
        left -= 1
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
      guard left > 0, changes[row.operation].rows.count < detail.rows else { continue }
      left -= 1
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

extension Changeset.Counts {
  mutating func count(_ kind: RowChange.Kind) {
    switch kind {
    case .create, .recreate: create += 1
    case .replace:
      create += 1
      delete += 1
    case .update, .drift: update += 1
    case .delete: delete += 1
    case .forget, .lost: forget += 1
    case .adopt, .note, .policy: ledgerOnly += 1
    case .failed: failed += 1
    case .skipped: skipped += 1
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
