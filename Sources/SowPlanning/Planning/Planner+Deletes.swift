internal import SowModel

/// Who refers to whom among the rows that a run deletes.
extension Planner {
  /// Brings the rows that go into an order, and says what stands against it.
  mutating func order(
    _ all: [(removal: Removal, table: Table)], into removals: inout Removals,
    _ state: inout RunState, _ catalogue: Catalogue
  ) throws {
    let deleted = markSoftly(all, into: &removals)
    var graph = DeleteGraph(catalogue, LinkEnds(decider, catalogue))
    for (number, (removal, table)) in deleted.enumerated() {
      graph.add(removal.row.key, in: table.name, because: .removal(number))
    }
    addQueries(to: &graph, state)
    guard !graph.nodes.isEmpty else { return }
    try graph.close(decider.snapshot, redirects)
    reportBlockers(of: graph, deleted.map(\.removal))
    try checkOwners(of: graph, deleted.map(\.removal), removals)
    view.cascades = cascades(of: graph)
    let freed = freed(in: graph, deleted.map(\.removal))
    let movers = graph.movers.filter { freed.contains($0.node) }
    removals.early += unlinking(movers.map { ($0.key, $0.table, $0.foreignKey) })
    let order = DeleteOrder(graph, catalogue, freed: freed, updated: updated(in: graph, state))
    if let circle = order.circle {
      diagnostics.report(
        Diagnostic(
          .deleteCircle, ["address": name(of: circle, graph, deleted.map(\.removal))],
          at: place(of: circle, graph, deleted.map(\.removal))))
      return
    }
    removals.early += unlinking(
      order.unlinked.compactMap { child, foreignKey in
        catalogue[graph.nodes[child].table].map { (graph.nodes[child].key, $0, foreignKey) }
      })
    noteGone(graph, order, deleted.map(\.removal))
    for (instance, levels) in order.levelsOfQueries(in: graph) {
      state.results[instance]?.sort(byLevel: levels)
    }
    let numbers = graph.nodes.indices.sorted {
      (order.levels[$0], graph.nodes[$0].table, $0) < (order.levels[$1], graph.nodes[$1].table, $1)
    }
    for isLate in [false, true] {
      var steps: [(level: Int, table: Table, rows: [Removal])] = []
      for number in numbers where order.isLate[number] == isLate {
        guard case .removal(let position) = graph.nodes[number].cause else { continue }
        let (removal, table) = deleted[position]
        if let last = steps.last, last.level == order.levels[number], last.table.name == table.name
        {
          steps[steps.count - 1].rows.append(removal)
        } else {
          steps.append((order.levels[number], table, [removal]))
        }
      }
      let made = steps.map { RemovalStep.delete($0.rows, $0.table) }
      if isLate { removals.late += made } else { removals.early += made }
    }
  }

  /// Rows that are only marked as deleted stand in nobody's way, and nobody in theirs; the others.
  private func markSoftly(
    _ deleted: [(removal: Removal, table: Table)], into removals: inout Removals
  ) -> [(removal: Removal, table: Table)] {
    let soft = Set(deleted.map(\.table.name)).filter {
      leaving[$0]?.deletesSoftly ?? false
    }
    guard !soft.isEmpty else { return deleted }
    for name in soft.sorted() {
      let rows = deleted.filter { $0.table.name == name }
      removals.early.append(.delete(rows.map(\.removal), rows[0].table))
    }
    return deleted.filter { !soft.contains($0.table.name) }
  }

  /// Steps that empty references, those of one foreign key at once.
  private func unlinking(
    _ links: [(key: RowKey, table: Table, foreignKey: Table.ForeignKey)]
  ) -> [RemovalStep] {
    var steps: [(table: Table, columns: [Int], keys: [RowKey])] = []
    for (key, table, foreignKey) in links {
      let columns = foreignKey.nullable(in: table)
      if let place = steps.firstIndex(where: {
        $0.table.name == table.name && $0.columns == columns
      }) {
        steps[place].keys.append(key)
      } else {
        steps.append((table, columns, [key]))
      }
    }
    return steps.map { .unlink($0.keys, columns: $0.columns, $0.table) }
  }

