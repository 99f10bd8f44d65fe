package import SowModel

/// What a query matched: the rows as they were, and which of them an `update` changes.
package struct QueryResult: Sendable {
  package var keys: [RowKey] = []
  /// Fields of `rows`, positions in the entity.
  package var fields: [Int] = []
  package var rows: [[Value]] = []
  /// Whether a row must be written, by position.
  package var changes: [Bool] = []
  /// Instances whose rows the query addresses by key and that are still to be written.
  package var pending: [Int32] = []
  /// What the rows were asked for.
  var conditions: [ResolvedCondition] = []
  /// The instance of a `delete` before it that takes rows away which would match.
  var deleter: Int32?
  /// Of a `delete` without a ledger: how many other rows the database deletes with these.
  package var cascaded = 0
  /// What was found for each requested id, in request order; nil without `ids`.
  package var items: [Item]?

  /// Fields that an operation before a `read` writes, with that operation.
  var written: [Int: Int] = [:]
  /// Which requested ids are references to keys of rows of the run.
  var addressed: Set<Int> = []
  /// Whether it is answered while applying, because what it asks for is still to be written.
  package var isOpen = false

  package enum Item: Sendable {
    /// A position in `rows`.
    case row(Int)
    case missing(Value)
    case pending(Int32)
  }

  /// The first requested id that has no row.
  var missing: Value? {
    for case .missing(let id)? in items ?? [] { return id }
    return nil
  }

  /// The row that a reference with an index means.
  func item(at index: Int) -> Item? {
    if let items { return items.indices.contains(index) ? items[index] : nil }
    if rows.indices.contains(index) { return .row(index) }
    let rest = index - rows.count
    return pending.indices.contains(rest) ? .pending(pending[rest]) : nil
  }

  var count: Int { keys.count + pending.count }

  /// Puts rows that others refer to behind those; where several operations delete one row, all
  /// stays as it is.
  mutating func sort(byLevel levels: [Int]) {
    guard levels.count == keys.count else { return }
    let order = keys.indices.sorted { (levels[$0], $0) < (levels[$1], $1) }
    if order.elementsEqual(keys.indices) { return }
    var positions = [Int](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { positions[old] = new }
    items = items?.map { item in
      if case .row(let old) = item { return .row(positions[old]) }
      return item
    }
    keys = order.map { keys[$0] }
    rows = order.map { rows[$0] }
    changes = order.map { changes[$0] }
  }
}
