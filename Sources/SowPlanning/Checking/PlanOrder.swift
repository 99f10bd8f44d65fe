internal import SowModel

/// The graph of a plan, kept so that more edges may be added once rows are known.
struct PlanOrder: Sendable {
  /// As the plan has them: what waits for each other is committed together, delayed or not.
  let written: [DependencyGraph.Edge]
  /// Without those that are delayed.
  var edges: [DependencyGraph.Edge]
  let nodes: GraphNodes
  /// Nodes behind those of the operations that stand for tables.
  let tables: Int
  var delays: Delays
  let isAtomic: Bool
  let instances: [Instance]
  let columnSets: [ColumnSet]

  private var operations: [CheckedOperation] { nodes.operations }

  var count: Int { nodes.count + tables + delays.count }

  var graph: DependencyGraph { DependencyGraph(count: count, edges: edges) }

  /// The node of an instance's first or last write, or of a stream.
  func node(of row: ExchangeRow, isLast: Bool) -> Int {
    guard let instance = row.instance else { return nodes.first(of: row.operation) }
    return isLast ? delays.nodes[instance] ?? instance : instance
  }

  /// The sets with more edges; nil where these make a cycle.
  func sets(
    with more: [DependencyGraph.Edge], together: [DependencyGraph.Edge]
  ) -> [WorkSet]? {
    guard
      case .levels(let levels) = DependencyGraph(count: count, edges: edges + more).order()
    else { return nil }
    return sets(levels, together: together)
  }

  private func units(_ together: [DependencyGraph.Edge]) -> [Int] {
    if isAtomic { return [Int](repeating: 0, count: operations.count) }
    return CommitUnits(written + together, nodes, tables: tables).ranks
  }

  /// Groups nodes of one level, entity, action and column set, by the order of their first member.
  ///
  /// - Note: what is `together` is committed together.
  func sets(_ levels: [Int32], together: [DependencyGraph.Edge]) -> [WorkSet] {
    let units = units(together)
    struct Group: Hashable {
      var level: Int32
      var action: Action
      var columnSet: Int32
      var phase: WorkSet.Phase
      /// Without one transaction for all, each operation is a set of its own.
      var operation: Int32
    }
    var positions: [Group: Int] = [:]
    var groups: [(group: Group, first: Int32, members: [Int32])] = []
    func add(_ number: Int, _ level: Int32, _ phase: WorkSet.Phase) {
      let instance = instances[number]
      let group = Group(
        level: level, action: operations[Int(instance.operation)].action,
        columnSet: instance.columnSet, phase: phase,
        operation: isAtomic ? -1 : instance.operation)
      if let position = positions[group] {
        groups[position].members.append(Int32(number))
      } else {
        positions[group] = groups.count
        groups.append((group, instance.operation, [Int32(number)]))
      }
    }
    for number in instances.indices {
      guard let node = delays.nodes[number] else {
        add(number, levels[number], .whole)
        continue
      }
      add(number, levels[number], .start)
      add(number, levels[node], .completion)
    }
    var sets = groups.map { group, first, members in
      let columnSet = Int(group.columnSet)
      let set = WorkSet(
        level: group.level, action: group.action, entity: columnSets[columnSet].entity,
        columnSet: columnSet, members: .instances(members), phase: group.phase,
        unit: units[Int(first)])
      return (first, set)
    }
    for (index, operation) in operations.enumerated() {
      guard let stream = operation.stream else { continue }
      sets.append(
        (
          Int32(index),
          WorkSet(
            level: levels[nodes.first(of: index)], action: operation.action,
            entity: operation.entity, columnSet: stream.columnSet,
            members: .stream(operation: index), phase: .whole, unit: units[index])
        ))
    }
    return sets.enumerated().sorted { left, right in
      (left.element.1.unit, left.element.1.level, left.element.0, Int32(left.offset))
        < (right.element.1.unit, right.element.1.level, right.element.0, Int32(right.offset))
    }.map(\.element.1)
  }
}
