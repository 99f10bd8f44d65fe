package import SowModel
internal import SowSchema

extension Decider {
  /// Holds what a query matched against what the plan expects of it.
  func judge(
    _ reading: QueryReading, _ values: [Value?], _ result: inout QueryResult,
    _ state: inout RunState
  ) throws {
    let operation = reading.operation
    let satisfied =
      operation.expectsEveryID
      ? operation.action == .read || result.missing == nil
      : operation.expect.accepts(result.count)
    guard satisfied else { return dissatisfy(reading, values, result, &state) }
    if operation.action == .read {
      state.fates[reading.number] = .query
      return
    }
    if let failure = try refusal(reading, values, result, state) {
      return state.fail(reading.number, failure)
    }
    if operation.action == .update {
      state.claims.noteUpdate(
        reading.number, of: result.keys, in: reading.entity.table.name)
    }
    if operation.action == .delete {
      try noteDelete(reading.number, of: result.keys, reading.entity.table.name, &state)
    }
    let writes = result.changes.contains(true) || !result.pending.isEmpty
    state.fates[reading.number] = writes ? .query : .unchanged
  }

  private func dissatisfy(
    _ reading: QueryReading, _ values: [Value?], _ result: QueryResult, _ state: inout RunState
  ) {
    let operation = reading.operation
    let isEmpty = result.count == 0 && operation.action != .read
    let hint = result.deleter.map { deleter in
      Diagnostic.Hint.text(
        "\(plan.address(of: Int(deleter))) deletes the rows that match before",
        vi: "trước đó \(plan.address(of: Int(deleter))) xóa các bản ghi khớp")
    }
    if isEmpty, isDone(reading.number, state) {
      state.fates[reading.number] = .unchanged
    } else if operation.expectsEveryID, let missing = result.missing {
      state.fail(
        reading.number,
        Diagnostic(
          .rowToWriteNotFound,
          ["entity": reading.entity.title, "key": reading.query.shown(missing)],
          at: reading.range, hint: hint))
    } else if isEmpty {
      state.fail(reading.number, Diagnostic(.nothingModified, at: reading.range, hint: hint))
    } else {
      state.fail(
        reading.number,
        Diagnostic(
          .unexpectedCount,
          ["expected": operation.expect.text, "count": String(result.count)], at: reading.range,
          hint: hint))
    }
  }

  // MARK: What was done

  /// Whether the ledger remembers that the query was done in this very form.
  private func isDone(_ number: Int, _ state: RunState) -> Bool {
    let name = plan.address(of: number)
    guard let done = policies[name]?.done else { return false }
    return done == doneDigest(number, state)
  }

  /// A digest of what an `update` or `delete` does, so that it is known again once done; nil while
  /// something of it is only known after the apply.
  package func doneDigest(_ number: Int, _ state: RunState) -> RowDigest? {
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    let entity = plan.entities[operation.entity]
    let query = operation.queries[number - operation.instances.lowerBound]
    var encoder = RowEncoder()
    func append(_ cells: [Cell]) -> Bool {
      for cell in cells {
        guard case .value(let value) = state.resolve(cell, at: instance.range) else { return false }
        encoder.append(value)
      }
      return true
    }
    encoder.append(.text(operation.action.rawValue))
    encoder.append(.text(entity.table.name))
    for condition in query.conditions {
      encoder.append(.text(entity.fields[condition.field].name))
      encoder.append(.text(condition.comparison.rawValue))
      guard append(condition.operands) else { return nil }
    }
    if let ids = query.ids {
      encoder.append(.text("ids"))
      guard append(ids) else { return nil }
    }
    if !query.versions.isEmpty {
      encoder.append(.text("version"))
      guard append(query.versions) else { return nil }
    }
    let columns = plan.columnSets[Int(instance.columnSet)].columns
    for (field, cell) in zip(columns, state.cellRange(of: number)) {
      encoder.append(.text(entity.fields[field].name))
      guard append([state.cells[cell]]) else { return nil }
    }
    return digester.digest(encoder)
  }

  // MARK: What must not be written

  private func refusal(
    _ reading: QueryReading, _ values: [Value?], _ result: QueryResult, _ state: RunState
  ) throws -> Diagnostic? {
    if let conflict = refuseVersion(reading, result) { return conflict }
    if reading.operation.action == .delete {
      return try refuseRepeated(reading) ?? refuseOwned(reading, result, state)
    }
    let columns = plan.columnSets[Int(plan.instances[reading.number].columnSet)].columns
    if let failure = refuseSecondUpdate(reading, values, columns, result, state) { return failure }
    let changed = zip(result.keys, result.changes).filter(\.1).map(\.0)
    if let failure = try refuseForeignFields(reading, columns, changed) { return failure }
    let rows = zip(result.rows, result.changes).filter(\.1).map(\.0)
    return refuseInvalid(reading.number, rows, values)
  }

  /// A row that is to be written and has another version than the plan expects.
  private func refuseVersion(_ reading: QueryReading, _ result: QueryResult) -> Diagnostic? {
    guard let version = reading.entity.managed?.version, !reading.versions.isEmpty else {
      return nil
    }
    for (position, row) in result.rows.enumerated() where result.changes[position] {
      guard let column = result.fields.firstIndex(of: version.field) else { continue }
      let held = row[column]
      guard let expected = reading.versions.first(where: { !$0.isSameKey(as: held) }) else {
        continue
      }
      return Diagnostic(
        .versionConflict,
        [
          "entity": reading.entity.name, "key": result.keys[position].text,
          "field": reading.entity.fields[version.field].name, "held": held.text,
          "expected": expected.text,
        ], at: reading.range)
    }
    return nil
  }

