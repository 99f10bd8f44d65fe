internal import SowModel

extension InputCompiler {
  /// A `when` with its values typed, or nil after a diagnostic.
  ///
  /// The operands take the type of the value; where that has none, as a cell of a file, the value
  /// is read as the first operand.
  func when(_ when: When, each: Each, into sink: inout Sink) -> CheckedWhen? {
    guard !when.tests.isEmpty else {
      let want = Want(type: .boolean, isNullable: false, name: "when")
      return cell(when.value, want, each: each, into: &sink).map {
        CheckedWhen(value: $0, tests: [], range: when.range)
      }
    }
    var type = type(of: when.value)
    var tests: [(comparison: Comparison, operands: [Cell])] = []
    for test in when.tests {
      guard let operands = operands(of: test, type, each: each, into: &sink) else { return nil }
      if type == .any, test.comparison != .isNull, let given = operands.first?.known?.type {
        type = given
      }
      tests.append((test.comparison, operands))
    }
    let want = Want(type: type, isNullable: true, name: "value")
    return cell(when.value, want, each: each, into: &sink).map {
      CheckedWhen(value: $0, tests: tests, range: when.range)
    }
  }

  private func type(of input: Input) -> FieldType {
    switch input {
    case .link(.reference(let reference), _):
      guard let number = names[reference.operation] else { return .any }
      let entity = entities[targets[number].entity]
      let path = ReferencePath(reference.path)
      return entity.position(of: path.field)
        .flatMap { entity.fields[$0].type.member(path.members) } ?? .any
    case .link(.variable(let name), _): return variables.values[name]?.value.type ?? .any
    case .lookup(let lookup):
      guard let entity = entityNumbers[lookup.entity.value].map({ entities[$0] }) else {
        return .any
      }
      return entity.position(of: lookup.field.value).map { entity.fields[$0].type } ?? .any
    default: return .any
    }
  }
}

extension Value {
  /// The type that others must have to be compared with this; nil where anything goes.
  fileprivate var type: FieldType? {
    switch self {
    case .boolean: .boolean
    case .integer, .decimal: .decimal
    case .float: .float
    case .text: .string
    case .null, .bytes, .list, .object: nil
    }
  }
}
