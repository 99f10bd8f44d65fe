package import SowModel

extension Plan {
  /// The plan with only these operations and all that they wait for.
  package func limited(to names: some Sequence<String>) -> Plan {
    let graph = PlanGraph(self)
    let wanted = Set(names)
    var open = graph.operations.indices.filter { wanted.contains(graph.operations[$0].name) }
    var kept = Set(open)
    while let next = open.popLast() {
      for edge in graph.dependencies(of: next) where kept.insert(edge.from).inserted {
        open.append(edge.from)
      }
    }
    var plan = self
    plan.operations = operations.indices.filter(kept.contains).map { operations[$0] }
    return plan
  }
}
