internal import SowModel
internal import SowSchema

extension PlanChecker {
  /// What a `read` by query asks for.
  mutating func call(
    of operation: DataOperation, _ query: CallableQuery, _ element: Plan.Element, _ number: Int
  ) -> CheckedQuery {
    var others = Diagnostics()
    swap(&others, &sink.diagnostics)
    var given: [(parameter: Int, cell: Cell)] = []
    var places: [Int: InputMember] = [:]
    for member in operation.params {
      let parameter = parameter(member.name, of: query)
      let want =
        parameter.map { InputCompiler.Want(query.parameters.fields[$0]) }
        ?? .init(type: .any, isNullable: true, name: member.name.value)
      sink.label = parameter.flatMap { query.parameters.fields[$0].label }
      let cell = compiler.cell(member.input, want, each: element.each, into: &sink)
      guard let parameter else { continue }
      places[parameter] = member
      if let cell { given.append((parameter, cell)) }
    }
    sink.label = nil
    if query.parameters.isKnown {
      checkMissing(places, of: operation, query)
      // What had a diagnostic has no value.
      let values = places.keys.sorted().map { parameter in
        (parameter, given.first { $0.parameter == parameter }?.cell.known)
      }
      for violation in query.violations(values) { report(violation, of: query, places) }
    }
    swap(&others, &sink.diagnostics)
    sort(others, of: number)
    return CheckedQuery(
      keyLabel: nil, conditions: [], ids: nil,
      selection: Selection(fields: Array(query.columns.fields.indices)),
      sort: [], limit: nil, versions: [],
      call: CheckedCall(
        query: query, given: given, isChecked: given.allSatisfy { $0.cell.known != nil }))
  }

  private mutating func parameter(_ name: Located<String>, of query: CallableQuery) -> Int? {
    guard query.parameters.isKnown else { return nil }
    if let position = query.parameters.position(of: name.value) { return position }
    let known = query.parameters.fields.map(\.name)
    sink.diagnostics.report(
      .unknownParameter,
      ["query": query.name, "parameter": name.value, "known": Phrase.listing(known)],
      at: name.range,
      hint: sink.suggestion(for: name.value, among: known))
    return nil
  }

  private mutating func checkMissing(
    _ given: [Int: InputMember], of operation: DataOperation, _ query: CallableQuery
  ) {
    for (position, field) in query.parameters.fields.enumerated()
    where field.isRequired && field.defaultValue == nil && given[position] == nil {
      sink.diagnostics.report(
        .missingParameter, ["query": query.name, "parameter": field.name],
        at: operation.query?.range ?? operation.range)
    }
  }

  private mutating func report(
    _ violation: SchemaViolation, of query: CallableQuery, _ places: [Int: InputMember]
  ) {
    let position = violation.field.flatMap(query.parameters.position)
    let member = position.flatMap { places[$0] }
    var text: String?
    if case .scalar(let scalar, _)? = member?.input { text = scalar.text }
    sink.diagnostics.report(
      Diagnostic(
        violation, of: query.parameters,
        at: member?.input.range ?? instances[instances.count - 1].range, text: text,
        isSensitive: position.map { query.parameters.fields[$0].label != nil } ?? false))
  }
}

extension CallableQuery {
  /// How what is given breaks the schema of the parameters; one that is always required has a
  /// diagnostic of its own. A value that is nil is not known yet.
  func violations(_ given: [(parameter: Int, value: Value?)]) -> [SchemaViolation] {
    var validation = RowValidation(parameters, columns: given.map(\.parameter), isWhole: true)
    return validation.violations(given.map(\.value)).filter { violation in
      guard violation.code == .schemaRequired else { return true }
      let field = violation.field.flatMap(parameters.position).map { parameters.fields[$0] }
      return field?.isRequired != true
    }
  }

  /// The values of the statement's parameters, in its order: what is given, else the default,
  /// else null.
  func values(_ given: [(parameter: Int, value: Value)]) -> [Value] {
    (statement?.parameters ?? []).map { name in
      guard let position = parameters.position(of: name) else { return .null }
      return given.first { $0.parameter == position }?.value
        ?? parameters.fields[position].defaultValue ?? .null
    }
  }
}
