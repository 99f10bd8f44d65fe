/// A directed graph over the nodes `0 ..< count` that knows nothing of what they stand for.
package struct DependencyGraph: Sendable {
  package let count: Int
  /// Compressed rows: the dependents of node n are `dependents[starts[n] ..< starts[n + 1]]`.
  private let starts: [Int32]
  private let dependents: [Int32]
  private let weights: [Int32]
  private var dependencyCounts: [Int32]

  /// `to` comes after `from`, `weight` levels later at least.
  package struct Edge: Sendable {
    package var from: Int32
    package var to: Int32
    package var weight: Int32

    package init(from: Int, to: Int, weight: Int = 1) {
      self.from = Int32(from)
      self.to = Int32(to)
      self.weight = Int32(weight)
    }
  }

  package init(count: Int, edges: [Edge]) {
    var starts = [Int32](repeating: 0, count: count + 1)
    var counts = [Int32](repeating: 0, count: count)
    for edge in edges {
      starts[Int(edge.from) + 1] += 1
      counts[Int(edge.to)] += 1
    }
    for node in 0..<count { starts[node + 1] += starts[node] }
    var next = starts
    var dependents = [Int32](repeating: 0, count: edges.count)
    var weights = dependents
    for edge in edges {
      let slot = Int(next[Int(edge.from)])
      next[Int(edge.from)] += 1
      dependents[slot] = edge.to
      weights[slot] = edge.weight
    }
    self.count = count
    self.starts = starts
    self.dependents = dependents
    self.weights = weights
    dependencyCounts = counts
  }

  package enum Order: Sendable {
    /// For each node, the length of the longest path that leads to it.
    case levels([Int32])
    /// Nodes that wait for each other, each for the next, the first repeated at the end.
    case cycle([Int])
  }

  /// Levels by Kahn's algorithm (1962); linear in nodes and edges, without recursion.
  package func order() -> Order {
    var waiting = dependencyCounts
    var levels = [Int32](repeating: 0, count: count)
    var ready = (0..<count).filter { waiting[$0] == 0 }
    var next = 0
    while next < ready.count {
      let node = ready[next]
      next += 1
      for slot in Int(starts[node])..<Int(starts[node + 1]) {
        let dependent = Int(dependents[slot])
        levels[dependent] = max(levels[dependent], levels[node] + weights[slot])
        waiting[dependent] -= 1
        if waiting[dependent] == 0 { ready.append(dependent) }
      }
    }
    return ready.count == count ? .levels(levels) : .cycle(cycle(among: waiting))
  }

  /// For each node a number that it shares with those that it lies on a cycle with: Tarjan's
  /// strongly connected components (1972), without recursion.
  package func components() -> [Int32] {
    var component = [Int32](repeating: -1, count: count)
    var number = [Int32](repeating: -1, count: count)
    var lowest = number
    var path: [Int] = []
    var stack: [(node: Int, slot: Int)] = []
    var (next, found): (Int32, Int32) = (0, 0)
    for root in 0..<count where number[root] < 0 {
      stack.append((root, Int(starts[root])))
      while let (node, slot) = stack.popLast() {
        if slot == Int(starts[node]), number[node] < 0 {
          (number[node], lowest[node]) = (next, next)
          next += 1
          path.append(node)
        }
        if slot > Int(starts[node]) {
          // The dependent at the slot before is done.
          let done = Int(dependents[slot - 1])
          if component[done] < 0 { lowest[node] = min(lowest[node], lowest[done]) }
        }
        guard slot < Int(starts[node + 1]) else {
          if lowest[node] == number[node] {
            while let member = path.popLast() {
              component[member] = found
              if member == node { break }
            }
            found += 1
          }
          continue
        }
        stack.append((node, slot + 1))
        let dependent = Int(dependents[slot])
        if number[dependent] < 0 { stack.append((dependent, Int(starts[dependent]))) }
      }
    }
    return component
  }

  /// The nodes that can be reached from `roots` along the edges, the roots left out.
  package func dependents(of roots: some Sequence<Int>) -> Set<Int> {
    var found: Set<Int> = []
    var stack = Array(roots)
    while let node = stack.popLast() {
      for slot in Int(starts[node])..<Int(starts[node + 1]) {
        let dependent = Int(dependents[slot])
        if found.insert(dependent).inserted { stack.append(dependent) }
      }
    }
    return found
  }

  /// The nodes that lie on some cycle, or between two: what is left when nodes that wait for
  /// nothing are taken away, and then those that nobody waits for.
  package func nodesOnCycles() -> Set<Int> {
    var waiting = dependencyCounts
    var ready = (0..<count).filter { waiting[$0] == 0 }
    while let node = ready.popLast() {
      for slot in Int(starts[node])..<Int(starts[node + 1]) {
        let dependent = Int(dependents[slot])
        waiting[dependent] -= 1
        if waiting[dependent] == 0 { ready.append(dependent) }
      }
    }
    var dependencies = [[Int]](repeating: [], count: count)
    var waited = [Int](repeating: 0, count: count)
    for node in 0..<count where waiting[node] > 0 {
      for slot in Int(starts[node])..<Int(starts[node + 1]) where waiting[Int(dependents[slot])] > 0
      {
        dependencies[Int(dependents[slot])].append(node)
        waited[node] += 1
      }
    }
    var found = Set((0..<count).filter { waiting[$0] > 0 })
    ready = found.filter { waited[$0] == 0 }
    while let node = ready.popLast() {
      found.remove(node)
      for dependency in dependencies[node] {
        waited[dependency] -= 1
        if waited[dependency] == 0 { ready.append(dependency) }
      }
    }
    return found
  }

  /// Every node that still waits has a dependency that waits too, so a walk backwards from the
  /// first one must meet itself.
  private func cycle(among waiting: [Int32]) -> [Int] {
    var dependency = [Int](repeating: -1, count: count)
    for node in 0..<count where waiting[node] > 0 {
      for slot in Int(starts[node])..<Int(starts[node + 1])
      where dependency[Int(dependents[slot])] < 0 {
        dependency[Int(dependents[slot])] = node
      }
    }
    guard var node = waiting.firstIndex(where: { $0 > 0 }) else {
      preconditionFailure("a cycle has nodes that wait")
    }
    var visited = Set<Int>()
    while visited.insert(node).inserted { node = dependency[node] }
    var path = [node]
    var current = dependency[node]
    while current != node {
      path.append(current)
      current = dependency[current]
    }
    return rotated(path)
  }

  /// The same cycle from its lowest node on, so that equal inputs print equal cycles.
  private func rotated(_ path: [Int]) -> [Int] {
    guard let lowest = path.min(), let start = path.firstIndex(of: lowest) else { return path }
    return path[start...] + path[..<start] + [lowest]
  }
}
