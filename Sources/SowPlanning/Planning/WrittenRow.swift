internal import SowModel

/// Values that a run writes to rows of a table.
struct WrittenRow {
  let operation: Int
  let instance: String
  let range: SourceRange
  let isNew: Bool
  private let entity: Entity
  private let values: [Int: Known]
  /// The rows, where they are there already.
  private let keys: [RowKey]
  /// Whether some of an update's rows are still to be written.
  private let reachesNew: Bool

  enum Known {
    case value(Value)
    /// Not before the row is written: no value that anybody could write down.
    case pending
    case unknown
  }

  /// Nil for a row that is not written.
  init?(_ index: Int, of batch: Batch) {
    let row = batch.rows[index]
    guard row.fate.isStarted || row.fate.isInPlace else { return nil }
    operation = row.operation
    instance = row.address
    range = row.range
    isNew = row.fate.isStarted
    entity = batch.entity
    keys = isNew ? [] : row.key.map { [$0] } ?? []
    reachesNew = false
    let offsets = isNew ? Array(batch.columns.indices) : batch.asked
    let first = index * batch.columns.count
    values = Dictionary(
      uniqueKeysWithValues: offsets.map { offset in
        let isPending = batch.pending.contains(first + offset)
        return (batch.columns[offset], isPending ? .pending : .value(batch.values[first + offset]))
      })
  }

  /// Nil for a query that writes nothing.
  init?(_ number: Int, _ result: QueryResult, _ state: RunState) {
    let plan = state.plan
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    let columns = plan.columnSets[Int(instance.columnSet)].columns
    guard operation.action == .update, state.fates[number] == .query else { return nil }
    self.operation = Int(instance.operation)
    self.instance = instance.key
    range = instance.range
    isNew = false
    entity = plan.entities[operation.entity]
    keys = zip(result.keys, result.changes).filter(\.1).map(\.0)
    reachesNew = !result.pending.isEmpty
    values = Dictionary(
      uniqueKeysWithValues: zip(columns, state.cellRange(of: number)).map { column, cell in
        if case .value(let value) = state.cells[cell] { return (column, .value(value)) }
        return (column, .pending)
      })
  }

  private init(_ other: WrittenRow) {
    operation = other.operation
    instance = other.instance
    range = other.range
    isNew = other.isNew
    entity = other.entity
    keys = other.keys
    reachesNew = other.reachesNew
    values = other.values.mapValues { _ in .pending }
  }

  /// The same of any row with these columns.
  var withoutValues: WrittenRow { WrittenRow(self) }

  func writes(_ column: Int) -> Bool { values[column] != nil }

  /// Whether every row is among these.
  func isWithin(_ others: Set<RowKey>) -> Bool {
    !isNew && !reachesNew && keys.allSatisfy(others.contains)
  }

  /// What a column holds then.
  func known(_ column: Int) -> Known {
    if let value = values[column] { return value }
    guard isNew else { return .unknown }
    if let value = entity.initialValue(of: column) { return .value(value) }
    switch entity.fields[column].generation {
    case .key, .uuid: return .pending
    case .computed, .none: return .unknown
    }
  }
}
