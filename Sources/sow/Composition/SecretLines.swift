internal import SowModel

/// Lines that hold values of sensitive fields or variables, and rows of data: none of them is shown
/// from its first value on, whatever a diagnostic is about.
struct SecretLines: Sendable {
  private var lines: Set<Line> = []
  /// Files of rows. The first line of CSV names columns.
  private var rowFiles: Set<FileID> = []
  private var headedFiles: Set<FileID> = []

  private struct Line: Hashable {
    var file: FileID
    var number: UInt32
  }

  /// How much of a line is hidden.
  func masking(at range: SourceRange) -> Snippet.Masking {
    let line = range.start.line
    if rowFiles.contains(range.file), line > 1 || !headedFiles.contains(range.file) {
      return .place
    }
    return lines.contains(Line(file: range.file, number: line)) ? .values : .none
  }

  mutating func add(
    _ plan: Plan, _ schemas: [EntitySchema], _ queries: [NamedQuery], _ files: SourceFiles
  ) {
    for operation in plan.operations {
      if case .file(let source, _) = operation.rows { add(source.file, files) }
      if case .file(let source, _, _) = operation.forEach { add(source.file, files) }
    }
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

  private mutating func add(_ file: FileID, _ files: SourceFiles) {
    rowFiles.insert(file)
    if files[file].lowercased().hasSuffix(".csv") { headedFiles.insert(file) }
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
