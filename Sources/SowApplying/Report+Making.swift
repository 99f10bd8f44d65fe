internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Applier {
  /// The results of all operations, in plan order; where nobody reads them, of those that failed or
  /// were left out.
  func report(isDryRun: Bool) -> Report {
    var report = Report(plan: checked.name, isDryRun: isDryRun)
    report.isAtomic = checked.options.atomic
    report.removals = removed
    var seen: Set<Int> = []
    for operation in checked.operations where seen.insert(operation.entity).inserted {
      report.notePHI(in: checked.entities[operation.entity])
    }
    for (index, operation) in checked.operations.enumerated() where runsOperations {
      if !collectsRows, isPlain(operation) {
        let status = status(of: operation.instances.lowerBound, operation)
        if status == .completed || status == .unchanged {
          report.counts.add(status)
          continue
        }
      }
      report.results.append(
        operation.stream == nil
          ? result(of: operation, &report.counts)
          : streamResult(of: index, operation, &report.counts))
    }
    report.counts.setWritten(progress.rows)
    return report
  }

  private func result(
    of operation: CheckedOperation, _ counts: inout Report.Counts
  ) -> OperationResult {
    if isPlain(operation) { return plainResult(of: operation, &counts) }
    var instances: [InstanceResult] = []
    for number in operation.instances {
      let own =
        isItemized(operation, number)
        ? items(of: number, operation)
        : [result(of: number, operation)]
      for result in own { counts.add(result.status) }
      instances += own
    }
    var result = emptyResult(of: operation)
    let carriedOut = instances.filter { !$0.isIdle }
    result.status = Status((carriedOut.isEmpty ? instances : carriedOut).map(\.status))
    let first = instances.first { $0.status == result.status }
    result.statusCode = first?.statusCode
    result.failure = first?.failure
    let isItemized = operation.queries.contains { $0.ids != nil } && operation.action == .read
    if isItemized, !operation.expectsEveryID, result.failure?.diagnostic.code == .rowNotFound {
      // Missing items are no failure of an operation that says what it expects.
      result.status = .completed
      result.statusCode = 200
      result.failure = nil
    }
    if operation.isRepeated || isItemized { result.instances = instances }
    if !operation.isRepeated { result.data = instances.flatMap(\.data) }
    return result
  }

  /// Whether an operation is one instance, whose result is its own.
  private func isPlain(_ operation: CheckedOperation) -> Bool {
    operation.instances.count == 1 && !operation.isRepeated && operation.action != .read
  }

  /// That of an operation which is one instance.
  private func plainResult(
    of operation: CheckedOperation, _ counts: inout Report.Counts
  ) -> OperationResult {
    let own = result(of: operation.instances.lowerBound, operation)
    counts.add(own.status)
    var result = emptyResult(of: operation)
    result.status = own.status
    result.statusCode = own.statusCode
    result.failure = own.failure
    result.data = own.data
    return result
  }

  private func emptyResult(of operation: CheckedOperation) -> OperationResult {
    let entity = checked.entities[operation.entity]
    var result = OperationResult(
      name: operation.name, action: operation.action, entity: entity.name, status: .notRun,
      range: operation.range)
    // Wanted where rows are reported, and not worth a list each where they are not.
    if collectsRows { result.keyFields = entity.primaryKey.map { entity.fields[$0].name } }
    return result
  }

  /// One result of an instance.
  private func result(of number: Int, _ operation: CheckedOperation) -> InstanceResult {
    let fate = state.fates[number]
    var result = InstanceResult(
      instance: checked.instances[number].key, status: status(of: number, operation),
      failure: state.failures[number].map(Failure.init))
    guard result.status != .notRun, result.status != .rolledBack else { return result }
    result.statusCode = fate.statusCode(result.failure?.diagnostic)
    if fate.isDead {
      result.naturalKey = naturalKey(of: number, operation)
    } else if collectsRows {
      result.data = data(of: number, operation)
    }
    return result
  }

  private func status(of number: Int, _ operation: CheckedOperation) -> Status {
    let fate = state.fates[number]
    let status = Status(fate)
    guard !fate.isDead else { return status }
    if !progress.isReached(number) { return .notRun }
    let isTakenBack = progress.isTakenBack(number) && operation.action != .read
    return isTakenBack && status == .completed ? .rolledBack : status
  }

  private func data(of number: Int, _ operation: CheckedOperation) -> [ResultRow] {
    let entity = checked.entities[operation.entity]
    if let row = written[number] { return [row] }
    guard let result = state.results[number] else {
      return state.keys[number].map { [keyRow($0, entity)] } ?? []
    }
    let labels = keyLabels(of: number, operation)
    switch operation.action {
    case .read: return result.rows.map { selected($0, result, of: number, operation) }
    case .update:
      let pending = result.pending.compactMap { state.keys[Int($0)] }
      return (result.keys + pending).map { keyRow($0, entity, labels: labels) }
    case .create, .upsert, .sync, .delete: return []
    }
  }

  /// What stands for the keys of rows that were asked for by a sensitive value, by field.
  private func keyLabels(of number: Int, _ operation: CheckedOperation) -> [Int: String] {
    guard let label = query(of: number, operation).keyLabel else { return [:] }
    let key = checked.entities[operation.entity].primaryKey
    return Dictionary(key.map { ($0, label) }, uniquingKeysWith: { first, _ in first })
  }

  private func query(of number: Int, _ operation: CheckedOperation) -> CheckedQuery {
    operation.queries[number - operation.instances.lowerBound]
  }

  /// The fields of a row that the `read` selects.
  private func selected(
    _ row: [Value], _ result: QueryResult, of number: Int, _ operation: CheckedOperation
  ) -> ResultRow {
    let selection = query(of: number, operation).selection
    let values = zip(selection.fields, row).map { field, value in
      selection.parts[field].map(value.parts) ?? value
    }
    return resultRow(
      values, selection.fields, checked.entities[operation.entity],
      labels: keyLabels(of: number, operation))
  }

  // MARK: Reads by id

  /// Whether an instance has one result a requested id.
  private func isItemized(_ operation: CheckedOperation, _ number: Int) -> Bool {
    operation.action == .read && !state.fates[number].isDead
      && state.results[number]?.items != nil
  }

  /// One result a requested id, in request order.
  private func items(of number: Int, _ operation: CheckedOperation) -> [InstanceResult] {
    guard let result = state.results[number], let items = result.items else { return [] }
    let entity = checked.entities[operation.entity]
    let key = checked.instances[number].key
    let query = query(of: number, operation)
    func instance(_ id: String) -> String {
      var text = key.isEmpty ? "" : key + ","
      appendJSONString(query.keyLabel == nil ? id : checked.hidden(id), to: &text)
      return text
    }
    return items.map { item in
      var made: InstanceResult
      switch item {
      case .missing(let id):
        let missing = Diagnostic(
          .rowNotFound, ["entity": entity.title, "key": query.shown(id)], at: operation.range)
        made = InstanceResult(
          instance: instance(id.text), status: .failed, statusCode: 404, failure: Failure(missing))
      case .row(let row):
        made = InstanceResult(
          instance: instance(result.keys[row].text), status: .completed, statusCode: 200,
          data: [selected(result.rows[row], result, of: number, operation)])
      case .pending(let target):
        made = InstanceResult(
          instance: instance(state.keys[Int(target)]?.text ?? checked.address(of: Int(target))),
          status: .notRun)
      }
      if !progress.isReached(number) {
        made = InstanceResult(instance: made.instance, status: .notRun)
      }
      return made
    }
  }

  // MARK: Streams

  private func streamResult(
    of index: Int, _ operation: CheckedOperation, _ counts: inout Report.Counts
  ) -> OperationResult {
    var result = emptyResult(of: operation)
    let rows: StreamResult
    if let skipped = state.skippedStreams[index] {
      result.status = state.failedStreams.contains(index) ? .failed : .skipped
      rows = untouchedRows(of: index, result.status, Failure(skipped))
    } else if let done = streamResults[index] {
      rows = done
      result.status = done.status
    } else {
      rows = untouchedRows(of: index, .notRun, nil)
    }
    switch result.status {
    case .completed: result.statusCode = rows.counts.created > 0 ? 201 : 200
    case .unchanged: result.statusCode = 200
    case .failed, .skipped: result.statusCode = rows.failure?.diagnostic.statusCode
    case .rolledBack, .notRun: break
    }
    result.failure = rows.failure
    result.instances = rows.instances
    counts += rows.counts
    return result
  }
}

extension Report {
  /// Notes which fields of an entity hold protected health information.
  mutating func notePHI(in entity: Entity) {
    for field in entity.fields where field.label == "PHI" && !phiFields.contains(field.name) {
      phiFields.append(field.name)
    }
  }
}
