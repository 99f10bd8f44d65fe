internal import SowDatabase
internal import SowModel

/// Writes the rows of a set by as few statements as there can be: all at once, and where that fails
/// by halves, down to the rows that are to blame.
struct SetWriter {
  let database: PostgresDatabase
  let table: Table
  let isDelete: Bool
  let stopsAtFailure: Bool

  /// Writes a part, and gives the rows of it that were not met; an error leaves nothing behind.
  typealias Write = (Range<Int>) throws(DatabaseError) -> [RowError]

  /// Writes all rows; at those of `cuts` another statement begins.
  func write(
    _ rows: Range<Int>, cuts: Set<Int>, _ cells: SetCells, _ write: Write
  ) throws(DatabaseError) -> [RowError] {
    var failures: [RowError] = []
    var start = rows.lowerBound
    for row in rows {
      let refusal = cells.refusals[row]
      guard refusal != nil || cuts.contains(row) else { continue }
      failures += try attempt(start..<row, cells, write)
      start = row
      if stopsAtFailure, !failures.isEmpty { return failures }
      guard var refusal else { continue }
      refusal.table = refusal.table ?? table.name
      failures.append(RowError(row: row, error: refusal))
      start = row + 1
      if stopsAtFailure { return failures }
    }
    return failures + (try attempt(start..<rows.upperBound, cells, write))
  }

  private func attempt(
    _ part: Range<Int>, _ cells: SetCells, _ write: Write
  ) throws(DatabaseError) -> [RowError] {
    guard !part.isEmpty else { return [] }
    try database.savepoint()
    do throws(DatabaseError) {
      let failures = try write(part)
      guard stopsAtFailure, let first = failures.first else {
        try database.release()
        return failures
      }
      try database.takeBack()
      let earlier = try attempt(part.lowerBound..<first.row, cells, write)
      return earlier.isEmpty ? [first] : earlier
    } catch {
      guard error.kind.isOfTheRow else { throw error }
      try database.takeBack()
      guard part.count > 1 else {
        var failure = database.mended(error, writing: table, isDelete: isDelete)
        failure = try database.naming(failure, cells, part.lowerBound)
        return [RowError(row: part.lowerBound, error: failure)]
      }
      let middle = part.lowerBound + part.count / 2
      let failures = try attempt(part.lowerBound..<middle, cells, write)
      if stopsAtFailure, !failures.isEmpty { return failures }
      return failures + (try attempt(middle..<part.upperBound, cells, write))
    }
  }
}

/// The cells of some rows as texts.
struct SetCells {
  let rows: Range<Int>
  let columns: [ColumnDetail]
  private var texts: [String?] = []
  /// One list a part of the key.
  private var keys: [[String]] = []
  private var guards: [String?] = []
  /// The rows that hold what a column cannot.
  private(set) var refusals: [Int: DatabaseError] = [:]

  init(_ set: RowSet, _ rows: Range<Int>, _ columns: [ColumnDetail]) {
    self.rows = rows
    self.columns = columns
    texts.reserveCapacity(rows.count * columns.count)
    for row in rows where !columns.isEmpty {
      for (number, column) in columns.enumerated() {
        do throws(Misfit) {
          texts.append(try column.written(set[row, number]))
        } catch {
          texts.append(nil)
          refusals[row] =
            refusals[row] ?? DatabaseError(.refused, error.message, columns: [column.name])
        }
      }
    }
  }

  mutating func addKeys(_ wanted: [RowKey], _ columns: KeyColumns) {
    keys = Array(repeating: [], count: columns.count)
    for row in rows {
      let texts = columns.texts(of: wanted[row])
      if texts == nil, refusals[row] == nil { refusals[row] = .missingRow }
      for part in 0..<columns.count { keys[part].append(texts?[part] ?? "") }
    }
  }

  mutating func addGuards(_ guarding: RowGuard, _ column: ColumnDetail) {
    for row in rows {
      let value = guarding.values[row]
      guards.append(value.isNull ? nil : column.compared(value))
    }
  }

  subscript(row: Int, column: Int) -> String? {
    texts[(row - rows.lowerBound) * columns.count + column]
  }

  func keyText(_ row: Int) -> String? { keys[0][row - rows.lowerBound] }

  func arrays(of columns: [Int], _ part: Range<Int>) -> [Parameter] {
    columns.map { column in
      var array = ArrayText()
      for row in part { array.append(self[row, column]) }
      return array.parameter
    }
  }

  func keyArrays(_ part: Range<Int>) -> [Parameter] {
    keys.map { texts in
      var array = ArrayText()
      for row in part { array.append(texts[row - rows.lowerBound]) }
      return array.parameter
    }
  }

  func guardArray(_ part: Range<Int>) -> Parameter {
    var array = ArrayText()
    for row in part { array.append(guards[row - rows.lowerBound]) }
    return array.parameter
  }
}

extension ColumnDetail {
  /// The text of a value that the column is to hold just as it is; that of a set is an array.
  fileprivate func written(_ value: Value) throws(Misfit) -> String? {
    guard let link else { return value.isNull ? nil : try type.written(value) }
    guard case .list = value else {
      throw Misfit("links are a list of keys", vi: "liên kết là một danh sách khóa")
    }
    var array = ArrayText()
    for member in value.members {
      switch member {
      case .null, .list, .object:
        throw Misfit(
          "links are keys, and none of them is null",
          vi: "liên kết là các khóa, và không khóa nào là null")
      default: array.append(try link.other.type.written(member))
      }
    }
    return array.text
  }
}
