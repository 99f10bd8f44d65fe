internal import SowModel
internal import SowPlanning

/// The graph of one plan, or of what is saved of one.
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
    let width = (graph.operations.map { displayWidth($0.title) }.max() ?? 0) + 2
    let levels = Dictionary(grouping: graph.operations.indices) { graph.operations[$0].level }
    for (level, members) in levels.sorted(by: { $0.key < $1.key }) {
      outlet.line()
      outlet.line(
        "  " + outlet.palette.paint(Self.title(of: level).text(in: outlet.language), .bold))
      for index in members {
        let operation = graph.operations[index]
        outlet.line("    \(padded(operation.title, to: width))", operation.description)
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
      let name = terminalSafe(graph.operations[other].name)
      outlet.line(
        "      \(sign) \(name) (\(reasons)\(note.text(in: outlet.language)))"
      )
    }
    for edge in graph.dependencies(of: index) { line("→", edge.from, edge) }
    if let own = graph.ownEdge(of: index) { line("↻", index, own) }
    for edge in graph.dependents(of: index) { line("←", edge.to, edge) }
  }
}

extension PlanGraph.Step {
  /// `countries`, or `+ countries` of a changeset; safe for a terminal.
  var title: String {
    let name = terminalSafe(name)
    return symbols.isEmpty ? name : "\(symbols) \(name)"
  }

  /// `upsert country, 3 rows`, or `country, 3 to create`; safe for a terminal.
  var description: Phrase {
    let entity = terminalSafe(entity)
    switch content {
    case .written(let action, let rows):
      let what = Phrase(same: "\(action.rawValue) \(entity)")
      return [what, rows.phrase].compactMap(\.self).joined(", ")
    case .changing(let counts, _):
      let names = entity.isEmpty ? [] : [Phrase(same: entity)]
      return (names + counts.phrases()).joined(", ")
    case .cascading(let cascade): return [.count(cascade.count, .row), cascade.text].joined(" ")
    }
  }

  private var symbols: String {
    switch content {
    case .written: return ""
    case .changing(let counts, let kinds):
      var symbols: [String] = []
      for kind in kinds where !symbols.contains(kind.symbol) { symbols.append(kind.symbol) }
      return (symbols + (counts.renamed > 0 ? [">"] : [])).joined(separator: " ")
    case .cascading(let cascade): return cascade.symbol
    }
  }

  /// The fate that a drawing shows by its colour; nil where there is none, or several.
  var fate: Fate? {
    switch content {
    case .written: nil
    case .changing(_, let kinds):
      kinds.dropFirst().allSatisfy { Fate($0) == Fate(kinds[0]) }
        ? kinds.first.flatMap(Fate.init) : nil
    case .cascading(let cascade): cascade.effect.takesRows ? .delete : .update
    }
  }

  enum Fate: String, CaseIterable {
    case create, update, delete

    init?(_ kind: RowChange.Kind) {
      switch kind {
      case .create: self = .create
      case .update, .drift, .recreate: self = .update
      case .delete, .replace: self = .delete
      case .forget, .lost, .policy, .adopt, .note, .failed, .skipped: return nil
      }
    }
  }
}

extension PlanGraph.Rows {
  fileprivate var phrase: Phrase? {
    switch self {
    case .single: nil
    case .several(let count): .count(count, .row)
    case .ofFile: Phrase("rows of a file", vi: "bản ghi của một tệp")
    case .ofVariable: Phrase("rows of a variable", vi: "bản ghi của một biến")
    case .ofResult: Phrase("rows of a result", vi: "bản ghi của một kết quả")
    }
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
          step(operation)
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

  private func step(_ step: PlanGraph.Step) {
    member("name", step.name)
    switch step.content {
    case .written(let action, let rows):
      member("action", action.rawValue)
      member("entity", step.entity)
      member("level", step.level)
      if case .several(let count) = rows { member("rows", count) }
    case .changing(let counts, let kinds):
      member("entity", step.entity)
      member("level", step.level)
      array("changes") { for kind in kinds { string(kind.rawValue) } }
      name("counts")
      self.counts(counts)
    case .cascading(let cascade):
      member("level", step.level)
      object("cascade") { self.cascade(cascade) }
    }
  }
}
