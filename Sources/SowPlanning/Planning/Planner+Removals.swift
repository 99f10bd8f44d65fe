internal import SowModel

extension Planner {
  /// Decides what becomes of the rows that no operation asks for any more, and who refers to what
  /// the run deletes.
  mutating func decideRemovals(_ state: inout RunState) throws {
    let catalogue = try decider.snapshot.catalogue()
    let links = LinkEnds(decider, catalogue)
    var removals = Removals()
    var deleted: [(removal: Removal, table: Table)] = []
    var orphans: [String] = []
    for leaver in try seen(entries.leavers).sorted(by: { $0.precedes($1) }) {
      guard let reason = reason(of: leaver, state) else { continue }
      if reason == .leftPlan, !scope.prunes {
        orphans.append(leaver.address)
        fingerprints?.add(leaver, nil)
        continue
      }
      let table = table(of: leaver.row, catalogue)
      let removal = Removal(
        row: leaver.row, reason: reason, entity: table.map { entityName(of: $0.name) } ?? "")
      let kind: RowChange.Kind
      switch table.map({ fate(of: leaver, $0) }) {
      case .delete??:
        kind = .delete
        if let table { deleted.append((removal, links.adding(to: table))) }
      case .forget??, nil:
        kind = leaver.presence == .missing ? .lost : .forget
        removals.forgotten.append(removal)
      case .some(nil): continue
      }
      view.add(kind, leaver, reason, entity: removal.entity)
      fingerprints?.add(leaver, kind)
    }
    self.orphans = orphans
    try order(deleted, into: &removals, &state, catalogue)
    removals.operations = forgottenOperations(removals, deleted.map(\.removal))
    self.removals = removals
  }

  /// Rows that are marked as deleted by now, or became another tenant's, count as missing.
  private mutating func seen(_ leavers: [Leaver]) throws -> [Leaver] {
    var leavers = leavers
    let tables = Dictionary(grouping: leavers.indices) {
      decider.shapes[leavers[$0].row.shape]?.table ?? ""
    }
    for (name, members) in tables.sorted(by: { $0.key < $1.key }) {
      guard let entity = plan.entity(of: name, into: &diagnostics) else { continue }
      leaving[name] = entity
      guard entity.hidesRows else { continue }
      let there = members.filter { leavers[$0].presence != .missing }
      let found = try decider.hidden(there.map { leavers[$0].row.key }, of: entity)
      for (index, reason) in zip(there, found) where reason != nil {
        leavers[index].presence = .missing
      }
    }
    return leavers
  }

  /// Nil for a row that stays: one that a targeted run is not about, or one of an operation whose other rows failed, because then nobody
  /// knows which rows it has.
  private func reason(of leaver: Leaver, _ state: RunState) -> RowChange.Reason? {
    if scope == .destroy { return .destroyed }
    if scope == .targeted { return nil }
    guard let number = plan.operationNames[leaver.row.operation] else { return .leftPlan }
    if state.failedOperations.contains(number) { return nil }
    guard plan.operations[number].action == .sync else { return .leftPlan }
    return scope.runsOperations ? .leftSet : nil
  }

  private enum RemovalFate { case delete, forget }

  /// Nil after a diagnostic.
  private mutating func fate(of leaver: Leaver, _ table: Table) -> RemovalFate? {
    // Someone else was faster.
    guard case .found(let answered) = leaver.presence else { return .forget }
    let operation = plan.operationNames[leaver.row.operation].map { plan.operations[$0] }
    let remembered = decider.policies[leaver.row.operation]?.lifecycle
    let lifecycle = operation?.lifecycle ?? remembered ?? Lifecycle()
    let facts: Facts = ["address": leaver.address]
    if lifecycle.protects || remembered?.protects == true {
      diagnostics.report(
        .protectedRow, facts, at: operation?.range,
        hint: .text(
          "lift the protection in an apply of its own, or sow ledger rm",
          vi: "hãy gỡ bảo vệ trong một lần áp dụng riêng, hoặc dùng sow ledger rm"))
      return nil
    }
    switch lifecycle.onRemove {
    case .error:
      diagnostics.report(
        .removalRefused, facts, at: operation?.range,
        hint: .text(
          "delete the row by hand, or sow ledger rm",
          vi: "hãy tự xóa bản ghi, hoặc dùng sow ledger rm"))
      return nil
    case .forget: return .forget
    case .delete: break
    }
    if leaver.row.origin == .adopted { return .forget }
    if let entity = leaving[table.name], case .known(let identity) = plan.identity,
      !entity.allows(.delete, to: identity?.roles ?? [])
    {
      let refusal = Diagnostic(
        forbidden: .delete, entity, identity?.roles ?? [], at: operation?.range)
      if !diagnostics.all.contains(refusal) { diagnostics.report(refusal) }
      return nil
    }
    let address = RowAddress(operation: leaver.row.operation, instance: leaver.row.instance)
    if answered != leaver.row.answered, mayBeStranger(leaver.row, table),
      !decider.taken.contains(address)
    {
      diagnostics.report(
        .uncertainIdentity, ["table": table.name, "key": leaver.row.key.text],
        at: operation?.range, hint: .waysOut(of: address))
      return nil
    }
    return .delete
  }

  /// Whether the row's number may have been given to another row by now.
  private func mayBeStranger(_ row: LedgerRow, _ table: Table) -> Bool {
    guard table.primaryKey.count == 1, let key = table.primaryKey.first,
      case .key(recycled: true) = table.columns[key].generation
    else { return false }
    return decider.shapes[row.shape]?.columns.contains(table.columns[key].name) != true
  }

  private func table(of row: LedgerRow, _ catalogue: Catalogue) -> Table? {
    decider.shapes[row.shape].flatMap { catalogue[$0.table] }
  }

  func entityName(of table: String) -> String {
    plan.entities.first { $0.table.name == table }?.name ?? table
  }

  private func forgottenOperations(_ removals: Removals, _ deleted: [Removal]) -> [String] {
    if scope == .destroy { return decider.policies.keys.sorted() + entries.counts.keys.sorted() }
    var names: [String] = []
    for removal in deleted + removals.forgotten
    where plan.operationNames[removal.row.operation] == nil && names.last != removal.row.operation {
      names.append(removal.row.operation)
    }
    return names
  }
}

extension Leaver {
  /// By operation and instance in byte order.
  fileprivate func precedes(_ other: Leaver) -> Bool {
    if row.operation != other.row.operation {
      return row.operation.utf8.lexicographicallyPrecedes(other.row.operation.utf8)
    }
    return row.instance.utf8.lexicographicallyPrecedes(other.row.instance.utf8)
  }
}
