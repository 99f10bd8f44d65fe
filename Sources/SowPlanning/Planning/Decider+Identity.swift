internal import SowModel

extension Decider {
  /// A primary key that the values write never changes in place. A part that is only known after
  /// the apply is that of a new row, so it is another one.
  func checkKey(of index: Int, in batch: inout Batch, _ key: RowKey) {
    for (part, field) in batch.entity.primaryKey.enumerated() {
      guard let offset = batch.columns.firstIndex(of: field), key.values.indices.contains(part)
      else { continue }
      let place = index * batch.columns.count + offset
      let isSame =
        !batch.pending.contains(place) && batch.values[place].isSameKey(as: key.values[part])
      if !isSame {
        replace(
          index, in: &batch, orFail: .keyChanged,
          ["field": batch.entity.fields[field].name, "old": key.text])
      }
    }
  }

  /// What may not change in place is deleted and inserted anew where the plan says so, and where
  /// the row is one that sow created.
  private func replace(
    _ index: Int, in batch: inout Batch, orFail code: DiagnosticCode, _ facts: Facts
  ) {
    let row = batch.rows[index]
    let replaces = plan.operations[row.operation].replaces
    if replaces, row.entry?.origin == .created, !row.fate.isDead {
      batch.rows[index].fate = .replace
      return
    }
    let hint: Diagnostic.Hint =
      replaces
      ? .text(
        "the row was there before the plan, and only rows that sow created are replaced",
        vi: "bản ghi đã có trước kế hoạch, mà chỉ bản ghi do sow tạo mới được thay thế")
      : .text(
        "lifecycle: { replace: true } deletes the row and inserts it anew",
        vi: "lifecycle: { replace: true } xóa bản ghi rồi chèn lại từ đầu")
    batch.rows[index].end(.failed, Diagnostic(code, facts, at: row.range, hint: hint))
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
        let address = RowAddress(
          operation: plan.operations[batch.rows[index].operation].name,
          instance: batch.rows[index].address)
        if taken.contains(address) { continue }
        fail(
          index, in: &batch, .uncertainIdentity,
          ["table": batch.entity.table.name, "key": batch.rows[index].key?.text ?? ""],
          hint: .waysOut(of: address))
      }
    }
  }

  /// An `immutable` or generated field keeps the value that the database has.
  func checkImmutable(_ batch: inout Batch) throws {
    let missing = snapshot.missingColumns(of: batch.entity)
    let offsets = batch.asked.filter {
      let field = batch.entity.fields[batch.columns[$0]]
      return (field.isImmutable || field.generation == .uuid)
        && !batch.entity.primaryKey.contains(batch.columns[$0])
        && !missing.contains(batch.columns[$0])
    }
    guard !offsets.isEmpty else { return }
    let width = batch.columns.count
    for offset in offsets {
      let facts: Facts = [
        "field": batch.entity.fields[batch.columns[offset]].name, "entity": batch.entity.name,
      ]
      var rows: [Int] = []
      for index in batch.rows.indices where batch.rows[index].fate.isInPlace {
        if batch.pending.contains(index * width + offset) {
          replace(index, in: &batch, orFail: .immutableField, facts)
        } else {
          rows.append(index)
        }
      }
      let matches = try matchKeys(of: rows, columns: [offset], in: batch)
      for (index, match) in zip(rows, matches) where match?.isEqual == false {
        replace(index, in: &batch, orFail: .immutableField, facts)
      }
    }
  }
}

extension Diagnostic.Hint {
  /// What can be done about a row that may be a stranger.
  static func waysOut(of address: RowAddress) -> Self {
    .text(
      "if it is ours, add --take '\(address.text)'; if not, sow ledger rm '\(address.text)'",
      vi:
        "nếu nó là của chúng ta, hãy thêm --take '\(address.text)'; nếu không, sow ledger rm '\(address.text)'"
    )
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
