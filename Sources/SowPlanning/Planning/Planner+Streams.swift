package import SowModel

package struct StreamSummary: Sendable {
  package var fold: RowDigest
  package var fileDigest: String
  package var rows: Int
  /// How many rows will be created, for which numbers are reserved.
  package var created: Int
  /// How many rows are not as asked.
  package var differing: Int
  /// The rows themselves, where they are few and all of them new.
  package var kept: KeptRows?
}

/// Decides operations over files, whose rows pass once.
extension Planner {
  mutating func decideStream(_ operation: Int, _ state: inout RunState) throws {
    if let obstacle = state.obstacle(of: operation, instance: nil) {
      state.end(stream: operation, obstacle)
      if obstacle.fate == .failed { report(obstacle.diagnostic) }
      return view.add(obstacle, of: try rowCount(of: operation), in: operation)
    }
    let count = entries.count(of: plan.operations[operation])
    var pass = try StreamPass(operation, decider, count > 0 ? .owned : .unowned)
    var batch = pass.emptyBatch
    var created = 0
    var matched = 0
    var differing = 0
    var kept: [CompiledBatch]? = keepsRows && count == 0 ? [] : nil
    while try pass.next(&batch, &state) {
      for row in batch.rows {
        if row.fate.isStarted { created += 1 }
        if row.entry != nil { matched += 1 }
        if row.fate != .unchanged { differing += 1 }
        if row.fate != .idle, let failure = row.failure, diagnostics.all.count < 1_000 {
          report(failure)
        }
      }
      try finder?.note(batch, from: pass.rowCount - batch.rows.count)
      try follow(batch, of: pass, &state)
      meter.add(batch.rows.count, of: plan.operations[operation].name)
      if keptRows + pass.rowCount > KeptRows.limit || created < pass.rowCount { kept = nil }
      kept?.append(pass.kept(batch))
    }
    if matched < count { try findLeavers(operation) { pass.holds($0) } }
    checkRepeated(of: plan.operations[operation]) { pass.holds($0) }
    streams[operation] = StreamSummary(
      fold: pass.fold, fileDigest: pass.fileDigest, rows: pass.rowCount, created: created,
      differing: differing, kept: kept.map { KeptRows($0, fileDigest: pass.fileDigest) })
    if kept != nil { keptRows += pass.rowCount }
  }

  private func rowCount(of operation: Int) throws -> Int {
    var reader = try StreamReader(operation, of: plan)
    var batch = reader.emptyBatch
    while try reader.next(&batch) {}
    return reader.rowCount
  }

  /// Rows that left the file: the ledger knows them and the file does not.
  private mutating func findLeavers(_ operation: Int, holds: (String) -> Bool) throws {
    let name = plan.operations[operation].name
    var instances: [String] = []
    try decider.snapshot.ledgerRows(operation: name) { row in
      if !holds(row.instance) { instances.append(row.instance) }
    }
    let found = try decider.snapshot.ledgerRows(operation: name, instances: instances)
    entries.add(found.compactMap { $0.map { Leaver(row: $0.row, presence: $0.presence) } })
  }

  mutating func findLeavers(ofUnread operation: Int) throws {
    guard entries.count(of: plan.operations[operation]) > 0 else { return }
    var reader = try StreamReader(operation, of: plan)
    var batch = reader.emptyBatch
    var hasMistakes = false
    while try reader.next(&batch) {
      if batch.rows.contains(where: \.fate.isDead) { hasMistakes = true }
    }
    // A row that cannot be read may be one of those that seem to be missing.
    if !hasMistakes { try findLeavers(operation) { reader.holds($0) } }
  }
}
