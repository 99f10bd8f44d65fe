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
    // Before the digests hold the rows, too: these would be copied for their keys.
    try drawKeys(for: batch.inserted, in: &batch)
    let digests = try digests(of: batch)
    try replace(&batch)
    try insert(batch.inserted, in: &batch)
    try update(&batch)
    try record(batch, digests)
  }

  /// Writes the cells that rows of this run were inserted without, because they refer to rows that
  /// came later.
  mutating func complete(_ batch: inout Batch) throws {
    var groups: [[Int]: [Int]] = [:]
    for (index, row) in batch.rows.enumerated() where !row.fate.isDead {
      precondition(!row.hasPending, "every reference is resolved before a row is completed")
      guard let offsets = row.instance.flatMap({ checked.delayed[Int32($0)] }) else { continue }
      groups[offsets, default: []].append(index)
    }
    for (offsets, rows) in groups.sorted(by: { $0.value[0] < $1.value[0] }) {
      // The second half of an insert is no change of the row.
      try update(rows, offsets, in: &batch) { applier, set, keys in
        try applier.database.update(set, keys: keys, stopsAtFailure: applier.stopsAtFailure)
      }
    }
    try record(batch, try digests(of: batch))
  }

  /// Deletes rows that may not change in place and inserts them anew. Others may refer to them
  /// until the commit, when those that the plan owns have followed.
  private mutating func replace(_ batch: inout Batch) throws {
    let rows = batch.rows.indices.filter { batch.rows[$0].fate == .replace }
    guard !rows.isEmpty else { return }
    try database.deferForeignKeys()
    if stopsAtFailure {
      if try remove(rows, of: &batch) { try insert(rows, in: &batch) }
      if rows.contains(where: { batch.rows[$0].fate == .failed }) {
        leave([.create, .recreate, .update, .drift, .revive], of: &batch)
      }
      return
    }
    for index in rows {
      let before = progress.rows
      try database.savepoint()
      if try remove([index], of: &batch) { try insert([index], in: &batch) }
      if batch.rows[index].fate == .replace {
        try database.release()
      } else {
        try database.undo()
        forgetShapes()
        progress.rows = before
      }
    }
  }

  /// After a failure nothing more is tried.
  private func leave(_ fates: Set<Fate>, of batch: inout Batch) {
    for index in batch.rows.indices where fates.contains(batch.rows[index].fate) {
      batch.rows[index].fate = .undecided
    }
  }

  /// Deletes the old rows, with what the ledger says of them; false where the database refused one.
  private mutating func remove(_ rows: [Int], of batch: inout Batch) throws -> Bool {
    let keys = rows.compactMap { batch.rows[$0].entry?.key }
    precondition(keys.count == rows.count, "a row that is replaced is in the ledger")
    let failures = try database.delete(
      keys, from: batch.entity.table, stopsAtFailure: stopsAtFailure)
    note(failures, of: rows, in: &batch)
    guard failures.isEmpty else { return false }
    try database.forget(keys, in: batch.entity.table)
    progress.rows.deleted += keys.count
    hasOpenChanges = true
    return true
  }

  private mutating func insert(_ rows: [Int], in batch: inout Batch) throws {
    try drawKeys(for: rows, in: &batch)
    let generated = batch.drawnKey
    // What has no key by now gets one as it is inserted.
    let counted = generated == nil ? [] : rows.filter { batch.rows[$0].key == nil }
    guard !counted.isEmpty else { return try insert(rows, key: generated, in: &batch) }
    let keyed = rows.filter { batch.rows[$0].key != nil }
    try insert(keyed, key: generated, in: &batch)
    guard stopsAtFailure, keyed.contains(where: { batch.rows[$0].fate == .failed }) else {
      return try insert(counted, key: nil, in: &batch)
    }
    for index in counted { batch.rows[index].fate = .undecided }
  }

  /// Inserts rows that have the `key` that was drawn for them; without one it is written as any
  /// other column, or counted by the database.
  private mutating func insert(_ rows: [Int], key: Int?, in batch: inout Batch) throws {
    guard !rows.isEmpty else { return }
    let entity = batch.entity
    let isCounted = key == nil && entity.generatedKey.map { !batch.columns.contains($0) } ?? false
    let defaulted = entity.defaulted(beside: batch.columns).filter {
      $0 != (isCounted ? entity.generatedKey : key)
    }
    let stamps = stamps(of: entity, beside: batch.columns)
    let filled =
      defaulted.map { entity.fields[$0].defaultValue ?? .null } + stamps.map(\.value)
    var others: [Value] = []
    for index in rows {
      if key != nil, let drawn = batch.rows[index].key { others += drawn.values }
      others += filled
    }
    let set = RowSet(
      table: entity.table,
      columns: batch.columns + (key.map { [$0] } ?? []) + defaulted + stamps.map(\.field),
      count: rows.count, values: batch.values(of: rows), others: others)
    var outcome = CountedRows(keys: [], failures: [])
    if isCounted {
      outcome = try database.insertCounted(set, stopsAtFailure: stopsAtFailure)
    } else {
      outcome.failures = try database.insert(set, stopsAtFailure: stopsAtFailure)
    }
    note(outcome.failures, of: rows, in: &batch)
    if stopsAtFailure, !outcome.failures.isEmpty {
      leave([.update, .drift, .revive], of: &batch)
    }
    for (position, index) in rows.enumerated() where batch.rows[index].fate.isWritten {
      progress.rows.created += 1
      if isCounted {
        batch.rows[index].key = outcome.keys[position].map { .integer($0) }
      } else if key == nil {
        batch.rows[index].key = self.key(of: set[position], set, entity)
      }
    }
    hasOpenChanges = hasOpenChanges || outcome.failures.count < rows.count
  }

  /// Numbers for all new rows of a set that has several batches: drawn between them, they would wait
  /// for what was written before.
  mutating func drawKeys(for members: [Int32], of set: WorkSet) throws {
    let entity = checked.entities[set.entity]
    guard members.count > Batch.size, state.failedOperations.isEmpty, let key = entity.generatedKey,
      entity.fields[key].generation != .uuid,
      !checked.columnSets[set.columnSet].columns.contains(key)
    else { return }
    let new = members.map(Int.init).filter {
      state.fates[$0] == .create && state.keys[$0] == nil
    }
    guard !new.isEmpty,
      let first = try database.reserveKeys(of: entity.table, count: new.count)
    else { return }
    for (offset, member) in new.enumerated() {
      state.keys[member] = .integer(first + Int64(offset))
    }
  }

  /// Numbers or UUIDs for new rows, none where the database alone may count; a row that comes again
  /// keeps the key that others refer to.
  private func drawKeys(for rows: [Int], in batch: inout Batch) throws {
    guard let generated = batch.drawnKey else { return }
    let new = rows.filter { batch.rows[$0].key == nil }
    if batch.entity.fields[generated].generation == .uuid {
      for index in new { batch.rows[index].key = .text(randomUUID()) }
    } else if !new.isEmpty {
      guard let first = try database.reserveKeys(of: batch.entity.table, count: new.count) else {
        return
      }
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
    let entity = batch.entity
    func isSet(_ offset: Int) -> Bool { !entity.primaryKey.contains(batch.columns[offset]) }
    let asked = batch.asked.filter(isSet)
    let all = batch.columns.indices.filter(isSet)
    let changed = batch.rows.indices.filter {
      batch.rows[$0].fate == .update || batch.rows[$0].fate == .drift
    }
    let revived = batch.rows.indices.filter { batch.rows[$0].fate == .revive }
    try update(changed, asked, in: &batch) { applier, set, keys in
      try applier.change(
        set, keys: keys, of: entity, stopsAtFailure: applier.stopsAtFailure)
    }
    if stopsAtFailure, changed.contains(where: { batch.rows[$0].fate == .failed }) {
      return leave([.revive], of: &batch)
    }
    try update(revived, all, in: &batch) { applier, set, keys in
      try applier.change(
        set, keys: keys, of: entity, isRevived: true, stopsAtFailure: applier.stopsAtFailure)
    }
  }

  private mutating func update(
    _ rows: [Int], _ offsets: [Int], in batch: inout Batch,
    by write: (Applier, RowSet, [RowKey]) throws -> [RowError]
  ) throws {
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
    let failures = try write(self, set, keys)
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
}

extension Fate {
  /// Whether a row of this fate is in the database once its batch was carried out.
  fileprivate var isWritten: Bool {
    switch self {
    case .create, .recreate, .replace, .update, .drift, .revive: true
    case .undecided, .adopt, .unchanged, .query, .failed, .skipped, .idle: false
    }
  }
}

extension Batch {
  /// The rows that are inserted, but for those that replace an old one.
  fileprivate var inserted: [Int] {
    rows.indices.filter { rows[$0].fate == .create || rows[$0].fate == .recreate }
  }

  /// The key column that the plan leaves to sow.
  fileprivate var drawnKey: Int? {
    entity.generatedKey.flatMap { columns.contains($0) ? nil : $0 }
  }
}
