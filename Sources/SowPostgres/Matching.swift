package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func match(_ probe: Probe) throws(DatabaseError) -> [Match?] {
    let rows = probe.rows
    let detail = try detail(of: rows.table)
    let key = try KeyColumns(detail)
    let columns = try columns(rows.columns, of: detail)
    var parameters = columns.map { _ in Parameter.null }
    let conditions = try tests(probe.conditions, of: detail, &parameters)
    let others = parameters[columns.count...]
    let text = SQL.match(
      detail, columns: columns, keyed: probe.keyColumns, key: key, conditions: conditions)
    var matches = [Match?](repeating: nil, count: rows.count)
    for chunk in chunks(rows.count) {
      var arrays = columns.map { _ in ArrayText() }
      var places: [Int] = []
      var unequal: Set<Int> = []
      for row in chunk {
        guard let cells = Self.cells(rows[row], probe.keyColumns, columns) else { continue }
        if !cells.canBeEqual { unequal.insert(row) }
        places.append(row)
        for (number, cell) in cells.texts.enumerated() { arrays[number].append(cell) }
      }
      guard !places.isEmpty else { continue }
      for row in try connection.query(text, arrays.map(\.parameter) + others).rows {
        let place = places[row.number(0) - 1]
        try checkAlone(matches[place] == nil, of: rows.table)
        guard matches[place] == nil else { continue }
        matches[place] = Match(
          key: key.read(row, from: 1),
          isEqual: row.isTrue(1 + key.count) && !unequal.contains(place))
      }
    }
    return matches
  }

  /// The texts of a row; nil where no row of the table can have the key columns.
  private static func cells(
    _ values: ArraySlice<Value>, _ keyed: [Int], _ columns: [ColumnDetail]
  ) -> (texts: [String?], canBeEqual: Bool)? {
    var texts: [String?] = []
    var canBeEqual = true
    for (number, value) in values.enumerated() {
      let text = value.isNull ? nil : columns[number].compared(value)
      if text == nil {
        if keyed.contains(number) { return nil }
        if !value.isNull { canBeEqual = false }
      }
      texts.append(text)
    }
    return (texts, canBeEqual)
  }

  package func rows(of table: Table, columns: [Int], keys: [RowKey]) throws(DatabaseError)
    -> [[Value]?]
  {
    let detail = try detail(of: table)
    let key = try KeyColumns(detail)
    let details = try self.columns(columns, of: detail)
    let text = SQL.rows(of: detail, columns: details, key: key)
    var found = [[Value]?](repeating: nil, count: keys.count)
    for chunk in chunks(keys.count) {
      let arrays = KeyArrays(chunk.lazy.map { (offset: $0, element: keys[$0]) }, key)
      guard !arrays.isEmpty else { continue }
      for row in try connection.query(text, arrays.parameters).rows {
        let place = arrays.places[row.number(0) - 1]
        try checkAlone(found[place] == nil, of: table)
        found[place] = details.enumerated().map { $1.value(row, $0 + 1) }
      }
    }
    return found
  }
}
