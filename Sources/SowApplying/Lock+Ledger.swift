package import SowDatabase
package import SowModel

extension Lock {
  /// The projection of what the ledger holds of `owner`, `entityNames` by table.
  package init(
    of owner: Owner, _ ledger: Ledger, _ database: any Database, entityNames: [String: String]
  ) throws {
    var projection = Projection()
    try database.listRows(ownedBy: owner) { row, table in
      projection.add(row, entity: entityNames[table] ?? table)
    }
    self.init(of: owner, ledger, projection)
  }

  /// The same of all rows that the ledger holds of `owner`, `entities` by shape.
  init(
    of owner: Owner, _ ledger: Ledger, _ rows: [LedgerReading.Row], entities: [Int: String]
  ) {
    var projection = Projection()
    // An operation without instances has one row.
    let isInOrder = rows.allSatisfy { $0.row.instance.isEmpty }
    let order =
      isInOrder
      ? Array(rows.indices) : rows.indices.sorted { rows[$0].row.isListed(before: rows[$1].row) }
    for index in order {
      let row = rows[index].row
      let owned = OwnedRow(operation: row.operation, instance: row.instance, key: row.key)
      projection.add(owned, entity: entities[row.shape] ?? "")
    }
    self.init(of: owner, ledger, projection)
  }

  private init(of owner: Owner, _ ledger: Ledger, _ projection: consuming Projection) {
    projection.close()
    var entries = projection.entries
    entries.sort { $0.address.hasBytes(before: $1.address) }
    self.init(
      plan: owner.plan, lineage: ledger.lineage, scope: owner.scope, entries: entries)
  }
}

extension LedgerRow {
  /// By operation and instance, in bytes.
  fileprivate func isListed(before other: LedgerRow) -> Bool {
    operation == other.operation
      ? instance.hasBytes(before: other.instance) : operation.hasBytes(before: other.operation)
  }
}

/// Rows become lines as they come, operation by operation, each by instance: those of a small
/// operation one each, those of a large one a single summary.
private struct Projection {
  private(set) var entries: [Lock.Entry] = []
  private var operation: String?
  /// Where the lines of the operation start.
  private var first = 0
  private var summary: Summary?
  /// The operation's rows so far, as long as they may fit on lines of their own.
  private var rows: [OwnedRow] = []

  mutating func add(_ row: OwnedRow, entity: @autoclosure () -> String) {
    if row.operation != operation {
      close()
      operation = row.operation
    }
    if summary != nil {
      summary?.add(row)
      return
    }
    let entity = entity()
    rows.append(row)
    if rows.count > Lock.summarizedAbove {
      var summary = Summary(entity: entity)
      for row in rows { summary.add(row) }
      self.summary = summary
      entries.removeSubrange(first...)
    } else {
      let address = address(operation: row.operation, instance: row.instance)
      entries.append(.row(address: address, entity: entity, key: row.key.text))
    }
  }

  /// Ends the operation.
  mutating func close() {
    if let summary, let operation { entries.append(summary.entry(operation: operation)) }
    summary = nil
    rows.removeAll(keepingCapacity: true)
    first = entries.count
  }
}

/// Folds the rows of a large operation, which come in the order of their instances.
private struct Summary {
  let entity: String
  var count = 0
  var first: RowKey?
  var last: RowKey?
  var encoder = RowEncoder()
  var fold = RowDigest(high: 0, low: 0)
  /// Without a secret, so that every checkout computes the same.
  let digester = KeyedDigester(secret: [])

  init(entity: String) { self.entity = entity }

  mutating func add(_ row: OwnedRow) {
    count += 1
    if first.map({ row.key.isBelow($0) }) ?? true { first = row.key }
    if last.map({ $0.isBelow(row.key) }) ?? true { last = row.key }
    encoder.append(.text(row.instance))
    encoder.append(.text(row.key.text))
    if encoder.count > 65_536 { foldIn() }
  }

  /// Goes on from the fold so far, so that the rows need no room.
  private mutating func foldIn() {
    fold = digester.digest(encoder)
    encoder.reset()
    encoder.append(.integer(Int64(bitPattern: fold.high)))
    encoder.append(.integer(Int64(bitPattern: fold.low)))
  }

  func entry(operation: String) -> Lock.Entry {
    .summary(
      operation: operation, entity: entity, count: count, first: first?.text ?? "",
      last: last?.text ?? "", digest: hexadecimal(digester.digest(encoder).bytes))
  }
}

extension RowKey {
  /// Numbers by value, all else by bytes.
  fileprivate func isBelow(_ other: RowKey) -> Bool {
    if case .integer(let left) = self, case .integer(let right) = other { return left < right }
    return text.utf8.lexicographicallyPrecedes(other.text.utf8)
  }
}