  /// Rows whose unique values others of the run may take over, so that they have to go before the
  /// first row is written: rows that the run redirects away from them let go of them then already.
  private func freed(in graph: DeleteGraph, _ removals: [Removal]) -> Set<Int> {
    // Where rows may fail alone, one would be left without what it referred to.
    guard plan.options.atomic, !graph.movers.isEmpty else { return [] }
    var freed: Set<Int> = []
    for mover in graph.movers {
      guard case .removal(let number) = graph.nodes[mover.node].cause,
        let operation = plan.operationNames[removals[number].row.operation]
      else { continue }
      let entity = plan.entities[plan.operations[operation].entity]
      let naturalKey = plan.operations[operation].naturalKey
      if entity.table.uniqueKeys.contains(where: { Set($0) != Set(naturalKey) }) {
        freed.insert(mover.node)
      }
    }
    for mover in graph.movers where mover.foreignKey.nullable(in: mover.table).isEmpty {
      freed.remove(mover.node)
    }
    return freed
  }

  /// Rows that an `update` of the run writes before they go.
  private func updated(in graph: DeleteGraph, _ state: RunState) -> Set<Int> {
    Set(
      graph.nodes.indices.filter { number in
        guard case .removal = graph.nodes[number].cause else { return false }
        return !state.claims.updates(of: graph.nodes[number].key, in: graph.nodes[number].table)
          .isEmpty
      })
  }

  /// Rows that `delete` operations will delete.
  private func addQueries(to graph: inout DeleteGraph, _ state: RunState) {
    for operation in plan.operations
    where operation.action == .delete && !plan.entities[operation.entity].deletesSoftly {
      for number in operation.instances where state.fates[number] == .query {
        for key in state.results[number]?.keys ?? [] {
          graph.add(key, in: plan.entities[operation.entity].table.name, because: .query(number))
        }
      }
    }
  }

  /// One diagnostic for each operation and table that blocks it.
  private mutating func reportBlockers(of graph: DeleteGraph, _ removals: [Removal]) {
    struct Blocked: Hashable {
      var operation: String
      var table: String
      var columns: [Int]
    }
    var order: [Blocked] = []
    var found: [Blocked: (first: DeleteGraph.Neighbour, count: Int)] = [:]
    for blocker in graph.blockers {
      let blocked = Blocked(
        operation: operation(of: blocker.node, graph, removals), table: blocker.table.name,
        columns: blocker.foreignKey.columns)
      if found[blocked] == nil { order.append(blocked) }
      found[blocked, default: (blocker, 0)].count += 1
    }
    for case let (first, count)? in order.map({ found[$0] }) {
      report(
        Diagnostic(
          .deleteBlocked,
          first.facts(address: name(of: first.node, graph, removals), count: count),
          at: place(of: first.node, graph, removals)))
    }
  }

  /// Rows that somebody owns are neither deleted nor changed by the way, in any mode.
  private mutating func checkOwners(
    of graph: DeleteGraph, _ removals: [Removal], _ all: Removals
  ) throws {
    guard decider.hasLedger else { return }
    var touched: [String: [(key: RowKey, node: Int, columns: [String])]] = [:]
    for (number, node) in graph.nodes.enumerated() {
      if case .cascade = node.cause {
        touched[node.table, default: []].append((node.key, number, []))
      }
    }
    for loser in graph.losers {
      let columns = loser.foreignKey.columns.map { loser.table.columns[$0].name }
      touched[loser.table.name, default: []].append((loser.key, loser.node, columns))
    }
    for loss in graph.lostLinks {
      touched[loss.end.parent, default: []].append((loss.key, loss.node, [loss.end.field]))
    }
    let forgotten = Set(all.forgotten.map(\.address))
    let catalogue = try decider.snapshot.catalogue()
    for (name, rows) in touched.sorted(by: { $0.key < $1.key }) {
      guard let table = catalogue[name] else { continue }
      let owners = try decider.snapshot.owners(of: rows.map(\.key), in: table)
      for (row, owner) in zip(rows, owners) {
        guard let owner else { continue }
        let address = address(operation: owner.operation, instance: owner.instance)
        if owner.owner == decider.owner, forgotten.contains(address) { continue }
        if !row.columns.isEmpty, try !decider.sets(row.columns, at: owner) { continue }
        diagnostics.report(
          Diagnostic(
            .cascadeOwned,
            [
              "address": self.name(of: row.node, graph, removals), "table": name,
              "owner": address, "plan": owner.owner.plan,
              "effect": row.columns.isEmpty
                ? Phrase("delete", vi: "xóa") : Phrase("change", vi: "thay đổi"),
            ], at: place(of: row.node, graph, removals)))
      }
    }
  }

