package import SowModel

/// The ledger's rows of a plan's instances, by position.
package struct LedgerEntries: Sendable {
  package private(set) var rows: [LedgerRow?]
  private var presences: [Presence]
  /// Rows that no operation names any more; with `destroy` all of them.
  private(set) var leavers: [Leaver] = []
  /// How many rows the ledger holds of each operation.
  package private(set) var counts: [String: Int] = [:]

  init(_ plan: CheckedPlan, _ snapshot: (any Snapshot)?, _ scope: RunScope) throws {
    rows = [LedgerRow?](repeating: nil, count: plan.instances.count)
    presences = [Presence](repeating: .missing, count: plan.instances.count)
    guard let snapshot else { return }
    counts = try snapshot.ledgerCounts()
    let isTakedown = scope == .destroy
    var unread = isTakedown ? [] : plan.operations.filter { $0.stream != nil }.map(\.name)
    if scope == .targeted { unread += counts.keys.filter { plan.operationNames[$0] == nil } }
    var rows = rows
    var presences = presences
    var leavers: [Leaver] = []
    try snapshot.ledgerRows(except: unread) { row, presence in
      if !isTakedown, let position = plan.instance(operation: row.operation, key: row.instance) {
        rows[position] = row
        presences[position] = presence
      } else {
        leavers.append(Leaver(row: row, presence: presence))
      }
    }
    (self.rows, self.presences, self.leavers) = (rows, presences, leavers)
  }

  mutating func add(_ leavers: [Leaver]) { self.leavers += leavers }

  /// Puts what the ledger holds into the rows of a batch.
  package func fill(_ batch: inout Batch) {
    for index in batch.rows.indices {
      guard let position = batch.rows[index].instance else { continue }
      batch.rows[index].entry = rows[position]
      batch.rows[index].presence = presences[position]
    }
  }
}

/// A row that the ledger holds and no operation asks for any more.
struct Leaver: Sendable {
  let row: LedgerRow
  var presence: Presence

  var address: String { SowModel.address(operation: row.operation, instance: row.instance) }
}

extension CheckedPlan {
  /// The position of the instance with an address, nil where the plan has none.
  func instance(operation: String, key: String) -> Int? {
    guard let number = operationNames[operation] else { return nil }
    if key.isEmpty, !operations[number].isRepeated { return operations[number].instances.first }
    return inputs.targets[number].keys[ExactText(key)]
  }
}
