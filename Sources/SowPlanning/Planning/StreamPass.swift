package import SowModel

/// One pass over the file of a streamed operation, batch by batch: read, resolved, decided.
///
/// Planning makes one pass and applying another; both must come to the same fold.
package struct StreamPass {
  package let operation: Int
  /// A digest over the fate and address of every row so far.
  package private(set) var fold = RowDigest(high: 0, low: 0)
  private let decider: Decider
  private let knowledge: Knowledge
  private var reader: StreamReader

  /// What is known of the rows before the pass.
  package enum Knowledge {
    /// The ledger has rows of the operation.
    case owned
    /// The ledger has none.
    case unowned
    /// An earlier pass, whose digests this one is held against before anything stays, found every
    /// row valid and new, so that none needs a second look.
    case new
  }

  /// The rows of the last batch as they were decided, to be kept.
  func kept(_ batch: Batch) -> CompiledBatch {
    CompiledBatch(batch: batch, waiting: reader.waiting, computed: reader.computed)
  }

  /// Whether the keys by which rows are matched are known without other rows, so that an earlier
  /// pass knew them.
  private let isKeyWritten: Bool

  /// `forms` are of the table, where its rows are new.
  package init(
    _ operation: Int, _ decider: Decider, _ knowledge: Knowledge, forms: (any StoredForms)? = nil
  ) throws(RowFailure) {
    let reader = try StreamReader(
      operation, of: decider.plan, batchSize: decider.snapshot.batchSize,
      digester: knowledge == .unowned ? nil : decider.digester, forms: forms)
    self.init(operation, decider, knowledge, reader)
  }

  /// A pass over rows that an earlier one kept: all of them new.
  package init(_ operation: Int, _ decider: Decider, kept: KeptRows) {
    let reader = StreamReader(operation, of: decider.plan, kept: kept)
    self.init(operation, decider, .new, reader)
  }

  private init(
    _ operation: Int, _ decider: Decider, _ knowledge: Knowledge, _ reader: StreamReader
  ) {
    self.operation = operation
    self.decider = decider
    self.knowledge = knowledge
    self.reader = reader
    let columns = decider.plan.columnSets[reader.stream.columnSet].columns
    let key = decider.plan.operations[operation].naturalKey + reader.entity.primaryKey
    let programs = reader.stream.programs
    isKeyWritten = zip(columns, programs).allSatisfy { !key.contains($0) || $1.isWritten }
  }

  package var emptyBatch: Batch { reader.emptyBatch }

  /// Reads on without a decision: rows that will not be written any more.
  package mutating func skim(_ batch: inout Batch) throws(RowFailure) -> Bool {
    guard try reader.next(&batch) else { return false }
    for index in batch.rows.indices { batch.rows[index].fate = .undecided }
    return true
  }

  func holds(_ address: String) -> Bool { reader.holds(address) }

  package var rowCount: Int { reader.rowCount }
  package var fileDigest: String { reader.fileDigest }

  /// What a field of the last batch was written as, where that is a reference.
  func cell(row: Int, offset: Int) -> Cell? {
    reader.waiting(row: row, offset: offset)?.cell
  }

  /// The cells of a list that a field of the last batch was written as.
  func list(row: Int, offset: Int) -> [Cell]? {
    guard let place = reader.waiting(row: row, offset: offset), place.isOfTheRow,
      case .computed(let position) = place.cell,
      case .list(let cells) = reader.computed[Int(position)]
    else { return nil }
    // What is computed lies with the pass, where nobody looks for it.
    let arePlain = cells.allSatisfy { if case .computed = $0 { false } else { true } }
    return arePlain ? cells : nil
  }

  /// Fills `batch` with the next rows, decided; false at the end of the file.
  package mutating func next(_ batch: inout Batch, _ state: inout RunState) throws -> Bool {
    guard try reader.next(&batch) else { return false }
    state.resolving = operation
    batch.gone = state.deletes(in: batch.entity)
    try resolve(&batch, state)
    if knowledge == .new { reader.validateResolved(&batch) } else { reader.validate(&batch) }
    if knowledge == .new, reader.waiting.isEmpty || isKeyWritten {
      for index in batch.rows.indices where !batch.rows[index].fate.isDead {
        batch.rows[index].fate = .create
      }
    } else {
      try fillEntries(&batch)
      try decider.decide(&batch)
      state.claim(&batch)
    }
    keep(batch, in: &state)
    foldIn(batch)
    return true
  }

  private func resolve(_ batch: inout Batch, _ state: RunState) throws {
    guard !reader.waiting.isEmpty else { return }
    var extra = Extra()
    extra.computed = reader.computed
    try decider.decideLookups(of: &extra, state)
    // Rows of equal text share what is computed of it.
    var accepted: [Int32: Value] = [:]
    for place in reader.waiting {
      let position = place.row * batch.columns.count + place.offset
      let shared: Int32? =
        if place.isOfTheRow, case .computed(let number) = place.cell { number } else { nil }
      if let shared, let value = accepted[shared] {
        batch.values[position] = value
        continue
      }
      let range = batch.rows[place.row].range
      let resolved = state.resolve(
        place.cell, at: range, extra: place.isOfTheRow ? extra : nil)
      switch resolved {
      case .value(let value):
        let field = reader.entity.fields[batch.columns[place.offset]]
        switch field.accepting(value, at: range) {
        case .success(let value):
          batch.values[position] = value
          if let shared { accepted[shared] = value }
        case .failure(let problem): batch.rows[place.row].end(.failed, problem.diagnostic)
        }
      case .pending:
        batch.pending.insert(position)
        batch.rows[place.row].hasPending = true
      case .dead(let blocker):
        batch.rows[place.row].end(blocker.fate, blocker.diagnostic(at: range))
      case .failed(let diagnostic): batch.rows[place.row].end(.failed, diagnostic)
      }
    }
  }

  private func fillEntries(_ batch: inout Batch) throws {
    guard knowledge == .owned else { return }
    let name = decider.plan.operations[operation].name
    let entries = try decider.snapshot.ledgerRows(
      operation: name, instances: batch.rows.map(\.address))
    for (index, entry) in entries.enumerated() {
      guard let entry else { continue }
      batch.rows[index].entry = entry.row
      batch.rows[index].presence = entry.presence
    }
  }

  /// Remembers rows that other operations refer to.
  private func keep(_ batch: Batch, in state: inout RunState) {
    if batch.rows.contains(where: { $0.fate == .failed || $0.fate == .skipped }) {
      state.noteFailure(of: operation)
    }
    guard reader.stream.isReferenced else { return }
    for index in batch.rows.indices { state.keep(index, of: batch, operation) }
  }

  private mutating func foldIn(_ batch: Batch) {
    var encoder = RowEncoder()
    encoder.append(.integer(Int64(bitPattern: fold.high)))
    encoder.append(.integer(Int64(bitPattern: fold.low)))
    for row in batch.rows {
      let isNew = row.fate == .create || row.fate == .recreate
      encoder.append(.integer(row.fate.isDead ? 2 : row.fate == .replace ? 3 : isNew ? 1 : 0))
      encoder.append(.text(row.address))
    }
    fold = decider.digester.digest(encoder)
  }
}

extension Stream.Program {
  /// Whether nothing but the row itself says what it gives.
  fileprivate var isWritten: Bool {
    switch self {
    case .column, .constant(.value): true
    case .constant, .input: false
    }
  }
}

extension RunState {
  /// Remembers the row of a stream for those that refer to it.
  package mutating func keep(_ index: Int, of batch: Batch, _ operation: Int) {
    let row = batch.rows[index]
    let values = plan.operations[operation].fetched.map { field -> Value? in
      guard let offset = batch.columns.firstIndex(of: field) else { return nil }
      let position = index * batch.columns.count + offset
      return batch.pending.contains(position) ? nil : batch.values[position]
    }
    streamed[operation, default: [:]][ExactText(row.address)] = StreamedRow(
      key: row.key, values: values, fate: row.fate)
  }
}
