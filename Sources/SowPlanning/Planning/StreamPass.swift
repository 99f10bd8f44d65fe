package import SowModel

/// One pass over the file of a streamed operation, batch by batch: compiled, checked, decided.
///
/// Planning makes one pass and applying another; both must come to the same fold.
package struct StreamPass {
  package let operation: Int
  /// A digest over the fate and address of every row so far.
  package private(set) var fold = RowDigest(high: 0, low: 0)
  package private(set) var rowCount = 0
  private let decider: Decider
  private let stream: Stream
  private let entity: Entity
  private let cursor: any RowCursor
  private let hasEntries: Bool
  private var row = DataRow()
  private var sink = InputCompiler.Sink()
  private var validation: RowValidation
  private var seenContent: [String: Int] = [:]
  private var duplicates: DuplicateDetector

  package init(_ operation: Int, _ decider: Decider, hasEntries: Bool) throws(RowFailure) {
    guard let stream = decider.plan.operations[operation].stream else {
      preconditionFailure("a pass is over a stream")
    }
    self.operation = operation
    self.decider = decider
    self.stream = stream
    self.hasEntries = hasEntries
    entity = decider.plan.entities[decider.plan.operations[operation].entity]
    cursor = try stream.source.open()
    validation = RowValidation(
      entity, columns: decider.plan.columnSets[stream.columnSet].columns, isWhole: true)
    duplicates = DuplicateDetector()
  }

  /// An empty batch of this operation.
  package var emptyBatch: Batch {
    Batch(
      entity: entity, action: decider.plan.operations[operation].action,
      columns: decider.plan.columnSets[stream.columnSet].columns)
  }

  /// SHA-256 of the file, once the pass is over.
  package var fileDigest: String { cursor.digest }

  /// Fills `batch` with the next rows, decided; false at the end of the file.
  package mutating func next(_ batch: inout Batch, _ state: inout RunState) throws -> Bool {
    batch.removeAll()
    var waiting: [(row: Int, offset: Int, cell: Cell)] = []
    var extra = Extra()
    sink = InputCompiler.Sink()
    while batch.rows.count < Batch.size, try cursor.next(into: &row) {
      while row.cells.count < stream.columns.count { row.cells.append(.absent) }
      compile(&batch, &state, &waiting)
    }
    if batch.rows.isEmpty { return false }
    extra.computed = sink.computed
    try decider.decideLookups(of: &extra, state)
    for place in waiting { resolve(place.row, place.offset, place.cell, &batch, state, extra) }
    validate(&batch)
    try fillEntries(&batch)
    try decider.decide(&batch)
    keep(batch, in: &state)
    foldIn(batch)
    rowCount += batch.rows.count
    return true
  }

  /// Fills `batch` with the next rows, addresses alone; false at the end of the file.
  mutating func addresses(_ batch: inout Batch, _ state: inout RunState) throws -> Bool {
    batch.removeAll()
    var waiting: [(row: Int, offset: Int, cell: Cell)] = []
    sink = InputCompiler.Sink()
    while batch.rows.count < Batch.size, try cursor.next(into: &row) {
      while row.cells.count < stream.columns.count { row.cells.append(.absent) }
      compile(&batch, &state, &waiting)
    }
    return !batch.rows.isEmpty
  }

  // MARK: Compiling a row

  private mutating func compile(
    _ batch: inout Batch, _ state: inout RunState,
    _ waiting: inout [(row: Int, offset: Int, cell: Cell)]
  ) {
    let place = SourceRange(file: stream.source.file, start: row.start, end: row.start)
    var problem: Diagnostic?
    let index = batch.rows.count
    for (offset, program) in stream.programs.enumerated() {
      var cell: Cell?
      switch program {
      case .constant(let constant):
        cell = constant
        if case .value = constant {} else {
          resolve(index, offset, constant, in: &batch, &problem, state, at: place)
          continue
        }
      case .column(let column): cell = self.cell(column, offset, batch.columns, at: place)
      case .input(let input): cell = self.cell(input, offset, batch.columns)
      }
      switch cell {
      case .value(let value)?: batch.values.append(value)
      case nil:
        problem = problem ?? takeDiagnostic(at: place)
        batch.values.append(.null)
      case .some(let other):
        waiting.append((index, offset, other))
        batch.values.append(.null)
      }
    }
    var compiled = BatchRow(
      operation: operation, instance: nil, address: address(), range: place)
    if let problem {
      compiled.fate = .failed
      compiled.failure = problem
    }
    if let twice = duplicates.note(compiled.address) {
      compiled.fate = .failed
      compiled.failure = self.duplicate(twice, at: place)
    }
    batch.rows.append(compiled)
  }

  private mutating func cell(
    _ column: Int, _ offset: Int, _ columns: [Int], at place: SourceRange
  ) -> Cell? {
    let field = entity.fields[columns[offset]]
    let want = InputCompiler.Want(type: field.type, isNullable: field.isNullable, name: field.name)
    let compiler = decider.plan.inputs
    switch row.cells[column] {
    case .absent: return .value(field.defaultValue ?? .null)
    case .structure(let node): return compiler.value(of: node, want, at: place, into: &sink)
    case .scalar(let scalar):
      let cell = compiler.value(of: scalar, want, at: place, into: &sink)
      if field.trims, case .value(.text(let text))? = cell { return .value(.text(trimmed(text))) }
      return cell
    }
  }

  private mutating func cell(_ input: Input, _ offset: Int, _ columns: [Int]) -> Cell? {
    let field = entity.fields[columns[offset]]
    let want = InputCompiler.Want(type: field.type, isNullable: field.isNullable, name: field.name)
    sink.dependencies.removeAll(keepingCapacity: true)
    sink.streams.removeAll(keepingCapacity: true)
    let each = Each.row(columns: stream.columns, row)
    return decider.plan.inputs.cell(input, want, each: each, into: &sink)
  }

  /// The first mistake of the row, moved to the row's place in its file.
  private mutating func takeDiagnostic(at place: SourceRange) -> Diagnostic? {
    defer { sink.diagnostics = Diagnostics() }
    guard var diagnostic = sink.diagnostics.all.first else { return nil }
    if let range = diagnostic.range, range.file != place.file { diagnostic.related = [range] }
    diagnostic.range = place
    diagnostic.isSensitive = true
    return diagnostic
  }

  private mutating func address() -> String {
    switch stream.key {
    case .columns(let columns):
      return decider.plan.expander.rowKey(row, columns, seen: &seenContent)
    case .fields(let fields):
      return fieldsKey(fields)
    case .content:
      return decider.plan.expander.rowKey(row, [], seen: &seenContent)
    }
  }

  /// The key made of fields: cells as written; a reference stands for the key that it points to.
  private mutating func fieldsKey(_ fields: [Int]) -> String {
    var parts: [String] = []
    for field in fields {
      guard let part = stream.programs[field].keyText(row, stream.columns) else {
        return decider.plan.expander.rowKey(row, [], seen: &seenContent)
      }
      parts.append(part)
    }
    return instanceText(parts)
  }

  private func duplicate(_ address: String, at place: SourceRange) -> Diagnostic {
    Diagnostic(
      .duplicateInstance,
      [
        "address": SowModel.address(
          operation: decider.plan.operations[operation].name, instance: address)
      ], at: place)
  }

  // MARK: Resolving and checking

  private func resolve(
    _ index: Int, _ offset: Int, _ cell: Cell, in batch: inout Batch,
    _ problem: inout Diagnostic?, _ state: RunState, at place: SourceRange
  ) {
    let position = batch.values.count
    batch.values.append(.null)
    switch state.resolve(cell, at: place) {
    case .value(let value): batch.values[position] = value
    case .pending: batch.pending.insert(position)
    case .dead(let operation):
      problem = Diagnostic(.dependencyFailed, ["operation": operation], at: place)
    case .failed(let diagnostic): problem = diagnostic
    }
  }

  private func resolve(
    _ index: Int, _ offset: Int, _ cell: Cell, _ batch: inout Batch, _ state: RunState,
    _ extra: Extra
  ) {
    let position = index * batch.columns.count + offset
    let place = batch.rows[index].range
    switch state.resolve(cell, at: place, extra: extra) {
    case .value(let value):
      let field = entity.fields[batch.columns[offset]]
      if let problem = RunState.problem(value, field, at: place) {
        batch.rows[index].fate = .failed
        batch.rows[index].failure = problem
      } else {
        batch.values[position] = value.fitting(field.type) ?? value
      }
    case .pending:
      batch.pending.insert(position)
      batch.rows[index].hasPending = true
    case .dead(let operation):
      batch.rows[index].fate = .skipped
      batch.rows[index].failure = Diagnostic(
        .dependencyFailed, ["operation": operation], at: place)
    case .failed(let diagnostic):
      batch.rows[index].fate = .failed
      batch.rows[index].failure = diagnostic
    }
  }

  private mutating func validate(_ batch: inout Batch) {
    guard entity.schema != nil else { return }
    let width = batch.columns.count
    let hasPending = !batch.pending.isEmpty
    for index in batch.rows.indices where !batch.rows[index].fate.isDead {
      let violations =
        hasPending
        ? validation.violations(batch.known(of: index))
        : validation.violations(batch.values[index * width..<(index + 1) * width].lazy.map { $0 })
      if let violation = violations.first {
        batch.rows[index].fate = .failed
        batch.rows[index].failure = Diagnostic(
          violation, at: batch.rows[index].range, text: nil, isSensitive: true)
      }
    }
  }

  private func fillEntries(_ batch: inout Batch) throws {
    guard hasEntries else { return }
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
    if batch.rows.contains(where: \.fate.isDead) { state.noteFailure(of: operation) }
    guard stream.isReferenced else { return }
    for index in batch.rows.indices { state.keep(index, of: batch, operation) }
  }

  private mutating func foldIn(_ batch: Batch) {
    var encoder = RowEncoder()
    encoder.append(.integer(Int64(bitPattern: fold.high)))
    encoder.append(.integer(Int64(bitPattern: fold.low)))
    for row in batch.rows {
      let isNew = row.fate == .create || row.fate == .recreate
      encoder.append(.integer(row.fate.isDead ? 2 : isNew ? 1 : 0))
      encoder.append(.text(row.address))
    }
    fold = decider.digester.digest(encoder)
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
    streamed[operation, default: [:]][row.address] = StreamedRow(
      key: row.key, values: values, isDead: row.fate.isDead)
  }
}

