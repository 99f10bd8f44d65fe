internal import SowDatabase
internal import SowFiles
internal import SowModel
internal import SowPlanning

extension Session {
  /// The tests of `--where`, resolved for the entity; nil after diagnostics.
  func conditions(
    _ text: String, of entity: String, _ schemas: [EntitySchema], _ catalogue: Catalogue,
    _ reading: DatabaseReading, into diagnostics: inout Diagnostics
  ) -> [ResolvedCondition]? {
    let path = "--where"
    inputs[path] = Array(text.utf8)
    let limits = reading.workspace.project.limits
    guard
      let filter = Condition.load(
        text, shownAs: path, limit: limits.fileBytes, files: &files, diagnostics: &diagnostics)
    else { return nil }
    let start = SourceRange(
      file: files.add(path), start: SourcePosition(line: 1, column: 1),
      end: SourcePosition(line: 1, column: 1))
    var plan = Plan(name: "export", range: start, path: path, isFolder: false)
    let operation = DataOperation(
      name: "export", range: start, action: Located(.read, at: start),
      entity: Located(entity, at: start))
    operation.filter = filter
    plan.operations = [operation]
    let nothing = GivenVariables(
      nil, environment: reading.choice.environment, limit: limits.fileBytes, files: &files,
      diagnostics: &diagnostics)
    var source = PlanSource(workspace: reading.workspace, path: path)
    source.schemas = schemas
    var context = checkContext(source, nothing, createsTables: false)
    context.catalogue = catalogue
    guard let checked = CheckedPlan.check(plan, context, into: &diagnostics) else { return nil }
    return checked.operations.first?.queries.first?.conditions.compactMap { condition in
      let values = condition.operands.compactMap { cell in
        if case .value(let value) = cell { value } else { nil as Value? }
      }
      guard values.count == condition.operands.count else { return nil }
      return ResolvedCondition(
        column: condition.field, comparison: condition.comparison, operands: values)
    }
  }
}
