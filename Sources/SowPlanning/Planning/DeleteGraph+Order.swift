internal import SowModel

/// In which order rows go: children first (Kahn, 1962); circles are opened at a nullable column.
struct DeleteOrder {
  /// By node: nothing of a lower level refers to a node of this one.
  private(set) var levels: [Int]
  /// By node: whether it must wait until all rows are written.
  private(set) var isLate: [Bool]
  /// References that are taken out of rows before they go.
  private(set) var unlinked: [(child: Int, foreignKey: Table.ForeignKey)] = []
  /// A row of a circle that cannot be opened.
  private(set) var circle: Int?

  /// - Note: rows of `freed` nodes have lost those that would move away from them; `updated` ones
  ///   are still to be written.
  init(
    _ graph: DeleteGraph, _ catalogue: Catalogue, freed: Set<Int>, updated: Set<Int> = []
  ) {
    let nodes = graph.nodes
    levels = [Int](repeating: 0, count: nodes.count)
    isLate = [Bool](repeating: false, count: nodes.count)
    for mover in graph.movers where !freed.contains(mover.node) { isLate[mover.node] = true }
    for node in updated { isLate[node] = true }
    var open = nodes.map(\.children.count)
    var parents = [[Int]](repeating: [], count: nodes.count)
    for (number, node) in nodes.enumerated() {
      for link in node.children { parents[link.child].append(number) }
    }
    var ready = nodes.indices.filter { open[$0] == 0 }
    var done = [Bool](repeating: false, count: nodes.count)
    var left = nodes.count
    while left > 0 {
      if ready.isEmpty {
        ready = unlink(graph, catalogue, done, &open, &parents)
        guard !ready.isEmpty else {
          circle = done.firstIndex(of: false)
          return
        }
      }
      let node = ready.removeLast()
      done[node] = true
      left -= 1
      let waits: Bool
      if case .query = nodes[node].cause { waits = true } else { waits = isLate[node] }
      for parent in parents[node] {
        levels[parent] = max(levels[parent], levels[node] + 1)
        if waits { isLate[parent] = true }
        open[parent] -= 1
        if open[parent] == 0 { ready.append(parent) }
      }
    }
  }

  /// By instance of a `delete`: the levels of its rows, in the order in which they were added.
  func levelsOfQueries(in graph: DeleteGraph) -> [Int: [Int]] {
    var found: [Int: [Int]] = [:]
    for (number, node) in graph.nodes.enumerated() {
      if case .query(let instance) = node.cause {
        found[instance, default: []].append(levels[number])
      }
    }
    return found
  }

  /// Takes out what may be null of the references among the rows that are left; the rows that are
  /// ready then.
  private mutating func unlink(
    _ graph: DeleteGraph, _ catalogue: Catalogue, _ done: [Bool], _ open: inout [Int],
    _ parents: inout [[Int]]
  ) -> [Int] {
    var ready: [Int] = []
    for (number, node) in graph.nodes.enumerated() where !done[number] {
      for link in node.children where !done[link.child] {
        guard let foreignKey = link.foreignKey,
          case .removal = graph.nodes[link.child].cause,
          let table = catalogue[graph.nodes[link.child].table],
          !foreignKey.nullable(in: table).isEmpty,
          let place = parents[link.child].firstIndex(of: number)
        else { continue }
        unlinked.append((link.child, foreignKey))
        parents[link.child].remove(at: place)
        open[number] -= 1
        if open[number] == 0 { ready.append(number) }
      }
    }
    return ready
  }
}
