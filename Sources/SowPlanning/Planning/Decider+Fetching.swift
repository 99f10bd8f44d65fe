internal import SowModel

extension Decider {
  /// Fetches the fields that references want of rows and that only the database knows.
  ///
  /// Before rows are written, what a write may change is left open.
  package func fetch(
    for batch: Batch, into state: inout RunState, areWritten: Bool
  ) throws {
    var groups: [Group: [Int]] = [:]
    for (index, row) in batch.rows.enumerated() where row.key != nil && !row.fate.isDead {
      let operation = plan.operations[row.operation]
      if operation.fetched.isEmpty { continue }
      let group = Group(
        operation: row.operation, isThere: row.fate.isThere, isKept: row.isKept(by: operation))
      groups[group, default: []].append(index)
    }
    let asked = batch.asked.map { batch.columns[$0] }
    for (group, rows) in groups.sorted(by: { $0.key.operation < $1.key.operation }) {
      // What the run does not write of a row is as the database has it.
      let written = group.isKept ? [] : group.isThere ? asked : batch.columns
      let fields = plan.operations[group.operation].fetched.filter { !written.contains($0) }
      guard !fields.isEmpty else { continue }
      let known = areWritten || group.isThere ? rows : []
      let found = try snapshot.rows(
        of: batch.entity, columns: fields, keys: known.compactMap { batch.rows[$0].key })
      for (index, values) in zip(known, found) {
        guard let values else { continue }
        let row = batch.rows[index]
        let mayChange = !areWritten && row.fate.isInPlace
        for (field, value) in zip(fields, values)
        where !(mayChange && batch.entity.changesByItself(field)) {
          state.keep(value, of: field, row)
        }
      }
    }
  }
}

/// Rows of which the same fields are wanted.
private struct Group: Hashable {
  let operation: Int
  let isThere: Bool
  let isKept: Bool
}

extension Fate {
  /// Whether the row is in the database before the run.
  fileprivate var isThere: Bool {
    switch self {
    case .update, .drift, .revive, .adopt, .unchanged: true
    case .undecided, .create, .recreate, .replace, .query, .failed, .skipped, .idle: false
    }
  }
}

extension Entity {
  /// Whether a write of other fields may change the field.
  fileprivate func changesByItself(_ field: Int) -> Bool {
    table.hasTriggers || fields[field].generation == .computed || isStampedOnUpdate(field)
      || managed?.softDelete == field
  }
}

extension RunState {
  fileprivate mutating func keep(_ value: Value, of field: Int, _ row: BatchRow) {
    if let instance = row.instance {
      fetched[.init(instance: Int32(instance), field: Int32(field))] = value
    } else if let position = plan.operations[row.operation].fetched.firstIndex(of: field) {
      streamed[row.operation]?[ExactText(row.address)]?.values[position] = value
    }
  }
}
