package import SowModel

/// Finds rows that the ledger does not know by their natural key, and decides whose they are.
extension Decider {
  /// Finds rows by their primary key and compares the columns at `offsets`.
  func matchKeys(of rows: [Int], columns offsets: [Int], in batch: Batch) throws -> [Match?] {
    guard !rows.isEmpty else { return [] }
    let key = batch.entity.primaryKey
    let others = offsets.filter { !key.contains(batch.columns[$0]) }
    var set = RowSet(
      table: batch.entity.table, columns: key + others.map { batch.columns[$0] })
    set.reserve(rows.count)
    for index in rows {
      guard let rowKey = batch.rows[index].key else {
        preconditionFailure("a row is compared by its key")
      }
      let values = batch.values(of: index)
      set.append(rowKey.values + others.map { values[values.startIndex + $0] })
    }
    return try snapshot.match(batch.entity, set, keyColumns: Array(key.indices))
  }

  /// Rows that the ledger does not know, or whose row is gone: created, or found by their natural
  /// key.
  func matchNew(_ batch: inout Batch) throws {
    var byKey: [[Int]: [Int]] = [:]
    for index in batch.rows.indices {
      let isNew = batch.rows[index].fate == .undecided && batch.rows[index].entry == nil
      if isNew { batch.rows[index].fate = .create }
      guard isNew || [.recreate, .replace].contains(batch.rows[index].fate) else { continue }
      let key = plan.operations[batch.rows[index].operation].naturalKey
      if !key.isEmpty { byKey[key, default: []].append(index) }
    }
    for (key, rows) in byKey.sorted(by: { $0.value[0] < $1.value[0] }) {
      try match(rows, by: key, in: &batch)
    }
  }

  private func match(_ rows: [Int], by key: [Int], in batch: inout Batch) throws {
    let offsets = key.compactMap { batch.columns.firstIndex(of: $0) }
    let compared = offsets + batch.asked.filter { !offsets.contains($0) }
    let isThere = snapshot.has(batch.entity)
    let width = batch.columns.count
    var probed: [Int] = []
    var set = RowSet(table: batch.entity.table, columns: compared.map { batch.columns[$0] })
    if isThere { set.reserve(rows.count) }
    for index in rows {
      let first = index * width
      let isWhole =
        offsets.count == key.count && !offsets.contains { batch.isNull(first + $0) }
      if !isWhole {
        if batch.action.adoptsRows {
          fail(index, in: &batch, .nullKey, ["key": names(key, batch.entity)])
        }
      } else if isThere, !offsets.contains(where: { batch.pending.contains(first + $0) }) {
        probed.append(index)
        set.append(batch.values(of: index), at: compared)
      }
    }
    guard !probed.isEmpty else { return }
    let matches = try snapshot.match(
      batch.entity, set, keyColumns: Array(offsets.indices))
    let found = zip(probed, matches).compactMap { index, match in
      match.map { (index: index, match: $0) }
    }
    try decide(found, key, in: &batch)
    let free = probed.indices.filter { matches[$0] == nil }
    try matchDeleted(free.map { probed[$0] }, set.rows(free), key, in: &batch)
  }

  private func decide(
    _ found: [(index: Int, match: Match)], _ key: [Int], in batch: inout Batch
  ) throws {
    guard !found.isEmpty else { return }
    let owners =
      hasLedger
      ? try snapshot.owners(of: found.map(\.match.key), in: batch.entity.table)
      : [LedgerAddress?](repeating: nil, count: found.count)
    for ((index, match), ownedBy) in zip(found, owners) {
      decide(index, match, ownedBy, key, in: &batch)
    }
  }

  private func decide(
    _ index: Int, _ match: Match, _ ownedBy: LedgerAddress?, _ key: [Int], in batch: inout Batch
  ) {
    if batch.gone[match.key] != nil {
      if batch.entity.deletesSoftly {
        fail(
          index, in: &batch, .naturalKeyDeleted,
          ["entity": batch.entity.name, "key": names(key, batch.entity)],
          hint: .text(
            "upsert brings it back in a later run",
            vi: "upsert sẽ đưa nó trở lại trong lượt chạy sau"))
      }
      return
    }
    if isGivenUp(match.key, ownedBy, key, to: index, in: &batch) { return }
    if batch.rows[index].fate == .replace, match.key == batch.rows[index].entry?.key { return }
    if let ownedBy {
      let isLeaver = ownedBy.owner == owner && plan.leaves(ownedBy)
      let address = address(operation: ownedBy.operation, instance: ownedBy.instance)
      batch.rows[index].end(
        .failed,
        Diagnostic(
          .ownedElsewhere, ownedBy.facts(of: batch.entity, seenFrom: owner),
          at: batch.rows[index].range,
          hint: isLeaver
            ? .text(
              "if it has another name now, add moved_from: \(address)",
              vi: "nếu nay nó mang tên khác, hãy thêm moved_from: \(address)") : nil))
    } else if batch.action == .create || batch.rows[index].fate == .replace {
      fail(
        index, in: &batch, .naturalKeyExists,
        ["entity": batch.entity.name, "key": names(key, batch.entity)])
    } else {
      batch.rows[index].key = match.key
      let isKept = plan.operations[batch.rows[index].operation].keepsMatches
      if isKept {
        batch.rows[index].fate = .adopt
      } else {
        batch.rows[index].fate =
          match.isEqual && !batch.rows[index].hasPending ? .adopt : .update
        checkKey(of: index, in: &batch, match.key)
      }
    }
  }

  /// Whether the row that has the natural key now gives it up in this run; while that is not known
  /// yet, whether it may be so.
  private func isGivenUp(
    _ key: RowKey, _ ownedBy: LedgerAddress?, _ columns: [Int], to index: Int,
    in batch: inout Batch
  ) -> Bool {
    let table = batch.entity.table.name
    if let exchange = plan.exchange { return exchange.frees(key, UniqueFields(table, columns)) }
    guard isHopeful else { return false }
    // A row that nobody owns is taken over by an upsert, and freed by a query alone.
    let mayBe =
      ownedBy.map { $0.owner == owner } ?? (batch.action == .create && plan.asksFor(table))
    if mayBe { batch.hopes[index] = key }
    return mayBe
  }

  private func names(_ key: [Int], _ entity: Entity) -> String {
    key.map { entity.fields[$0].name }.joined(separator: ", ")
  }
}

extension CheckedPlan {
  /// Whether no operation asks for the row at an address of this plan any more.
  fileprivate func leaves(_ address: LedgerAddress) -> Bool {
    guard let number = operationNames[address.operation] else { return true }
    return operations[number].stream == nil
      && instance(operation: address.operation, key: address.instance) == nil
  }

  /// Whether an `update` or `delete` asks for rows of a table.
  fileprivate func asksFor(_ table: String) -> Bool {
    operations.contains { operation in
      (operation.action == .update || operation.action == .delete)
        && entities[operation.entity].table.name == table
    }
  }
}

extension LedgerAddress {
  /// What `owned-elsewhere` says; the scope where it is another one.
  package func facts(of entity: Entity, seenFrom other: Owner) -> Facts {
    let scope = Phrase(" (scope \"\(owner.scope)\")", vi: " (phạm vi \"\(owner.scope)\")")
    return [
      "entity": entity.name, "plan": owner.plan,
      "scope": owner.scope == other.scope ? Phrase(same: "") : scope,
      "address": address(operation: operation, instance: instance),
    ]
  }
}

extension Batch {
  /// Whether the value at a position is known to be null.
  fileprivate func isNull(_ position: Int) -> Bool {
    values[position].isNull && !pending.contains(position)
  }
}
