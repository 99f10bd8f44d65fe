internal import SowModel

/// Reads the rows of a streamed operation and compiles them, a batch at a time.
struct StreamReader {
  let operation: Int
  let stream: Stream
  let entity: Entity
  private(set) var rowCount = 0
  /// What compiling the current batch brought along.
  private(set) var sink = InputCompiler.Sink()
  /// Cells of the current batch that are no values yet.
  private(set) var waiting: [Waiting] = []
  private let plan: CheckedPlan
  private let cursor: any RowCursor
  private var row = DataRow()
  private var seenContent: [RowDigest: Int] = [:]
  private var duplicates = DuplicateDetector()
  private var validation: RowValidation

  struct Waiting {
    let row: Int
    let offset: Int
    let cell: Cell
    /// Whether the cell was compiled for this row, not with the plan.
    let isOfTheRow: Bool
  }

  init(_ operation: Int, of plan: CheckedPlan) throws(RowFailure) {
    guard let stream = plan.operations[operation].stream else {
      preconditionFailure("a reader is of a stream")
    }
    self.operation = operation
    self.stream = stream
    self.plan = plan
    entity = plan.entities[plan.operations[operation].entity]
    cursor = try stream.source.open()
    validation = RowValidation(
      entity, columns: plan.columnSets[stream.columnSet].columns, isWhole: true)
  }

  /// An empty batch of this operation.
  var emptyBatch: Batch {
    Batch(
      entity: entity, action: plan.operations[operation].action,
      plan.columnSets[stream.columnSet])
  }

  /// Whether a row with this address passed already: wrongly so once in 2⁶⁴ divided by their count.
  func holds(_ address: String) -> Bool { duplicates.holds(address) }

  /// SHA-256 of the file, once its end is reached.
  var fileDigest: String { cursor.digest }

  /// Fills `batch` with the next rows; cells that wait hold null. False at the end of the file.
  mutating func next(_ batch: inout Batch) throws(RowFailure) -> Bool {
    batch.removeAll()
    waiting.removeAll(keepingCapacity: true)
    sink = InputCompiler.Sink()
    while batch.rows.count < Batch.size, try cursor.next(into: &row) {
      while row.cells.count < stream.columns.count { row.cells.append(.absent) }
      compile(&batch)
    }
    for (row, failure) in plan.invalidRows[operation] ?? [:] {
      let index = row - rowCount
      if batch.rows.indices.contains(index) { batch.rows[index].end(.failed, failure) }
    }
    rowCount += batch.rows.count
    let limit = plan.expander.limits.rows
    guard rowCount <= limit else {
      throw RowFailure(
        Diagnostic(
          .tooManyInstances, ["count": String(rowCount), "limit": String(limit)],
          at: stream.range))
    }
    let isAtEnd = batch.rows.isEmpty
    let place = plan.operations[operation].range
    if let refusal = entity.refusal(ofRowsRead: rowCount, isAtEnd: isAtEnd, at: place) {
      throw RowFailure(refusal)
    }
    return !isAtEnd
  }

  /// The cell of a row and field that was no value when the row was compiled.
  func waiting(row: Int, offset: Int) -> Waiting? {
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
  mutating func validate(_ batch: inout Batch) {
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

  // MARK: One row

  private mutating func compile(_ batch: inout Batch) {
    let place = SourceRange(file: stream.source.file, start: row.start, end: row.start)
    var compiled = BatchRow(
      operation: operation, instance: nil, address: key(), range: place)
    if let mistake = row.mistake {
      compiled.fate = .failed
      compiled.failure = mistake
      batch.values.append(contentsOf: repeatElement(.null, count: batch.columns.count))
      return batch.rows.append(compiled)
    }
    for (offset, program) in stream.programs.enumerated() {
      let field = entity.fields[batch.columns[offset]]
      let cell: Cell?
      switch program {
      case .constant(let constant): cell = constant
      case .column(let column): cell = value(of: row.cells[column], field, at: place)
      case .input(let input):
        let each = Each.row(columns: stream.columns, row)
        cell = plan.inputs.cell(input, .init(field), each: each, into: &sink)
      }
      if case .value(let value)? = cell {
        batch.values.append(value)
        continue
      }
      batch.values.append(.null)
      if let cell {
        let isOfTheRow = if case .input = program { true } else { false }
        waiting.append(
          Waiting(row: batch.rows.count, offset: offset, cell: cell, isOfTheRow: isOfTheRow))
      } else {
        compiled.fate = .failed
        compiled.failure = compiled.failure ?? takeDiagnostic(at: place)
      }
    }
    if duplicates.hasSeen(compiled.address) {
      compiled.fate = .failed
      compiled.failure = Diagnostic(
        .duplicateInstance,
        [
          "address": address(operation: plan.operations[operation].name, instance: compiled.address)
        ],
        at: place, isSensitive: true)
    }
    batch.rows.append(compiled)
  }

  private mutating func value(
    of cell: DataCell, _ field: Entity.Field, at place: SourceRange
  ) -> Cell? {
    switch cell {
    case .absent: return .value(field.defaultValue ?? .null)
    case .structure(let node):
      return plan.inputs.value(of: node, .init(field), at: place, into: &sink)
    case .scalar(let scalar):
      return plan.inputs.value(of: scalar, .init(field), at: place, into: &sink)
    }
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

  private mutating func key() -> String {
    switch stream.key {
    case .columns(let columns, let secret):
      return plan.expander.rowKey(row, columns, secret: secret, entity, seen: &seenContent)
    case .content:
      return plan.expander.rowKey(row, [], secret: [], entity, seen: &seenContent)
    case .fields(let fields):
      var parts: [String] = []
      for field in fields {
        guard let part = stream.programs[field].keyText(row, stream.columns) else {
          return plan.expander.rowKey(row, [], secret: [], entity, seen: &seenContent)
        }
        parts.append(stream.labels[field] == nil ? part : plan.expander.secrets.hidden(part))
      }
      return instanceText(parts)
    }
  }
}

extension Stream.Program {
  /// The text of a key part: cells as written; a reference stands for the key that it points to.
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
