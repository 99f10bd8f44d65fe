internal import SowModel

extension PlanChecker {
  /// What an `update`, `delete` or `read` asks of the database.
  mutating func query(
    of operation: DataOperation, _ entity: Entity, _ each: Each
  ) -> CheckedQuery {
    let (filter, versions) = versions(of: operation, entity)
    let conditions = compiler.conditions(filter, of: entity, each: each, into: &sink) ?? []
    checkTenants(conditions, filter, entity)
    var ids: [Cell]?
    sink.label = nil
    if let input = operation.ids {
      if !entity.isKnown {
        let any = InputCompiler.Want(type: .any, isNullable: true, name: "ids")
        _ = compiler.cell(input, any, each: each, into: &sink)
      } else if let key = entity.primaryKey.first, entity.primaryKey.count == 1 {
        let field = entity.fields[key]
        let want = InputCompiler.Want(type: field.type, isNullable: false, name: field.name)
        ids = compiler.cells(input, want, each: each, into: &sink)
        if let ids, let refusal = entity.refusal(ofIDs: ids.count, at: input.range) {
          sink.diagnostics.report(refusal)
        }
      } else {
        sink.diagnostics.report(.idsNeedOneKey, ["entity": entity.name], at: input.range)
      }
    }
    let keyLabel =
      sink.label
      ?? conditions.first { entity.primaryKey.contains($0.field) && $0.label != nil }?.label
    let selection = selection(of: operation, entity)
    let sort = operation.sort.compactMap { sort in
      compiler.refuse(sort.field, in: "sort", of: entity, into: &sink)
        ? nil
        : compiler.position(of: sort.field, in: entity, into: &sink)
          .map { (field: $0, descending: sort.descending) }
    }
    return CheckedQuery(
      keyLabel: keyLabel, conditions: conditions, ids: ids, selection: selection, sort: sort,
      limit: limit(of: operation, each),
      versions: versions.compactMap { input in
        guard let field = entity.managed?.version?.field else { return nil }
        return compiler.cell(input, .init(entity.fields[field]), each: each, into: &sink)
      }, call: nil)
  }

  private mutating func limit(of operation: DataOperation, _ each: Each) -> Cell? {
    guard let input = operation.limit else { return nil }
    let want = InputCompiler.Want(type: .integer, isNullable: false, name: "limit")
    guard let cell = compiler.cell(input, want, each: each, into: &sink) else { return nil }
    if case .value(let value) = cell, value.asLimit == nil {
      sink.diagnostics.report(.limitNotKnown, at: input.range)
      return nil
    }
    return cell
  }
}

extension Value {
  /// How many rows at most; nil where that is no number of rows.
  var asLimit: Int? {
    guard case .integer(let number) = self, number >= 0 else { return nil }
    return Int(number)
  }
}

extension Action {
  /// How many rows must match where the operation does not say.
  var usualExpectation: Expectation {
    switch self {
    case .update, .delete: .some
    case .create, .upsert, .sync, .read: .any
    }
  }
}
