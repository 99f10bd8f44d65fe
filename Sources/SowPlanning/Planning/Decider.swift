package import SowModel

/// Decides what becomes of rows by comparing the plan, the ledger and the database.
package struct Decider {
  let plan: CheckedPlan
  let snapshot: any Snapshot
  let digester: any Digesting
  let owner: Owner
  /// Numbers of the ledger's shapes.
  private let shapes: [LedgerShape: Int]
  let policies: [String: LedgerPolicy]
  /// Whether the database has a ledger at all.
  let hasLedger: Bool

  package init(
    plan: CheckedPlan, snapshot: any Snapshot, digester: any Digesting, owner: Owner,
    hasLedger: Bool
  ) throws {
    self.plan = plan
    self.snapshot = snapshot
    self.digester = digester
    self.owner = owner
    self.hasLedger = hasLedger
    let known = hasLedger ? try snapshot.shapes() : [:]
    shapes = Dictionary(known.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    policies = hasLedger ? try snapshot.policies() : [:]
  }

  /// Decides the rows of a batch whose ledger entries are filled in.
  package func decide(_ batch: inout Batch) throws {
    digest(&batch)
    let shape = shapes[batch.shape]
    var compared: [Int] = []
    for index in batch.rows.indices where !batch.rows[index].fate.isDead {
      guard let entry = batch.rows[index].entry else { continue }
      batch.rows[index].key = entry.key
      checkKey(of: index, in: &batch, entry)
      if batch.rows[index].fate.isDead { continue }
      switch batch.rows[index].presence {
      case .missing: batch.rows[index].fate = .recreate
      case .found(let answered):
        if batch.rows[index].asked == entry.asked, shape == entry.shape {
          if answered == entry.answered {
            batch.rows[index].fate = .unchanged
          } else {
            batch.rows[index].fate = .drift
            checkIdentity(of: index, in: &batch)
          }
        } else {
          batch.rows[index].fate = .update
          compared.append(index)
        }
      }
    }
    try compare(compared, in: &batch)
    try matchNew(&batch)
  }

  private func digest(_ batch: inout Batch) {
    var encoder = RowEncoder()
    for index in batch.rows.indices where !batch.rows[index].hasPending {
      if batch.rows[index].fate.isDead { continue }
      encoder.reset()
      for value in batch.values(of: index) { encoder.append(value) }
      batch.rows[index].asked = digester.digest(encoder)
    }
  }

  /// A primary key that the values write never changes in place.
  private func checkKey(of index: Int, in batch: inout Batch, _ entry: LedgerRow) {
    for (part, field) in batch.entity.primaryKey.enumerated() {
      guard let offset = batch.columns.firstIndex(of: field) else { continue }
      let place = index * batch.columns.count + offset
      guard !batch.pending.contains(place), entry.key.values.indices.contains(part) else { continue }
      if !batch.values[place].isSameKey(as: entry.key.values[part]) {
        fail(
          index, in: &batch, .keyChanged,
          ["field": batch.entity.fields[field].name, "old": entry.key.text])
      }
    }
  }

  /// A changed row is set back only where it cannot be a stranger that got a used number again.
  private func checkIdentity(of index: Int, in batch: inout Batch) {
    guard let key = batch.entity.generatedKey,
      case .key(recycled: true) = batch.entity.fields[key].generation,
      !batch.columns.contains(key),
      plan.operations[batch.rows[index].operation].naturalKey.isEmpty
    else { return }
    fail(
      index, in: &batch, .uncertainIdentity,
      ["table": batch.entity.table.name, "key": batch.rows[index].key?.text ?? ""])
  }

  /// Rows that the plan asks for in a new form: the database says whether it has that already.
  private func compare(_ rows: [Int], in batch: inout Batch) throws {
    let known = rows.filter { !batch.rows[$0].hasPending }
    guard !known.isEmpty else { return }
    let key = batch.entity.primaryKey
    var set = RowSet(
      table: batch.entity.table, columns: key + batch.columns.filter { !key.contains($0) })
    let offsets = batch.columns.indices.filter { !key.contains(batch.columns[$0]) }
    for index in known {
      guard let rowKey = batch.rows[index].key else { continue }
      let values = batch.values(of: index)
      set.append(rowKey.values + offsets.map { values[values.startIndex + $0] })
    }
    let matches = try snapshot.match(Probe(rows: set, keyColumns: Array(key.indices)))
    for (index, match) in zip(known, matches) where match?.isEqual == true {
      batch.rows[index].fate = .adopt
    }
  }

  /// Rows that the ledger does not know: created, or found by their natural key.
  private func matchNew(_ batch: inout Batch) throws {
    var byKey: [[Int]: [Int]] = [:]
    for index in batch.rows.indices
    where batch.rows[index].fate == .undecided && batch.rows[index].entry == nil {
      batch.rows[index].fate = .create
      let key = plan.operations[batch.rows[index].operation].naturalKey
      if !key.isEmpty { byKey[key, default: []].append(index) }
    }
    guard batch.entity.isLive else { return }
    for (key, rows) in byKey.sorted(by: { $0.value[0] < $1.value[0] }) {
      try match(rows, by: key, in: &batch)
    }
  }

  private func match(_ rows: [Int], by key: [Int], in batch: inout Batch) throws {
    let offsets = key.compactMap { batch.columns.firstIndex(of: $0) }
    let width = batch.columns.count
    var probed: [Int] = []
    var set = RowSet(table: batch.entity.table, columns: batch.columns)
    for index in rows {
      let isKnown =
        offsets.count == key.count
        && offsets.allSatisfy { offset in
          !batch.pending.contains(index * width + offset)
            && !batch.values[index * width + offset].isNull
        }
      if isKnown {
        probed.append(index)
        set.append(batch.values(of: index))
      } else if batch.action == .upsert, !batch.rows[index].hasPending {
        fail(index, in: &batch, .nullKey, ["key": names(key, batch.entity)])
      }
    }
    guard !probed.isEmpty else { return }
    let matches = try snapshot.match(Probe(rows: set, keyColumns: offsets))
    let found = zip(probed, matches).compactMap { index, match in match.map { (index, $0) } }
    guard !found.isEmpty else { return }
    let owners =
      hasLedger
      ? try snapshot.owners(of: found.map(\.1.key), in: batch.entity.table)
      : [LedgerAddress?](repeating: nil, count: found.count)
    for ((index, match), ownedBy) in zip(found, owners) {
      decide(index, match, ownedBy, key, in: &batch)
    }
  }

  private func decide(
    _ index: Int, _ match: Match, _ ownedBy: LedgerAddress?, _ key: [Int], in batch: inout Batch
  ) {
    if let ownedBy {
      let other = address(operation: ownedBy.operation, instance: ownedBy.instance)
      fail(
        index, in: &batch, .ownedElsewhere,
        ["entity": batch.entity.name, "plan": ownedBy.owner.plan, "address": other])
    } else if batch.action == .create {
      fail(
        index, in: &batch, .naturalKeyExists,
        ["entity": batch.entity.name, "key": names(key, batch.entity)])
    } else {
      batch.rows[index].key = match.key
      batch.rows[index].fate =
        match.isEqual && !batch.rows[index].hasPending ? .adopt : .update
    }
  }

  private func names(_ key: [Int], _ entity: Entity) -> String {
    key.map { entity.fields[$0].name }.joined(separator: ", ")
  }

  private func fail(
    _ index: Int, in batch: inout Batch, _ code: DiagnosticCode, _ facts: [String: String]
  ) {
    batch.rows[index].fate = .failed
    batch.rows[index].failure = Diagnostic(code, facts, at: batch.rows[index].range)
  }
}

extension Batch {
  /// What the ledger remembers of the columns.
  package var shape: LedgerShape {
    LedgerShape(
      table: entity.table.name, columns: columns.map { entity.table.columns[$0].name })
  }
}

extension Value {
  /// Equality of keys: numbers by value, whatever their type.
  func isSameKey(as other: Value) -> Bool {
    if self == other { return true }
    switch (self, other) {
    case (.null, _), (_, .null): return false
    default: return text == other.text
    }
  }
}
