internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Applier {
  /// Keeps the written rows of a batch as the database holds them now.
  mutating func collect(_ batch: Batch) throws {
    let rows = batch.rows.filter { $0.key != nil && $0.instance != nil && $0.fate.isDone }
    let fields = Array(batch.entity.fields.indices)
    let found = try database.rows(
      of: batch.entity.table, columns: fields, keys: rows.compactMap(\.key))
    for (row, values) in zip(rows, found) {
      guard let values, let instance = row.instance else { continue }
      written[instance] = resultRow(
        values, fields, batch.entity, labels: labels(of: instance, batch.columns))
    }
  }

  /// What stands for values that came from a sensitive place, by field.
  private func labels(of instance: Int, _ columns: [Int]) -> [Int: String] {
    guard !checked.labels.isEmpty else { return [:] }
    let first = checked.instances[instance].firstCell
    var labels: [Int: String] = [:]
    for (offset, field) in columns.enumerated() {
      if let label = checked.labels[first + Int32(offset)] { labels[field] = label }
    }
    return labels
  }

  /// The natural key of a row that was not written.
  func naturalKey(of number: Int, _ operation: CheckedOperation) -> ResultRow? {
    let instance = checked.instances[number]
    let columns = checked.columnSets[Int(instance.columnSet)].columns
    return naturalKey(of: operation, columns, labels(of: number, columns)) { offset in
      guard case .value(let value) = checked.cells[Int(instance.firstCell) + offset] else {
        return nil
      }
      return value
    }
  }

  /// The same of a row of a stream.
  func naturalKey(of index: Int, in batch: Batch, _ operation: Int) -> ResultRow? {
    let operation = checked.operations[operation]
    var labels: [Int: String] = [:]
    for (field, label) in zip(batch.columns, operation.stream?.labels ?? []) {
      labels[field] = label
    }
    let first = index * batch.columns.count
    return naturalKey(of: operation, batch.columns, labels) { offset in
      batch.pending.contains(first + offset) ? nil : batch.values[first + offset]
    }
  }

  /// Nil where a part of the key is null or not known.
  private func naturalKey(
    of operation: CheckedOperation, _ columns: [Int], _ labels: [Int: String],
    value: (_ offset: Int) -> Value?
  ) -> ResultRow? {
    let values = operation.naturalKey.compactMap { field in
      columns.firstIndex(of: field).flatMap(value).flatMap { $0.isNull ? nil : $0 }
    }
    guard !values.isEmpty, values.count == operation.naturalKey.count else { return nil }
    return resultRow(
      values, operation.naturalKey, checked.entities[operation.entity], labels: labels)
  }

  func resultRow(
    _ values: [Value], _ fields: [Int], _ entity: Entity, labels: [Int: String] = [:]
  ) -> ResultRow {
    ResultRow(
      zip(fields, values).map { position, value in
        let field = entity.fields[position]
        guard !showsSensitive, !value.isNull, let label = field.label ?? labels[position] else {
          return ResultRow.Field(field.name, .value(value))
        }
        return ResultRow.Field(field.name, .masked(label: label))
      })
  }

  func keyRow(_ key: RowKey, _ entity: Entity, labels: [Int: String] = [:]) -> ResultRow {
    resultRow(key.values, entity.primaryKey, entity, labels: labels)
  }
}

extension Fate {
  /// Whether there is a row to show.
  fileprivate var isDone: Bool { !isDead && self != .undecided }
}
