internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Applier {
  /// Keeps the written rows of a batch as the database holds them now.
  mutating func collect(_ batch: Batch) throws {
    let rows = batch.rows.filter { $0.key != nil && $0.instance != nil && !$0.fate.isDead }
    let fields = Array(batch.entity.fields.indices)
    let found = try database.rows(
      of: batch.entity.table, columns: fields, keys: rows.compactMap(\.key))
    for (row, values) in zip(rows, found) {
      guard let values, let instance = row.instance else { continue }
      written[instance] = resultRow(values, fields, batch.entity)
    }
  }

  func resultRow(_ values: [Value], _ fields: [Int], _ entity: Entity) -> ResultRow {
    ResultRow(
      zip(fields, values).map { field, value in
        let field = entity.fields[field]
        let isHidden = field.label != nil && !showsSensitive && !value.isNull
        return ResultRow.Field(
          field.name, isHidden ? .masked(label: field.label ?? "") : .value(value))
      })
  }

  func keyRow(_ key: RowKey, _ entity: Entity) -> ResultRow {
    ResultRow(
      zip(entity.primaryKey, key.values).map { field, value in
        ResultRow.Field(entity.fields[field].name, .value(value))
      })
  }

  /// The results of all operations, in plan order. `isRolledBack` says that nothing of it stays.
  func report(isDryRun: Bool, isRolledBack: Bool) -> Report {
    var reached: Set<Int> = []
    var takenBack: Set<Int> = []
    for number in finished {
      guard case .instances(let members) = checked.sets[number].members else { continue }
      reached.formUnion(members.map(Int.init))
      if isRolledBack || rolledBackSets.contains(number) {
        takenBack.formUnion(members.map(Int.init))
      }
    }
    var report = Report(plan: checked.name, isDryRun: isDryRun)
    report.isAtomic = checked.options.atomic
    for (index, operation) in checked.operations.enumerated() {
      let result =
        operation.stream == nil
        ? self.result(of: operation, reached, takenBack, &report.counts)
        : streamResult(of: index, operation, isRolledBack, &report.counts)
      report.results.append(result)
    }
    return report
  }

  private func result(
    of operation: CheckedOperation, _ reached: Set<Int>, _ takenBack: Set<Int>,
    _ counts: inout Report.Counts
  ) -> OperationResult {
    let instances = operation.instances.flatMap { number in
      self.results(of: number, operation, isReached: reached.contains(number),
        isRolledBack: takenBack.contains(number))
    }
    for number in operation.instances {
      let isReached = reached.contains(number) && !takenBack.contains(number)
      counts.add(isReached || state.fates[number].isDead ? state.fates[number] : .undecided)
    }
    var result = OperationResult(
      name: operation.name, action: operation.action,
      entity: checked.entities[operation.entity].name, status: Status(instances.map(\.status)),
      range: operation.range)
    result.keyFields = keyFields(of: operation)
    let first = instances.first { $0.status == result.status }
    result.statusCode = first?.statusCode
    result.failure = first?.failure
    if operation.isRepeated || isItemized(operation) {
      result.instances = instances
      result.data = isItemized(operation) ? instances.flatMap(\.data) : []
    } else {
      result.data = instances.first?.data ?? []
    }
    return result
  }

  private func keyFields(of operation: CheckedOperation) -> [String] {
    let entity = checked.entities[operation.entity]
    return entity.primaryKey.map { entity.fields[$0].name }
  }

  /// Whether a `read` has one result a requested id.
  private func isItemized(_ operation: CheckedOperation) -> Bool {
    operation.action == .read && operation.queries.contains { $0.ids != nil }
  }

  private func results(
    of number: Int, _ operation: CheckedOperation, isReached: Bool,
    isRolledBack: Bool
  ) -> [InstanceResult] {
    let fate = state.fates[number]
    let failure = state.failures[number].map(Failure.init)
    var status = Status(fate)
    if !isReached, !fate.isDead { status = .notRun }
    if isRolledBack, status == .completed, operation.action != .read { status = .rolledBack }
    if operation.action == .read, status == .completed, isItemized(operation) {
      return items(of: number, operation)
    }
    let code = status == .notRun || status == .rolledBack ? nil : fate.statusCode(failure?.diagnostic)
    var data: [ResultRow] = []
    if status == .completed || status == .unchanged { data = self.data(of: number, operation) }
    return [
      InstanceResult(
        instance: checked.instances[number].key, status: status, statusCode: code,
        failure: failure, data: data)
    ]
  }

  private func data(of number: Int, _ operation: CheckedOperation) -> [ResultRow] {
    let entity = checked.entities[operation.entity]
    if operation.action == .read, let result = state.results[number] {
      let count = operation.queries[number - operation.instances.lowerBound].select.count
      return result.rows.map {
        resultRow(Array($0.prefix(count)), Array(result.fields.prefix(count)), entity)
      }
    }
    if let row = written[number] { return [row] }
    if operation.action == .update, let result = state.results[number] {
      return result.keys.map { keyRow($0, entity) }
    }
    return state.keys[number].map { [keyRow($0, entity)] } ?? []
  }

  /// One result a requested id, in request order.
  private func items(of number: Int, _ operation: CheckedOperation) -> [InstanceResult] {
    guard let result = state.results[number] else { return [] }
    let entity = checked.entities[operation.entity]
    let rows = Dictionary(
      zip(result.keys.map(\.text), result.rows), uniquingKeysWith: { first, _ in first })
    let count = operation.queries[number - operation.instances.lowerBound].select.count
    return result.requested.map { id in
      guard let row = rows[id.text] else {
        let missing = Diagnostic(
          .rowNotFound, ["entity": entity.name, "key": id.text], at: operation.range)
        return InstanceResult(
          instance: instanceText(id), status: .failed, statusCode: 404, failure: Failure(missing))
      }
      return InstanceResult(
        instance: instanceText(id), status: .completed, statusCode: 200,
        data: [resultRow(Array(row.prefix(count)), Array(result.fields.prefix(count)), entity)])
    }
  }

  private func instanceText(_ id: Value) -> String {
    var text = ""
    appendJSONString(id.text, to: &text)
    return text
  }

  private func streamResult(
    of index: Int, _ operation: CheckedOperation, _ isRolledBack: Bool,
    _ counts: inout Report.Counts
  ) -> OperationResult {
    var result = OperationResult(
      name: operation.name, action: operation.action,
      entity: checked.entities[operation.entity].name, status: .notRun, range: operation.range)
    result.keyFields = keyFields(of: operation)
    if let skipped = state.skippedStreams[index] {
      result.status = .skipped
      result.statusCode = 424
      result.failure = Failure(skipped)
      counts.add(.skipped)
    } else if let stream = streamResults[index] {
      result.status = Status(stream.counts)
      result.statusCode = stream.failure.map { $0.diagnostic.statusCode } ?? 200
      result.failure = stream.failure
      result.instances = stream.instances
      if isRolledBack {
        if result.status == .completed { result.status = .rolledBack }
        result.instances = stream.instances.map(\.rolledBack)
        counts.total += stream.counts.total
        counts.failed += stream.counts.failed
      } else {
        counts += stream.counts
      }
    }
    if result.status == .rolledBack || result.status == .notRun { result.statusCode = nil }
    return result
  }
}
