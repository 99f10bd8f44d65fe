package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func insert(_ rows: RowSet, stopsAtFailure: Bool) throws(DatabaseError) -> [RowError] {
    let detail = try detail(of: rows.table)
    guard let keyed = try withKeys(rows, detail) else {
      return try insertCounted(rows, stopsAtFailure: stopsAtFailure).failures
    }
    let keyOffset =
      rows.table.primaryKey.count == 1
      ? keyed.columns.firstIndex(of: rows.table.primaryKey[0]) : nil
    let failures = try insert(keyed, detail, counting: nil, stopsAtFailure: stopsAtFailure) {
      _, row, cells in keyOffset.flatMap { cells[row, $0] }
    }
    if let keyOffset { try countKeys(keyed, keyOffset, without: failures, detail) }
    return failures
  }

  package func insertCounted(
    _ rows: RowSet, stopsAtFailure: Bool
  ) throws(DatabaseError) -> CountedRows {
    let detail = try detail(of: rows.table)
    let key = rows.table.columns[rows.table.primaryKey[0]].name
    var keys = [Int64?](repeating: nil, count: rows.count)
    let failures = try insert(rows, detail, counting: key, stopsAtFailure: stopsAtFailure) {
      number, row, _ in
      keys[row] = number
      return number.map { String($0) }
    }
    for failure in failures { keys[failure.row] = nil }
    return CountedRows(keys: keys, failures: failures)
  }

  /// `keyOf` says the key of a row that was written, and is told the number that it was given.
  private func insert(
    _ rows: RowSet, _ detail: TableDetail, counting key: String?, stopsAtFailure: Bool,
    keyOf: (Int64?, Int, SetCells) -> String?
  ) throws(DatabaseError) -> [RowError] {
    let columns = try columns(rows.columns, of: detail)
    let stored = columns.indices.filter { columns[$0].link == nil }
    let text = SQL.insert(
      into: detail, columns: stored.map { columns[$0] },
      overrides: detail.place.isAlwaysCounted && key == nil
        && rows.table.primaryKey.contains(where: rows.columns.contains), counting: key)
    var failures: [RowError] = []
    for chunk in chunks(rows.count) {
      let cells = SetCells(rows, chunk, columns)
      let links = LinkWriter(columns, cells, areNew: true)
      let writer = SetWriter(
        database: self, table: rows.table, isDelete: false, stopsAtFailure: stopsAtFailure)
      // A trigger may give a row another number than the one that was its turn.
      let isOneByOne = key != nil && rows.table.hasTriggers
      let cuts = isOneByOne ? Set(chunk) : forwardReferences(rows, chunk)
      failures += try writer.write(chunk, cuts: cuts, cells) { part throws(DatabaseError) in
        let parameters =
          stored.isEmpty ? [Parameter(part.count)] : cells.arrays(of: stored, part)
        let answer = try connection.query(text, parameters)
        guard answer.changes == part.count else {
          throw DatabaseError(.refused, "refused by a trigger", vi: "bị một trigger từ chối")
        }
        let numbers = key == nil ? [] : answer.rows.map { $0.integer(0) }.sorted()
        let keys = part.enumerated().map { place, row in
          (row: row, key: keyOf(key == nil ? nil : numbers[place], row, cells))
        }
        if rows.table.distribution != nil {
          let offsets = rows.table.primaryKey.compactMap { rows.columns.firstIndex(of: $0) }
          var counted = ArrayText()
          for number in numbers { counted.append(Int(number)) }
          try checkKeys(
            of: detail, key == nil ? cells.arrays(of: offsets, part) : [counted.parameter],
            areNew: true, columns: rows.columns)
        }
        if let links, keys.first?.key != nil { try links.write(keys, on: self) }
        return []
      }
      if stopsAtFailure, !failures.isEmpty { break }
    }
    return failures
  }

  /// Rows with links need their keys before they are written; nil where these cannot be drawn.
  private func withKeys(_ rows: RowSet, _ detail: TableDetail) throws(DatabaseError) -> RowSet? {
    let table = rows.table
    guard rows.columns.contains(where: { table.columns[$0].link != nil }), rows.count > 0,
      !table.primaryKey.allSatisfy(rows.columns.contains)
    else { return rows }
    guard table.primaryKey.count == 1, detail.place.sequence != nil else {
      throw DatabaseError(
        .refused, "the row has links, so its key must be written",
        vi: "bản ghi có liên kết nên phải viết khóa của nó")
    }
    guard let first = try reserveKeys(of: table, count: rows.count) else { return nil }
    var keyed = RowSet(table: table, columns: table.primaryKey + rows.columns)
    for row in 0..<rows.count { keyed.append([.integer(first + Int64(row))], rows[row], []) }
    return keyed
  }

  private func countKeys(
    _ rows: RowSet, _ offset: Int, without failures: [RowError], _ detail: TableDetail
  ) throws(DatabaseError) {
    guard detail.place.sequence != nil else { return }
    let failed = Set(failures.map(\.row))
    var highest: Int64?
    for row in 0..<rows.count where !failed.contains(row) {
      if case .integer(let number) = rows[row, offset] {
        highest = max(highest ?? number, number)
      }
    }
    if let highest { try countWritten(highest, of: detail) }
  }

  /// The rows that must not be in one statement with one before them, which refers to them: the end
  /// of a statement would let that pass.
  private func forwardReferences(_ rows: RowSet, _ chunk: Range<Int>) -> Set<Int> {
    var cuts: Set<Int> = []
    for foreignKey in rows.table.foreignKeys where foreignKey.table == rows.table.name {
      let own = foreignKey.columns.compactMap { rows.columns.firstIndex(of: $0) }
      let targets = foreignKey.referencedColumns.compactMap { name in
        rows.columns.firstIndex { rows.table.columns[$0].name == name }
      }
      guard own.count == foreignKey.columns.count, targets.count == own.count else { continue }
      var places: [[Value]: Int] = [:]
      for row in chunk { places[rows.values(targets, of: row)] = row }
      var referring: [Int: Int] = [:]
      for row in chunk {
        guard let target = places[rows.values(own, of: row)], target > row else { continue }
        referring[target] = row
      }
      var start = chunk.lowerBound
      for row in chunk {
        guard let from = referring[row], from >= start else { continue }
        cuts.insert(row)
        start = row
      }
    }
    return cuts
  }

  package func update(
    _ rows: RowSet, keys: [RowKey], guarding: RowGuard?, stopsAtFailure: Bool
  ) throws(DatabaseError) -> [RowError] {
    precondition(keys.count == rows.count, "an update has one key a row")
    precondition(!rows.columns.isEmpty, "an update sets columns")
    let detail = try detail(of: rows.table)
    let key = try KeyColumns(detail)
    let columns = try columns(rows.columns, of: detail)
    let stored = columns.indices.filter { columns[$0].link == nil }
    let guardColumn = try guarding.map { guarding throws(DatabaseError) in
      try column(guarding.column, of: detail)
    }
    // Where nothing but links is to change, the row must be there all the same.
    let text =
      stored.isEmpty
      ? SQL.existing(in: detail, key: key)
      : SQL.update(
        detail, columns: stored.map { columns[$0] }, key: key, guarding: guardColumn)
    var failures: [RowError] = []
    for chunk in chunks(rows.count) {
      var cells = SetCells(rows, chunk, columns)
      cells.addKeys(keys, key)
      if let guarding, let guardColumn { cells.addGuards(guarding, guardColumn) }
      let links = LinkWriter(columns, cells, areNew: false)
      let writer = SetWriter(
        database: self, table: rows.table, isDelete: false, stopsAtFailure: stopsAtFailure)
      let cuts =
        try exchanges(rows, keys, cells, columns, key, chunk, detail)
        ? Set(chunk) : repetitions(keys, chunk)
      failures += try writer.write(chunk, cuts: cuts, cells) { part throws(DatabaseError) in
        let isGuarded = guarding != nil && !stored.isEmpty
        let answer = try connection.query(
          text,
          cells.arrays(of: stored, part) + cells.keyArrays(part)
            + (isGuarded ? [cells.guardArray(part)] : []))
        let met = Set(answer.rows.map { part.lowerBound + $0.number(0) - 1 })
        try checkAlone(met.count == answer.count, of: rows.table)
        try checkKeys(of: detail, cells.keyArrays(part), areNew: false, columns: rows.columns)
        if let links {
          try links.write(
            part.filter(met.contains).map { ($0, cells.keyText($0)) }, on: self)
        }
        return try unmet(
          part.filter { !met.contains($0) }, keys, key, detail, isGuarded: isGuarded)
      }
      if stopsAtFailure, !failures.isEmpty { break }
    }
    return failures
  }

  package func delete(_ keys: [RowKey], from table: Table, stopsAtFailure: Bool)
    throws(DatabaseError) -> [RowError]
  {
    let detail = try detail(of: table)
    let key = try KeyColumns(detail)
    let text = SQL.delete(from: detail, key: key)
    var deletions: [String] = []
    for position in table.links {
      guard let link = try column(position, of: detail).link else { continue }
      deletions.append(SQL.deleteLinks(link))
    }
    var failures: [RowError] = []
    for chunk in chunks(keys.count) {
      var cells = SetCells(RowSet(table: table, columns: []), chunk, [])
      cells.addKeys(keys, key)
      let writer = SetWriter(
        database: self, table: table, isDelete: true, stopsAtFailure: stopsAtFailure)
      failures += try writer.write(chunk, cuts: repetitions(keys, chunk), cells) {
        part throws(DatabaseError) in
        let arrays = cells.keyArrays(part)
        for deletion in deletions { try connection.query(deletion, [arrays[0]]) }
        let answer = try connection.query(text, arrays)
        let met = Set(answer.rows.map { part.lowerBound + $0.number(0) - 1 })
        try checkAlone(met.count == answer.count, of: table)
        return try unmet(
          part.filter { !met.contains($0) }, keys, key, detail, isGuarded: false)
      }
      if stopsAtFailure, !failures.isEmpty { break }
    }
    return failures
  }

  /// Why some rows of an update or delete were not met.
  private func unmet(
    _ rows: [Int], _ keys: [RowKey], _ key: KeyColumns, _ detail: TableDetail, isGuarded: Bool
  ) throws(DatabaseError) -> [RowError] {
    guard !rows.isEmpty else { return [] }
    var existing: Set<Int> = []
    if detail.table.hasTriggers || isGuarded {
      let arrays = KeyArrays(rows.map { (offset: $0, element: keys[$0]) }, key)
      if !arrays.isEmpty {
        let answer = try connection.query(
          SQL.existing(in: detail, key: key), arrays.parameters)
        existing = Set(answer.rows.map { arrays.places[$0.number(0) - 1] })
      }
    }
    return rows.map { row in
      var error =
        existing.contains(row)
        ? isGuarded ? DatabaseError.changedRow : .refusedByTrigger : .missingRow
      error.table = detail.table.name
      return RowError(row: row, error: error)
    }
  }

  /// The rows whose key one before them has, too: a statement meets a row once.
  private func repetitions(_ keys: [RowKey], _ chunk: Range<Int>) -> Set<Int> {
    var (seen, cuts): (Set<RowKey>, Set<Int>) = ([], [])
    for row in chunk where !seen.insert(keys[row]).inserted {
      cuts.insert(row)
      seen = [keys[row]]
    }
    return cuts
  }

  /// Whether a row takes a unique value that another row of the set has: in one statement that
  /// would pass or fail by chance.
  private func exchanges(
    _ rows: RowSet, _ keys: [RowKey], _ cells: SetCells, _ columns: [ColumnDetail],
    _ key: KeyColumns, _ chunk: Range<Int>, _ detail: TableDetail
  ) throws(DatabaseError) -> Bool {
    guard chunk.count > 1 else { return false }
    for unique in rows.table.uniqueKeys {
      let offsets = unique.compactMap { rows.columns.firstIndex(of: $0) }
      guard !offsets.isEmpty else { continue }
      // What cannot be sent cannot be asked about.
      guard cells.refusals.isEmpty else { return true }
      let places = Set(keys[chunk])
      let answer = try connection.query(
        SQL.holders(of: offsets.map { columns[$0] }, in: detail, key: key),
        cells.arrays(of: offsets, chunk))
      for row in answer.rows {
        let holder = key.read(row, from: 1)
        if holder != keys[chunk.lowerBound + row.number(0) - 1], places.contains(holder) {
          return true
        }
      }
    }
    return false
  }
}

extension RowSet {
  fileprivate func values(_ offsets: [Int], of row: Int) -> [Value] {
    offsets.map { self[row, $0] }
  }
}

extension DatabaseError {
  static var missingRow: DatabaseError {
    DatabaseError(.missing, "the row is not there", vi: "không có bản ghi đó")
  }
  fileprivate static var changedRow: DatabaseError {
    DatabaseError(
      .changed, "somebody changed the row meanwhile", vi: "ai đó đã sửa bản ghi trong lúc đó")
  }
  fileprivate static var refusedByTrigger: DatabaseError {
    DatabaseError(.refused, "refused by a trigger", vi: "bị một trigger từ chối")
  }
}
