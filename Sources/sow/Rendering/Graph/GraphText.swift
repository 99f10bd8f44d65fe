internal import SowModel
internal import SowPlanning

/// The graph of one plan.
struct NamedGraph {
  let name: String
  let graph: PlanGraph
}

/// A graph by levels: each operation with what it waits for, and who waits for it.
struct GraphText {
  private let named: NamedGraph
  private var graph: PlanGraph { named.graph }

  init(_ named: NamedGraph) { self.named = named }

  func write(to outlet: Outlet) {
    let operations = counted(graph.operations.count, "operation")
    let edges = counted(graph.edges.count, "edge")
    outlet.line("sow graph · \(terminalSafe(named.name)): \(operations), \(edges)")
    let width = (graph.operations.map(\.name.utf8.count).max() ?? 0) + 2
    let levels = Dictionary(grouping: graph.operations.indices) { graph.operations[$0].level }
    for (level, members) in levels.sorted(by: { $0.key < $1.key }) {
      outlet.line()
      outlet.line("  " + outlet.palette.paint(Self.title(of: level), .bold))
      for index in members {
        let operation = graph.operations[index]
        outlet.line("    \(padded(operation.name, to: width))\(operation.description)")
        writeEdges(of: index, to: outlet)
      }
    }
  }

  private static func title(of level: Int) -> String {
    level == 1 ? "level 1: waits for nothing" : "level \(level)"
  }

  private func writeEdges(of index: Int, to outlet: Outlet) {
    func line(_ sign: String, _ other: Int, _ edge: PlanGraph.Edge) {
      let reasons = terminalSafe(edge.reasons.joined(separator: ", "))
      let note = edge.isWithinCycle ? "; row by row" : ""
      outlet.line("      \(sign) \(graph.operations[other].name) (\(reasons)\(note))")
    }
    for edge in graph.dependencies(of: index) { line("→", edge.from, edge) }
    if let own = graph.ownEdge(of: index) { line("↻", index, own) }
    for edge in graph.dependents(of: index) { line("←", edge.to, edge) }
  }
}

extension PlanGraph.Step {
  /// `upsert country, 3 rows`.
  var description: String {
    let rows =
      switch rows {
      case .single: ""
      case .several(let count): ", " + counted(count, "row")
      case .ofFile: ", rows of a file"
      case .ofVariable: ", rows of a variable"
      }
    return "\(action.rawValue) \(terminalSafe(entity))\(rows)"
  }
}

extension JSONWriter {
  /// The members of the document of one graph.
  func graph(_ named: NamedGraph) {
    let graph = named.graph
    member("kind", "graph")
    member("format_version", 1)
    member("plan", named.name)
    lines("operations") {
      for operation in graph.operations {
        object {
          member("name", operation.name)
          member("action", operation.action.rawValue)
          member("entity", operation.entity)
          member("level", operation.level)
          if case .several(let count) = operation.rows { member("rows", count) }
        }
      }
    }
    lines("edges") {
      for edge in graph.edges {
        object {
          member("from", graph.operations[edge.from].name)
          member("to", graph.operations[edge.to].name)
          array("reasons") { for reason in edge.reasons { string(reason) } }
        }
      }
    }
  }
}
