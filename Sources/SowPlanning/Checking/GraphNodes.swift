internal import SowModel

/// Numbers the nodes of the graph: instances first, then one a stream, then one for the end of each
/// operation with several instances, so that waiting for it costs one edge.
struct GraphNodes {
  let operations: [CheckedOperation]
  let count: Int
  private var streams: [Int: Int] = [:]
  private var ends: [Int: Int] = [:]
  private var streamAt: [Int: Int] = [:]

  init(operations: [CheckedOperation], instances: Int) {
    self.operations = operations
    var next = instances
    for (index, operation) in operations.enumerated() where operation.stream != nil {
      streams[index] = next
      streamAt[next] = index
      next += 1
    }
    for (index, operation) in operations.enumerated()
    where operation.stream == nil && operation.instances.count != 1 {
      ends[index] = next
      next += 1
    }
    count = next
  }

  func stream(at node: Int) -> Int? { streamAt[node] }

  func hasEnd(_ operation: Int) -> Bool { ends[operation] != nil }

  func first(of operation: Int) -> Int {
    streams[operation] ?? operations[operation].instances.lowerBound
  }

  /// The node that is done when the whole operation is.
  func end(of operation: Int) -> Int { ends[operation] ?? first(of: operation) }

  func all(of operation: Int) -> [Int] {
    streams[operation].map { [$0] } ?? Array(operations[operation].instances)
  }
}

/// Which operations are committed together where there is not one transaction for all.
///
/// Each is committed alone, in the order of Kahn's levels with ties by the plan's order, but for
/// those whose rows wait for each other's.
struct CommitUnits {
  /// The rank of each operation's unit.
  let ranks: [Int]

  /// - Note: `edges` are between the `nodes` of instances, streams and ends.
  init(_ edges: [DependencyGraph.Edge], _ nodes: GraphNodes) {
    let count = nodes.operations.count
    var unit = Array(0..<count)
    let owners = nodes.owners
    var pairs = Set(
      edges.compactMap { edge -> SIMD2<Int32>? in
        let (from, to) = (owners[Int(edge.from)], owners[Int(edge.to)])
        return from == to ? nil : SIMD2(from, to)
      })
    while true {
      let graph = DependencyGraph(
        count: count, edges: pairs.map { .init(from: Int($0.x), to: Int($0.y)) })
      if case .levels(let levels) = graph.order() {
        ranks = unit.indices.map { operation in
          Int(levels[unit[operation]]) * count + unit[operation]
        }
        return
      }
      let cyclic = graph.nodesOnCycles()
      let first = cyclic.min() ?? 0
      for operation in unit.indices where cyclic.contains(unit[operation]) {
        unit[operation] = first
      }
      pairs = Set(
        pairs.compactMap { pair in
          let moved = SIMD2(Int32(unit[Int(pair.x)]), Int32(unit[Int(pair.y)]))
          return moved.x == moved.y ? nil : moved
        })
    }
  }
}

extension GraphNodes {
  /// The operation that each node belongs to.
  var owners: [Int32] {
    var owners = [Int32](repeating: 0, count: count)
    for index in operations.indices {
      for node in all(of: index) { owners[node] = Int32(index) }
      owners[end(of: index)] = Int32(index)
    }
    return owners
  }
}
