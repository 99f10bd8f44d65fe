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
    // What the plan says about the order goes before what its tables say.
    for deletes in [deleteEdges(nodes), (edges: [], tables: 0)] {
      let all = edges + deletes.edges
      var order = PlanOrder(
        written: all, edges: all, nodes: nodes, tables: deletes.tables, delays: Delays(),
        isAtomic: plan.options.atomic, instances: instances, columnSets: columnSets)
      var found = order.graph.order()
      if case .cycle = found, let broken = delay(all, count: order.count) {
        (order.edges, order.delays) = (broken.edges, broken.delays)
        found = order.graph.order()
      }
      if case .levels(let levels) = found {
        planOrder = order
        return order.sets(levels, together: [])
      }
    }
    // What still is a cycle is shown as it was written.
    guard case .cycle(let cycle) = DependencyGraph(count: nodes.count, edges: edges).order() else {
      preconditionFailure("fewer edges make no cycle")
    }
    report(cycle, nodes)
    return nil
  }

  /// Edges from the `delete` operations of a table to those of the tables that it refers to, each
  /// table being a node of its own behind the others.
  private func deleteEdges(
    _ nodes: GraphNodes
  ) -> (edges: [DependencyGraph.Edge], tables: Int) {
    var deletes: [String: [Int]] = [:]
    for (index, operation) in operations.enumerated() where operation.action == .delete {
      deletes[entities[operation.entity].table.name, default: []].append(index)
    }
    guard deletes.count > 1 else { return ([], 0) }
    var edges: [DependencyGraph.Edge] = []
    var tables = 0
    for (_, members) in deletes.sorted(by: { $0.key < $1.key }) {
      let table = entities[operations[members[0]].entity].table
      let parents = Set(table.foreignKeys.map(\.table)).subtracting([table.name])
      let later = parents.sorted().compactMap { deletes[$0] }.joined()
      guard !later.isEmpty else { continue }
      let node = nodes.count + tables
      tables += 1
      for index in members {
        for instance in operations[index].instances {
          edges.append(.init(from: instance, to: node, weight: 0))
        }
      }
      for index in later {
        for instance in operations[index].instances {
          edges.append(.init(from: node, to: instance))
        }
      }
    }
    return (edges, tables)
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
    let more = names.count - 20
    if more > 0 { names.removeSubrange(10..<10 + more) }
    var path = names.map { Phrase(same: $0) }
    if more > 0 { path.insert(Phrase("… \(more) more …", vi: "… \(more) mục nữa …"), at: 10) }
    sink.diagnostics.report(
      .cycle, ["path": path.joined(" -> ")],
      at: places.first,
      related: Array(places.dropFirst().prefix(9).filter { $0 != places.first }))
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
  fileprivate func finished(
    fetched: [Int], isReferenced: Bool, expect: Expectation
  ) -> CheckedOperation {
    if fetched.isEmpty, stream == nil, expect == self.expect { return self }
    var stream = stream
    stream?.isReferenced = isReferenced
    return CheckedOperation(
      name: name, range: range, action: action, entity: entity, instances: instances,
      stream: stream, naturalKey: naturalKey, queries: queries, expect: expect,
      expectsEveryID: expectsEveryID, fetched: fetched, isRepeated: isRepeated,
      dependsOn: dependsOn, lifecycle: lifecycle, terms: terms)
  }
}
