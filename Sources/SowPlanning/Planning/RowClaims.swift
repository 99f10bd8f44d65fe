internal import SowModel

/// Rows that were there before the run and that it changes or takes over, by table and key.
///
/// Only tables on which operations can meet are watched, so that a large file of rows costs nothing.
struct RowClaims: Sendable {
  private let watched: Set<String>
  private var rows: [String: [RowKey: Claim]] = [:]
  private var updates: [String: [RowKey: [Int32]]] = [:]

  private struct Claim {
    var operation: Int32
    var columnSet: Int32
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
    let isRewritten = row.fate == .update || row.fate == .drift
    let isTakenOver = row.entry == nil && (isRewritten || row.fate == .adopt)
    guard isRewritten || isTakenOver else { return nil }
    if isTakenOver, let other = rows[table]?[key], other.isTakenOver { return Int(other.operation) }
    rows[table, default: [:]][key] = Claim(
      operation: Int32(row.operation), columnSet: columnSet, isRewritten: isRewritten,
      isTakenOver: isTakenOver)
    return nil
  }

  /// The column set in which the run rewrites a row.
  func rewritten(_ key: RowKey, in table: String) -> Int? {
    guard let claim = rows[table]?[key], claim.isRewritten else { return nil }
    return Int(claim.columnSet)
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
}

extension RunState {
  /// Claims the rows of a decided batch; one that another operation took over before fails.
  mutating func claim(_ batch: inout Batch) {
    let table = batch.entity.table.name
    guard !seesWrites, claims.isWatched(table) else { return }
    for index in batch.rows.indices {
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
            "entity": batch.entity.name, "plan": plan.name,
            "address": plan.operations[other].name,
          ], at: row.range))
    }
  }
}