  private func cascades(of graph: DeleteGraph) -> [Cascade] {
    var counts: [Cascade: Int] = [:]
    for node in graph.nodes {
      guard case .cascade = node.cause else { continue }
      counts[Cascade(table: node.table, effect: .delete, count: 0), default: 0] += 1
    }
    for loser in graph.losers {
      let columns = loser.foreignKey.columns.map { loser.table.columns[$0].name }
      let effect: Cascade.Effect =
        loser.foreignKey.onDelete == .setNull ? .setNull(columns) : .setDefault(columns)
      counts[Cascade(table: loser.table.name, effect: effect, count: 0), default: 0] += 1
    }
    for loss in graph.lostLinks {
      let table = loss.end.link.table.name
      counts[Cascade(table: table, effect: .unlink, count: 0), default: 0] += 1
    }
    return counts.map { Cascade(table: $0.key.table, effect: $0.key.effect, count: $0.value) }
      .sorted { ($0.table, $0.effect.rank) < ($1.table, $1.effect.rank) }
  }

  // MARK: Names

  /// The removal or instance that a node goes because of.
  private func cause(of node: Int, _ graph: DeleteGraph) -> DeleteGraph.Cause {
    var cause = graph.nodes[node].cause
    while case .cascade(let other) = cause { cause = graph.nodes[other].cause }
    return cause
  }

  private func name(of node: Int, _ graph: DeleteGraph, _ removals: [Removal]) -> String {
    switch cause(of: node, graph) {
    case .removal(let number): removals[number].address
    case .query(let instance): plan.address(of: instance)
    case .cascade: preconditionFailure("a cascade goes because of a row that is deleted")
    }
  }

  private func operation(of node: Int, _ graph: DeleteGraph, _ removals: [Removal]) -> String {
    switch cause(of: node, graph) {
    case .removal(let number): removals[number].row.operation
    case .query(let instance): plan.operations[Int(plan.instances[instance].operation)].name
    case .cascade: preconditionFailure("a cascade goes because of a row that is deleted")
    }
  }

  private func place(
    of node: Int, _ graph: DeleteGraph, _ removals: [Removal]
  ) -> SourceRange? {
    switch cause(of: node, graph) {
    case .removal(let number):
      plan.operationNames[removals[number].row.operation].map { plan.operations[$0].range }
    case .query(let instance): plan.instances[instance].range
    case .cascade: nil
    }
  }
}

extension Decider {
  /// Whether the operation at an address sets one of the columns.
  fileprivate func sets(_ columns: [String], at address: LedgerAddress) throws -> Bool {
    let numbers = try snapshot.shapeNumbers(
      of: address.operation, instances: [address.instance], owner: address.owner)
    guard let shape = numbers.first.flatMap({ $0 }).flatMap({ shapes[$0] }) else { return false }
    return columns.contains(where: shape.columns.contains)
  }
}

extension Table.ForeignKey {
  /// Columns that may be null: one of them is enough to let go.
  func nullable(in table: Table) -> [Int] { columns.filter { table.columns[$0].isNullable } }
}

extension Cascade.Effect {
  fileprivate var rank: Int {
    switch self {
    case .delete: 0
    case .setNull: 1
    case .setDefault: 2
    case .unlink: 3
    }
  }
}
