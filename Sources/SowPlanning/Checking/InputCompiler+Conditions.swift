internal import SowModel

extension InputCompiler {
  /// The tests of a `where`, or nil after a diagnostic.
  func conditions(
    _ filter: [Condition], of entity: Entity, each: Each, into sink: inout Sink
  ) -> [CheckedCondition]? {
    var isComplete = true
    var checked: [CheckedCondition] = []
    var label = sink.label
    defer { sink.label = label }
    for condition in filter {
      sink.label = nil
      defer { label = label ?? sink.label }
      guard entity.isKnown else {
        let any = Want(type: .any, isNullable: true, name: condition.field.value)
        _ = cell(condition.operand, any, each: each, into: &sink)
        isComplete = false
        continue
      }
      guard let field = position(of: condition.field, in: entity, into: &sink),
        !refuse(condition.field, in: "where", of: entity, into: &sink),
        let operands = operands(
          of: condition, entity.fields[field].type, each: each, into: &sink)
      else {
        isComplete = false
        continue
      }
      checked.append(
        CheckedCondition(
          field: field, comparison: condition.comparison, operands: operands, label: sink.label))
    }
    return isComplete ? checked : nil
  }

  /// Whether a field is a set of links, which has no place there: then after a diagnostic.
  func refuse(
    _ name: Located<String>, in place: String, of entity: Entity, into sink: inout Sink
  ) -> Bool {
    guard let position = entity.position(of: name.value), entity.fields[position].isLink else {
      return false
    }
    sink.diagnostics.report(
      .linkMisplaced, ["field": name.value, "place": place], at: name.range)
    return true
  }

  /// The operands of a test of a value of `type`, or nil after a diagnostic.
  func operands(
    of condition: Condition, _ type: FieldType, each: Each, into sink: inout Sink
  ) -> [Cell]? {
    let name = condition.field.value
    let want = Want(type: type, isNullable: true, name: name)
    switch condition.comparison {
    case .greater, .greaterOrEqual, .less, .lessOrEqual:
      let value = Want(type: type, isNullable: false, name: name)
      return cell(condition.operand, value, each: each, into: &sink).map { [$0] }
    case .equal, .notEqual:
      return cell(condition.operand, want, each: each, into: &sink).map { [$0] }
    case .like, .ilike:
      let text = Want(type: .string, isNullable: false, name: name)
      return cell(condition.operand, text, each: each, into: &sink).map { [$0] }
    case .isNull:
      let flag = Want(type: .boolean, isNullable: false, name: "is_null")
      return cell(condition.operand, flag, each: each, into: &sink).map { [$0] }
    case .in, .notIn, .between:
      guard let cells = cells(condition.operand, want, each: each, into: &sink) else { return nil }
      guard condition.comparison != .between || cells.count == 2 else {
        sink.diagnostics.report(.betweenNeedsTwo, at: condition.operand.range)
        return nil
      }
      return cells
    }
  }

  /// The items of a list, each as `want`: written out, or a variable that holds a list.
  func cells(
    _ input: Input, _ want: Want, each: Each, into sink: inout Sink
  ) -> [Cell]? {
    if case .list(let items, _) = input {
      let cells = items.compactMap { cell($0, want, each: each, into: &sink) }
      return cells.count == items.count ? cells : nil
    }
    if case .scalar = input {
      sink.diagnostics.report(.listNeeded, ["field": want.name], at: input.range)
      return nil
    }
    let list = Want(type: .list(of: want.type), isNullable: false, name: want.name)
    guard let cell = cell(input, list, each: each, into: &sink) else { return nil }
    guard case .list(let values)? = cell.known else {
      sink.diagnostics.report(.listNeeded, ["field": want.name], at: input.range)
      return nil
    }
    return values.map { .value($0) }
  }
}
