internal import SowModel

extension PlanChecker {
  /// `depends_on` must name operations of the plan.
  mutating func checkDependencies() {
    for operation in plan.operations {
      for name in operation.dependsOn {
        if name.value == operation.name {
          sink.diagnostics.report(
            .cycle, ["path": "\(name.value) -> \(name.value)"], at: name.range)
        } else if compiler.names[name.value] == nil, !compiler.unread.contains(name.value) {
          sink.diagnostics.report(
            .unknownDependency, ["operation": operation.name, "dependency": name.value],
            at: name.range,
            hint: sink.suggestion(
              for: name.value, among: compiler.targets.lazy.map(\.name)))
        }
      }
    }
  }

  /// The sets in the order of execution, or nil after the diagnostic of a cycle.
  mutating func order() -> [WorkSet]? {
    let nodes = GraphNodes(operations: operations, instances: instances.count)
    var edges = self.edges
    for (stream, target) in streamEdges {
      let dependent = stream >= 0 ? stream : nodes.first(of: -1 - stream)
      edges.append(.init(from: nodes.end(of: target), to: dependent))
    }
    for (index, operation) in plan.operations.enumerated() {
      for name in operation.dependsOn {
        guard let target = compiler.names[name.value], target != index else { continue }
        for node in nodes.all(of: index) {
          edges.append(.init(from: nodes.end(of: target), to: node))
        }
      }
    }
    for index in operations.indices where nodes.hasEnd(index) {
      for node in operations[index].instances {
        edges.append(.init(from: node, to: nodes.end(of: index), weight: 0))
      }
    }
    // What waits for each other is committed together, delayed or not.
    let units =
      plan.options.atomic
      ? [Int](repeating: 0, count: operations.count) : CommitUnits(edges, nodes).ranks
    var order = DependencyGraph(count: nodes.count, edges: edges).order()
    var delays = Delays()
    if case .cycle = order, let broken = delay(edges, count: nodes.count) {
      delays = broken.delays
      let graph = DependencyGraph(count: nodes.count + delays.count, edges: broken.edges)
      order = graph.order()
      // What still is a cycle is shown as it was written.
      if case .cycle(let path) = order, path.contains(where: { $0 >= nodes.count }) {
        order = DependencyGraph(count: nodes.count, edges: edges).order()
      }
    }
    switch order {
    case .levels(let levels): return sets(levels, nodes, units, delays)
    case .cycle(let cycle):
      report(cycle, nodes)
      return nil
    }
  }

  private mutating func report(_ cycle: [Int], _ nodes: GraphNodes) {
    var places: [SourceRange] = []
    var names: [String] = []
    for node in cycle {
      if node < instances.count {
        let instance = instances[node]
        names.append(
          address(operation: operations[Int(instance.operation)].name, instance: instance.key))
        places.append(instance.range)
      } else if let operation = nodes.operation(at: node) {
        names.append(operations[operation].name)
        places.append(operations[operation].range)
      }
    }
    // A cycle that begins at the end of an operation shows its first instance.
    if names.count == 1 || names.first != names.last { names += names.prefix(1) }
    let shown =
      names.count <= 20
      ? names
      : names[..<10] + ["… \(names.count - 20) more …"] + names[(names.count - 10)...]
    sink.diagnostics.report(
      .cycle, ["path": shown.joined(separator: " -> ")], at: places.first,
      related: Array(places.dropFirst().prefix(9).filter { $0 != places.first }))
  }

  /// Groups nodes of one level, entity, action and column set, by the order of their first member.
  private func sets(
    _ levels: [Int32], _ nodes: GraphNodes, _ units: [Int], _ delays: Delays
  ) -> [WorkSet] {
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
        operation: plan.options.atomic ? -1 : instance.operation)
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

  /// The operations with what only the whole plan tells: which fields others want of them.
  var finishedOperations: [CheckedOperation] {
    var wanted: [Int: Set<Int>] = [:]
    for field in sink.wanted { wanted[field.operation, default: []].insert(field.field) }
    let referenced = Set(streamEdges.map(\.target))
    return operations.enumerated().map { index, operation in
      let entity = entities[operation.entity]
      let fields = (wanted[index] ?? []).filter { !entity.primaryKey.contains($0) }
      return operation.finished(
        fetched: fields.sorted(), isReferenced: referenced.contains(index),
        expect: sink.singles.contains(index) && isUnsaid(index) ? .one : operation.expect)
    }
  }
}

extension PlanChecker {
  /// Whether a `read` leaves open how many rows it must find.
  private func isUnsaid(_ operation: Int) -> Bool {
    let written = plan.operations[operation]
    return written.action.value == .read && written.expect == nil && written.ids == nil
  }
}

extension CheckedOperation {
  fileprivate func finished(fetched: [Int], isReferenced: Bool, expect: Expectation) -> Self {
    var finished = self
    finished.fetched = fetched
    finished.expect = expect
    finished.stream?.isReferenced = isReferenced
    return finished
  }
}
