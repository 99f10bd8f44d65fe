internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Applier {
  /// Writes the rows of a batch by their fates, then their ledger rows.
  mutating func write(_ batch: inout Batch) throws {
    for index in batch.rows.indices
    where batch.rows[index].hasPending && !batch.rows[index].fate.isDead {
      preconditionFailure("every reference is resolved before its row is written")
    }
    // What failed before the first row was written stops the set as a whole.
    if stopsAtFailure, let first = batch.rows.firstIndex(where: { $0.fate == .failed }) {
      for index in batch.rows.indices[(first + 1)...] where !batch.rows[index].fate.isDead {
        batch.rows[index].fate = .undecided
      }
    }
    try insert(&batch)
    try update(&batch)
    try record(batch)
  }

  private mutating func insert(_ batch: inout Batch) throws {
    let rows = batch.rows.indices.filter {
      batch.rows[$0].fate == .create || batch.rows[$0].fate == .recreate
    }
    guard !rows.isEmpty else { return }
    let entity = batch.entity
    let generated = entity.generatedKey.flatMap { batch.columns.contains($0) ? nil : $0 }
    try drawKeys(for: rows, generated, in: &batch)
    let defaulted = entity.defaulted(beside: batch.columns).filter { $0 != generated }
    let defaults = defaulted.map { entity.fields[$0].defaultValue ?? .null }
    var set = RowSet(
      table: entity.table, columns: (generated.map { [$0] } ?? []) + batch.columns + defaulted)
    set.reserve(rows.count)
    for index in rows {
      let key = generated == nil ? [] : batch.rows[index].key?.values ?? []
      set.append(key, batch.values(of: index), defaults)
    }
    let failures = try database.insert(set, stopsAtFailure: stopsAtFailure)
    note(failures, of: rows, in: &batch)
    if stopsAtFailure, !failures.isEmpty {
      for index in batch.rows.indices
      where batch.rows[index].fate == .update || batch.rows[index].fate == .drift {
        batch.rows[index].fate = .undecided
      }
    }
    for (position, index) in rows.enumerated() where batch.rows[index].fate.isWritten {
      progress.rows.created += 1
      if generated == nil { batch.rows[index].key = key(of: set[position], set, entity) }
    }
    hasOpenChanges = hasOpenChanges || failures.count < rows.count
  }

  /// Numbers or UUIDs for new rows; a row that comes again keeps the key that others refer to.
  private func drawKeys(for rows: [Int], _ generated: Int?, in batch: inout Batch) throws {
    guard let generated else { return }
    let new = rows.filter { batch.rows[$0].key == nil }
    if batch.entity.fields[generated].generation == .uuid {
      for index in new { batch.rows[index].key = .text(randomUUID()) }
    } else if !new.isEmpty {
      let first = try database.reserveKeys(of: batch.entity.table, count: new.count)
      for (offset, index) in new.enumerated() {
        batch.rows[index].key = .integer(first + Int64(offset))
      }
    }
  }

  private func key(of row: ArraySlice<Value>, _ set: RowSet, _ entity: Entity) -> RowKey? {
    let values = entity.primaryKey.compactMap { part in
      set.columns.firstIndex(of: part).map { row[row.startIndex + $0] }
    }
    return values.count == entity.primaryKey.count ? RowKey(values) : nil
  }

  private mutating func update(_ batch: inout Batch) throws {
    let rows = batch.rows.indices.filter {
      batch.rows[$0].fate == .update || batch.rows[$0].fate == .drift
    }
    let offsets = batch.columns.indices.filter {
      !batch.entity.primaryKey.contains(batch.columns[$0])
    }
    guard !rows.isEmpty, !offsets.isEmpty else { return }
    var set = RowSet(table: batch.entity.table, columns: offsets.map { batch.columns[$0] })
    set.reserve(rows.count)
    var keys: [RowKey] = []
    keys.reserveCapacity(rows.count)
    for index in rows {
      let values = batch.values(of: index)
      guard let key = batch.rows[index].key else { preconditionFailure("an update has a key") }
      keys.append(key)
      set.append(offsets.map { values[values.startIndex + $0] })
    }
    let failures = try database.update(set, keys: keys, stopsAtFailure: stopsAtFailure)
    note(failures, of: rows, in: &batch)
    let count = rows.count { batch.rows[$0].fate.isWritten }
    progress.rows.updated += count
    hasOpenChanges = hasOpenChanges || count > 0
  }

  /// Rows that the database refused; with `stop` nothing after the first one was tried.
  private func note(_ failures: [RowError], of rows: [Int], in batch: inout Batch) {
    for failure in failures {
      let index = rows[failure.row]
      batch.rows[index].end(.failed, Diagnostic(failure.error, at: batch.rows[index].range))
    }
    guard stopsAtFailure, let last = failures.last else { return }
    for index in rows[(last.row + 1)...] { batch.rows[index].fate = .undecided }
  }

  private mutating func record(_ batch: Batch) throws {
    guard let serial else { return }
    var encoder = RowEncoder()
    var rows: [LedgerRow] = []
    var shape: Int?
    for (index, row) in batch.rows.enumerated() {
      let origin: LedgerRow.Origin
      switch row.fate {
      case .create, .recreate: origin = row.entry?.origin ?? .created
      case .update, .drift, .adopt: origin = row.entry?.origin ?? .adopted
      default: continue
      }
      guard let key = row.key else { continue }
      encoder.reset()
      for value in batch.values(of: index) { encoder.append(value) }
      let number = try shape ?? shapeNumber(batch.shape)
      shape = number
      rows.append(
        LedgerRow(
          operation: checked.operations[row.operation].name, instance: row.address, shape: number,
          key: key, asked: digester.digest(encoder), answered: nil, origin: origin))
    }
    guard !rows.isEmpty else { return }
    var last = -1
    for row in batch.rows where row.operation != last {
      last = row.operation
      try rememberPolicy(of: last)
    }
    try database.record(rows, of: owner, serial: serial)
    hasOpenChanges = true
  }
}

extension Fate {
  /// Whether a row of this fate is in the database once its batch was carried out.
  fileprivate var isWritten: Bool {
    switch self {
    case .create, .recreate, .update, .drift: true
    case .undecided, .adopt, .unchanged, .query, .failed, .skipped: false
    }
  }
}
