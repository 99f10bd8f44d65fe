internal import SowModel

/// Who gives unique values up and who takes them, as rows are decided.
struct ExchangeFinder {
  private(set) var releases: [UniqueFields: [RowKey: ExchangeRow]] = [:]
  /// Rows that take what others have, whether those give it up or not.
  private(set) var takes: [UniqueTake] = []
  /// Rows of the run that take the same.
  private(set) var rivals: [UniqueRivals] = []
  /// Whether some row was decided in the hope that another one gives a value up.
  private(set) var isHopeful = false
  private var claims: UniqueClaims
  private let decider: Decider

  init(_ decider: Decider) {
    self.decider = decider
    claims = UniqueClaims(decider.plan)
  }

  /// Those that take what others give up.
  var exchanges: [UniqueTake] {
    takes.filter { take in
      guard let releaser = releases[take.fields]?[take.key] else { return false }
      return releaser.instance == nil || releaser.instance != take.taker.instance
    }
  }

  // MARK: Rows

  /// Looks at the rows of a decided batch that are written.
  ///
  /// - Note: those that are only `completed` were looked at before, without their delayed cells.
  mutating func note(
    _ batch: Batch, from firstRow: Int, completed: Bool = false
  ) throws {
    if !batch.hopes.isEmpty { isHopeful = true }
    let written = batch.rows.indices.filter {
      batch.rows[$0].fate.isStarted || batch.rows[$0].oldKey != nil
    }
    guard !written.isEmpty else { return }
    let table = batch.entity.table
    for fields in UniqueFields.all(of: table) {
      if isIdle(fields, batch, written) { continue }
      let moved = try movedRows(of: batch, written, fields.columns)
      for index in moved {
        guard let key = batch.rows[index].oldKey else { continue }
        releases[fields, default: [:]][key] = exchangeRow(batch.rows[index], index + firstRow)
      }
      let takers = written.filter { index in
        let row = batch.rows[index]
        if completed {
          let delayed = row.instance.flatMap { decider.plan.delayed[Int32($0)] } ?? []
          return delayed.contains { fields.columns.contains(batch.columns[$0]) }
        }
        return row.oldKey == nil || moved.contains(index)
      }
      try note(takers, of: batch, from: firstRow, fields)
    }
  }

  /// Whether nothing can be found: the rows are new, and have no value there or their natural key.
  private func isIdle(_ fields: UniqueFields, _ batch: Batch, _ written: [Int]) -> Bool {
    guard batch.hopes.isEmpty, !written.contains(where: { batch.rows[$0].oldKey != nil }) else {
      return false
    }
    let hasNone = fields.columns.contains { column in
      !batch.columns.contains(column)
        && (batch.entity.initialValue(of: column) ?? .null).isNull
    }
    let first = batch.rows[written[0]]
    return hasNone || first.instance == nil && claims.areAlone(fields, of: first.operation)
  }

  private mutating func note(
    _ takers: [Int], of batch: Batch, from firstRow: Int, _ fields: UniqueFields
  ) throws {
    guard !takers.isEmpty else { return }
    let values = try decider.uniqueValues(of: takers, fields.columns, in: batch)
    var probed: [Int] = []
    var set = RowSet(table: batch.entity.table, columns: fields.columns)
    for (index, values) in zip(takers, values) {
      guard let values else { continue }
      let row = batch.rows[index]
      let taker = exchangeRow(row, index + firstRow)
      if let other = claims.claim(values, fields, taker) {
        rivals.append(UniqueRivals(row: taker, other: other, fields: fields))
      }
      let naturalKey = decider.plan.operations[row.operation].naturalKey
      if row.oldKey == nil, UniqueFields(fields.table, naturalKey) == fields {
        // Who has the natural key of a new row was asked when it was decided.
        if let key = batch.hopes[index] {
          takes.append(UniqueTake(taker: taker, fields: fields, key: key))
        }
      } else {
        probed.append(index)
        set.append(values)
      }
    }
    let holders = try decider.holders(set, batch.entity)
    for (index, holder) in zip(probed, holders) {
      guard let holder, holder != batch.rows[index].oldKey, batch.gone[holder] == nil else {
        continue
      }
      takes.append(
        UniqueTake(
          taker: exchangeRow(batch.rows[index], index + firstRow), fields: fields, key: holder))
    }
  }

  private func exchangeRow(_ row: BatchRow, _ number: Int) -> ExchangeRow {
    ExchangeRow(
      operation: row.operation, instance: row.instance, row: number, address: row.address,
      range: row.range, key: row.oldKey, isReplaced: row.fate == .replace)
  }

  /// The rows that hold other values in these columns than they will.
  private func movedRows(
    of batch: Batch, _ written: [Int], _ unique: [Int]
  ) throws -> Set<Int> {
    let rows = written.filter { batch.rows[$0].oldKey != nil }
    guard !rows.isEmpty else { return [] }
    if Set(unique) == Set(batch.entity.primaryKey) {
      return Set(rows.filter { batch.rows[$0].fate == .replace })
    }
    let offsets = unique.compactMap { column in batch.asked.first { batch.columns[$0] == column } }
    guard !offsets.isEmpty else { return [] }
    let width = batch.columns.count
    let open = rows.filter { index in
      offsets.contains { batch.pending.contains(index * width + $0) }
    }
    let isOpen = Set(open)
    let known = rows.filter { !isOpen.contains($0) }
    var old = batch
    for index in known { old.rows[index].key = batch.rows[index].oldKey }
    let matches = try decider.matchKeys(of: known, columns: offsets, in: old)
    return Set(open + zip(known, matches).filter { $0.1?.isEqual == false }.map(\.0))
  }

