internal import SowModel

/// The next rows of a streamed operation, as far as the plan alone says what they are.
struct CompiledBatch: Sendable {
  var batch: Batch
  /// Cells that are no values yet, by row and offset.
  var waiting: [WaitingCell] = []
  /// What compiling them brought along.
  var computed: [Computed] = []
}

/// A cell of a batch that is only known from other rows.
struct WaitingCell: Sendable {
  let row: Int
  let offset: Int
  let cell: Cell
  /// Whether the cell was compiled for this row, not with the plan.
  let isOfTheRow: Bool
}

/// How a column of the batches is filled: a copy of what the plan says, because counting references
/// to what another thread uses, too, would take longer than the rest.
private struct Column {
  let program: Stream.Program
  let want: InputCompiler.Want
  /// Where the row says nothing.
  let absent: Value

  init(_ program: Stream.Program, _ field: Entity.Field) {
    self.program = program
    want = InputCompiler.Want(field)
    absent = field.defaultValue ?? .null
  }

  /// Whether its cells are compiled for each row, not with the plan.
  var isOfTheRow: Bool { if case .input = program { true } else { false } }
}

/// Reads the rows of a file and compiles them; used by one thread at a time.
final class StreamCompiler {
  let stream: Stream
  let entity: Entity
  private let operation: Int
  private let plan: CheckedPlan
  private let columns: [Column]
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
    let entity = plan.entities[checked.entity]
    self.entity = entity
    columns = zip(stream.programs, plan.columnSets[stream.columnSet].columns).map {
      Column($0, entity.fields[$1])
    }
    memo = CellMemo(programs: stream.programs.count)
    cursor = try stream.source.open()
  }

  func holds(_ address: String) -> Bool { duplicates.holds(address) }

  var fileDigest: String { cursor.digest }

  /// The next rows; nil at the end of the file and after a failure.
  func next() -> Result<CompiledBatch, RowFailure>? {
    guard !isOver else { return nil }
    do throws(RowFailure) {
      // No batch goes beyond the rows that are committed together.
      let size = min(nextSize, Batch.size - rowCount % Batch.size)
      let compiled = try compileBatch(of: size)
      isOver = compiled.batch.rows.count < size
      nextSize = min(2 * nextSize, batchSize)
      return compiled.batch.rows.isEmpty ? nil : .success(compiled)
    } catch {
      isOver = true
      return .failure(error)
    }
  }

  private func compileBatch(of size: Int) throws(RowFailure) -> CompiledBatch {
    var compiled = CompiledBatch(
      batch: Batch(
        entity: entity, action: plan.operations[operation].action,
        plan.columnSets[stream.columnSet]))
    if rowCount > 0 { compiled.batch.reserve(size) }
    sink = InputCompiler.Sink()
    memo.removeAll()
    var row = DataRow()
    while compiled.batch.rows.count < size, try cursor.next(into: &row) {
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
    for offset in columns.indices {
      switch cell(of: row, offset, at: place) {
      case .value(let value)?:
        compiled.batch.values.append(value)
        continue
      case let cell?:
        compiled.waiting.append(
          WaitingCell(
            row: compiled.batch.rows.count, offset: offset, cell: cell,
            isOfTheRow: columns[offset].isOfTheRow))
      case nil:
        made.fate = .failed
        made.failure = made.failure ?? takeDiagnostic(at: place)
      }
      isWhole = false
      compiled.batch.values.append(.null)
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

  /// The cell of a column, or nil after a diagnostic.
  private func cell(of row: DataRow, _ offset: Int, at place: SourceRange) -> Cell? {
    switch columns[offset].program {
    case .constant(let constant): return constant
    case .column(let column):
      switch row.cells[column] {
      case .absent: return .value(columns[offset].absent)
      case .structure(let node):
        return plan.inputs.value(of: node, columns[offset].want, at: place, into: &sink)
      case .scalar(let scalar):
        return plan.inputs.value(of: scalar, columns[offset].want, at: place, into: &sink)
      }
    case .input(let input, let column):
      return memo.cell(of: offset, column.map { row.cells[$0] }) {
        let each = Each.row(columns: stream.columns, row)
        return plan.inputs.cell(input, columns[offset].want, each: each, into: &sink)
      }
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
