package import SowModel

/// Questions about an entity whose table may lack columns, or not be there: a column that is still
/// to be made holds its default in every row.
extension Snapshot {
  func has(_ entity: Entity) -> Bool { hasStructure || entity.isLive }

  func missingColumns(of entity: Entity) -> [Int] { hasStructure ? [] : entity.missingColumns }

  /// - Note: `isDeleted` asks for the rows that are marked as deleted, which are not seen else.
  func match(
    _ entity: Entity, _ rows: RowSet, keyColumns: [Int], isDeleted: Bool = false
  ) throws -> [Match?] {
    let missing = missingColumns(of: entity)
    guard has(entity), let conditions = conditions(of: entity, isDeleted: isDeleted) else {
      return [Match?](repeating: nil, count: rows.count)
    }
    guard rows.columns.contains(where: missing.contains) else {
      return try match(Probe(rows: rows, keyColumns: keyColumns, conditions: conditions))
    }
    let live = rows.columns.indices.filter { !missing.contains(rows.columns[$0]) }
    let keys = keyColumns.compactMap { live.firstIndex(of: $0) }
    guard keys.count == keyColumns.count else { return [Match?](repeating: nil, count: rows.count) }
    var known = RowSet(table: entity.table, columns: live.map { rows.columns[$0] })
    for row in 0..<rows.count {
      let values = rows[row]
      known.append(live.map { values[values.startIndex + $0] })
    }
    let matches = try match(Probe(rows: known, keyColumns: keys, conditions: conditions))
    return matches.enumerated().map { row, match in
      guard var match else { return nil }
      for (offset, value) in rows[row].enumerated() where !live.contains(offset) {
        if !entity.startsWith(value, in: rows.columns[offset]) { match.isEqual = false }
      }
      return match
    }
  }

  package func rows(of entity: Entity, columns: [Int], keys: [RowKey]) throws -> [[Value]?] {
    guard has(entity) else { return [[Value]?](repeating: nil, count: keys.count) }
    let missing = missingColumns(of: entity)
    let live = columns.filter { !missing.contains($0) }
    let found = try rows(of: entity.table, columns: live, keys: keys)
    if live.count == columns.count { return found }
    return found.map { $0.map { entity.filled($0, of: live, into: columns) } }
  }

  /// Conditions must not speak of columns that are still to be made.
  func select(_ query: Query, of entity: Entity) throws -> [SelectedRow] {
    guard has(entity), let conditions = conditions(of: entity) else { return [] }
    let missing = missingColumns(of: entity)
    var known = query
    known.conditions += conditions
    guard !missing.isEmpty else { return try select(known) }
    known.columns = query.columns.filter { !missing.contains($0) }
    known.comparison = query.comparison.filter { !missing.contains($0.column) }
    known.sort = query.sort.filter { !missing.contains($0.column) }
    let differs = query.comparison.contains { column, value in
      missing.contains(column) && !entity.startsWith(value, in: column)
    }
    return try select(known).map { row in
      SelectedRow(
        key: row.key, values: entity.filled(row.values, of: known.columns, into: query.columns),
        isEqual: row.isEqual && !differs)
    }
  }
}

extension Snapshot {
  /// What rows must pass to be seen; nil where none does, because the column is still to be made.
  fileprivate func conditions(
    of entity: Entity, isDeleted: Bool = false
  ) -> [ResolvedCondition]? {
    let missing = missingColumns(of: entity)
    let all = entity.visibility(isDeleted: isDeleted)
    let known = all.filter { !missing.contains($0.column) }
    // New columns make every row one that is not deleted, and one of no tenant.
    let isOfTheMark = { (condition: ResolvedCondition) in
      condition.column == entity.managed?.softDelete && !isDeleted
    }
    return all.allSatisfy { !missing.contains($0.column) || isOfTheMark($0) } ? known : nil
  }
}

extension Entity {
  /// What a column that is still to be made will hold.
  fileprivate func initial(_ column: Int) -> Value {
    fields[column].isLink ? .list([]) : fields[column].defaultValue ?? .null
  }

  fileprivate func startsWith(_ value: Value, in column: Int) -> Bool {
    fields[column].isLink ? value.isSameSet(as: .list([])) : value == initial(column)
  }

  fileprivate func filled(_ values: [Value], of live: [Int], into columns: [Int]) -> [Value] {
    var values = values.makeIterator()
    return columns.map { column in
      live.contains(column) ? values.next() ?? .null : initial(column)
    }
  }
}
