internal import SowModel

extension Decider {
  /// A primary key that the values write never changes in place.
  func checkKey(of index: Int, in batch: inout Batch, _ key: RowKey) {
    for (part, field) in batch.entity.primaryKey.enumerated() {
      guard let offset = batch.columns.firstIndex(of: field) else { continue }
      let place = index * batch.columns.count + offset
      guard !batch.pending.contains(place), key.values.indices.contains(part) else { continue }
      if !batch.values[place].isSameKey(as: key.values[part]) {
        fail(
          index, in: &batch, .keyChanged,
          ["field": batch.entity.fields[field].name, "old": key.text])
      }
    }
  }

  /// A row that someone changed is set back only where it cannot be a stranger that got a used
  /// number again: its number is never given twice, or its natural key is still the same.
  func checkIdentity(of rows: [Int], in batch: inout Batch) throws {
    guard let key = batch.entity.generatedKey,
      case .key(recycled: true) = batch.entity.fields[key].generation, !batch.columns.contains(key)
    else { return }
    var byKey: [[Int]: [Int]] = [:]
    for index in rows where !batch.rows[index].fate.isDead {
      byKey[plan.operations[batch.rows[index].operation].naturalKey, default: []].append(index)
    }
    for (naturalKey, rows) in byKey {
      let offsets = naturalKey.compactMap { batch.columns.firstIndex(of: $0) }
      let width = batch.columns.count
      let isKnown = !naturalKey.isEmpty && offsets.count == naturalKey.count
      let certain = rows.filter { index in
        isKnown && !offsets.contains { batch.pending.contains(index * width + $0) }
      }
      let matches = try matchKeys(of: certain, columns: offsets, in: batch)
      let same = Set(zip(certain, matches).filter { $0.1?.isEqual == true }.map(\.0))
      for index in rows where !same.contains(index) {
        fail(
          index, in: &batch, .uncertainIdentity,
          ["table": batch.entity.table.name, "key": batch.rows[index].key?.text ?? ""])
      }
    }
  }

  /// An `immutable` field keeps the value that the database has.
  func checkImmutable(_ batch: inout Batch) throws {
    let missing = snapshot.missingColumns(of: batch.entity)
    let offsets = batch.asked.filter {
      batch.entity.fields[batch.columns[$0]].isImmutable && !missing.contains(batch.columns[$0])
    }
    guard !offsets.isEmpty else { return }
    let width = batch.columns.count
    for offset in offsets {
      let rows = batch.rows.indices.filter { index in
        [.update, .drift].contains(batch.rows[index].fate)
          && !batch.pending.contains(index * width + offset)
      }
      let matches = try matchKeys(of: rows, columns: [offset], in: batch)
      for (index, match) in zip(rows, matches) where match?.isEqual == false {
        fail(
          index, in: &batch, .immutableField,
          ["field": batch.entity.fields[batch.columns[offset]].name, "entity": batch.entity.name])
      }
    }
  }
}

extension Value {
  /// Equality of keys: numbers by value, whatever their type.
  func isSameKey(as other: Value) -> Bool {
    if self == other { return true }
    switch (self, other) {
    case (.null, _), (_, .null): return false
    default: return text == other.text
    }
  }
}
