internal import SowModel

extension Decider {
  /// Where no ledger is kept, each `delete` is looked at for itself: who refers to its rows, what
  /// goes with them, and in which order they go.
  func followDeletes(of number: Int, in state: inout RunState) throws {
    let operation = plan.operations[Int(plan.instances[number].operation)]
    guard operation.action == .delete, state.fates[number] == .query,
      var result = state.results[number], !plan.entities[operation.entity].deletesSoftly
    else { return }
    let table = plan.entities[operation.entity].table.name
    let catalogue = try snapshot.catalogue()
    var graph = DeleteGraph(catalogue, LinkEnds(self, catalogue))
    for key in result.keys { graph.add(key, in: table, because: .query(number)) }
    try graph.close(snapshot, RowRedirects(plan, .plan))
    if let blocker = graph.blockers.first {
      let count = graph.blockers.count {
        $0.table.name == blocker.table.name && $0.foreignKey == blocker.foreignKey
      }
      return state.fail(
        number,
        Diagnostic(
          .deleteBlocked, blocker.facts(address: plan.address(of: number), count: count),
          at: plan.instances[number].range))
    }
    let order = DeleteOrder(graph, catalogue, freed: [])
    if order.circle == nil, let levels = order.levelsOfQueries(in: graph)[number] {
      result.sort(byLevel: levels)
    }
    result.cascaded = graph.nodes.count - result.keys.count
    state.results[number] = result
  }
}

extension Decider {
  /// What comes later sees neither the rows of a `delete` nor those that the database deletes with
  /// them.
  func noteDelete(
    _ number: Int, of keys: [RowKey], _ table: String, _ state: inout RunState
  ) throws {
    guard keepsLedger, !keys.isEmpty else { return }
    state.claims.noteDelete(number, of: keys, in: table)
    if plan.entity(of: table)?.deletesSoftly == true { return }
    let catalogue = try snapshot.catalogue()
    let cascades = catalogue.tables.contains { child in
      child.foreignKeys.contains { $0.table == table && $0.onDelete == .cascade }
    }
    guard cascades else { return }
    var graph = DeleteGraph(catalogue, LinkEnds(self, catalogue))
    for key in keys { graph.add(key, in: table, because: .query(number)) }
    try graph.close(snapshot, RowRedirects(plan, .plan))
    for node in graph.nodes.dropFirst(keys.count) {
      state.claims.noteDelete(number, of: [node.key], in: node.table)
    }
  }
}

extension DeleteGraph.Neighbour {
  /// What `delete-blocked` says of the row that others refer to.
  func facts(address: String, count: Int) -> Facts {
    [
      "address": address, "table": table.name, "count": Phrase.count(count, .row),
      "columns": foreignKey.columns.map { table.columns[$0].name }.joined(separator: ", "),
    ]
  }
}
