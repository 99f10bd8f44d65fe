package import SowModel

/// What rows of a stream bring along while they pass, in place of the plan's own.
package struct Extra: Sendable {
  var computed: [Computed] = []
  var lookups: [Int32: Resolved] = [:]
}

/// What a cell comes to.
package enum Resolved: Sendable {
  case value(Value)
  /// Known once another row is written.
  case pending
  /// What it refers to failed or was skipped.
  case dead(Blocker)
  /// It cannot be had at all.
  case failed(Diagnostic)
}

extension RunState {
  /// The value of `cell`, where it can be known now.
  package func resolve(_ cell: Cell, at range: SourceRange, extra: Extra? = nil)
    -> Resolved
  {
    switch cell {
    case .value(let value): return .value(value)
    case .reference(let instance, let field): return columnValue(Int(field), of: Int(instance))
    case .streamed(let operation, let instance, let field):
      return streamedField(Int(operation), instance, Int(field), at: range)
    case .computed(let position):
      let computed = (extra?.computed ?? plan.computed)[Int(position)]
      return resolve(computed, position, at: range, extra)
    }
  }

  private func columnValue(_ field: Int, of instance: Int) -> Resolved {
    let target = plan.instances[instance]
    let operation = plan.operations[Int(target.operation)]
    if fates[instance].isDead { return .dead(blocker(instance)) }
    let entity = plan.entities[operation.entity]
    if let part = entity.primaryKey.firstIndex(of: field), let key = keys[instance] {
      return .value(key.values[part])
    }
    // What the row holds wins over what the plan says: it may be kept as it is.
    let place = FieldOfInstance(instance: Int32(instance), field: Int32(field))
    if !fetched.isEmpty, let value = fetched[place] { return .value(value) }
    let set = plan.columnSets[Int(target.columnSet)]
    if let offset = set.columns.firstIndex(of: field),
      case .value(let value) = cells[Int(target.firstCell) + offset]
    {
      return .value(value)
    }
    return .pending
  }

  private func blocker(_ instance: Int) -> Blocker {
    let operation = plan.operations[Int(plan.instances[instance].operation)]
    return Blocker(operation: operation.name, isIdle: fates[instance] == .idle)
  }

  private func streamedField(
    _ operation: Int, _ instance: String, _ field: Int, at range: SourceRange
  ) -> Resolved {
    let target = plan.operations[operation]
    if skippedStreams[operation] != nil {
      return .dead(Blocker(operation: target.name, isIdle: idleStreams.contains(operation)))
    }
    if unreadStreams.contains(operation) {
      return .dead(Blocker(operation: target.name, isIdle: false))
    }
    guard let row = streamed[operation]?[ExactText(instance)] else {
      return .failed(
        Diagnostic(
          .unknownInstance, ["operation": target.name, "key": instance], at: range))
    }
    if row.fate.isDead {
      return .dead(Blocker(operation: target.name, isIdle: row.fate == .idle))
    }
    let entity = plan.entities[target.entity]
    if let part = entity.primaryKey.firstIndex(of: field), let key = row.key {
      return .value(key.values[part])
    }
    guard let position = target.fetched.firstIndex(of: field), let value = row.values[position]
    else { return .pending }
    return .value(value)
  }

  private func resolve(
    _ computed: Computed, _ position: Int32, at range: SourceRange, _ extra: Extra?
  ) -> Resolved {
    switch computed {
    case .template(let pieces, let type):
      return template(pieces, type, at: range, extra)
    case .list(let cells):
      return all(cells, at: range, extra) { .list($0) }
    case .object(let members):
      return all(members.map(\.cell), at: range, extra) { values in
        .object(zip(members, values).map { Value.Member($0.name, $1) })
      }
    case .member(let cell, let path, let type):
      guard case .value(let whole) = resolve(cell, at: range, extra: extra) else {
        return resolve(cell, at: range, extra: extra)
      }
      guard let value = whole.member(path)?.fitting(type) else {
        return .failed(
          Diagnostic(.noMember, ["path": path.joined(separator: ".")], at: range))
      }
      return .value(value)
    case .result(let instance, let row, let field):
      return result(Int(instance), row, Int(field), at: range)
    case .lookup(let lookup):
      if let refusal = refusal(of: lookup) { return .failed(refusal) }
      if let found = (extra?.lookups ?? lookups)[position] { return found }
      let field = plan.entities[lookup.entity].fields[lookup.field].name
      return .failed(Diagnostic(.notKnownYet, ["field": field], at: lookup.range))
    }
  }

  private func template(
    _ pieces: [Computed.Piece], _ type: FieldType, at range: SourceRange, _ extra: Extra?
  ) -> Resolved {
    var text = ""
    for piece in pieces {
      switch piece {
      case .text(let part): text += part
      case .cell(let cell):
        let resolved = resolve(cell, at: range, extra: extra)
        guard case .value(let value) = resolved else { return resolved }
        guard !value.isNull else {
          return .failed(
            Diagnostic(.nullInText, ["field": Phrase("the text", vi: "văn bản")], at: range))
        }
        text += value.text
      }
    }
    guard let value = Value.text(text).fitting(type) else {
      return .failed(
        Diagnostic(
          .valueType,
          [
            "field": Phrase("the text", vi: "văn bản"),
            "reason": ScalarMistake.malformed(type).reason,
          ], at: range))
    }
    return .value(value)
  }

  private func all(
    _ cells: [Cell], at range: SourceRange, _ extra: Extra?, _ make: ([Value]) -> Value
  ) -> Resolved {
    var values: [Value] = []
    for cell in cells {
      let resolved = resolve(cell, at: range, extra: extra)
      guard case .value(let value) = resolved else { return resolved }
      values.append(value)
    }
    return .value(make(values))
  }

  private func result(_ instance: Int, _ row: Int, _ field: Int, at range: SourceRange) -> Resolved
  {
    let operation = plan.operations[Int(plan.instances[instance].operation)]
    if fates[instance].isDead { return .dead(blocker(instance)) }
    guard let result = results[instance], !result.isOpen else { return .pending }
    switch result.item(at: row) {
    case .pending?: return .pending
    case .missing?: return .dead(Blocker(operation: operation.name, isIdle: false))
    case .row(let position)?:
      if let cell = writtenCell(field, of: instance) { return resolve(cell, at: range) }
      if let refusal = refusal(of: field, row: row, result, operation, at: range) {
        return .failed(refusal)
      }
      if !seesWrites, operation.action == .update, result.changes[position],
        plan.entities[operation.entity].isStampedOnUpdate(field)
      {
        return .pending
      }
      guard let column = result.fields.firstIndex(of: field) else { return .pending }
      return .value(result.rows[position][column])
    case nil:
      return .failed(
        Diagnostic(
          .noSuchRow,
          ["operation": operation.name, "row": String(row), "count": String(result.count)],
          at: range))
    }
  }

  /// The cell that an `update` sets a field to.
  private func writtenCell(_ field: Int, of instance: Int) -> Cell? {
    let target = plan.instances[instance]
    guard let offset = plan.columnSets[Int(target.columnSet)].columns.firstIndex(of: field) else {
      return nil
    }
    return cells[Int(target.firstCell) + offset]
  }
}

extension Value {
  /// The member at `path` of a structured value.
  func member(_ path: [String]) -> Value? {
    var value = self
    for step in path {
      switch value {
      case .list(let items):
        guard let index = Int(step), items.indices.contains(index) else { return nil }
        value = items[index]
      case .object(let members):
        guard let member = members.first(where: { $0.name == step }) else { return nil }
        value = member.value
      default: return nil
      }
    }
    return value
  }
}
