internal import SowModel

extension PlanChecker {
  /// What an action needs, and what does not go with it.
  mutating func checkShape(of operation: DataOperation) {
    let action = operation.action.value
    func missing(_ keys: String...) {
      sink.diagnostics.report(
        .actionNeeds,
        ["action": action.rawValue, "what": Phrase.choice(of: keys.map { "\"\($0)\"" })],
        at: operation.action.range)
    }
    func unfitting(_ key: String, at range: SourceRange) {
      sink.diagnostics.report(
        .actionRefuses, ["action": action.rawValue, "key": key], at: range)
    }
    switch action {
    case .create, .upsert, .sync:
      if action == .sync, operation.rows == nil, operation.forEach == nil {
        missing("rows", "for_each")
      } else if operation.rows == nil, operation.valuesRange == nil {
        missing("values", "rows")
      }
      if let filter = operation.filter?.first { unfitting("where", at: filter.field.range) }
      if let ids = operation.ids { unfitting("ids", at: ids.range) }
      if let expect = operation.expect { unfitting("expect", at: expect.range) }
    case .update:
      if operation.valuesRange == nil { missing("values") }
      if operation.filter == nil, operation.ids == nil { missing("where", "ids") }
    case .read where operation.query != nil:
      if let values = operation.valuesRange { unfitting("values", at: values) }
    case .delete, .read:
      if operation.filter == nil, operation.ids == nil { missing("where", "ids") }
      if let values = operation.valuesRange { unfitting("values", at: values) }
    }
    if !action.insertsRows {
      if let lifecycle = operation.lifecycleRange { unfitting("lifecycle", at: lifecycle) }
      if let key = operation.key?.first { unfitting("key", at: key.range) }
      switch operation.rows {
      case .inline(let rows)?: unfitting("rows", at: rows.first?.range ?? operation.range)
      case .file(_, let range)?: unfitting("rows", at: range)
      case nil: break
      }
    }
    if action != .read {
      if let query = operation.query { unfitting("query", at: query.range) }
      if let select = operation.select?.first { unfitting("select", at: select.range) }
      if let sort = operation.sort.first { unfitting("sort", at: sort.field.range) }
      if let limit = operation.limit { unfitting("limit", at: limit.range) }
    }
    if !action.adoptsRows, let rule = operation.onMatch { unfitting("on_match", at: rule.range) }
    if operation.rows != nil, operation.forEach != nil {
      unfitting("for_each", at: operation.range)
    }
    if operation.rows != nil, let values = operation.valuesRange { unfitting("values", at: values) }
  }
}