  // MARK: Queries

  /// Looks at what an `update` or `delete` matched.
  mutating func note(_ number: Int, _ state: RunState) throws {
    let plan = state.plan
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    guard operation.action != .read, state.fates[number] == .query,
      let result = state.results[number]
    else { return }
    let table = plan.entities[operation.entity].table
    let columns = plan.columnSets[Int(instance.columnSet)].columns
    for fields in UniqueFields.all(of: table) {
      guard operation.action == .delete || fields.columns.contains(where: columns.contains) else {
        continue
      }
      for (key, changes) in zip(result.keys, result.changes) where changes {
        releases[fields, default: [:]][key] = ExchangeRow(number, instance, key)
      }
      if operation.action == .update { try note(update: number, result, fields, state) }
    }
  }

  private mutating func note(
    update number: Int, _ result: QueryResult, _ fields: UniqueFields, _ state: RunState
  ) throws {
    let plan = state.plan
    let instance = plan.instances[number]
    let entity = plan.entities[plan.operations[Int(instance.operation)].entity]
    var written: [Int: Value?] = [:]
    for (column, cell) in zip(
      plan.columnSets[Int(instance.columnSet)].columns, state.cellRange(of: number))
    {
      if case .value(let value) = state.cells[cell] {
        written[column] = value
      } else {
        written[column] = .some(nil)
      }
    }
    var set = RowSet(table: entity.table, columns: fields.columns)
    var takers: [ExchangeRow] = []
    func values(_ old: [Value]?) -> [Value]? {
      let values = fields.columns.compactMap { column in written[column] ?? old?[column] }
      return values.count == fields.columns.count && !values.contains(.null) ? values : nil
    }
    let changed = zip(result.keys, result.rows).enumerated()
      .filter { result.changes[$0.offset] }.map(\.element)
    for (key, row) in changed {
      guard let values = values(row) else { continue }
      set.append(values)
      takers.append(ExchangeRow(number, instance, key))
    }
    for pending in result.pending {
      guard let values = values(nil) else { continue }
      set.append(values)
      takers.append(ExchangeRow(Int(pending), plan.instances[Int(pending)], nil))
    }
    for (position, taker) in takers.enumerated() {
      if let other = claims.claim(Array(set[position]), fields, taker) {
        rivals.append(
          UniqueRivals(row: ExchangeRow(number, instance, nil), other: other, fields: fields))
      }
    }
    for (taker, holder) in zip(takers, try decider.holders(set, entity)) {
      guard let holder, holder != taker.key, state.deletes(in: entity)[holder] == nil else {
        continue
      }
      takes.append(
        UniqueTake(
          taker: ExchangeRow(number, instance, taker.key), fields: fields, key: holder))
    }
  }
}

extension ExchangeRow {
  fileprivate init(_ number: Int, _ instance: Instance, _ key: RowKey?) {
    self.init(
      operation: Int(instance.operation), instance: number, row: 0, address: instance.key,
      range: instance.range, key: key)
  }
}

extension BatchRow {
  /// The key that a row has now, which changes in place or is replaced.
  var oldKey: RowKey? {
    switch fate {
    case .update, .drift: key
    case .replace: entry?.key
    default: nil
    }
  }
}

extension Decider {
  /// What rows will hold in these columns; nil where that is not known yet, or null in one of them.
  fileprivate func uniqueValues(
    of rows: [Int], _ columns: [Int], in batch: Batch
  ) throws -> [[Value]?] {
    let width = batch.columns.count
    let offsets = columns.map { batch.columns.firstIndex(of: $0) }
    // What is not written of a row that is there stays.
    let kept = columns.indices.filter { position in
      offsets[position].map { !batch.asked.contains($0) } ?? true
    }
    let existing = kept.isEmpty ? [] : rows.filter { !batch.rows[$0].fate.isStarted }
    let found =
      existing.isEmpty
      ? []
      : try snapshot.rows(
        of: batch.entity, columns: kept.map { columns[$0] },
        keys: existing.compactMap { batch.rows[$0].key })
    let old = Dictionary(
      zip(existing, found).compactMap { index, values in values.map { (index, $0) } },
      uniquingKeysWith: { first, _ in first })
    return rows.map { index in
      var values: [Value] = []
      for (position, column) in columns.enumerated() {
        let value: Value?
        if !batch.rows[index].fate.isStarted, let stays = kept.firstIndex(of: position) {
          value = old[index]?[stays]
        } else if let offset = offsets[position] {
          let place = index * width + offset
          value = batch.pending.contains(place) ? nil : batch.values[place]
        } else {
          value = batch.entity.initialValue(of: column)
        }
        guard let value, !value.isNull else { return nil }
        values.append(value)
      }
      return values
    }
  }

  /// The rows that hold these values now.
  fileprivate func holders(_ set: RowSet, _ entity: Entity) throws -> [RowKey?] {
    guard set.count > 0 else { return [] }
    return try snapshot.match(entity, set, keyColumns: Array(set.columns.indices))
      .map { $0?.key }
  }
}
