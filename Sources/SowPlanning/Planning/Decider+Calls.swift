internal import SowModel
internal import SowSchema

extension Decider {
  /// Runs a named query, or leaves it open while something that it depends on is to be written: its
  /// parameters, its tables, or rows that it reads.
  func decideCall(_ number: Int, _ call: CheckedCall, in state: inout RunState) throws {
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    var result = QueryResult()
    result.fields = Array(call.query.columns.fields.indices)
    let given: [(parameter: Int, value: Value)]?
    do throws(ValueProblem) {
      given = try state.values(of: call, at: instance.range)
    } catch {
      return state.end(number, error)
    }
    guard let given, !isEarly(call.query, state) else {
      result.isOpen = true
      state.fates[number] = .query
      state.results[number] = result
      return
    }
    if !call.isChecked, let violation = call.query.violations(given.map { ($0, $1) }).first {
      return state.fail(
        number,
        Diagnostic(
          violation, of: call.query.parameters, at: instance.range, text: nil,
          isSensitive: call.query.parameters.isSensitive))
    }
    switch try rows(of: call.query, given, at: instance.range) {
    case .failure(let failure): return state.fail(number, failure.diagnostic)
    case .success(let rows):
      result.rows = rows
      result.changes = rows.map { _ in false }
      // A row of a query has no key but its place.
      result.keys = rows.indices.map { RowKey.integer(Int64($0)) }
    }
    state.results[number] = result
    guard operation.expect.accepts(result.count) else {
      return state.fail(
        number,
        Diagnostic(
          .unexpectedCount,
          ["expected": operation.expect.text, "count": String(result.count)], at: instance.range))
    }
    state.fates[number] = .query
  }

  private func isEarly(_ query: CallableQuery, _ state: RunState) -> Bool {
    guard !state.seesWrites else { return false }
    return query.awaitsTables && !snapshot.hasStructure
      || state.changedTables.contains(where: query.reads)
  }

  /// The rows of a query, their values in the order of its columns.
  private func rows(
    of query: CallableQuery, _ given: [(parameter: Int, value: Value)], at range: SourceRange
  ) throws -> Result<[[Value]], RowFailure> {
    guard let statement = query.statement else {
      preconditionFailure("a checked query has its statement")
    }
    let fields = query.columns.fields
    let call = QueryCall(
      statement, values: query.values(given),
      types: Dictionary(fields.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first }))
    func failed(_ reason: Phrase) -> Result<[[Value]], RowFailure> {
      .failure(
        RowFailure(
          Diagnostic(.queryFailed, ["query": query.name, "reason": reason], at: range)))
    }
    switch try snapshot.run(call) {
    case .failure(let refusal): return failed(refusal.reason)
    case .success(let found):
      let places = fields.compactMap { field in found.columns.firstIndex(of: field.name) }
      guard places.count == fields.count else {
        return failed(
          Phrase(
            "it gives other columns than those described",
            vi: "nó cho các cột khác với những cột được mô tả"))
      }
      let rows = found.rows.map { row in places.map { row[$0] } }
      guard query.columns.schema != nil else { return .success(rows) }
      var validation = RowValidation(
        query.columns, columns: Array(fields.indices), isWhole: true)
      for row in rows {
        guard let violation = validation.violations(row.map { $0 }).first else { continue }
        return .failure(RowFailure(Diagnostic(violation, ofWhatGave: query, at: range)))
      }
      return .success(rows)
    }
  }
}

extension Diagnostic {
  /// That a query gave another row than its files describe.
  fileprivate init(
    _ violation: SchemaViolation, ofWhatGave query: CallableQuery, at range: SourceRange
  ) {
    let problem = Diagnostic(
      violation, of: query.columns, at: range, text: nil, isSensitive: false)
    self.init(
      .queryRowInvalid, ["query": query.name, "problem": problem.sentence], at: range,
      related: problem.related)
  }
}

extension RunState {
  /// What a query is asked for; nil while some of it is only known once a row is written.
  fileprivate func values(
    of call: CheckedCall, at range: SourceRange
  ) throws(ValueProblem) -> [(parameter: Int, value: Value)]? {
    var values: [(parameter: Int, value: Value)] = []
    for (parameter, cell) in call.given {
      switch resolve(cell, at: range) {
      case .value(let value): values.append((parameter, value))
      case .pending:
        guard !seesWrites else {
          let field = call.query.parameters.fields[parameter].name
          throw .failed(Diagnostic(.notKnownYet, ["field": field], at: range))
        }
        return nil
      case .dead(let blocker): throw .dead(blocker)
      case .failed(let diagnostic): throw .failed(diagnostic)
      }
    }
    return values
  }
}