/// Finds addresses that come twice, in eight bytes a row.
private struct DuplicateDetector {
  private var seen: Set<UInt64> = []

  /// The address itself where one with the same 64-bit FNV-1a hash came before: among a million
  /// rows two different addresses share one with a probability of 3 in 10⁸.
  mutating func note(_ address: String) -> String? {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in address.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return seen.insert(hash).inserted ? nil : address
  }
}

extension Stream.Program {
  fileprivate func keyText(_ row: DataRow, _ columns: [String]) -> String? {
    switch self {
    case .column(let column): return row.cells[column].keyText
    case .constant(.value(let value)): return value.isNull ? nil : value.text
    case .constant: return nil
    case .input(.link(.reference(let reference), _)):
      let parts = (reference.instance ?? []).map { part -> String? in
        switch part {
        case .text(let text): text
        case .each(let path):
          columns.firstIndex(of: path[0]).flatMap { row.cells[$0].keyText }
        }
      }
      guard !parts.contains(nil) else { return nil }
      return parts.compactMap { $0 }.joined(separator: ",")
    case .input: return nil
    }
  }
}

extension DataCell {
  fileprivate var keyText: String? {
    guard case .scalar(let scalar) = self, !scalar.isNull, !scalar.text.isEmpty else { return nil }
    return scalar.text
  }
}
