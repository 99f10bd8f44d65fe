internal import SowModel

/// Gathers what people are shown of a plan: counts of everything, details of the first rows.
package struct ChangesetView {
  let plan: CheckedPlan
  let snapshot: any Snapshot
  let detail: Detail
  /// How many rows are shown of each operation.
  private let limits: [Int]
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
    /// Rows an operation whose rows are a file, which may have any number of them.
    package var streamed: Int
    /// Rows in all.
    package var total: Int
    package var showsSensitive: Bool

    package init(rows: Int, streamed: Int = .max, total: Int = .max, showsSensitive: Bool) {
      self.rows = rows
      self.streamed = streamed
      self.total = total
      self.showsSensitive = showsSensitive
    }
  }

  init(_ plan: CheckedPlan, _ snapshot: any Snapshot, _ detail: Detail) {
    self.plan = plan
    self.snapshot = snapshot
    self.detail = detail
    left = detail.total
    limits = plan.operations.map {
      $0.stream == nil ? detail.rows : min(detail.rows, detail.streamed)
    }
    changes = plan.operations.map { operation in
      OperationChange(
        name: operation.name, action: operation.action,
        entity: plan.entities[operation.entity].name)
    }
  }

  /// Whether one more row of an operation is shown, which then counts as such.
  mutating func takesRow(of operation: Int) -> Bool {
    guard left > 0, changes[operation].rows.count < limit(of: operation) else { return false }
    left -= 1
    return true
  }

  /// How many rows are shown of an operation; nil stands for one that left the plan.
  func limit(of operation: Int?) -> Int {
    operation.map { limits[$0] } ?? detail.rows
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
      guard takesRow(of: parking.operation) else { continue }
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
