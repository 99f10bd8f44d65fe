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
    let counts: [Phrase] = [
      .count(graph.operations.count, .operation),
      .count(graph.edges.count, Noun("edge", vi: "cạnh")),
    ]
    outlet.line("sow graph · \(terminalSafe(named.name)): ", counts.joined(", "))
    let width = (graph.operations.map(\.name.utf8.count).max() ?? 0) + 2
    let levels = Dictionary(grouping: graph.operations.indices) { graph.operations[$0].level }
    for (level, members) in levels.sorted(by: { $0.key < $1.key }) {
      outlet.line()
      outlet.line(
        "  " + outlet.palette.paint(Self.title(of: level).text(in: outlet.language), .bold))
      for index in members {
        let operation = graph.operations[index]
        outlet.line("    \(padded(operation.name, to: width))", operation.description)
        writeEdges(of: index, to: outlet)
      }
    }
  }

  private static func title(of level: Int) -> Phrase {
    level == 1
      ? Phrase("level 1: waits for nothing", vi: "cấp 1: không chờ gì")
      : Phrase("level \(level)", vi: "cấp \(level)")
  }

  private func writeEdges(of index: Int, to outlet: Outlet) {
    func line(_ sign: String, _ other: Int, _ edge: PlanGraph.Edge) {
      let reasons = terminalSafe(edge.reasons.joined(separator: ", "))
      let note =
        edge.isWithinCycle ? Phrase("; row by row", vi: "; từng bản ghi") : Phrase(same: "")
      outlet.line(
        "      \(sign) \(graph.operations[other].name) (\(reasons)\(note.text(in: outlet.language)))"
      )
    }
    for edge in graph.dependencies(of: index) { line("→", edge.from, edge) }
    if let own = graph.ownEdge(of: index) { line("↻", index, own) }
    for edge in graph.dependents(of: index) { line("←", edge.to, edge) }
  }
}

extension PlanGraph.Step {
  /// `upsert country, 3 rows`.
  var description: Phrase {
    let rows: Phrase? =
      switch rows {
      case .single: nil
      case .several(let count): .count(count, .row)
      case .ofFile: Phrase("rows of a file", vi: "bản ghi của một tệp")
      case .ofVariable: Phrase("rows of a variable", vi: "bản ghi của một biến")
      }
    let what = Phrase(same: "\(action.rawValue) \(terminalSafe(entity))")
    return [what, rows].compactMap(\.self).joined(", ")
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
