package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func ledgerRows(
    of owner: Owner, except streams: [String], digester: any Digesting,
    _ body: (LedgerRow, Presence) -> Void
  ) throws(DatabaseError) {
    let wanted = try wantedNumbers(of: owner, except: streams)
    guard let range = wanted.range else { return }
    let (catalogue, structure) = (try catalogue(), try structure())
    var encoder = RowEncoder()
    for (number, known) in try knownShapes().sorted(by: { $0.key < $1.key }) {
      let target = LedgerTarget(known.shape, catalogue, structure)
      var seen: Set<[String]> = []
      try connection.stream(
        sql.rows(target),
        [Parameter(known.place), Parameter(number)]
          + [Parameter(range.lowerBound), Parameter(range.upperBound), wanted.others]
      ) { row throws(DatabaseError) in
        guard let operation = wanted.names[row.integer(0)] else { return true }
        if let table = target.distributed {
          try checkAlone(seen.insert([row.text(0), row.text(1)]).inserted, of: table)
        }
        let found = target.digest(row, from: 7, &encoder, digester)
        body(
          try Self.ledgerRow(row, operation: operation, shape: number),
          found.map(Presence.found) ?? .missing)
        return true
      }
    }
  }

  /// The operations of an owner by number, but for some, and the range in which they lie: what is
  /// asked for by it may be of others, too.
  private func wantedNumbers(of owner: Owner, except streams: [String]) throws(DatabaseError)
    -> (names: [Int64: String], range: ClosedRange<Int64>?, others: Parameter)
  {
    var (others, names) = (ArrayText(), try names(of: owner))
    let unread = Set(streams)
    for (number, operation) in unread.isEmpty ? [:] : names where unread.contains(operation) {
      others.append(Int(number))
      names[number] = nil
    }
    guard let least = names.keys.min(), let most = names.keys.max() else {
      return (names, nil, others.parameter)
    }
    return (names, least...most, others.parameter)
  }

  package func ledgerRows(
    of owner: Owner, operation: String, instances: [String], digester: any Digesting
  ) throws(DatabaseError) -> [(row: LedgerRow, presence: Presence)?] {
    var rows = [(row: LedgerRow, presence: Presence)?](repeating: nil, count: instances.count)
    guard let number = try numbers(of: owner)[operation] else { return rows }
    let (catalogue, structure, shapes) = (try catalogue(), try structure(), try knownShapes())
    var encoder = RowEncoder()
    for chunk in chunks(instances.count) {
      var names = ArrayText()
      for instance in instances[chunk] { names.append(instance) }
      let found = try connection.query(
        sql.shapesOfInstances, [Parameter(number), names.parameter])
      for shape in found.rows.map({ $0.number(0) }) {
        guard let known = shapes[shape] else {
          throw DatabaseError(
            .unusable, "the ledger holds a row of an unknown shape",
            vi: "sổ cái chứa một bản ghi có hình dạng lạ")
        }
        let target = LedgerTarget(known.shape, catalogue, structure)
        let answer = try connection.query(
          sql.instances(target), [Parameter(shape), Parameter(number), names.parameter])
        for row in answer.rows {
          let digest = target.digest(row, from: 7, &encoder, digester)
          let place = chunk.lowerBound + row.number(7 + target.width) - 1
          if let table = target.distributed { try checkAlone(rows[place] == nil, of: table) }
          rows[place] = (
            try Self.ledgerRow(row, operation: operation, shape: shape),
            digest.map(Presence.found) ?? .missing
          )
        }
      }
    }
    return rows
  }

  /// What the first seven columns say.
  private static func ledgerRow(
    _ row: AnswerRow, operation: String, shape: Int
  ) throws(DatabaseError) -> LedgerRow {
    LedgerRow(
      operation: operation, instance: row.text(1), shape: shape, key: try LedgerKey.read(row, 2),
      asked: try asked(row, 3), answered: row.digest(4), origin: try origin(row, 5),
      serial: row.number(6))
  }

  private static func asked(_ row: AnswerRow, _ column: Int) throws(DatabaseError) -> RowDigest {
    guard let digest = row.digest(column) else { throw .unreadableRow }
    return digest
  }

  private static func origin(
    _ row: AnswerRow, _ column: Int
  ) throws(DatabaseError) -> LedgerRow.Origin {
    // Without making a string a row; the words are ASCII.
    let word = row.bytes(column)
    if word.elementsEqual(created) { return .created }
    if word.elementsEqual(adopted) { return .adopted }
    throw .unreadableRow
  }

  private static let created = Array(LedgerRow.Origin.created.rawValue.utf8)
  private static let adopted = Array(LedgerRow.Origin.adopted.rawValue.utf8)
}

