package import SowModel

/// How unique values go from row to row within one run.
struct Exchange: Sendable {
  /// Rows that will have given their values up when others take them.
  var freed: [UniqueFields: Set<RowKey>] = [:]
  /// Rows that are set to null before a set, by the position of the set: they stand in a circle
  /// with those that take their values.
  var parked: [Int: [Parking]] = [:]

  /// Circles that cannot be broken.
  var diagnostics = Diagnostics()

  func frees(_ key: RowKey, _ fields: UniqueFields) -> Bool {
    freed[fields]?.contains(key) ?? false
  }

  func parks(_ key: RowKey, in table: String) -> Bool {
    parked.values.contains { $0.contains { $0.key == key && $0.table.name == table } }
  }
}

/// The fields of a unique index, in ascending order.
struct UniqueFields: Hashable, Sendable {
  let table: String
  let columns: [Int]

  init(_ table: String, _ columns: [Int]) {
    self.table = table
    self.columns = columns.sorted()
  }
}

/// A row whose unique fields are null for a while.
package struct Parking: Sendable {
  package let table: Table
  package let key: RowKey
  /// Those that may be null.
  package let columns: [Int]
  let operation: Int
  let address: String
}

/// A row that another one takes a unique value from, or that takes it.
struct ExchangeRow {
  let operation: Int
  /// Nil in a stream, where `row` says which one it is.
  let instance: Int?
  let row: Int
  let address: String
  let range: SourceRange
  /// Whether its old values are gone with its first write: it is replaced.
  var isReplaced = false
}

/// One row takes what another one gives up.
struct UniqueTake {
  let taker: ExchangeRow
  let fields: UniqueFields
  let key: RowKey
}

/// What is known of values that go from row to row after everything is decided once.
struct ExchangeFinder {
  private(set) var releases: [UniqueFields: [RowKey: ExchangeRow]] = [:]
  /// Takes by rows of streams, which are not kept.
  private(set) var takes: [UniqueTake] = []
  /// Whether some row was decided in the hope that another one gives a value up.
  private(set) var isHopeful = false

  var isEmpty: Bool { releases.isEmpty && !isHopeful }

  // MARK: Rows that give values up

  /// Looks at the rows of a decided batch that change in place or are replaced.
  mutating func note(_ batch: Batch, from firstRow: Int, _ decider: Decider) throws {
    if batch.isHopeful { isHopeful = true }
    let table = batch.entity.table
    guard batch.rows.contains(where: { $0.oldKey != nil }) else { return }
    for unique in table.uniqueKeys {
      let offsets = unique.compactMap { column in
        batch.asked.first { batch.columns[$0] == column }
      }
      guard !offsets.isEmpty, Set(unique) != Set(table.primaryKey) else { continue }
      let fields = UniqueFields(table.name, unique)
      let moved = try movedRows(of: batch, offsets, decider)
      for index in moved {
        let row = batch.rows[index]
        guard let key = row.oldKey else { continue }
        releases[fields, default: [:]][key] = exchangeRow(row, index + firstRow)
      }
      // Rows of a stream are gone when all is known, so they are looked at now.
      let streamed = moved.filter { batch.rows[$0].instance == nil }
      guard !streamed.isEmpty, offsets.count == unique.count else { continue }
      let found = try decider.holders(of: streamed, offsets, in: batch)
      for (index, key) in zip(streamed, found) {
        guard let key, key != batch.rows[index].oldKey else { continue }
        takes.append(
          UniqueTake(
            taker: exchangeRow(batch.rows[index], index + firstRow), fields: fields, key: key))
      }
    }
  }

  private func exchangeRow(_ row: BatchRow, _ number: Int) -> ExchangeRow {
    ExchangeRow(
      operation: row.operation, instance: row.instance, row: number, address: row.address,
      range: row.range, isReplaced: row.fate == .replace)
  }

  /// The rows that hold other values in these columns than they will.
  private func movedRows(
    of batch: Batch, _ offsets: [Int], _ decider: Decider
  ) throws -> [Int] {
    let rows = batch.rows.indices.filter { batch.rows[$0].oldKey != nil }
    let width = batch.columns.count
    let open = rows.filter { index in
      offsets.contains { batch.pending.contains(index * width + $0) }
    }
    let known = rows.filter { !open.contains($0) }
    var old = batch
    for index in known { old.rows[index].key = batch.rows[index].oldKey }
    let matches = try decider.matchKeys(of: known, columns: offsets, in: old)
    let changed = zip(known, matches).filter { $0.1?.isEqual == false }.map(\.0)
    return (open + changed).sorted()
  }

