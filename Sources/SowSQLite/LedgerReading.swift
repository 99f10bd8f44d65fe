internal import CSQLite
package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func ledgerRows(
    of owner: Owner, except streams: [String], digester: any Digesting,
    _ body: (LedgerRow, Presence) -> Void
  ) throws(DatabaseError) {
    guard try hasLedger() else { return }
    try fillList(with: streams)
    digests.digester = digester
    defer { digests.digester = nil }
    let catalogue = try catalogue()
    for (number, known) in try knownShapes().sorted(by: { $0.key < $1.key }) {
      let target = LedgerTarget(known.shape, in: catalogue)
      let statement = try connection.prepare(LedgerSQL.rows(target))
      defer { statement.reset() }
      statement.bind(known.place, at: 1)
      statement.bind(number, at: 2)
      statement.bind(owner.scope, at: 3)
      statement.bind(owner.plan, at: 4)
      // Rows of one operation mostly come together.
      var operation: Int64?
      var name = ""
      while try statement.step() {
        if operation != statement.integer(0) {
          operation = statement.integer(0)
          name = statement.text(8)
        }
        let row = LedgerRow(
          operation: name, instance: statement.text(1), shape: number,
          key: try LedgerKey.read(statement, at: 2), asked: try asked(statement, at: 3),
          answered: statement.digest(4), origin: try origin(statement, at: 5),
          serial: Int(statement.integer(7)))
        body(row, statement.digest(6).map(Presence.found) ?? .missing)
      }
    }
  }

  package func ledgerRows(
    of owner: Owner, operation: String, instances: [String], digester: any Digesting
  ) throws(DatabaseError) -> [(row: LedgerRow, presence: Presence)?] {
    guard let number = try numbers(of: owner)[operation] else {
      return Array(repeating: nil, count: instances.count)
    }
    digests.digester = digester
    defer { digests.digester = nil }
    let statement = try connection.prepare(LedgerSQL.instance)
    defer { statement.reset() }
    var presences: [Int: Statement] = [:]
    var rows: [(row: LedgerRow, presence: Presence)?] = []
    rows.reserveCapacity(instances.count)
    for instance in instances {
      statement.bind(number, at: 1)
      statement.bindOnce(instance, at: 2)
      guard try statement.step() else {
        rows.append(nil)
        statement.reset()
        continue
      }
      let row = LedgerRow(
        operation: operation, instance: instance, shape: Int(statement.integer(0)),
        key: try LedgerKey.read(statement, at: 1), asked: try asked(statement, at: 2),
        answered: statement.digest(3), origin: try origin(statement, at: 4),
        serial: Int(statement.integer(5)))
      statement.reset()
      let presence: Statement
      if let known = presences[row.shape] {
        presence = known
      } else {
        presence = try presenceStatement(of: row.shape)
        presences[row.shape] = presence
      }
      LedgerKey.bind(row.key, to: presence, at: 1)
      let found = try presence.step() ? presence.digest(0) : nil
      presence.reset()
      rows.append((row, found.map(Presence.found) ?? .missing))
    }
    return rows
  }

  private func presenceStatement(of shape: Int) throws(DatabaseError) -> Statement {
    guard let known = try knownShapes()[shape] else {
      throw DatabaseError(
        .unusable, "the ledger holds a row of an unknown shape",
        vi: "sổ cái chứa một bản ghi có hình dạng lạ")
    }
    return try connection.prepare(
      LedgerSQL.presence(LedgerTarget(known.shape, in: try catalogue())))
  }

  /// Puts names where `LedgerSQL.rows` looks for them.
  private func fillList(with names: [String]) throws(DatabaseError) {
    try emptyLists()
    let filling = try connection.prepare(SQL.fillList)
    for name in names {
      filling.bind(0, at: 1)
      filling.bind(name, at: 2)
      try filling.run()
    }
  }
}

extension SQLiteDatabase {
  package func ledgerCounts(of owner: Owner) throws(DatabaseError) -> [String: Int] {
    guard try hasLedger() else { return [:] }
    let statement = try connection.prepare(LedgerSQL.counts)
    defer { statement.reset() }
    statement.bind(owner.scope, at: 1)
    statement.bind(owner.plan, at: 2)
    var counts: [String: Int] = [:]
    while try statement.step() {
      let count = Int(statement.integer(1))
      if count > 0 { counts[statement.text(0)] = count }
    }
    return counts
  }