extension PostgresDatabase {
  package func ledgerCounts(of owner: Owner) throws(DatabaseError) -> [String: Int] {
    guard try hasLedger() else { return [:] }
    var counts: [String: Int] = [:]
    for row in try connection.query(sql.counts, owner.parameters).rows {
      counts[row.text(0)] = row.number(1)
    }
    return counts
  }

  package func owners(of keys: [RowKey], in table: Table) throws(DatabaseError)
    -> [LedgerAddress?]
  {
    var owners = [LedgerAddress?](repeating: nil, count: keys.count)
    guard let place = try place(of: table.name) else { return owners }
    for chunk in chunks(keys.count) {
      let answer = try connection.query(
        sql.ownersOfKeys, [Parameter(place), LedgerKey.array(keys[chunk])])
      for row in answer.rows {
        owners[chunk.lowerBound + row.number(0) - 1] = LedgerAddress(
          owner: Owner(scope: row.text(1), plan: row.text(2)), operation: row.text(3),
          instance: row.text(4))
      }
    }
    return owners
  }

  package func listLedger(
    of owner: Owner, operation: String?, _ body: (LedgerRow, _ table: String) -> Void
  ) throws(DatabaseError) {
    guard try hasLedger() else { return }
    let shapes = try knownShapes()
    try connection.stream(
      sql.list, owner.parameters + [operation.map { Parameter($0) } ?? .null]
    ) { row throws(DatabaseError) in
      let listed = LedgerRow(
        operation: row.text(0), instance: row.text(1), shape: row.number(2),
        key: try LedgerKey.read(row, 3), asked: try Self.asked(row, 4), answered: row.digest(5),
        origin: try Self.origin(row, 6), serial: row.number(7))
      body(listed, shapes[listed.shape]?.shape.table ?? "")
      return true
    }
  }

  package func listRows(
    ownedBy owner: Owner, _ body: (OwnedRow, _ table: String) -> Void
  ) throws(DatabaseError) {
    let wanted = try wantedNumbers(of: owner, except: [])
    guard let range = wanted.range else { return }
    let tables = Dictionary(
      try knownShapes().values.map { ($0.place, $0.shape.table) }, uniquingKeysWith: { $1 })
    try connection.stream(
      sql.listKeys, [Parameter(range.lowerBound), Parameter(range.upperBound)]
    ) { row throws(DatabaseError) in
      guard let operation = wanted.names[row.integer(0)] else { return true }
      let owned = OwnedRow(
        operation: operation, instance: row.text(1), key: try LedgerKey.read(row, 3))
      body(owned, tables[row.number(2)] ?? "")
      return true
    }
  }

  package func ledgerOwners() throws(DatabaseError) -> [Owner] {
    guard try hasLedger() else { return [] }
    return try connection.query(sql.owners).rows.map { Owner(scope: $0.text(0), plan: $0.text(1)) }
  }

  package func ledgerTables(of operation: String, of owner: Owner) throws(DatabaseError)
    -> [String]
  {
    guard try hasLedger() else { return [] }
    return try connection.query(
      sql.tablesOfOperation, owner.parameters + [Parameter(operation)]
    ).rows.map { $0.text(0) }
  }

  /// The highest number that is a key of this table in the ledger, 0 where there is none.
  func highestKey(of place: Int) throws(DatabaseError) -> Int64 {
    try connection.query(sql.highestKey, [Parameter(place)])[0].integer(0)
  }
}
