internal import SowModel

extension Diagnostic.Hint {
  /// Rows of the run are addressed by reference to their key.
  static func refersToKey(_ operation: CheckedOperation, of entity: Entity) -> Diagnostic.Hint {
    let key = entity.primaryKey.first.map { entity.fields[$0].name } ?? "key"
    let row = operation.isRepeated ? operation.name + #"["…"]"# : operation.name
    return .text(
      "refer to the row of the plan: $ref:\(row).\(key)",
      vi: "hãy tham chiếu đến bản ghi của kế hoạch: $ref:\(row).\(key)")
  }
}

extension CheckedPlan {
  /// Whether some value is looked up.
  var looksUp: Bool {
    computed.contains { if case .lookup = $0 { true } else { false } }
  }
}

extension CheckedOperation {
  /// Whether rows of its file look values up.
  var looksUp: Bool {
    stream?.programs.contains { program in
      guard case .input(let input, _) = program else { return false }
      var found = false
      input.forEachLookup { _ in found = true }
      return found
    } ?? false
  }
}

extension RunState {
  /// The operation that writes a field before the query of an instance runs.
  func writer(of field: Int, _ entity: Entity, before number: Int) -> String? {
    guard !seesWrites,
      let writers = writers[WrittenField(table: entity.table.name, column: field)]
    else { return nil }
    let own = Int(plan.instances[number].operation)
    return writers.first { $0 != own }.map { plan.operations[$0].name }
  }

  /// Why a lookup cannot be had: an operation before the one at hand writes what it tests or gives.
  func refusal(of lookup: CheckedLookup) -> Diagnostic? {
    guard !seesWrites, !writers.isEmpty else { return nil }
    let entity = plan.entities[lookup.entity]
    for field in lookup.conditions.map(\.field) + [lookup.field] {
      guard
        let writer = writers[WrittenField(table: entity.table.name, column: field)]?
          .first(where: { $0 != resolving })
      else { continue }
      return Diagnostic(
        .lookupOnWritten,
        ["field": entity.fields[field].name, "operation": plan.operations[writer].name],
        at: lookup.range, hint: .refersToKey(plan.operations[writer], of: entity))
    }
    return nil
  }

  /// Notes which fields that references want of a `read` an operation before it writes: rows that
  /// the read does not address by reference to their key are seen as they were before.
  func noteWritten(before number: Int, _ reading: QueryReading, in result: inout QueryResult) {
    guard !seesWrites, !reading.isAddressed else { return }
    let own = Int(plan.instances[number].operation)
    let operation = plan.operations[own]
    let table = plan.entities[operation.entity].table.name
    for field in operation.fetched {
      let writer = writers[WrittenField(table: table, column: field)]?.first { $0 != own }
      if let writer { result.written[field] = writer }
    }
    result.addressed = reading.addressed
  }

  /// Why a reference to a field of a `read` cannot be followed.
  func refusal(
    of field: Int, row: Int, _ result: QueryResult, _ read: CheckedOperation, at range: SourceRange
  ) -> Diagnostic? {
    guard !seesWrites, let writer = result.written[field], !result.addressed.contains(row) else {
      return nil
    }
    let entity = plan.entities[read.entity]
    return Diagnostic(
      .readOfWritten,
      [
        "read": read.name, "field": entity.fields[field].name,
        "operation": plan.operations[writer].name,
      ], at: range, hint: .refersToKey(plan.operations[writer], of: entity))
  }

  /// Notes what a set writes, for the filters of later ones.
  mutating func noteWriter(_ set: WorkSet) {
    guard hasFilters, set.action != .read, set.action != .delete else { return }
    var operations: [Int] = []
    switch set.members {
    case .stream(let operation): operations = [operation]
    case .instances(let members):
      for member in members {
        let operation = Int(plan.instances[Int(member)].operation)
        if operations.last != operation { operations.append(operation) }
        if operations.count == 2 { break }  // Two say enough: one of them is another.
      }
    }
    let table = plan.entities[set.entity].table.name
    for column in plan.columnSets[set.columnSet].columns {
      let place = WrittenField(table: table, column: column)
      for operation in operations where writers[place, default: []].count < 2 {
        if writers[place]?.contains(operation) != true {
          writers[place, default: []].append(operation)
        }
      }
    }
  }
}
