internal import SowModel

/// Rows that were there before the run and that it changes, takes over or deletes, by table and key.
///
/// Only tables on which operations can meet are watched, so that a large file of rows costs nothing.
struct RowClaims: Sendable {
  private let watched: Set<String>
  private var rows: [String: [RowKey: Claim]] = [:]
  private var updates: [String: [RowKey: [Int32]]] = [:]
  private var deletes: [String: [RowKey: Int32]] = [:]

  private struct Claim {
    var operation: Int32
    var columnSet: Int32
    /// Nil for a row of a stream.
    var instance: Int?
    var isRewritten: Bool
    var isTakenOver: Bool
  }

  init(_ plan: CheckedPlan) {
    var upserts: [String: Int] = [:]
    var queried: Set<String> = []
    for operation in plan.operations {
      let table = plan.entities[operation.entity].table.name
      switch operation.action {
      case .upsert, .sync: upserts[table, default: 0] += operation.stream == nil ? 2 : 1
      case .update, .delete: queried.insert(table)
      case .create, .read: break
      }
    }
    watched = queried.union(upserts.filter { $0.value > 1 }.keys)
  }

  func isWatched(_ table: String) -> Bool { watched.contains(table) }

  /// Remembers a row that an operation writes or takes over; the number of the operation that took
  /// it over before, if one did.
  mutating func claim(_ row: BatchRow, columnSet: Int32, table: String) -> Int? {
    guard let key = row.key else { return nil }
    let isRewritten = row.fate.isInPlace
    let isTakenOver = row.entry == nil && (isRewritten || row.fate == .adopt)
    guard isRewritten || isTakenOver else { return nil }
    if isTakenOver, let other = rows[table]?[key], other.isTakenOver { return Int(other.operation) }
    rows[table, default: [:]][key] = Claim(
      operation: Int32(row.operation), columnSet: columnSet, instance: row.instance,
      isRewritten: isRewritten, isTakenOver: isTakenOver)
    return nil
  }

  /// The column set in which the run rewrites a row, and the instance that does, but for a stream.
  func rewritten(_ key: RowKey, in table: String) -> (columnSet: Int, instance: Int?)? {
    guard let claim = rows[table]?[key], claim.isRewritten else { return nil }
    return (Int(claim.columnSet), claim.instance)
  }

  /// The operation of this plan that takes a row over.
  func takenOver(_ key: RowKey, in table: String) -> Int? {
    guard let claim = rows[table]?[key], claim.isTakenOver else { return nil }
    return Int(claim.operation)
  }

  /// Instances of `update` that matched a row before.
  func updates(of key: RowKey, in table: String) -> [Int32] { updates[table]?[key] ?? [] }

  mutating func noteUpdate(_ instance: Int, of keys: [RowKey], in table: String) {
    for key in keys { updates[table, default: [:]][key, default: []].append(Int32(instance)) }
  }

  /// Rows that a `delete` took away before, by itself or with others: what comes later does not see
  /// them.
  func deletes(in table: String) -> [RowKey: Int32] { deletes[table] ?? [:] }

  mutating func noteDelete(_ instance: Int, of keys: [RowKey], in table: String) {
    for key in keys { deletes[table, default: [:]][key] = Int32(instance) }
  }
}

extension RunState {
  /// An `update` before it that sets a field of the row to something else would do so in every run,
  /// and the row's own operation would set it back.
  private func refuseUpdated(_ index: Int, of batch: Batch) -> Diagnostic? {
    let row = batch.rows[index]
    guard let key = row.key, row.fate.staysInPlace,
      !row.isKept(by: plan.operations[row.operation])
    else { return nil }
    for update in claims.updates(of: key, in: batch.entity.table.name) {
      let columns = plan.columnSets[Int(plan.instances[Int(update)].columnSet)].columns
      for (column, cell) in zip(columns, cellRange(of: Int(update))) {
        guard let offset = batch.asked.first(where: { batch.columns[$0] == column }) else {
          continue
        }
        let place = index * batch.columns.count + offset
        if case .value(let value) = cells[cell], !batch.pending.contains(place),
          value == batch.values[place]
        {
          continue
        }
        return Diagnostic(
          .updatedTwice,
          ["field": batch.entity.fields[column].name, "address": plan.address(of: Int(update))],
          at: row.range, related: [plan.instances[Int(update)].range])
      }
    }
    return nil
  }

  /// What earlier operations write to a row that is there, by column; nil where that is not known.
  func written(_ key: RowKey, in table: String) -> [Int: Value?] {
    var written: [Int: Value?] = [:]
    func note(_ columns: [Int], _ instance: Int?) {
      let cells = instance.map { cellRange(of: $0) }
      for (offset, column) in columns.enumerated() {
        if let cells, case .value(let value) = self.cells[cells.lowerBound + offset] {
          written[column] = value
        } else {
          written[column] = .some(nil)
        }
      }
    }
    if let (columnSet, instance) = claims.rewritten(key, in: table) {
      let set = plan.columnSets[columnSet]
      note(set.columns, instance)
      for column in set.columns where !set.askedColumns.contains(column) { written[column] = nil }
    }
    for update in claims.updates(of: key, in: table) {
      note(plan.columnSets[Int(plan.instances[Int(update)].columnSet)].columns, Int(update))
    }
    return written
  }

  /// Rows that a `delete` of the plan takes away before, and that the database still shows.
  func deletes(in entity: Entity) -> [RowKey: Int32] {
    seesWrites ? [:] : claims.deletes(in: entity.table.name)
  }

  /// Claims the rows of a decided batch; one that another operation took over before fails, and so
  /// does one that an `update` before it sets to something else.
  mutating func claim(_ batch: inout Batch) {
    let table = batch.entity.table.name
    guard !seesWrites, claims.isWatched(table) else { return }
    for index in batch.rows.indices {
      if let failure = refuseUpdated(index, of: batch) {
        batch.rows[index].end(.failed, failure)
        continue
      }
      let row = batch.rows[index]
      let columnSet =
        row.instance.map { plan.instances[$0].columnSet }
        ?? Int32(plan.operations[row.operation].stream?.columnSet ?? 0)
      guard let other = claims.claim(row, columnSet: columnSet, table: table) else { continue }
      batch.rows[index].end(
        .failed,
        Diagnostic(
          .ownedElsewhere,
          [
            "entity": batch.entity.name, "plan": plan.name, "scope": "",
            "address": plan.operations[other].name,
          ], at: row.range))
    }
  }
}

extension Fate {
  /// Whether the row is there and keeps its key.
  fileprivate var staysInPlace: Bool {
    switch self {
    case .update, .drift, .revive, .adopt, .unchanged: true
    case .undecided, .create, .recreate, .replace, .query, .failed, .skipped, .idle: false
    }
  }
}