  /// The versions that the rows of an `update` or `delete` must have.
  package func versions(of number: Int, _ state: RunState) -> [Value] {
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    let query = operation.queries[number - operation.instances.lowerBound]
    return query.versions.compactMap { cell in
      guard case .value(let value) = state.resolve(cell, at: instance.range) else { return nil }
      return value
    }
  }

  /// An id that comes twice in a list of deletes is a mistake.
  private func refuseRepeated(_ reading: QueryReading) -> Diagnostic? {
    var seen: Set<Value> = []
    for case .value(let id) in reading.ids ?? [] where !seen.insert(id).inserted {
      return Diagnostic(.repeatedID, ["id": reading.query.shown(id)], at: reading.range)
    }
    return nil
  }

  /// Rows that some plan owns are deleted by taking their operation out of that plan.
  private func refuseOwned(
    _ reading: QueryReading, _ result: QueryResult, _ state: RunState
  ) throws -> Diagnostic? {
    guard keepsLedger else { return nil }
    var owner: LedgerAddress?
    if let instance = result.pending.first {
      let operation = plan.operations[Int(plan.instances[Int(instance)].operation)].name
      owner = LedgerAddress(
        owner: self.owner, operation: operation, instance: plan.instances[Int(instance)].key)
    }
    for key in result.keys where owner == nil {
      owner = state.claims.takenOver(key, in: reading.entity.table.name).map {
        LedgerAddress(owner: self.owner, operation: plan.operations[$0].name, instance: "")
      }
    }
    if owner == nil, hasLedger, snapshot.has(reading.entity), !result.keys.isEmpty {
      owner = try snapshot.owners(of: result.keys, in: reading.entity.table)
        .lazy.compactMap { $0 }.first
    }
    return owner.map {
      Diagnostic(
        .ownedElsewhere, $0.facts(of: reading.entity, seenFrom: self.owner), at: reading.range)
    }
  }

  /// Two updates of one field of one row would undo each other in every run.
  private func refuseSecondUpdate(
    _ reading: QueryReading, _ values: [Value?], _ columns: [Int], _ result: QueryResult,
    _ state: RunState
  ) -> Diagnostic? {
    guard keepsLedger else { return nil }
    for key in result.keys {
      for other in state.claims.updates(of: key, in: reading.entity.table.name) {
        let others = plan.columnSets[Int(plan.instances[Int(other)].columnSet)].columns
        for (field, cell) in zip(others, state.cellRange(of: Int(other))) {
          guard let offset = columns.firstIndex(of: field) else { continue }
          if case .value(let value) = state.cells[cell], value == values[offset] { continue }
          return Diagnostic(
            .updatedTwice,
            ["field": reading.entity.fields[field].name, "address": plan.address(of: Int(other))],
            at: reading.range, related: [plan.instances[Int(other)].range])
        }
      }
    }
    return nil
  }

  /// A field that another plan owns is changed there.
  private func refuseForeignFields(
    _ reading: QueryReading, _ columns: [Int], _ keys: [RowKey]
  ) throws -> Diagnostic? {
    guard hasLedger, snapshot.has(reading.entity), !keys.isEmpty else { return nil }
    let names = columns.map { reading.entity.fields[$0].name }
    let owners = try snapshot.owners(of: keys, in: reading.entity.table).compactMap { $0 }
    let foreign = Dictionary(grouping: owners.filter { $0.owner != owner }) { other in
      LedgerAddress(owner: other.owner, operation: other.operation, instance: "")
    }
    for (operation, addresses) in foreign {
      let numbers = try snapshot.shapeNumbers(
        of: operation.operation, instances: addresses.map(\.instance), owner: operation.owner)
      for (address, number) in zip(addresses, numbers) {
        guard let owned = number.flatMap({ shapes[$0] })?.columns,
          let field = names.first(where: owned.contains)
        else { continue }
        let facts = address.facts(of: reading.entity, seenFrom: owner).merging(["field": field])
        return Diagnostic(.fieldOwned, facts, at: reading.range)
      }
    }
    return nil
  }

  /// The merged row is what must be valid, not the patch alone.
  package func refuseInvalid(
    _ number: Int, _ rows: [[Value]], _ values: [Value?]
  ) -> Diagnostic? {
    let instance = plan.instances[number]
    let set = plan.columnSets[Int(instance.columnSet)]
    let entity = plan.entities[set.entity]
    guard entity.schema != nil, !rows.isEmpty else { return nil }
    var validation = RowValidation(entity, columns: Array(entity.fields.indices), isWhole: true)
    let touched = Set(set.columns.map { entity.fields[$0].name })
    for row in rows {
      var merged: [Value?] = row
      for (field, value) in zip(set.columns, values) { merged[field] = value }
      let violation = validation.violations(merged).first { violation in
        violation.field.map(touched.contains) ?? true || violation.code.id == "schema-required"
      }
      if let violation {
        return Diagnostic(violation, of: entity, at: instance.range, text: nil, isSensitive: true)
      }
    }
    return nil
  }
}

extension DiagnosticCode {
  package static let versionConflict = DiagnosticCode(
    "version-conflict", #"the "{field}" of {entity} {key} is {held}, not {expected}"#,
    vi: #""{field}" của {entity} {key} là {held}, không phải {expected}"#,
    meaning: """
      An update or a delete names the version that its row must have, and somebody changed the row \
      since. Nothing was written. Status code 409.
      """,
    example: "where: { invoice_id: 1, row_version: 3 }      # it is 4 by now",
    fix: "Read the row again, look at what changed, and name its version of now.")
}

extension CheckedPlan {
  /// `operation`, or `operation["key"]`.
  package func address(of instance: Int) -> String {
    let operation = operations[Int(instances[instance].operation)].name
    return SowModel.address(operation: operation, instance: instances[instance].key)
  }
}