  package func owners(of keys: [RowKey], in table: Table) throws(DatabaseError)
    -> [LedgerAddress?]
  {
    guard let place = try place(of: table.name) else {
      return Array(repeating: nil, count: keys.count)
    }
    let statement = try connection.prepare(LedgerSQL.owner)
    defer { statement.reset() }
    var owners: [LedgerAddress?] = []
    owners.reserveCapacity(keys.count)
    for key in keys {
      statement.bind(place, at: 1)
      LedgerKey.bind(key, to: statement, at: 2)
      if try statement.step() {
        let owner = Owner(scope: statement.text(0), plan: statement.text(1))
        owners.append(
          LedgerAddress(owner: owner, operation: statement.text(2), instance: statement.text(3)))
      } else {
        owners.append(nil)
      }
      statement.reset()
    }
    return owners
  }

  package func listLedger(
    of owner: Owner, operation: String?, _ body: (LedgerRow, _ table: String) -> Void
  ) throws(DatabaseError) {
    guard try hasLedger() else { return }
    let shapes = try knownShapes()
    let statement = try connection.prepare(LedgerSQL.list)
    defer { statement.reset() }
    statement.bind(owner.scope, at: 1)
    statement.bind(owner.plan, at: 2)
    if let operation { statement.bind(operation, at: 3) } else { statement.bindNull(at: 3) }
    while try statement.step() {
      let row = LedgerRow(
        operation: statement.text(0), instance: statement.text(1),
        shape: Int(statement.integer(2)), key: try LedgerKey.read(statement, at: 3),
        asked: try asked(statement, at: 4), answered: statement.digest(5),
        origin: try origin(statement, at: 6), serial: Int(statement.integer(7)))
      body(row, shapes[row.shape]?.shape.table ?? "")
    }
  }

  package func listRows(
    ownedBy owner: Owner, _ body: (OwnedRow, _ table: String) -> Void
  ) throws(DatabaseError) {
    guard try hasLedger() else { return }
    let tables = Dictionary(
      try knownShapes().values.map { ($0.place, $0.shape.table) }, uniquingKeysWith: { $1 })
    let statement = try connection.prepare(LedgerSQL.listKeys)
    defer { statement.reset() }
    statement.bind(owner.scope, at: 1)
    statement.bind(owner.plan, at: 2)
    while try statement.step() {
      let row = OwnedRow(
        operation: statement.text(0), instance: statement.text(1),
        key: try LedgerKey.read(statement, at: 3))
      body(row, tables[Int(statement.integer(2))] ?? "")
    }
  }

  package func ledgerOwners() throws(DatabaseError) -> [Owner] {
    guard try hasLedger() else { return [] }
    let statement = try connection.prepare(LedgerSQL.owners)
    defer { statement.reset() }
    var owners: [Owner] = []
    while try statement.step() {
      owners.append(Owner(scope: statement.text(0), plan: statement.text(1)))
    }
    return owners
  }

  /// The highest number that is a key of this table in the ledger, 0 where there is none.
  func highestKey(of place: Int) throws(DatabaseError) -> Int64 {
    let statement = try connection.prepare(LedgerSQL.highestKey)
    defer { statement.reset() }
    statement.bind(place, at: 1)
    return try statement.step() ? statement.integer(0) : 0
  }

  private func asked(_ statement: Statement, at column: Int) throws(DatabaseError) -> RowDigest {
    guard let digest = statement.digest(column) else { throw .unreadableRow }
    return digest
  }

  private func origin(_ statement: Statement, at column: Int) throws(DatabaseError)
    -> LedgerRow.Origin
  {
    // Without making a string a row; the words are ASCII.
    let word = statement.utf8(column)
    if word.elementsEqual(Self.created) { return .created }
    if word.elementsEqual(Self.adopted) { return .adopted }
    throw .unreadableRow
  }

  private static let created = Array(LedgerRow.Origin.created.rawValue.utf8)
  private static let adopted = Array(LedgerRow.Origin.adopted.rawValue.utf8)
}
