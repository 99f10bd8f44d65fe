package import SowModel

/// The operations of a plan, or those of which a changeset changes something, and what each waits
/// for; instances are folded into their operation.
package struct PlanGraph: Sendable {
  /// In the plan's order.
  package let operations: [Step]
  /// By the dependent's position, then the dependency's.
  package let edges: [Edge]
  /// By operation, positions in `edges`: of those that lead to it, and of those that leave it.
  private let incoming: [[Int]]
  private let outgoing: [[Int]]

  package struct Step: Sendable {
    package let name: String
    package let entity: String
    package let content: Content
    /// From 1: the longest way through what it waits for.
    package fileprivate(set) var level = 1

    init(name: String, entity: String, _ content: Content) {
      self.name = name
      self.entity = entity
      self.content = content
    }
  }

  package enum Content: Sendable {
    /// As it is written.
    case written(Action, Rows)
    /// What becomes of its rows; kinds each once, in the order met.
    case changing(Changeset.Counts, [RowChange.Kind])
    /// Rows that the database itself changes, by table.
    case cascading(Cascade)
  }

  package enum Rows: Hashable, Sendable {
    /// An operation without `rows` or `for_each`.
    case single
    case several(Int)
    case ofFile
    case ofVariable
    case ofResult
  }

  /// `to` waits for `from`.
  package struct Edge: Hashable, Sendable {
    package let from: Int
    package let to: Int
    /// Fields that refer, `where` with its field, `ids` and the like, `depends_on`; each once, in
    /// the order written.
    package fileprivate(set) var reasons: [String]
    /// Whether the two wait for each other row by row, so that neither comes first as a whole.
    package fileprivate(set) var isWithinCycle = false
  }

  /// The graph as it is written; names that no operation has lead nowhere.
  package init(_ plan: Plan) {
    let steps = plan.operations.map { operation in
      Step(
        name: operation.name, entity: operation.entity.value,
        .written(operation.action.value, Rows(of: operation)))
    }
    self.init(steps, Self.edges(of: plan))
  }

  init(_ steps: [Step], _ edges: [Edge]) {
    var operations = steps
    var edges = edges
    Self.markCycles(among: &edges, count: operations.count)
    var incoming = [[Int]](repeating: [], count: operations.count)
    var outgoing = incoming
    for (index, edge) in edges.enumerated() {
      incoming[edge.to].append(index)
      outgoing[edge.from].append(index)
    }
    for (index, level) in Self.levels(edges, count: operations.count).enumerated() {
      operations[index].level = Int(level) + 1
    }
    self.operations = operations
    self.edges = edges
    self.incoming = incoming
    self.outgoing = outgoing
  }

  /// What the operation waits for, but for itself.
  package func dependencies(of operation: Int) -> [Edge] {
    incoming[operation].map { edges[$0] }.filter { $0.from != operation }
  }

  package func dependents(of operation: Int) -> [Edge] {
    outgoing[operation].map { edges[$0] }.filter { $0.to != operation }
  }

  /// The edge of rows that refer to rows of their own operation.
  package func ownEdge(of operation: Int) -> Edge? {
    incoming[operation].lazy.map { edges[$0] }.first { $0.from == operation }
  }

  // MARK: Making

  private static func edges(of plan: Plan) -> [Edge] {
    let positions = Dictionary(
      plan.operations.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    var edges: [Edge] = []
    for (index, operation) in plan.operations.enumerated() {
      var found: [Int: [String]] = [:]
      func add(_ name: String, _ reason: String) {
        guard let target = positions[name],
          found[target]?.contains(where: { $0 == reason }) != true
        else { return }
        found[target, default: []].append(reason)
      }
      operation.forEachPlace { place, input in
        input.forEachReference { add($0.operation, place) }
      }
      for name in operation.dependsOn { add(name.value, "depends_on") }
      edges += found.sorted { $0.key < $1.key }.map {
        Edge(from: $0.key, to: index, reasons: $0.value)
      }
    }
    return edges
  }

  /// Marks one edge of each cycle: one whose dependent is written first, where there is one.
  private static func markCycles(among edges: inout [Edge], count: Int) {
    while case .cycle(let path) = order(edges, count: count) {
      // Each waits for the next one.
      let steps = Array(zip(path, path.dropFirst()))
      let step = steps.first { $0 < $1 } ?? steps[0]
      let marked = edges.firstIndex {
        !$0.isWithinCycle && $0.to == step.0 && $0.from == step.1
      }
      guard let marked else { preconditionFailure("a cycle is made of edges") }
      edges[marked].isWithinCycle = true
    }
  }

  private static func levels(_ edges: [Edge], count: Int) -> [Int32] {
    guard case .levels(let levels) = order(edges, count: count) else {
      preconditionFailure("the cycles are marked")
    }
    return levels
  }

  private static func order(_ edges: [Edge], count: Int) -> DependencyGraph.Order {
    DependencyGraph(
      count: count,
      edges: edges.filter { $0.from != $0.to && !$0.isWithinCycle }.map {
        .init(from: $0.from, to: $0.to)
      }
    ).order()
  }
}

extension PlanGraph.Rows {
  fileprivate init(of operation: DataOperation) {
    switch (operation.rows, operation.forEach) {
    case (nil, nil): self = .single
    case (.inline(let rows)?, _): self = .several(rows.count)
    case (nil, .mapping(let members)?): self = .several(members.count)
    case (nil, .items(let items, _, _)?): self = .several(items.count)
    case (nil, .values(.list(let items, _))?): self = .several(items.count)
    case (nil, .values(.link(.reference, _))?): self = .ofResult
    case (nil, .values?): self = .ofVariable
    case (.file?, _), (nil, .file?): self = .ofFile
    }
  }
}
