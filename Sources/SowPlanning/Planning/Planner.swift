package import SowModel

/// A plan with everything decided: what an apply works from, and what people are shown of it.
package struct PlannedRun: Sendable {
  package var changeset: Changeset
  package var state: RunState
  package var entries: LedgerEntries
  /// What the pass over each stream came to, by operation.
  package var streams: [Int: StreamSummary]
  /// Mistakes that stop the plan: of rows too, but for the mode in which other rows go on.
  package var diagnostics: Diagnostics
}

package struct StreamSummary: Sendable {
  package var fold: RowDigest
  package var fileDigest: String
  package var rows: Int
  /// How many rows will be created, for which numbers are reserved.
  package var created: Int
  /// How many rows are not as asked.
  package var differing: Int
}

/// The ledger's rows of a plan's instances, by position.
package struct LedgerEntries: Sendable {
  package private(set) var rows: [LedgerRow?]
  private var presences: [Presence]
  /// Addresses that no operation names any more.
  package private(set) var orphans: [String] = []
  /// How many rows the ledger holds of each operation.
  package private(set) var counts: [String: Int] = [:]

  init(_ plan: CheckedPlan, _ snapshot: (any Snapshot)?) throws {
    rows = [LedgerRow?](repeating: nil, count: plan.instances.count)
    presences = [Presence](repeating: .missing, count: plan.instances.count)
    guard let snapshot else { return }
    counts = try snapshot.ledgerCounts()
    let streams = plan.operations.filter { $0.stream != nil }.map(\.name)
    var rows = rows
    var presences = presences
    var orphans: [String] = []
    try snapshot.ledgerRows(except: streams) { row, presence in
      if let position = plan.instance(operation: row.operation, key: row.instance) {
        rows[position] = row
        presences[position] = presence
      } else {
        orphans.append(address(operation: row.operation, instance: row.instance))
      }
    }
    (self.rows, self.presences, self.orphans) = (rows, presences, orphans.sorted())
  }

  mutating func addOrphans(_ addresses: [String]) { orphans = (orphans + addresses).sorted() }

  /// Puts what the ledger holds into the rows of a batch.
  package func fill(_ batch: inout Batch) {
    for index in batch.rows.indices {
      guard let position = batch.rows[index].instance else { continue }
      batch.rows[index].entry = rows[position]
      batch.rows[index].presence = presences[position]
    }
  }
}

extension CheckedPlan {
  /// The position of the instance with an address, nil where the plan has none.
  func instance(operation: String, key: String) -> Int? {
    guard let number = operationNames[operation] else { return nil }
    if key.isEmpty, !operations[number].isRepeated { return operations[number].instances.first }
    return inputs.targets[number].keys[key]
  }

  /// Positions of lookups in `computed`.
  var lookups: [Int32] {
    computed.indices.compactMap { position in
      if case .lookup = computed[position] { return Int32(position) }
      return nil
    }
  }
}

