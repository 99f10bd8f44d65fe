internal import ArgumentParser
internal import SowModel
internal import SowPlanning

struct GraphCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Show the operations of plans, and what each waits for.",
    discussion: """
      The rows of an operation are folded into it; an edge says why it is there: the field that \
      refers, or depends_on. No database and no variable is needed. Several plans are drawn side \
      by side.

      Of a saved plan (sow plan -o) it shows what changes: the operations with what becomes of \
      their rows, and which of these rows refer to which.

      Example:
        sow graph plans/shop.yaml
        sow graph -f dot | dot -Tsvg > graph.svg
        sow graph plans/shop.yaml -f mermaid
        sow graph shop.saved
      """)

  @OptionGroup var plans: PlanArguments

  @OptionGroup(title: "Options of every command") var common: ProjectCommandOptions<GraphForm>

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: false,
      showsSensitive: false)
    return session.terminal.close(run(session))
  }

  private func run(_ session: Session) -> Ending {
    var general = Diagnostics()
    session.enter(common.project, into: &general)
    guard !general.hasErrors else { return session.refuse(general) }
    let saved = session.savedPlan(among: plans.plans, for: "graph", into: &general)
    guard !general.hasErrors else { return session.refuse(general) }
    if let saved {
      let graph = NamedGraph(name: saved.changeset.plan, graph: PlanGraph(saved.changeset))
      return show([graph], session.state(of: saved).diagnostics, session)
    }
    return run(session, general)
  }

  private func run(_ session: Session, _ general: Diagnostics) -> Ending {
    var general = general
    let sources = session.load(plans.plans, into: &general)
    guard !sources.isEmpty else { return session.refuse(general) }
    var diagnostics = general
    for source in sources {
      diagnostics.merge(source.diagnostics)
      diagnostics.merge(mistakes(in: source, session))
    }
    guard !diagnostics.hasErrors else { return session.refuse(diagnostics) }
    let graphs = sources.compactMap { source in
      source.plan.map { NamedGraph(name: $0.name, graph: PlanGraph($0)) }
    }
    return show(graphs, diagnostics, session)
  }

  /// With warnings, which a drawing has no place for.
  private func show(
    _ graphs: [NamedGraph], _ warnings: Diagnostics, _ session: Session
  ) -> Ending {
    let outlet = session.terminal.result
    session.tell(warnings)
    switch common.format {
    case .text:
      for (index, graph) in graphs.enumerated() {
        if index > 0 { outlet.line() }
        GraphText(graph).write(to: outlet)
      }
    case .json:
      let json = JSONWriter(to: outlet)
      json.documents(graphs, kind: "graph") { json.graph($0) }
    case .dot:
      GraphDot(graphs).write(to: outlet)
    case .mermaid:
      GraphMermaid(graphs).write(to: outlet)
    }
    return .done
  }

  /// What makes a graph of the plan impossible: names that nothing has, and cycles.
  private func mistakes(in source: PlanSource, _ session: Session) -> Diagnostics {
    var mistakes = Diagnostics()
    guard let plan = source.plan else { return mistakes }
    let limit = source.workspace.project.limits.fileBytes
    let nothing = GivenVariables(
      nil, environment: nil, limit: limit, files: &session.files, diagnostics: &mistakes)
    var found = Diagnostics()
    _ = CheckedPlan.check(
      plan, session.checkContext(source, nothing, createsTables: true), into: &found)
    for diagnostic in found.all where diagnostic.code.isOfTheGraph { mistakes.report(diagnostic) }
    return mistakes
  }
}

extension DiagnosticCode {
  fileprivate var isOfTheGraph: Bool {
    self == .unknownOperation || self == .unknownDependency || self == .cycle
  }
}
