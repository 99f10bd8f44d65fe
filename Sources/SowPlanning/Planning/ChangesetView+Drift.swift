internal import SowModel

extension ChangesetView {
  /// Notes the rows of a decided batch that someone else changed or removed; what the plan says
  /// then is the old value, and what the database holds the new one.
  mutating func addDrift(_ batch: Batch, pass: StreamPass?) throws {
    let drifted = batch.rows.indices.filter { index in
      guard let entry = batch.rows[index].entry else { return false }
      return batch.rows[index].presence.differs(from: entry)
    }
    guard !drifted.isEmpty else { return }
    let changed = drifted.filter { batch.rows[$0].presence != .missing }
    let keys = changed.compactMap { batch.rows[$0].entry?.key }
    let found = try snapshot.rows(of: batch.entity, columns: batch.columns, keys: keys)
    let held = Dictionary(zip(changed, found), uniquingKeysWith: { first, _ in first })
    for index in drifted {
      let row = batch.rows[index]
      guard let entry = row.entry else { continue }
      var fields: [FieldChange] = []
      if row.asked == entry.asked, let values = held[index] ?? nil {
        fields = batch.asked.compactMap { offset in
          let field = batch.entity.fields[batch.columns[offset]]
          let value = batch.values[index * batch.columns.count + offset]
          if field.shows(value, as: values[offset]) { return nil }
          return change(
            of: field, from: value, to: values[offset], label(of: row, offset, field))
        }
      }
      drift.append(
        RowChange(
          kind: row.presence == .missing ? .recreate : .drift,
          address: address(
            operation: plan.operations[row.operation].name, instance: row.address),
          entity: batch.entity.name,
          key: entry.key.text, fields: fields))
    }
  }

  /// Notes rows that no operation asks for any more.
  mutating func addDrift(_ leavers: [Leaver], _ entities: [String]) {
    for (leaver, name) in zip(leavers, entities) where leaver.presence.differs(from: leaver.row) {
      drift.append(
        RowChange(
          kind: leaver.presence == .missing ? .recreate : .drift, address: leaver.address,
          entity: name, key: leaver.row.key.text, fields: []))
    }
  }
}

extension Presence {
  /// Whether the row is not as sow left it.
  fileprivate func differs(from entry: LedgerRow) -> Bool {
    switch self {
    case .missing: true
    case .found(let digest): digest != entry.answered
    }
  }
}
