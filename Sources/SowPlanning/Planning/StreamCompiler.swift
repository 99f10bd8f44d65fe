internal import SowModel

/// The next rows of a streamed operation, as far as the plan alone says what they are.
struct CompiledBatch {
  var batch: Batch
  /// Cells that are no values yet, by row and offset.
  var waiting: [WaitingCell] = []
  /// What compiling them brought along.
  var computed: [Computed] = []
}

/// A cell of a batch that is only known from other rows.
struct WaitingCell {
  let row: Int
  let offset: Int
  let cell: Cell
  /// Whether the cell was compiled for this row, not with the plan.
  let isOfTheRow: Bool
}

/// Reads the rows of a file and compiles them; used by one thread at a time.
final class StreamCompiler {
  let stream: Stream
  let entity: Entity
  private let operation: Int
  private let plan: CheckedPlan
  private let digester: (any Digesting)?
  private let forms: (any StoredForms)?
  private let cursor: any RowCursor
  private var sink = InputCompiler.Sink()
  private var encoder = RowEncoder()
  private var memo: CellMemo
  private var rowCount = 0
  private var nextSize = Batch.firstSize
  private let batchSize: Int
  private var seenContent: [RowDigest: Int] = [:]
  private var duplicates = DuplicateDetector()
  private var isOver = false

  init(
    _ operation: Int, of plan: CheckedPlan, batchSize: Int, digester: (any Digesting)?,
    forms: (any StoredForms)?
  ) throws(RowFailure) {
    let checked = plan.operations[operation]
    guard let stream = checked.stream else { preconditionFailure("a reader is of a stream") }
    self.operation = operation
    self.stream = stream
    self.plan = plan
    self.batchSize = batchSize
    // What is asked of a row that is kept as it is depends on what becomes of it.
    self.digester = checked.keepsMatches ? nil : digester
    self.forms = forms
    entity = plan.entities[checked.entity]
    memo = CellMemo(programs: stream.programs.count)
    cursor = try stream.source.open()
  }

  /// An empty batch of this operation.
  var emptyBatch: Batch {
    Batch(
      entity: entity, action: plan.operations[operation].action,
      plan.columnSets[stream.columnSet])
  }

  func holds(_ address: String) -> Bool { duplicates.holds(address) }

  var fileDigest: String { cursor.digest }

  /// The next rows; nil at the end of the file and after a failure.
  func next() -> Result<CompiledBatch, RowFailure>? {
    guard !isOver else { return nil }
    do throws(RowFailure) {
      let compiled = try compileBatch()
      isOver = compiled.batch.rows.count < nextSize
      nextSize = min(2 * nextSize, batchSize)
      return compiled.batch.rows.isEmpty ? nil : .success(compiled)
    } catch {
      isOver = true
      return .failure(error)
    }
  }

  private func compileBatch() throws(RowFailure) -> CompiledBatch {
    var compiled = CompiledBatch(batch: emptyBatch)
    if rowCount > 0 { compiled.batch.reserve(nextSize) }
    sink = InputCompiler.Sink()
    memo.removeAll()
    var row = DataRow()
    while compiled.batch.rows.count < nextSize, try cursor.next(into: &row) {
      while row.cells.count < stream.columns.count { row.cells.append(.absent) }
      compile(row, &compiled)
    }
    for (row, failure) in plan.invalidRows[operation] ?? [:] {
      let index = row - rowCount
      if compiled.batch.rows.indices.contains(index) {
        compiled.batch.rows[index].end(.failed, failure)
      }
    }
    compiled.computed = sink.computed
    rowCount += compiled.batch.rows.count
    let limit = plan.expander.limits.rows
    guard rowCount <= limit else {
      throw RowFailure(
        Diagnostic(
          .tooManyInstances, ["count": String(rowCount), "limit": String(limit)],
          at: stream.range))
    }
    return compiled
  }

  // MARK: One row

  private func compile(_ row: DataRow, _ compiled: inout CompiledBatch) {
    let place = SourceRange(file: stream.source.file, start: row.start, end: row.start)
    var made = BatchRow(operation: operation, instance: nil, address: key(of: row), range: place)
    let width = compiled.batch.columns.count
    if let mistake = row.mistake {
      made.fate = .failed
      made.failure = mistake
      compiled.batch.values.append(contentsOf: repeatElement(.null, count: width))
      return compiled.batch.rows.append(made)
    }
    var isWhole = true
    for (offset, program) in stream.programs.enumerated() {
      let field = entity.fields[compiled.batch.columns[offset]]
      let cell: Cell?
      switch program {
      case .constant(let constant): cell = constant
      case .column(let column): cell = value(of: row.cells[column], field, at: place)
      case .input(let input, let column):
        cell = memo.cell(of: offset, column.map { row.cells[$0] }) {
          let each = Each.row(columns: stream.columns, row)
          return plan.inputs.cell(input, .init(field), each: each, into: &sink)
        }
      }
      if case .value(let value)? = cell {
        compiled.batch.values.append(value)
        continue
      }
      isWhole = false
      compiled.batch.values.append(.null)
      if let cell {
        let isOfTheRow = if case .input = program { true } else { false }
        compiled.waiting.append(
          WaitingCell(
            row: compiled.batch.rows.count, offset: offset, cell: cell, isOfTheRow: isOfTheRow))
      } else {
        made.fate = .failed
        made.failure = made.failure ?? takeDiagnostic(at: place)
      }
    }
    if duplicates.hasSeen(made.address) {
      made.fate = .failed
      made.failure = Diagnostic(
        .duplicateInstance,
        ["address": address(operation: plan.operations[operation].name, instance: made.address)],
        at: place, isSensitive: true)
    }
    compiled.batch.rows.append(made)
    if isWhole, let digester {
      let index = compiled.batch.rows.count - 1
      compiled.batch.encodeAsked(index, isKept: false, into: &encoder)
      let asked = digester.digest(encoder)
      compiled.batch.rows[index].asked = asked
      compiled.batch.rows[index].answered = forms.flatMap {
        compiled.batch.answered(index, asked: asked, by: $0, digester, &encoder)
      }
    }
  }

  private func value(
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
  private func takeDiagnostic(at place: SourceRange) -> Diagnostic? {
    defer { sink.diagnostics = Diagnostics() }
    guard var diagnostic = sink.diagnostics.all.first else { return nil }
    if let range = diagnostic.range, range.file != place.file { diagnostic.related = [range] }
    diagnostic.range = place
    diagnostic.isSensitive = true
    return diagnostic
  }

  private func key(of row: DataRow) -> String {
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
    case .input(.link(.reference(let reference), _), _):
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
