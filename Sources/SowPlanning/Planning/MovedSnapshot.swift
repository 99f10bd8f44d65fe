internal import SowModel

/// The ledger as it will be once its moves are made; everything else is as it is.
struct MovedSnapshot: Snapshot {
  private let base: any Snapshot
  private let owner: Owner
  /// Former names of the plan.
  private let plans: [Owner]
  private var wholes: [LedgerAddress: LedgerAddress] = [:]
  private var singles: [LedgerAddress: LedgerAddress] = [:]
  /// By operation of this plan: where all of it comes from.
  private var origins: [String: LedgerAddress] = [:]

  init(_ base: any Snapshot, _ owner: Owner, _ moves: LedgerMoves) {
    self.base = base
    self.owner = owner
    plans = moves.plans
    for move in moves.all {
      if move.isWhole {
        wholes[move.from] = move.to
        origins[move.to.operation] = move.from
      } else {
        singles[move.from] = move.to
      }
    }
  }

  /// The address that one of now will have.
  private func moved(_ address: LedgerAddress) -> LedgerAddress {
    if let single = singles[address] { return single }
    var operation = address
    operation.instance = ""
    guard var whole = wholes[operation] else { return address }
    whole.instance = address.instance
    return whole
  }

  /// Whether single rows of an operation go elsewhere.
  private func isSource(_ operation: String, of owner: Owner) -> Bool {
    singles.keys.contains { $0.owner == owner && $0.operation == operation }
  }

  // MARK: The ledger

  func ledgerRows(except streams: [String], _ body: (LedgerRow, Presence) -> Void) throws {
    let streams = Set(streams)
    for former in [owner] + plans {
      let unread =
        streams.filter { origins[$0] == nil && former == owner }
        + wholes.filter { $0.key.owner == former && streams.contains($0.value.operation) }
        .map(\.key.operation)
      try base.of(former).ledgerRows(except: unread.filter { !isSource($0, of: former) }) {
        row, presence in
        let address = moved(
          LedgerAddress(owner: former, operation: row.operation, instance: row.instance))
        guard address.owner == owner, !streams.contains(address.operation) else { return }
        var row = row
        (row.operation, row.instance) = (address.operation, address.instance)
        body(row, presence)
      }
    }
  }

  func ledgerRows(operation: String, _ body: (LedgerRow) -> Void) throws {
    let origin =
      origins[operation] ?? LedgerAddress(owner: owner, operation: operation, instance: "")
    // Its own rows, and single ones that come to it.
    let sources = Set(
      [origin]
        + singles.filter { $0.value.operation == operation }.keys.map {
          LedgerAddress(owner: $0.owner, operation: $0.operation, instance: "")
        })
    for source in sources.sorted(by: { $0.operation < $1.operation }) {
      try base.of(source.owner).ledgerRows(operation: source.operation) { row in
        let address = moved(
          LedgerAddress(owner: source.owner, operation: row.operation, instance: row.instance))
        guard address.owner == owner, address.operation == operation else { return }
        var row = row
        (row.operation, row.instance) = (address.operation, address.instance)
        body(row)
      }
    }
  }

  func ledgerRows(operation: String, instances: [String]) throws
    -> [(row: LedgerRow, presence: Presence)?]
  {
    let origin =
      origins[operation] ?? LedgerAddress(owner: owner, operation: operation, instance: "")
    let found = try base.of(origin.owner).ledgerRows(
      operation: origin.operation, instances: instances)
    return zip(instances, found).map { instance, found in
      guard var found else { return nil }
      let address = moved(
        LedgerAddress(owner: origin.owner, operation: origin.operation, instance: instance))
      guard address.owner == owner, address.operation == operation, address.instance == instance
      else { return nil }
      found.row.operation = operation
      return found
    }
  }

  func ledgerCounts() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for former in [owner] + plans {
      for (name, count) in try base.of(former).ledgerCounts() {
        var left = count
        for (from, to) in singles where from.owner == former && from.operation == name {
          left -= 1
          counts[to.operation, default: 0] += 1
        }
        let whole = wholes[LedgerAddress(owner: former, operation: name, instance: "")]
        guard left > 0, let operation = whole?.operation ?? (former == owner ? name : nil) else {
          continue
        }
        counts[operation, default: 0] += left
      }
    }
    return counts
  }

  func ledgerTables(of operation: String) throws -> [String] {
    try base.ledgerTables(of: operation)
  }

  func policies() throws -> [String: LedgerPolicy] {
    var policies: [String: LedgerPolicy] = [:]
    for former in [owner] + plans {
      for (name, policy) in try base.of(former).policies() {
        let operation = String(name.prefix { $0 != "[" })
        let instance = String(name.dropFirst(operation.count + 1).dropLast())
        let address = moved(
          LedgerAddress(owner: former, operation: operation, instance: instance))
        guard address.owner == owner else { continue }
        policies[SowModel.address(operation: address.operation, instance: address.instance)] =
          policy
      }
    }
    return policies
  }

  func owners(of keys: [RowKey], in table: Table) throws -> [LedgerAddress?] {
    try base.owners(of: keys, in: table).map { $0.map(moved) }
  }

  func shapeNumbers(of operation: String, instances: [String], owner: Owner) throws -> [Int?] {
    try base.shapeNumbers(of: operation, instances: instances, owner: owner)
  }

  func shapes() throws -> [Int: LedgerShape] { try base.shapes() }

  // MARK: The rows

  var hasStructure: Bool { base.hasStructure }
  var batchSize: Int { base.batchSize }

  func of(_ owner: Owner) -> any Snapshot { base.of(owner) }

  func match(_ probe: Probe) throws -> [Match?] { try base.match(probe) }

  func rows(of table: Table, columns: [Int], keys: [RowKey]) throws -> [[Value]?] {
    try base.rows(of: table, columns: columns, keys: keys)
  }

  func select(_ query: Query) throws -> [SelectedRow] { try base.select(query) }

  func run(_ call: QueryCall) throws -> Result<QueryRows, QueryRefusal> { try base.run(call) }

  func catalogue() throws -> Catalogue { try base.catalogue() }

  func referring(
    to keys: [RowKey], in parent: Table, from table: Table, by foreignKey: Table.ForeignKey
  ) throws -> [Referring] {
    try base.referring(to: keys, in: parent, from: table, by: foreignKey)
  }
}
