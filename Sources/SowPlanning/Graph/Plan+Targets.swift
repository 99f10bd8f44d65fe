package import SowModel

extension Plan {
  /// The plan with only these operations and all that they wait for.
  package func limited(to names: some Sequence<String>) -> Plan {
    limited(to: PlanGraph(self).needs(of: names))
  }

  /// The plan with only the operations at these positions.
  package func limited(to positions: Set<Int>) -> Plan {
    var plan = self
    plan.operations = operations.indices.filter(positions.contains).map { operations[$0] }
    return plan
  }
}

extension PlanGraph {
  /// The positions of these operations and of all that they wait for.
  package func needs(of names: some Sequence<String>) -> Set<Int> {
    let wanted = Set(names)
    var open = operations.indices.filter { wanted.contains(operations[$0].name) }
    var kept = Set(open)
    while let next = open.popLast() {
      for edge in dependencies(of: next) where kept.insert(edge.from).inserted {
        open.append(edge.from)
      }
    }
    return kept
  }
}
