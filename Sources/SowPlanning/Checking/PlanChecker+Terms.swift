internal import SowModel

extension PlanChecker {
  /// What few operations say, nil where this one says none of it.
  mutating func terms(
    of operation: DataOperation, _ entity: Entity, _ when: CheckedWhen?,
    _ whens: [Int: CheckedWhen]
  ) -> OperationTerms? {
    let keeps = operation.onMatch?.value == .keep
    let replaces = operation.replaces?.value ?? false
    let (refusal, updateRefusal) = refusals(of: operation, entity)
    if let refusal, !failsAlone { sink.diagnostics.report(refusal) }
    guard
      keeps || replaces || when != nil || !whens.isEmpty || updateRefusal != nil || refusal != nil
    else { return nil }
    return OperationTerms(
      keepsMatches: keeps, replaces: replaces, when: when, whens: whens, refusal: refusal,
      updateRefusal: updateRefusal)
  }

  /// The fields that `lifecycle.ignore` names, those that there are.
  mutating func ignoredFields(of operation: DataOperation, _ entity: Entity) -> [Int] {
    guard operation.action.value.insertsRows else { return [] }
    return operation.ignored.compactMap {
      compiler.position(of: $0, in: entity, into: &sink)
    }
  }

  /// A field that no row writes is nothing to ignore.
  mutating func checkIgnored(
    of operation: DataOperation, _ entity: Entity, _ sets: Set<Int>
  ) {
    guard operation.action.value.insertsRows, !sets.isEmpty else { return }
    for name in operation.ignored {
      guard let field = entity.position(of: name.value),
        !sets.contains(where: { columnSets[$0].columns.contains(field) })
      else { continue }
      sink.diagnostics.report(
        .ignoredNotWritten, ["field": name.value, "operation": operation.name], at: name.range)
    }
  }

  /// The `when` of the whole operation, nil where there is none or each instance has its own. What
  /// it refers to comes before every instance.
  mutating func compileWhen(of operation: DataOperation, _ index: Int) -> CheckedWhen? {
    whenDependencies.removeAll(keepingCapacity: true)
    whenStreams.removeAll(keepingCapacity: true)
    guard let when = operation.when, !when.usesEach else { return nil }
    sink.dependencies.removeAll(keepingCapacity: true)
    sink.streams.removeAll(keepingCapacity: true)
    sink.label = nil
    let checked = compiler.when(when, each: .none, into: &sink)
    if rows[index].isStream {
      for input in [when.value] + when.tests.map(\.operand) { noteTargets(of: input, index) }
    } else {
      whenDependencies = sink.dependencies
      whenStreams = sink.streams
    }
    return checked
  }
}

extension DataOperation {
  /// Whether something beside its values depends on the element of `for_each`, so that its rows
  /// cannot pass as a stream.
  var isOfEachElement: Bool {
    when?.usesEach ?? false || movedFrom.contains(where: \.usesEach)
  }
}

extension When {
  /// Whether it depends on the element of `for_each`.
  var usesEach: Bool { value.usesEach || tests.contains { $0.operand.usesEach } }
}

extension DiagnosticCode {
  static let ignoredNotWritten = DiagnosticCode(
    "ignored-not-written", #"no row of "{operation}" writes "{field}""#,
    vi: #"không bản ghi nào của "{operation}" ghi "{field}""#,
    severity: .warning,
    meaning: "lifecycle.ignore names fields that the operation writes on insert and leaves alone "
      + "later; one that it never writes is left alone anyway.",
    example: "values: { name: Luís }\nlifecycle: { ignore: [rank] }",
    fix: "Write the field, or take it out of lifecycle.ignore.")
}
