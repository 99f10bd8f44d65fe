internal import SowModel

/// What rows that the run rewrites will refer to, in tables whose parents may lose rows.
struct RowRedirects: Sendable {
  /// Tables of which rows may go; nil where that may be any.
  private let parents: Set<String>?
  private var targets: [Place: [Value?]] = [:]
  /// The members that rewritten rows will have; nil while they are not known.
  private var members: [MemberPlace: [Value]?] = [:]

  private struct Place: Hashable {
    var table: String
    var foreignKey: Int
    var key: RowKey
  }

  private struct MemberPlace: Hashable {
    var table: String
    var field: String
    var key: RowKey
  }

  init(_ plan: CheckedPlan, _ scope: RunScope) {
    let leaving = plan.operations.filter { $0.action == .sync || $0.action == .delete }
    parents = scope.prunes ? nil : Set(leaving.map { plan.entities[$0.entity].table.name })
  }

  /// Notes what the rows of a decided batch will refer to.
  mutating func note(_ batch: Batch) {
    for offset in sets(of: batch.entity.table, columns: batch.columns) {
      for (index, row) in batch.rows.enumerated() where row.fate.isInPlace {
        guard let key = row.key else { continue }
        let place = MemberPlace(
          table: batch.entity.table.name, field: batch.entity.fields[batch.columns[offset]].name,
          key: key)
        members[place] = .some(batch.known(of: index)[offset]?.members)
      }
    }
    for (number, offsets) in links(of: batch.entity.table, columns: batch.columns) {
      for (index, row) in batch.rows.enumerated() where row.fate.isInPlace {
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
    for offset in sets(of: table, columns: columns) {
      for key in result.keys {
        let place = MemberPlace(
          table: table.name, field: table.columns[columns[offset]].name, key: key)
        members[place] = .some(values[offset]?.members)
      }
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

  /// Whether the run takes `member` out of a set of a row.
  func drops(_ member: Value, from field: String, ofRow key: RowKey, in table: String) -> Bool {
    guard let members = members[MemberPlace(table: table, field: field, key: key)] else {
      return false
    }
    return members?.contains { $0.isSameKey(as: member) } != true
  }

  /// The offsets of written sets whose links lead to such tables.
  private func sets(of table: Table, columns: [Int]) -> [Int] {
    columns.indices.filter { offset in
      guard let link = table.columns[columns[offset]].link else { return false }
      return link.table.foreignKeys.contains {
        $0.columns == [link.other] && parents?.contains($0.table) ?? true
      }
    }
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
