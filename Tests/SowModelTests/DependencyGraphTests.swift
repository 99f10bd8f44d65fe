import SowModel
import Testing

/// The graph alone, without knowing what its nodes stand for.
struct DependencyGraphTests {
  typealias Edge = DependencyGraph.Edge

  @Test func `a node is below the last one that it waits for`() throws {
    let graph = DependencyGraph(
      count: 6,
      edges: [
        Edge(from: 3, to: 0), Edge(from: 3, to: 1), Edge(from: 0, to: 1),
        Edge(from: 1, to: 5, weight: 2),
      ])
    #expect(try levels(of: graph) == [1, 2, 0, 0, 0, 4])
  }

  @Test(arguments: 0..<50)
  func `the levels of a random graph respect every edge`(seed: UInt64) throws {
    var random = Numbers(state: seed)
    let count = Int.random(in: 1...60, using: &random)
    let place = (0..<count).shuffled(using: &random)
    let edges = (0..<count * 3).compactMap { _ -> Edge? in
      let (one, other) = (
        Int.random(in: 0..<count, using: &random), Int.random(in: 0..<count, using: &random)
      )
      guard one < other else { return nil }
      return Edge(
        from: place[one], to: place[other], weight: Int.random(in: 0...2, using: &random))
    }
    let levels = try levels(of: DependencyGraph(count: count, edges: edges))
    for edge in edges {
      #expect(levels[Int(edge.to)] >= levels[Int(edge.from)] + edge.weight)
    }
    // No level is higher than an edge asks for.
    for (node, level) in levels.enumerated() where level > 0 {
      #expect(
        edges.contains { Int($0.to) == node && levels[Int($0.from)] + $0.weight == level })
    }
  }

  @Test(arguments: 0..<20)
  func `a cycle is a path of edges that ends where it began`(seed: UInt64) throws {
    var random = Numbers(state: seed &+ 1_000)
    let count = Int.random(in: 2...30, using: &random)
    var edges = (0..<count * 2).map { _ in
      Edge(
        from: Int.random(in: 0..<count, using: &random),
        to: Int.random(in: 0..<count, using: &random))
    }
    let size = Int.random(in: 1...count, using: &random)
    edges += (0..<size).map { Edge(from: $0, to: ($0 + 1) % size) }
    guard case .cycle(let path) = DependencyGraph(count: count, edges: edges).order() else {
      Issue.record("no cycle")
      return
    }
    #expect(path.count > 1 && path.first == path.last)
    for (node, next) in zip(path, path.dropFirst()) {
      // Each waits for the next one.
      #expect(edges.contains { Int($0.to) == node && Int($0.from) == next })
    }
  }

  private func levels(of graph: DependencyGraph) throws -> [Int32] {
    guard case .levels(let levels) = graph.order() else { throw Surprise() }
    return levels
  }

  private struct Surprise: Error {}
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run.
private struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
