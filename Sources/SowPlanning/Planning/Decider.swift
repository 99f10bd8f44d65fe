package import SowModel

/// Decides what becomes of rows by comparing the plan, the ledger and the database.
package struct Decider {
  let plan: CheckedPlan
  package let snapshot: any Snapshot
  let digester: any Digesting
  let owner: Owner
  let shapes: [Int: LedgerShape]
  private let shapeNumbers: [LedgerShape: Int]
  let policies: [String: LedgerPolicy]
  /// Whether the database has a ledger at all.
  let hasLedger: Bool
  /// Whether what is written will be owned.
  let keepsLedger: Bool
  /// Rows that are ours, whatever became of them: `--take`.
  package var taken: Set<RowAddress> = []
  /// What the run is limited to: everything else stays as it is.
  package var repetition: Repetition?
  /// Whether a row may take the unique values of another one until it is known which are given up.
  let isHopeful: Bool

  package init(
    plan: CheckedPlan, snapshot: any Snapshot, digester: any Digesting, owner: Owner,
    hasLedger: Bool, keepsLedger: Bool, isHopeful: Bool
  ) throws {
    self.plan = plan
    self.snapshot = snapshot
    self.digester = digester
    self.owner = owner
    self.hasLedger = hasLedger
    self.keepsLedger = keepsLedger
    self.isHopeful = isHopeful
    shapes = hasLedger ? try snapshot.shapes() : [:]
    shapeNumbers = Dictionary(
      shapes.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    policies = hasLedger ? try snapshot.policies() : [:]
  }

  /// What the ledger remembers of an operation; the defaults where it remembers nothing.
  package func rememberedLifecycle(of operation: String) -> Lifecycle {
    policies[operation]?.lifecycle ?? Lifecycle()
  }

  /// The same with the ledger as it will be.
  package func moved(_ moves: LedgerMoves) throws -> Decider {
    var decider = try Decider(
      plan: plan, snapshot: MovedSnapshot(snapshot, owner, moves), digester: digester,
      owner: owner, hasLedger: hasLedger, keepsLedger: keepsLedger, isHopeful: isHopeful)
    decider.taken = taken
    decider.repetition = repetition
    return decider
  }

  /// Decides the rows of a batch whose ledger entries are filled in.
  package func decide(_ batch: inout Batch) throws {
    digest(&batch)
    batch.checkTenant()
    try hide(&batch)
    let shape = shapeNumbers[batch.shape(isKept: false)]
    let keptShape = shapeNumbers[batch.shape(isKept: true)]
    var changed: [Int] = []
    var suspects: [Int] = []
    for index in batch.rows.indices where !batch.rows[index].fate.isDead {
      if staysOut(index, of: batch) {
        leave(index, in: &batch)
        continue
      }
      guard let entry = batch.rows[index].entry else { continue }
      batch.rows[index].key = entry.key
      if let other = shapes[entry.shape]?.table, other != batch.entity.table.name {
        fail(
          index, in: &batch, .entityChanged,
          ["table": other, "key": entry.key.text, "entity": batch.entity.name])
        continue
      }
      let isKept = batch.rows[index].isKept(by: plan.operations[batch.rows[index].operation])
      if !isKept { checkKey(of: index, in: &batch, entry.key) }
      if batch.rows[index].fate.isDead { continue }
      guard case .found(let answered) = batch.rows[index].presence else {
        batch.rows[index].fate = batch.rows[index].isDeleted ? .revive : .recreate
        continue
      }
      if batch.rows[index].fate == .replace {
        if answered != entry.answered { suspects.append(index) }
        continue
      }
      let isAsked =
        batch.rows[index].asked == entry.asked && entry.shape == (isKept ? keptShape : shape)
      let isAsLeft = answered == entry.answered
      switch (isAsked, isAsLeft) {
      case (true, true): batch.rows[index].fate = .unchanged
      case (_, _) where isKept: batch.rows[index].fate = .adopt
      case (true, false): batch.rows[index].fate = .drift
      case (false, _):
        batch.rows[index].fate = .update
        changed.append(index)
      }
      if !isAsLeft, !isKept, plan.exchange?.parks(entry.key, in: batch.entity.table.name) != true {
        suspects.append(index)
      }
    }
    try checkIdentity(of: suspects, in: &batch)
    try compare(changed.filter { !batch.rows[$0].fate.isDead }, in: &batch)
    try matchNew(&batch)
    try checkImmutable(&batch)
    checkRights(&batch)
    // The new row has another key, which is not known yet or is among its values.
    for index in batch.rows.indices where batch.rows[index].fate == .replace {
      batch.rows[index].key = nil
    }
  }

  /// Only rows that the ledger knows have something to be compared with.
  private func digest(_ batch: inout Batch) {
    var encoder = RowEncoder()
    for index in batch.rows.indices
    where batch.rows[index].entry != nil && batch.rows[index].asked == nil {
      let isKept = batch.rows[index].isKept(by: plan.operations[batch.rows[index].operation])
      if batch.rows[index].hasPending && !isKept || batch.rows[index].fate.isDead { continue }
      batch.encodeAsked(index, isKept: isKept, into: &encoder)
      batch.rows[index].asked = digester.digest(encoder)
    }
  }

  /// Rows that the plan asks for in a new form: the database says whether it has that already.
  private func compare(_ rows: [Int], in batch: inout Batch) throws {
    let known = rows.filter { !batch.rows[$0].hasPending }
    let matches = try matchKeys(of: known, columns: batch.asked, in: batch)
    for (index, match) in zip(known, matches) where match?.isEqual == true {
      batch.rows[index].fate = .adopt
    }
  }

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
  private func matchNew(_ batch: inout Batch) throws {
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

  func fail(
    _ index: Int, in batch: inout Batch, _ code: DiagnosticCode, _ facts: Facts,
    hint: Diagnostic.Hint? = nil
  ) {
    batch.rows[index].end(
      .failed, Diagnostic(code, facts, at: batch.rows[index].range, hint: hint))
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
  /// What the ledger remembers of the columns: those that are compared, none of a row that is
  /// kept as it is.
  package func shape(isKept: Bool) -> LedgerShape {
    var shape = LedgerShape(table: entity.table.name, columns: [])
    for offset in isKept ? [] : asked {
      let column = entity.table.columns[columns[offset]]
      shape.columns.append(column.name)
      if let link = column.link { shape.links[column.name] = link.names }
    }
    return shape
  }

  /// What the plan asks of a row: nothing, where it is kept as it is.
  package func encodeAsked(_ row: Int, isKept: Bool, into encoder: inout RowEncoder) {
    encoder.reset()
    if isKept { return }
    let first = row * columns.count
    if hasLinks {
      for offset in asked {
        let value = values[first + offset]
        let isLink = entity.fields[columns[offset]].isLink
        encoder.append(isLink ? .list(value.members) : value)
      }
    } else if asked.count == columns.count {
      for value in values[first..<first + columns.count] { encoder.append(value) }
    } else {
      for offset in asked { encoder.append(values[first + offset]) }
    }
  }

  /// Whether the value at a position is known to be null.
  fileprivate func isNull(_ position: Int) -> Bool {
    values[position].isNull && !pending.contains(position)
  }
}
