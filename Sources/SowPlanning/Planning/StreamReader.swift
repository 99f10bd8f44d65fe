internal import SowModel
internal import SowThreads

/// Reads the rows of a streamed operation, a batch at a time; those of a long file are read and
/// compiled on a second thread while the ones before them are used.
struct StreamReader {
  let operation: Int
  let stream: Stream
  let entity: Entity
  private(set) var rowCount = 0
  /// Cells of the current batch that are no values yet, by row and offset.
  private(set) var waiting: [WaitingCell] = []
  /// What compiling them brought along.
  private(set) var computed: [Computed] = []
  private let plan: CheckedPlan
  private var source: Source
  private var ahead: ReadAhead<Result<CompiledBatch, RowFailure>>?
  private let validation: RowValidation

  /// Batches become larger up to `batchSize`.
  ///
  /// - Note: with a digester every row that waits for nothing comes with the digest of what is
  ///   asked of it, with forms also with that of what the table will hold.
  init(
    _ operation: Int, of plan: CheckedPlan, batchSize: Int = 2_500,
    digester: (any Digesting)? = nil, forms: (any StoredForms)? = nil
  ) throws(RowFailure) {
    let compiler = try StreamCompiler(
      operation, of: plan, batchSize: batchSize, digester: digester, forms: forms)
    self.init(operation, of: plan, .file(compiler))
  }

  /// Reads rows that were kept.
  init(_ operation: Int, of plan: CheckedPlan, kept: KeptRows) {
    self.init(operation, of: plan, .kept(kept))
  }

  private init(_ operation: Int, of plan: CheckedPlan, _ source: Source) {
    let checked = plan.operations[operation]
    guard let stream = checked.stream else { preconditionFailure("a reader is of a stream") }
    self.operation = operation
    self.plan = plan
    self.stream = stream
    self.source = source
    entity = plan.entities[checked.entity]
    validation = RowValidation(
      entity, columns: plan.columnSets[stream.columnSet].columns, isWhole: true)
  }

  private enum Source {
    case file(StreamCompiler)
    case kept(KeptRows)
  }

  /// An empty batch of this operation.
  var emptyBatch: Batch {
    Batch(
      entity: entity, action: plan.operations[operation].action,
      plan.columnSets[stream.columnSet])
  }

  /// Whether a row of the file with this address passed already: wrongly so once in 2⁶⁴ divided by
  /// their count. To be asked once the end of the file is reached.
  func holds(_ address: String) -> Bool {
    if case .file(let compiler) = source { compiler.holds(address) } else { false }
  }

  /// SHA-256 of the file, once its end is reached.
  var fileDigest: String {
    switch source {
    case .file(let compiler): compiler.fileDigest
    case .kept(let kept): kept.fileDigest
    }
  }

  /// Fills `batch` with the next rows; cells that wait hold null. False at the end of the file.
  mutating func next(_ batch: inout Batch) throws(RowFailure) -> Bool {
    guard let compiled = try next() else {
      (batch, waiting, computed) = (emptyBatch, [], [])
      try checkRowCount(isAtEnd: true)
      return false
    }
    (batch, waiting, computed) = (compiled.batch, compiled.waiting, compiled.computed)
    rowCount += batch.rows.count
    if ahead == nil, rowCount == Batch.firstSize, case .file(let compiler) = source {
      ahead = ReadAhead(depth: 2) { compiler.next() }
    }
    try checkRowCount(isAtEnd: false)
    return true
  }

  private mutating func next() throws(RowFailure) -> CompiledBatch? {
    if let ahead { return try ahead.next()?.get() }
    switch source {
    case .file(let compiler): return try compiler.next()?.get()
    case .kept(var kept):
      // Held by nobody else while it changes, so that its rows are not copied.
      source = .kept(KeptRows([], fileDigest: kept.fileDigest))
      defer { source = .kept(kept) }
      return kept.next()
    }
  }

  private func checkRowCount(isAtEnd: Bool) throws(RowFailure) {
    let place = plan.operations[operation].range
    if let refusal = entity.refusal(ofRowsRead: rowCount, isAtEnd: isAtEnd, at: place) {
      throw RowFailure(refusal)
    }
  }

  /// The cell of a row and field that was no value when the row was compiled.
  func waiting(row: Int, offset: Int) -> WaitingCell? {
    var range = waiting.indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let found = waiting[middle]
      if (found.row, found.offset) == (row, offset) { return found }
      if (found.row, found.offset) < (row, offset) {
        range = (middle + 1)..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    return nil
  }

  /// Checks the rows of a batch whose cells are resolved as far as they can be.
  mutating func validate(_ batch: inout Batch) { validate(&batch, batch.rows.indices) }

  /// The same after a pass that found every row valid as far as it was known then.
  mutating func validateResolved(_ batch: inout Batch) {
    let width = batch.columns.count
    var rows: [Int] = []
    for place in waiting where rows.last != place.row {
      let value = batch.values[place.row * width + place.offset]
      if validation.concerns(value, at: place.offset) { rows.append(place.row) }
    }
    validate(&batch, rows)
  }

  private func validate(_ batch: inout Batch, _ rows: some Sequence<Int>) {
    guard entity.schema != nil else { return }
    batch.checkTenant()
    let hasPending = !batch.pending.isEmpty
    for index in rows where !batch.rows[index].fate.isDead {
      let violations =
        hasPending
        ? validation.violations(batch.known(of: index))
        : validation.violations(batch.values(of: index))
      if let violation = violations.first {
        batch.rows[index].fate = .failed
        batch.rows[index].failure = Diagnostic(
          violation, of: entity, at: batch.rows[index].range, text: nil, isSensitive: true)
      }
    }
  }
}
