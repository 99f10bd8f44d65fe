internal import SowModel

/// What rows that the run rewrites will refer to, in tables whose parents may lose rows.
struct RowRedirects: Sendable {
  /// Tables of which rows may go; nil where that may be any.
  private let parents: Set<String>?
  private var targets: [Place: [Value?]] = [:]

  private struct Place: Hashable {
    var table: String
    var foreignKey: Int
    var key: RowKey
  }

  init(_ plan: CheckedPlan, _ scope: RunScope) {
    let leaving = plan.operations.filter { $0.action == .sync || $0.action == .delete }
    parents = scope.prunes ? nil : Set(leaving.map { plan.entities[$0.entity].table.name })
  }

  /// Notes what the rows of a decided batch will refer to.
  mutating func note(_ batch: Batch) {
    for (number, offsets) in links(of: batch.entity.table, columns: batch.columns) {
      for (index, row) in batch.rows.enumerated() where row.fate == .update || row.fate == .drift {
        guard let key = row.key else { continue }
        let known = batch.known(of: index)
        let place = Place(table: batch.entity.table.name, foreignKey: number, key: key)
        targets[place] = offsets.map { known[$0] }
      }
    }
  }

  /// Notes what the rows of an `update` will refer to.
  mutating func note(_ number: Int, _ state: RunState) {
    let instance = state.plan.instances[number]
    let operation = state.plan.operations[Int(instance.operation)]
    guard operation.action == .update, state.fates[number] == .query,
      let result = state.results[number]
    else { return }
    let table = state.plan.entities[operation.entity].table
    let columns = state.plan.columnSets[Int(instance.columnSet)].columns
    let values = state.cellRange(of: number).map { cell -> Value? in
      if case .value(let value) = state.cells[cell] { return value }
      return nil
    }
    for (number, offsets) in links(of: table, columns: columns) {
      for key in result.keys {
        let place = Place(table: table.name, foreignKey: number, key: key)
        targets[place] = offsets.map { values[$0] }
      }
    }
  }

  /// Whether the run has a row refer to something other than `values` by a foreign key.
  func leaves(_ key: RowKey, of table: Table, foreignKey: Int, _ values: [Value]) -> Bool {
    let place = Place(table: table.name, foreignKey: foreignKey, key: key)
    guard let target = targets[place], target.count == values.count else { return false }
    return !zip(target, values).allSatisfy { $0?.isSameKey(as: $1) ?? false }
  }

  /// The foreign keys to such tables whose columns are all written, with their offsets.
  private func links(of table: Table, columns: [Int]) -> [(number: Int, offsets: [Int])] {
    if let parents, parents.isEmpty { return [] }
    return table.foreignKeys.enumerated().compactMap { number, foreignKey in
      guard parents?.contains(foreignKey.table) ?? true else { return nil }
      let offsets = foreignKey.columns.compactMap { columns.firstIndex(of: $0) }
      return offsets.count == foreignKey.columns.count ? (number, offsets) : nil
    }
  }
}
