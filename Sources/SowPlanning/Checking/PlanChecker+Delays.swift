internal import SowModel

/// A cell that refers to an instance later in the plan.
struct ForwardLink {
  let instance: Int
  let field: Int
  /// The position of its edge.
  let edge: Int
}

/// The nodes that stand for the second write of rows with delayed cells.
struct Delays {
  /// The node of each instance that has one.
  var nodes: [Int: Int] = [:]
  var count = 0
}

extension PlanChecker {
  /// Breaks cycles of references: those in nullable fields that lead to rows later in the plan are
  /// written in a second step, for which there is a node of its own.
  ///
  /// All cells of a row that may wait do, where they lie on a cycle, so that the outcome does not
  /// hang on which cycle is found first. Who needs such a row comes after its second step, but for
  /// those of the cycle itself.
  mutating func delay(
    _ edges: [DependencyGraph.Edge], count: Int
  ) -> (edges: [DependencyGraph.Edge], delays: Delays)? {
    let components = DependencyGraph(count: count, edges: edges).components()
    func isOnCycle(_ edge: DependencyGraph.Edge) -> Bool {
      components[Int(edge.from)] == components[Int(edge.to)]
    }
    let links = forwardLinks.filter { isOnCycle(self.edges[$0.edge]) && mayWait($0) }
    guard !links.isEmpty else { return nil }
    var delays = Delays()
    let left = Set(links.map(\.edge))
    var kept = edges.indices.filter { !left.contains($0) }.map { edges[$0] }
    for link in links {
      let columns = columnSets[Int(instances[link.instance].columnSet)].columns
      guard let offset = columns.firstIndex(of: link.field) else { continue }
      if delayed[Int32(link.instance)]?.contains(offset) != true {
        delayed[Int32(link.instance), default: []].append(offset)
      }
      if delays.nodes[link.instance] == nil {
        delays.nodes[link.instance] = count + delays.count
        delays.count += 1
      }
    }
    let second = kept
    for (instance, node) in delays.nodes.sorted(by: { $0.key < $1.key }) {
      kept.append(.init(from: instance, to: node))
    }
    for link in links {
      guard let node = delays.nodes[link.instance] else { continue }
      kept.append(.init(from: Int(self.edges[link.edge].from), to: node))
    }
    for edge in second {
      guard let node = delays.nodes[Int(edge.from)] else { continue }
      let isApart = !isOnCycle(edge)
      if isApart || refersToDelayed(Int(edge.to), of: Int(edge.from)) {
        kept.append(.init(from: node, to: Int(edge.to), weight: Int(edge.weight)))
      }
    }
    return (kept, delays)
  }

  /// Whether a row may be written without the field first.
  private func mayWait(_ link: ForwardLink) -> Bool {
    let operation = operations[Int(instances[link.instance].operation)]
    let entity = entities[operation.entity]
    return operation.action.insertsRows && entity.fields[link.field].isNullable
      && !entity.primaryKey.contains(link.field) && !operation.naturalKey.contains(link.field)
  }

  /// Whether a cell of one row wants a delayed field of another.
  private func refersToDelayed(_ node: Int, of target: Int) -> Bool {
    guard node < instances.count, let offsets = delayed[Int32(target)] else { return false }
    let columns = columnSets[Int(instances[target].columnSet)].columns
    let fields = Set(offsets.map { Int32(columns[$0]) })
    let instance = instances[node]
    let own = Set(delayed[Int32(node)] ?? [])
    let first = Int(instance.firstCell)
    return columnSets[Int(instance.columnSet)].columns.indices.contains { offset in
      !own.contains(offset) && refers(cells[first + offset], to: Int32(target), fields)
    }
  }

  private func refers(_ cell: Cell, to target: Int32, _ fields: Set<Int32>) -> Bool {
    switch cell {
    case .value, .streamed: return false
    case .reference(let instance, let field): return instance == target && fields.contains(field)
    case .computed(let position):
      switch sink.computed[Int(position)] {
      case .template(let pieces, _):
        return pieces.contains { piece in
          if case .cell(let cell) = piece { return refers(cell, to: target, fields) }
          return false
        }
      case .list(let cells): return cells.contains { refers($0, to: target, fields) }
      case .object(let members): return members.contains { refers($0.cell, to: target, fields) }
      case .member(let cell, _, _): return refers(cell, to: target, fields)
      case .lookup(let lookup):
        return lookup.conditions.contains { condition in
          condition.operands.contains { refers($0, to: target, fields) }
        }
      case .result: return false
      }
    }
  }
}
