package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func record(_ rows: [LedgerRow], of owner: Owner, serial: Int) throws(DatabaseError) {
    let numbers = try operationNumbers(of: rows, owner)
    let digester = try digesterOfStableRows()
    digests.digester = digester
    defer { digests.digester = nil }
    var rest = rows[...]
    while let first = rest.first {
      let ofShape = rest.prefix { $0.shape == first.shape }
      try record(ofShape, numbers, first.shape, serial: serial, areStable: digester != nil)
      rest = rest.dropFirst(ofShape.count)
    }
  }

  /// Rows of one shape, many at once as long as there are as many.
  private func record(
    _ rows: ArraySlice<LedgerRow>, _ numbers: [Int64], _ shape: Int, serial: Int, areStable: Bool
  ) throws(DatabaseError) {
    guard let known = try knownShapes()[shape] else {
      preconditionFailure("a row is recorded under a known shape")
    }
    let target = areStable ? LedgerTarget(known.shape, in: try catalogue()) : nil
    let part = SQL.rowsAtOnce(width: LedgerSQL.rowWidth)
    let single = try connection.prepare(LedgerSQL.writeRows(1, target))
    let many =
      rows.count < part ? single : try connection.prepare(LedgerSQL.writeRows(part, target))
    var rest = rows
    while !rest.isEmpty {
      let (count, statement) = rest.count < part ? (1, single) : (part, many)
      for (offset, row) in rest.prefix(count).enumerated() {
        let first = offset * LedgerSQL.rowWidth
        statement.bind(numbers[rest.startIndex + offset], at: first + 1)
        statement.bindOnce(row.instance, at: first + 2)
        statement.bind(shape, at: first + 3)
        statement.bind(known.place, at: first + 4)
        LedgerKey.bind(row.key, to: statement, at: first + 5)
        statement.bindOnce(row.asked, at: first + 6)
        statement.bind(serial, at: first + 7)
        statement.bindOnce(row.origin.rawValue, at: first + 8)
        if let answered = row.answered {
          statement.bindOnce(answered, at: first + 9)
        } else {
          statement.bindNull(at: first + 9)
        }
        if !areStable { self.known.touched.insert(row.key, at: known.place) }
      }
      do throws(DatabaseError) {
        try statement.run()
      } catch {
        guard error.kind == .unique else { throw error }
        throw DatabaseError(
          .unique, "another operation owns the row already",
          vi: "bản ghi đã thuộc sở hữu của một thao tác khác", table: known.shape.table)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// What digests rows as soon as they are written, where nothing but statements that name a row
  /// can change it until the commit; nil where triggers and cascades may.
  func digesterOfStableRows() throws(DatabaseError) -> KeyedDigester? {
    if known.hasSideEffects == nil { known.hasSideEffects = try holds(LedgerSQL.hasSideEffects) }
    guard known.hasSideEffects == false else { return nil }
    if known.digester == nil { known.digester = try ledger().map { .init(secret: $0.secret) } }
    return known.digester
  }

  package func touch(_ keys: [RowKey], in table: Table, serial: Int) throws(DatabaseError) {
    guard let place = try place(of: table.name) else { return }
    let statement = try connection.prepare(LedgerSQL.touch)
    for key in keys {
      statement.bind(place, at: 1)
      LedgerKey.bind(key, to: statement, at: 2)
      statement.bind(serial, at: 3)
      try statement.run()
      if connection.changes > 0 { known.touched.insert(key, at: place) }
    }
  }

  package func forget(_ keys: [RowKey], in table: Table) throws(DatabaseError) {
    guard let place = try place(of: table.name) else { return }
    let statement = try connection.prepare(LedgerSQL.forget)
    for key in keys {
      statement.bind(place, at: 1)
      LedgerKey.bind(key, to: statement, at: 2)
      try statement.run()
    }
  }

  package func forget(_ addresses: [LedgerAddress]) throws(DatabaseError) {
    guard try hasLedger() else { return }
    let statement = try connection.prepare(LedgerSQL.forgetInstance)
    for address in addresses {
      guard let number = try numbers(of: address.owner)[address.operation] else { continue }
      statement.bind(number, at: 1)
      statement.bind(address.instance, at: 2)
      try statement.run()
    }
  }

  package func answer(serial: Int, digester: any Digesting) throws(DatabaseError) {
    digests.digester = digester
    defer { digests.digester = nil }
    let catalogue = try catalogue()
    if let keys = known.touched.keys {
      try answer(keys, serial: serial, catalogue)
    } else {
      for (number, known) in try knownShapes().sorted(by: { $0.key < $1.key })
      where self.known.touched.places.contains(known.place) {
        let target = LedgerTarget(known.shape, in: catalogue)
        let statement = try connection.prepare(LedgerSQL.answerAll(target))
        statement.bind(number, at: 4)
        statement.bind(serial, at: 5)
        try answer(known.place, by: statement)
      }
    }
    known.touched = TouchedRows()
  }

  /// Runs `statement` over all keys of a table in parts, because SQLite gathers the keys of the
  /// rows that a statement changes in memory.
  private func answer(_ place: Int, by statement: Statement) throws(DatabaseError) {
    let finding = try connection.prepare(LedgerSQL.keyAbove)
    defer { finding.reset() }
    var last: RowKey?
    repeat {
      bind(last, to: finding, at: 2)
      finding.bind(place, at: 1)
      finding.bind(Self.part - 1, at: 3)
      let end = try finding.step() ? try LedgerKey.read(finding, at: 0) : nil
      finding.reset()
      statement.bind(place, at: 1)
      bind(last, to: statement, at: 2)
      if let end {
        LedgerKey.bind(end, to: statement, at: 3)
      } else {
        // Above every JSON, which is above every text and number.
        withUnsafeBytes(of: UInt8.max) { statement.bind($0, at: 3) }
      }
      try statement.run()
      last = end
    } while last != nil
  }

  private static let part = 20_000

  private func bind(_ key: RowKey?, to statement: Statement, at index: Int) {
    if let key {
      LedgerKey.bind(key, to: statement, at: index)
    } else {
      // Below every key: numbers come first.
      statement.bind(-Double.infinity, at: index)
    }
  }

  /// Answers few rows one by one, because a statement a shape goes over all of the table's rows.
  private func answer(
    _ keys: [(place: Int, key: RowKey)], serial: Int, _ catalogue: Catalogue
  ) throws(DatabaseError) {
    let shapes = try knownShapes()
    let finding = try connection.prepare(LedgerSQL.openShape)
    defer { finding.reset() }
    var statements: [Int: Statement] = [:]
    for (place, key) in keys {
      finding.bind(place, at: 1)
      LedgerKey.bind(key, to: finding, at: 2)
      finding.bind(serial, at: 3)
      let number = try finding.step() ? Int(finding.integer(0)) : nil
      finding.reset()
      guard let number, let shape = shapes[number]?.shape else { continue }
      let statement: Statement
      if let known = statements[number] {
        statement = known
      } else {
        let target = LedgerTarget(shape, in: catalogue)
        statement = try connection.prepare(LedgerSQL.answerOne(target))
        statements[number] = statement
      }
      statement.bind(place, at: 1)
      LedgerKey.bind(key, to: statement, at: 2)
      try statement.run()
    }
  }
}

/// The ledger's rows that the transaction wrote: their keys as long as they are few.
struct TouchedRows {
  private static let few = 20_000

  private(set) var places: Set<Int> = []
  /// Nil once there are too many to remember.
  private(set) var keys: [(place: Int, key: RowKey)]? = []

  mutating func insert(_ key: RowKey, at place: Int) {
    guard let count = keys?.count else {
      places.insert(place)
      return
    }
    if count < Self.few {
      keys?.append((place, key))
      places.insert(place)
    } else {
      keys = nil
      places.insert(place)
    }
  }
}
