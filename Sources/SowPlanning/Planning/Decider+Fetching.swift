internal import SowModel

extension Decider {
  /// Fetches the fields that references want of rows and that only the database knows.
  ///
  /// Before rows are written, what a write may change is left open.
  package func fetch(
    for batch: Batch, into state: inout RunState, areWritten: Bool
  ) throws {
    var byOperation: [Int: [Int]] = [:]
    for (index, row) in batch.rows.enumerated() where row.key != nil && !row.fate.isDead {
      if !plan.operations[row.operation].fetched.isEmpty {
        byOperation[row.operation, default: []].append(index)
      }
    }
    for (operation, rows) in byOperation.sorted(by: { $0.key < $1.key }) {
      let fields = plan.operations[operation].fetched.filter { !batch.columns.contains($0) }
      guard !fields.isEmpty else { continue }
      let known = areWritten ? rows : rows.filter { batch.rows[$0].fate.isThere }
      let found = try snapshot.rows(
        of: batch.entity, columns: fields, keys: known.compactMap { batch.rows[$0].key })
      for (index, values) in zip(known, found) {
        guard let values else { continue }
        let row = batch.rows[index]
        let mayChange = !areWritten && (row.fate == .update || row.fate == .drift)
        for (field, value) in zip(fields, values)
        where !(mayChange && batch.entity.changesByItself(field)) {
          state.keep(value, of: field, row)
        }
      }
    }
  }
}

extension Fate {
  /// Whether the row is in the database before the run.
  fileprivate var isThere: Bool {
    switch self {
    case .update, .drift, .adopt, .unchanged: true
    case .undecided, .create, .recreate, .query, .failed, .skipped: false
    }
  }
}

extension Entity {
  /// Whether a write of other fields may change the field.
  fileprivate func changesByItself(_ field: Int) -> Bool {
    table.hasTriggers || fields[field].generation == .computed
  }
}

extension RunState {
  fileprivate mutating func keep(_ value: Value, of field: Int, _ row: BatchRow) {
    if let instance = row.instance {
      fetched[.init(instance: Int32(instance), field: Int32(field))] = value
    } else if let position = plan.operations[row.operation].fetched.firstIndex(of: field) {
      streamed[row.operation]?[row.address]?.values[position] = value
    }
  }
}