  /// Looks at what an `update` or `delete` matched.
  mutating func note(_ number: Int, _ state: RunState) {
    let plan = state.plan
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    guard operation.action != .read, state.fates[number] == .query,
      let result = state.results[number]
    else { return }
    let table = plan.entities[operation.entity].table
    let columns = plan.columnSets[Int(instance.columnSet)].columns
    for unique in table.uniqueKeys where Set(unique) != Set(table.primaryKey) {
      guard operation.action == .delete || unique.contains(where: columns.contains) else {
        continue
      }
      for (key, changes) in zip(result.keys, result.changes) where changes {
        releases[UniqueFields(table.name, unique), default: [:]][key] = ExchangeRow(
          operation: Int(instance.operation), instance: number, row: 0, address: instance.key,
          range: instance.range)
      }
    }
  }

  // MARK: Rows that take values

  /// Who takes from whom.
  func allTakes(_ decider: Decider, _ state: RunState) throws -> [UniqueTake] {
    var found = takes.filter { releases[$0.fields]?[$0.key] != nil }
    let plan = state.plan
    for (fields, rows) in releases.sorted(by: { $0.key.isBefore($1.key) }) {
      for set in plan.sets where plan.entities[set.entity].table.name == fields.table {
        guard case .instances(let members) = set.members, set.action != .delete,
          set.action != .read
        else { continue }
        found += try takes(of: members, fields, rows, decider, state)
      }
    }
    return found
  }

  private func takes(
    of members: [Int32], _ fields: UniqueFields, _ releases: [RowKey: ExchangeRow],
    _ decider: Decider, _ state: RunState
  ) throws -> [UniqueTake] {
    let plan = state.plan
    guard let first = members.first else { return [] }
    let columnSet = plan.columnSets[Int(plan.instances[Int(first)].columnSet)]
    let offsets = fields.columns.compactMap { columnSet.columns.firstIndex(of: $0) }
    guard offsets.count == fields.columns.count else { return [] }
    let entity = plan.entities[columnSet.entity]
    var set = RowSet(table: entity.table, columns: fields.columns)
    var takers: [Int] = []
    for member in members where state.fates[Int(member)].writes {
      let cells = state.cellRange(of: Int(member))
      let values = offsets.compactMap { offset -> Value? in
        if case .value(let value) = state.cells[cells.lowerBound + offset] { return value }
        return nil
      }
      guard values.count == offsets.count, !values.contains(.null) else { continue }
      set.append(values)
      takers.append(Int(member))
    }
    let matches = try decider.snapshot.match(
      entity, set, keyColumns: Array(fields.columns.indices))
    return zip(takers, matches).compactMap { taker, match in
      guard let match, let releaser = releases[match.key], releaser.instance != taker else {
        return nil
      }
      let instance = plan.instances[taker]
      return UniqueTake(
        taker: ExchangeRow(
          operation: Int(instance.operation), instance: taker, row: 0, address: instance.key,
          range: instance.range), fields: fields, key: match.key)
    }
  }
}

extension UniqueFields {
  fileprivate func isBefore(_ other: Self) -> Bool {
    table == other.table
      ? columns.lexicographicallyPrecedes(other.columns) : table < other.table
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

extension Fate {
  /// Whether values of the plan go to the row.
  fileprivate var writes: Bool {
    switch self {
    case .create, .recreate, .replace, .update, .drift, .query: true
    case .undecided, .adopt, .unchanged, .failed, .skipped, .idle: false
    }
  }
}

extension Decider {
  /// The keys of the rows that hold the values of these rows at `offsets` now.
  func holders(of rows: [Int], _ offsets: [Int], in batch: Batch) throws -> [RowKey?] {
    let width = batch.columns.count
    var set = RowSet(table: batch.entity.table, columns: offsets.map { batch.columns[$0] })
    var probed: [Int] = []
    for index in rows {
      let places = offsets.map { index * width + $0 }
      guard !places.contains(where: { batch.pending.contains($0) || batch.values[$0].isNull })
      else { continue }
      set.append(places.map { batch.values[$0] })
      probed.append(index)
    }
    let matches = try snapshot.match(batch.entity, set, keyColumns: Array(offsets.indices))
    let found = Dictionary(
      zip(probed, matches).compactMap { index, match in match.map { (index, $0.key) } },
      uniquingKeysWith: { first, _ in first })
    return rows.map { found[$0] }
  }
}
