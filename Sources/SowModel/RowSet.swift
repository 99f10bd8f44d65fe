/// Rows of one table under one list of columns, as one flat list of values.
package struct RowSet: Sendable {
  package let table: Table
  /// Positions in `table.columns`.
  package let columns: [Int]
  package private(set) var count = 0
  /// Those of the first columns, `width` a row.
  private var values: [Value] = []
  private let width: Int
  /// Those of all other columns.
  private var others: [Value] = []

  package init(table: Table, columns: [Int]) {
    self.table = table
    self.columns = columns
    width = columns.count
  }

  /// Rows of which `values` holds the first columns, `others` the rest: so what somebody else holds,
  /// too, need not be copied.
  package init(table: Table, columns: [Int], count: Int, values: [Value], others: [Value]) {
    self.table = table
    self.columns = columns
    self.count = count
    self.values = values
    self.others = others
    width = count == 0 ? columns.count : values.count / count
    precondition(
      values.count == width * count && others.count == (columns.count - width) * count,
      "a row has one value a column")
  }

  package subscript(row: Int, offset: Int) -> Value {
    offset < width
      ? values[row * width + offset]
      : others[row * (columns.count - width) + offset - width]
  }

  package subscript(row: Int) -> ArraySlice<Value> {
    let first = values[row * width..<(row + 1) * width]
    return others.isEmpty ? first : ArraySlice(columns.indices.map { self[row, $0] })
  }

  /// Appends one row: as many values as columns, or the invariant is broken.
  package mutating func append(_ row: [Value]) {
    precondition(row.count == columns.count, "a row has one value a column")
    values.append(contentsOf: row)
    count += 1
  }

  package mutating func append(_ row: ArraySlice<Value>) {
    precondition(row.count == columns.count, "a row has one value a column")
    values.append(contentsOf: row)
    count += 1
  }

  /// Appends one row of two columns.
  package mutating func append(_ first: Value, _ second: Value) {
    precondition(columns.count == 2, "a row has one value a column")
    values.append(first)
    values.append(second)
    count += 1
  }

  /// Appends one row: those of the values at `offsets`.
  package mutating func append(_ row: ArraySlice<Value>, at offsets: [Int]) {
    precondition(offsets.count == columns.count, "a row has one value a column")
    for offset in offsets { values.append(row[row.startIndex + offset]) }
    count += 1
  }

  /// Appends one row that is given in parts.
  package mutating func append(_ first: [Value], _ middle: ArraySlice<Value>, _ last: [Value]) {
    precondition(
      first.count + middle.count + last.count == columns.count, "a row has one value a column")
    values.append(contentsOf: first)
    values.append(contentsOf: middle)
    values.append(contentsOf: last)
    count += 1
  }

  /// Some of the rows.
  package func rows(_ numbers: [Int]) -> RowSet {
    var set = RowSet(table: table, columns: columns)
    for number in numbers { set.append(self[number]) }
    return set
  }

  package mutating func reserve(_ rows: Int) { values.reserveCapacity(rows * columns.count) }

  /// Empties a set that was filled row by row.
  package mutating func removeAll() {
    values.removeAll(keepingCapacity: true)
    count = 0
  }
}

/// Rows to look up by `keyColumns` and to compare in the other columns.
package struct Probe: Sendable {
  package var rows: RowSet
  /// Positions in `rows.columns` that identify the row; never null there.
  package var keyColumns: [Int]
  /// What the row of the table must pass beside; no `in` and no `notIn` among them.
  package var conditions: [ResolvedCondition]

  package init(rows: RowSet, keyColumns: [Int], conditions: [ResolvedCondition] = []) {
    self.rows = rows
    self.keyColumns = keyColumns
    self.conditions = conditions
  }
}

package struct Match: Hashable, Sendable {
  package var key: RowKey
  /// Whether every column of the probe's row equals the table's (null equals null).
  package var isEqual: Bool

  package init(key: RowKey, isEqual: Bool) {
    self.key = key
    self.isEqual = isEqual
  }
}

/// A read of one table, all values resolved.
package struct Query: Sendable {
  package var table: Table
  package var conditions: [ResolvedCondition]
  /// Positions of the columns to return.
  package var columns: [Int]
  package var sort: [(column: Int, descending: Bool)] = []
  package var limit: Int?
  /// Values to compare with, by column: a selected row says whether it holds them already.
  package var comparison: [(column: Int, value: Value)] = []

  package init(table: Table, conditions: [ResolvedCondition], columns: [Int]) {
    self.table = table
    self.conditions = conditions
    self.columns = columns
  }
}

/// One test of a filter. `like` is case-sensitive on every database; `notEqual` and `notIn`
/// include nulls; `equal` to null is IS NULL; `in` with no value matches nothing; a null among the
/// values of `in` or `notIn` stands for the rows where the column is null.
package struct ResolvedCondition: Hashable, Sendable {
  package var column: Int
  package var comparison: Comparison
  /// One value, two for `between`, any number for `in` and `notIn`.
  package var operands: [Value]

  package init(column: Int, comparison: Comparison, operands: [Value]) {
    self.column = column
    self.comparison = comparison
    self.operands = operands
  }
}

package struct SelectedRow: Hashable, Sendable {
  package var key: RowKey
  package var values: [Value]
  /// Whether the row holds every value of the query's comparison.
  package var isEqual: Bool

  package init(key: RowKey, values: [Value], isEqual: Bool) {
    self.key = key
    self.values = values
    self.isEqual = isEqual
  }
}

/// A row that refers to another one.
package struct Referring: Hashable, Sendable {
  package var parent: RowKey
  package var child: RowKey

  package init(parent: RowKey, child: RowKey) {
    self.parent = parent
    self.child = child
  }
}