/// Decides a whole plan, set by set: the arrow from a checked plan to a changeset.
package struct Planner {
  private let plan: CheckedPlan
  private let decider: Decider
  private var view: ChangesetView
  private let hasLookups: Bool
  package var state: RunState
  package private(set) var entries: LedgerEntries
  package private(set) var streams: [Int: StreamSummary] = [:]
  private var diagnostics = Diagnostics()

  package init(_ decider: Decider, detail: ChangesetView.Detail) throws {
    plan = decider.plan
    self.decider = decider
    hasLookups = !plan.lookups.isEmpty
    view = ChangesetView(decider.plan, decider.snapshot, detail)
    state = RunState(decider.plan)
    entries = try LedgerEntries(decider.plan, decider.hasLedger ? decider.snapshot : nil)
  }

  package mutating func run() throws -> PlannedRun {
    for set in plan.sets { try decide(set) }
    return finish()
  }

  /// Decides the next set; all sets in the order of the plan, then `finish`.
  package mutating func decide(_ set: WorkSet) throws {
    if hasLookups { try decider.decideLookups(in: &state) }
    switch set.members {
    case .instances(let members):
      switch set.action {
      case .create, .upsert: try decideRows(set, members)
      case .update, .delete, .read: try decideQueries(members)
      }
    case .stream(let operation): try decideStream(operation)
    }
  }

  package mutating func finish() -> PlannedRun {
    reportFailures()
    var changeset = view.finish(orphans: entries.orphans)
    changeset.owned = entries.counts.values.reduce(0, +)
    return PlannedRun(
      changeset: changeset, state: state, entries: entries, streams: streams,
      diagnostics: diagnostics)
  }

  private mutating func decideRows(_ set: WorkSet, _ members: [Int32]) throws {
    for start in stride(from: 0, to: members.count, by: Batch.size) {
      let part = members[start..<min(start + Batch.size, members.count)]
      var batch = state.batch(set, part)
      entries.fill(&batch)
      try decider.decide(&batch)
      try decider.fetch(for: batch, into: &state)
      state.keep(batch)
      try view.add(batch, state)
    }
  }

  private mutating func decideQueries(_ members: [Int32]) throws {
    for member in members {
      try decider.decideQuery(Int(member), in: &state)
      view.add(query: Int(member), state)
    }
  }

  private mutating func decideStream(_ operation: Int) throws {
    if let failed = state.failedDependency(of: operation) {
      return state.skip(stream: operation, because: plan.operations[failed].name)
    }
    let count = entries.counts[plan.operations[operation].name] ?? 0
    var pass = try StreamPass(operation, decider, hasEntries: count > 0)
    var batch = pass.emptyBatch
    var created = 0
    var matched = 0
    var differing = 0
    while try pass.next(&batch, &state) {
      for row in batch.rows {
        if row.fate == .create || row.fate == .recreate { created += 1 }
        if row.entry != nil { matched += 1 }
        if row.fate != .unchanged { differing += 1 }
        if let failure = row.failure, diagnostics.all.count < 1_000 {
          report(failure, isStream: true)
        }
      }
      try view.add(batch, state, pass)
    }
    if matched < count { try findOrphans(operation) }
    streams[operation] = StreamSummary(
      fold: pass.fold, fileDigest: pass.fileDigest, rows: pass.rowCount, created: created,
      differing: differing)
  }

  /// Rows that left the file: the ledger knows them and the file does not.
  private mutating func findOrphans(_ operation: Int) throws {
    var reader = try StreamReader(operation, of: plan)
    let name = plan.operations[operation].name
    var addresses: Set<String> = []
    var batch = reader.emptyBatch
    while try reader.next(&batch) {
      for row in batch.rows { addresses.insert(row.address) }
    }
    var orphans: [String] = []
    let others = plan.operations.map(\.name).filter { $0 != name }
    try decider.snapshot.ledgerRows(except: others) { row, _ in
      if row.operation == name, !addresses.contains(row.instance) {
        orphans.append(address(operation: name, instance: row.instance))
      }
    }
    entries.addOrphans(orphans)
  }

  private mutating func reportFailures() {
    for (instance, failure) in state.failures.sorted(by: { $0.key < $1.key })
    where state.fates[instance] == .failed {
      report(failure, isStream: false)
    }
  }

  /// Where other rows may go on, a row's failure belongs into the report alone.
  private mutating func report(_ failure: Diagnostic, isStream: Bool) {
    if !plan.options.atomic, plan.options.onError == .continue { return }
    diagnostics.report(failure)
  }
}

extension Decider {
  /// Fetches the fields that references want of rows that are there already.
  package func fetch(for batch: Batch, into state: inout RunState) throws {
    var byOperation: [Int: [Int]] = [:]
    for (index, row) in batch.rows.enumerated()
    where row.key != nil && row.fate != .recreate && !row.fate.isDead {
      if !plan.operations[row.operation].fetched.isEmpty {
        byOperation[row.operation, default: []].append(index)
      }
    }
    for (operation, rows) in byOperation.sorted(by: { $0.key < $1.key }) {
      let fields = plan.operations[operation].fetched.filter { !batch.columns.contains($0) }
      guard !fields.isEmpty else { continue }
      let keys = rows.compactMap { batch.rows[$0].key }
      let found = try snapshot.rows(of: batch.entity.table, columns: fields, keys: keys)
      for (index, values) in zip(rows, found) {
        guard let values, let instance = batch.rows[index].instance else { continue }
        for (field, value) in zip(fields, values) {
          state.fetched[.init(instance: Int32(instance), field: Int32(field))] = value
        }
      }
    }
  }
}
