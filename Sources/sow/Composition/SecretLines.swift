internal import SowModel

/// Lines of plan files that hold values of sensitive fields or variables; none of them is shown
/// from its first value on, whatever a diagnostic is about.
struct SecretLines: Sendable {
  private var lines: Set<Line> = []

  private struct Line: Hashable {
    var file: FileID
    var number: UInt32
  }

  /// Whether the line of a place is one of them.
  func contain(_ range: SourceRange) -> Bool {
    !lines.isEmpty && lines.contains(Line(file: range.file, number: range.start.line))
  }

  mutating func add(_ plan: Plan, _ schemas: [EntitySchema], _ queries: [NamedQuery]) {
    for variable in plan.variables where variable.isSensitive {
      if let value = variable.defaultValue { add(value.range) }
    }
    var sensitive: [String: Set<String>] = [:]
    for schema in schemas where !schema.sensitive.isEmpty {
      sensitive[schema.name] = Set(schema.sensitive.keys)
    }
    var asked: [String: Set<String>] = [:]
    for query in queries where !query.sensitive.isEmpty {
      asked[query.name] = Set(query.sensitive.keys)
    }
    guard !sensitive.isEmpty || !asked.isEmpty else { return }
    for operation in plan.operations {
      let fields = operation.query.map { asked[$0.value] } ?? sensitive[operation.entity.value]
      if let fields { add(operation, fields) }
    }
  }

  private mutating func add(_ operation: DataOperation, _ fields: Set<String>) {
    add(operation.values, fields)
    add(operation.params, fields)
    for condition in operation.filter ?? [] where fields.contains(condition.field.value) {
      add(condition.operand.range)
    }
    if case .inline(let rows) = operation.rows {
      for row in rows { add(row.members, fields) }
    }
    // Which parts of an element end in a sensitive field is not asked.
    switch operation.forEach {
    case .mapping(let members): for member in members { add(member.input.range) }
    case .items(_, _, let range): add(range)
    case .values(let input): add(input.range)
    case .file, nil: break
    }
  }

  private mutating func add(_ members: [InputMember], _ fields: Set<String>) {
    for member in members where fields.contains(member.name.value) { add(member.input.range) }
  }

  private mutating func add(_ range: SourceRange) {
    for number in range.start.line...max(range.start.line, range.end.line) {
      lines.insert(Line(file: range.file, number: number))
    }
  }
}
