internal import SowModel

/// Which operations are committed together where there is not one transaction for all.
///
/// Each is committed alone, in the order of Kahn's levels with ties by the plan's order, but for
/// those whose rows wait for each other's.
struct CommitUnits {
  /// The rank of each operation's unit.
  let ranks: [Int]

  /// - Note: `edges` are between the `nodes` of instances, streams and ends, and `tables` more.
  init(_ edges: [DependencyGraph.Edge], _ nodes: GraphNodes, tables: Int) {
    let count = nodes.operations.count + tables
    var unit = Array(0..<count)
    let owners = nodes.owners + (nodes.operations.count..<count).map { Int32($0) }
    var pairs = Set(
      edges.compactMap { edge -> SIMD2<Int32>? in
        let (from, to) = (owners[Int(edge.from)], owners[Int(edge.to)])
        return from == to ? nil : SIMD2(from, to)
      })
    while true {
      let graph = DependencyGraph(
        count: count, edges: pairs.map { .init(from: Int($0.x), to: Int($0.y)) })
      if case .levels(let levels) = graph.order() {
        ranks = unit.map { Int(levels[$0]) * count + $0 }
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
  fileprivate var owners: [Int32] {
    var owners = [Int32](repeating: 0, count: count)
    for index in operations.indices {
      for node in all(of: index) { owners[node] = Int32(index) }
      owners[end(of: index)] = Int32(index)
    }
    return owners
  }
}
