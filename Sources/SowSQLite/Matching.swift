package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func match(_ probe: Probe) throws(DatabaseError) -> [Match?] {
    let rows = probe.rows
    let key = try KeyColumns(rows.table)
    let keyed = Set(probe.keyColumns.map { rows.columns[$0] })
    let collations = try collations(ofIndexOver: keyed, in: rows.table)
    let statement = try connection.prepare(SQL.match(probe, key: key, collations: collations))
    defer { statement.reset() }
    let affinities = rows.affinities
    // What is bound stays bound from row to row.
    var parameter = rows.columns.count + 1
    bind(probe.conditions, of: rows.table, to: statement, from: &parameter)
    var matches: [Match?] = []
    matches.reserveCapacity(rows.count)
    for row in 0..<rows.count {
      let values = rows[row]
      guard !probe.keyColumns.contains(where: { values[values.startIndex + $0].isNull }) else {
        matches.append(nil)
        continue
      }
      for (index, value) in values.enumerated() {
        statement.bindOnce(value, as: affinities[index], at: index + 1)
      }
      if try statement.step() {
        matches.append(
          Match(
            key: try key.read(statement, from: 0, on: connection),
            isEqual: statement.integer(key.count) != 0))
      } else {
        matches.append(nil)
      }
      statement.reset()
    }
    return matches
  }

  package func rows(of table: Table, columns: [Int], keys: [RowKey]) throws(DatabaseError)
    -> [[Value]?]
  {
    let key = try KeyColumns(table)
    let statement = try connection.prepare(SQL.rows(of: table, columns: columns, key: key))
    defer { statement.reset() }
    let types = columns.map { table.columns[$0].type }
    var rows: [[Value]?] = []
    rows.reserveCapacity(keys.count)
    for wanted in keys {
      if key.bind(wanted, to: statement, from: 1), try statement.step() {
        rows.append(try values(of: statement, from: 0, as: types))
      } else {
        rows.append(nil)
      }
      statement.reset()
    }
    return rows
  }

  /// By column; empty where no unique index is behind the columns.
  private func collations(ofIndexOver columns: Set<Int>, in table: Table) throws(DatabaseError)
    -> [Int: String]
  {
    _ = try catalogue()
    return known.collations[table.name]?[columns] ?? [:]
  }

  func values(of statement: Statement, from column: Int, as types: [FieldType])
    throws(DatabaseError) -> [Value]
  {
    var values: [Value] = []
    values.reserveCapacity(types.count)
    for (index, type) in types.enumerated() {
      values.append(try connection.value(of: statement, at: column + index, as: type))
    }
    return values
  }
}

extension RowSet {
  /// One a column.
  var affinities: [Affinity] {
    columns.map { Affinity(of: table.columns[$0]) }
  }
}
