internal import SowModel
internal import SowPlanning

/// Graphs in the language of Graphviz: arrows point from what is waited for to who waits.
struct GraphDot {
  private let graphs: [NamedGraph]

  init(_ graphs: [NamedGraph]) { self.graphs = graphs }

  func write(to outlet: Outlet) {
    outlet.line("digraph sow {")
    outlet.line("  rankdir=LR;")
    outlet.line("  node [shape=box];")
    var first = 0
    for (number, named) in graphs.enumerated() {
      outlet.line("  subgraph cluster_\(number) {")
      outlet.line("    label=\(Self.quoted(named.name));")
      for (index, operation) in named.graph.operations.enumerated() {
        let label = Self.quoted(
          operation.title, operation.description.text(in: outlet.language))
        let colour = operation.fate.map { ", style=filled, fillcolor=\"\($0.colour)\"" } ?? ""
        outlet.line("    n\(first + index) [label=\(label)\(colour)];")
      }
      for edge in named.graph.edges {
        let label = Self.quoted(edge.reasons.joined(separator: ", "))
        let style = edge.isWithinCycle ? ", style=dashed" : ""
        outlet.line("    n\(first + edge.from) -> n\(first + edge.to) [label=\(label)\(style)];")
      }
      outlet.line("  }")
      first += named.graph.operations.count
    }
    outlet.line("}")
  }

  /// Lines of text as one label (graphviz.org/doc/info/lang.html and attrs, "escString").
  static func quoted(_ lines: String...) -> String {
    let escaped = lines.map { line in
      var text = ""
      for scalar in terminalSafe(line).unicodeScalars {
        if scalar == "\"" || scalar == "\\" { text += "\\" }
        text.unicodeScalars.append(scalar)
      }
      return text
    }
    return "\"" + escaped.joined(separator: "\\n") + "\""
  }
}

/// Graphs in the language of Mermaid, as a flowchart.
struct GraphMermaid {
  private let graphs: [NamedGraph]

  init(_ graphs: [NamedGraph]) { self.graphs = graphs }

  func write(to outlet: Outlet) {
    outlet.line("flowchart LR")
    var first = 0
    for (number, named) in graphs.enumerated() {
      outlet.line("  subgraph p\(number)[\(Self.quoted(named.name))]")
      for (index, operation) in named.graph.operations.enumerated() {
        let label = Self.quoted(
          operation.title, operation.description.text(in: outlet.language))
        let fate = operation.fate.map { ":::\($0.rawValue)" } ?? ""
        outlet.line("    n\(first + index)[\(label)]\(fate)")
      }
      outlet.line("  end")
      for edge in named.graph.edges {
        let arrow = edge.isWithinCycle ? "-.->" : "-->"
        let label = Self.quoted(edge.reasons.joined(separator: ", "))
        outlet.line("  n\(first + edge.from) \(arrow)|\(label)| n\(first + edge.to)")
      }
      first += named.graph.operations.count
    }
    let fates = Set(graphs.flatMap { $0.graph.operations.compactMap(\.fate) })
    for fate in PlanGraph.Step.Fate.allCases where fates.contains(fate) {
      outlet.line("  classDef \(fate.rawValue) fill:\(fate.colour)")
    }
  }

  /// Lines of text as one label: what means something in quotes, in HTML or in Markdown is written
  /// as its number (mermaid.js.org/syntax/flowchart.html, "Entity codes to escape characters").
  static func quoted(_ lines: String...) -> String {
    let escaped = lines.map { line in
      var text = ""
      for scalar in terminalSafe(line).unicodeScalars {
        if "\"#&<>`|\\*[]{}".unicodeScalars.contains(scalar) {
          text += "#\(scalar.value);"
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
      return text
    }
    return "\"" + escaped.joined(separator: "<br/>") + "\""
  }
}

extension PlanGraph.Step.Fate {
  /// Pale, so that dark text stays legible.
  fileprivate var colour: String {
    switch self {
    case .create: "#d3f0d3"
    case .update: "#fdf0c4"
    case .delete: "#f9d0d0"
    }
  }
}
