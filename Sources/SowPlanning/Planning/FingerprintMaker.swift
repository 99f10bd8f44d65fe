internal import SowModel

/// Folds what is read and decided into one digest an operation, row by row as it passes.
struct FingerprintMaker {
  private let plan: CheckedPlan
  private let decider: Decider
  /// By operation of the plan.
  private var folds: [RowDigest]
  /// Of operations that left the plan.
  private var left: [Fingerprint.Part] = []
  private var encoder = RowEncoder()

  init(_ decider: Decider) {
    self.decider = decider
    plan = decider.plan
    folds = [RowDigest](repeating: .zero, count: plan.operations.count)
  }

  /// Rows of a decided batch, with what the ledger and the table hold of them.
  mutating func add(_ batch: Batch) throws {
    // What the ledger knows is covered by its digests.
    let unknown = batch.rows.indices.filter {
      batch.rows[$0].fate == .update && batch.rows[$0].entry == nil && batch.rows[$0].key != nil
    }
    let rows = try decider.snapshot.rows(
      of: batch.entity, columns: batch.columns, keys: unknown.compactMap { batch.rows[$0].key })
    let old = Dictionary(uniqueKeysWithValues: zip(unknown, rows))
    let versions = try versions(of: batch)
    for (index, row) in batch.rows.enumerated() {
      start(folds[row.operation])
      encoder.append(.text(row.address))
      encoder.append(.integer(Int64(row.fate.rawValue)))
      append(row.key)
      append(row.entry, row.presence)
      for (offset, value) in batch.values(of: index).enumerated() {
        let isPending = batch.pending.contains(index * batch.columns.count + offset)
        encoder.append(.boolean(isPending))
        if !isPending { encoder.append(value) }
      }
      if let version = versions[index] { encoder.append(version.map { .list($0) } ?? .null) }
      if let values = old[index] { encoder.append(values.map { .list($0) } ?? .null) }
      folds[row.operation] = decider.digester.digest(encoder)
    }
  }

  /// The versions of rows that are to be changed, by index: a row that somebody changed in any way
  /// is another one.
  private func versions(of batch: Batch) throws -> [Int: [Value]?] {
    guard let version = batch.entity.managed?.version else { return [:] }
    let rows = batch.rows.indices.filter { batch.rows[$0].fate.isInPlace }
    let found = try decider.snapshot.rows(
      of: batch.entity, columns: [version.field], keys: rows.compactMap { batch.rows[$0].key })
    return Dictionary(uniqueKeysWithValues: zip(rows, found))
  }

  /// What a query matched and what it sets.
  mutating func add(query number: Int, _ state: RunState) {
    let instance = plan.instances[number]
    let operation = Int(instance.operation)
    start(folds[operation])
    encoder.append(.text(instance.key))
    encoder.append(.integer(Int64(state.fates[number].rawValue)))
    if let result = state.results[number] {
      for (position, key) in result.keys.enumerated() {
        append(key)
        encoder.append(.boolean(result.changes[position]))
        encoder.append(.list(result.rows[position]))
      }
      encoder.append(.list(result.pending.map { .integer(Int64($0)) }))
    }
    // What could be resolved is resolved in place.
    for cell in state.cellRange(of: number) {
      if case .value(let value) = state.cells[cell] {
        encoder.append(.list([value]))
      } else {
        encoder.append(.null)
      }
    }
    folds[operation] = decider.digester.digest(encoder)
  }

  /// A row that no operation asks for any more; without `kind` it is not touched.
  mutating func add(_ leaver: Leaver, _ kind: RowChange.Kind?) {
    let name = leaver.row.operation
    let number = plan.operationNames[name]
    // Leavers come sorted, those of one operation together.
    if number == nil, left.last?.operation != name {
      left.append(Fingerprint.Part(operation: name, digest: .zero))
    }
    start(number.map { folds[$0] } ?? left[left.count - 1].digest)
    encoder.append(.text(leaver.row.instance))
    encoder.append(.text(kind?.rawValue ?? ""))
    append(leaver.row, leaver.presence)
    let digest = decider.digester.digest(encoder)
    if let number { folds[number] = digest } else { left[left.count - 1].digest = digest }
  }

  /// The digests, with `changeset` as what became of it all.
  mutating func finish(_ changeset: Changeset) -> Fingerprint {
    let parts =
      zip(plan.operations, folds).map { Fingerprint.Part(operation: $0.name, digest: $1) } + left
    start(.zero)
    for part in parts {
      encoder.append(.text(part.operation))
      append(part.digest)
    }
    let counts = changeset.counts
    for count in [
      counts.create, counts.update, counts.delete, counts.forget, counts.unchanged,
      counts.ledgerOnly, counts.failed, counts.skipped, counts.renamed,
    ] { encoder.append(.integer(Int64(count))) }
    encoder.append(.list(changeset.createdTables.map { .text($0) }))
    for rename in changeset.renames {
      encoder.append(
        .list([.text(rename.address), .text(rename.was), .integer(Int64(rename.rows))]))
    }
    for cascade in changeset.cascades {
      encoder.append(.list([.text(cascade.table), .integer(Int64(cascade.count))]))
      encoder.append(.list(cascade.effect.columns.map { .text($0) }))
    }
    for operation in changeset.operations {
      for row in operation.rows where row.kind == .policy {
        encoder.append(.text(row.address))
        for case .value(let value) in row.fields.map(\.new) { encoder.append(value) }
      }
    }
    return Fingerprint(operations: parts, changes: decider.digester.digest(encoder))
  }

  // MARK: Encoding

  private mutating func start(_ fold: RowDigest) {
    encoder.reset()
    append(fold)
  }

  private mutating func append(_ digest: RowDigest) {
    encoder.append(.integer(Int64(bitPattern: digest.high)))
    encoder.append(.integer(Int64(bitPattern: digest.low)))
  }

  private mutating func append(_ key: RowKey?) {
    encoder.append(key.map { .list($0.values) } ?? .null)
  }

  private mutating func append(_ entry: LedgerRow?, _ presence: Presence) {
    guard let entry else { return encoder.append(.null) }
    append(entry.key)
    encoder.append(.integer(Int64(entry.shape)))
    encoder.append(.text(entry.origin.rawValue))
    append(entry.asked)
    if let answered = entry.answered { append(answered) }
    if case .found(let answer) = presence { append(answer) }
  }
}

extension RowDigest {
  fileprivate static let zero = RowDigest(high: 0, low: 0)
}

extension Cascade.Effect {
  /// The columns that change; none where the row goes.
  fileprivate var columns: [String] {
    switch self {
    case .delete: []
    case .setNull(let names): ["null"] + names
    case .setDefault(let names): ["default"] + names
    case .unlink: ["unlink"]
    }
  }
}
