internal import SowModel

/// Turns what was written into typed cells: the one place where links get their meaning.
struct InputCompiler: Sendable {
  let variables: Variables
  let entities: [Entity]
  let entityNumbers: [String: Int]
  /// One an operation of the plan.
  let targets: [Target]
  let names: [String: Int]
  /// Operations that could not be read: a link to one is no new mistake.
  let unread: Set<String>
  /// Digests sensitive parts of keys.
  let secrets: KeySecrets

  /// What a reference may point to.
  struct Target: Sendable {
    let name: String
    let action: Action
    let entity: Int
    let instances: Range<Int>
    /// Positions of instances by the text between the brackets; empty for a plain operation.
    let keys: [ExactText: Int]
    /// Parts of the key that are hidden in addresses.
    let secretParts: Set<Int>
    let isStream: Bool
    let isRepeated: Bool
    /// False where rows were left out after a diagnostic.
    let isComplete: Bool
  }

  /// The cell of `input`, or nil after a diagnostic.
  func cell(
    _ input: Input, _ want: Want, each: Each, into sink: inout Sink
  ) -> Cell? {
    switch input {
    case .scalar(let scalar, let range):
      return value(of: scalar, want, at: range, into: &sink)
    case .link(let link, let range):
      return cell(of: link, want, each: each, at: range, into: &sink)
    case .template(let parts, let range):
      return template(parts, want, each: each, at: range, into: &sink)
    case .list(let items, let range):
      return list(items, want, each: each, at: range, into: &sink)
    case .object(let members, let range):
      return object(members, want, each: each, at: range, into: &sink)
    case .lookup(let lookup):
      return self.lookup(lookup, want, each: each, into: &sink)
    }
  }

  func value(
    of scalar: Scalar, _ want: Want, at range: SourceRange, into sink: inout Sink
  ) -> Cell? {
    if scalar.style == .cell, scalar.text.isEmpty, want.isNullable { return .value(.null) }
    if scalar.style == .cell, let value = structured(scalar, want) { return .value(value) }
    switch scalar.value(as: want.type) {
    case .success(let value):
      let hint = value.isNull ? scalar.hintForNull(want.type) : nil
      return accepted(value, want, at: range, hint: hint, into: &sink)
    case .failure(let mistake):
      sink.diagnostics.report(
        .valueType, ["field": want.name, "reason": mistake.reason], at: range,
        hint: mistake.hint ?? (scalar.style == .cell ? want.type.hintForCell : nil),
        isSensitive: sink.label != nil)
      return nil
    }
  }

  /// A list or an object in a CSV cell is JSON.
  private func structured(_ scalar: Scalar, _ want: Want) -> Value? {
    switch want.type {
    case .list, .object: Value(json: scalar.text)
    default: nil
    }
  }

  /// A value of the right type, trimmed where the field wants that, or nil after a diagnostic
  /// where the column does not give it back or may not be null.
  func accepted(
    _ value: Value, _ want: Want, at range: SourceRange, hint: Diagnostic.Hint? = nil,
    into sink: inout Sink
  ) -> Cell? {
    switch value {
    case .null where !want.isNullable:
      sink.diagnostics.report(.nullRefused, ["field": want.name], at: range, hint: hint)
      return nil
    case .decimal(let number):
      guard let precision = want.precision, !precision.keeps(number) else { break }
      sink.diagnostics.report(
        .inexactNumber, ["field": want.name, "digits": precision.phrase], at: range,
        hint: .text(
          "use a TEXT column for numbers of more digits",
          vi: "hãy dùng cột TEXT cho số có nhiều chữ số hơn"))
      return nil
    case .text(let text) where want.trims: return .value(.text(trimmed(text)))
    default: break
    }
    return .value(value)
  }

  func value(
    of node: Node, _ want: Want, at range: SourceRange, into sink: inout Sink
  ) -> Cell? {
    var mistakes: [NodeMistake] = []
    if let value = node.value(as: want.type, mistakes: &mistakes) {
      return accepted(value, want, at: range, into: &sink)
    }
    for mistake in mistakes {
      sink.diagnostics.report(
        .valueType, ["field": want.name, "reason": mistake.mistake.reason], at: range,
        hint: mistake.mistake.hint, isSensitive: sink.label != nil)
    }
    return nil
  }

  // MARK: Structure

  private func list(
    _ items: [Input], _ want: Want, each: Each, at range: SourceRange, into sink: inout Sink
  ) -> Cell? {
    let element: FieldType
    switch want.type {
    case .list(let type): element = type
    case .any, .object([:]): element = .any
    default: return refuse(structure: want, at: range, into: &sink)
    }
    let wanted = Want(type: element, isNullable: true, name: want.name)
    let cells = items.map { cell($0, wanted, each: each, into: &sink) }
    guard !cells.contains(where: { $0 == nil }) else { return nil }
    let known = cells.compactMap { $0?.known }
    if known.count == cells.count { return .value(.list(known)) }
    return add(.list(cells.compactMap { $0 }), to: &sink)
  }

  private func object(
    _ members: [InputMember], _ want: Want, each: Each, at range: SourceRange,
    into sink: inout Sink
  ) -> Cell? {
    let types: [String: FieldType]
    switch want.type {
    case .object(let named): types = named
    case .any: types = [:]
    default: return refuse(structure: want, at: range, into: &sink)
    }
    let cells = members.map { member in
      let name = member.name.value
      let wanted = Want(
        type: types[name] ?? .any, isNullable: true, name: want.name + "." + name)
      return cell(member.input, wanted, each: each, into: &sink)
    }
    guard !cells.contains(where: { $0 == nil }) else { return nil }
    let known = cells.compactMap { $0?.known }
    if known.count == cells.count {
      return .value(.object(zip(members, known).map { Value.Member($0.name.value, $1) }))
    }
    return add(
      .object(
        zip(members, cells).compactMap { member, cell in
          cell.map { (member.name.value, $0) }
        }), to: &sink)
  }

  private func refuse(structure want: Want, at range: SourceRange, into sink: inout Sink) -> Cell? {
    let reason = ScalarMistake.structureUnexpected(want.type).reason
    sink.diagnostics.report(
      .valueType, ["field": want.name, "reason": reason], at: range,
      isSensitive: sink.label != nil)
    return nil
  }

  private func lookup(
    _ lookup: Lookup, _ want: Want, each: Each, into sink: inout Sink
  ) -> Cell? {
    guard let index = entityNumbers[lookup.entity.value] else {
      preconditionFailure("the entities of lookups are resolved with the plan's")
    }
    let entity = entities[index]
    let field = position(of: lookup.field, in: entity, into: &sink)
    let conditions = conditions(lookup.filter, of: entity, each: each, into: &sink)
    guard let field, let conditions else { return nil }
    guard
      fits(entity.fields[field].type, want, reference: "$lookup", at: lookup.range, into: &sink)
    else { return nil }
    if let label = entity.fields[field].label { sink.label = label }
    if let row = row(addressedBy: conditions, of: entity) {
      self.want(field, of: row.operation, into: &sink)
      return .reference(instance: row.instance, field: Int32(field))
    }
    return add(
      .lookup(
        CheckedLookup(
          entity: index, conditions: conditions, field: field, range: lookup.range)), to: &sink)
  }

  /// The row of the plan that a lookup addresses by reference to its key.
  private func row(
    addressedBy conditions: [CheckedCondition], of entity: Entity
  ) -> (operation: Int, instance: Int32)? {
    guard conditions.count == 1, conditions[0].comparison == .equal,
      entity.primaryKey == [conditions[0].field],
      case .reference(let instance, let field)? = conditions[0].operands.first,
      let operation = targets.firstIndex(where: { $0.instances.contains(Int(instance)) })
    else { return nil }
    let target = entities[targets[operation].entity]
    guard target.table.name == entity.table.name, target.primaryKey == [Int(field)] else {
      return nil
    }
    return (operation, instance)
  }

  func add(_ computed: Computed, to sink: inout Sink) -> Cell {
    sink.computed.append(computed)
    return .computed(Int32(sink.computed.count - 1))
  }

  /// The field of `entity`, or nil after a diagnostic with the nearest name, or the names there are.
  func position(
    of field: Located<String>, in entity: Entity, into sink: inout Sink
  ) -> Int? {
    if let position = entity.position(of: field.value) { return position }
    guard entity.isKnown else { return nil }
    let known = entity.fields.map(\.name)
    let hint = sink.suggestion(for: field.value, among: known)
    sink.diagnostics.report(
      .unknownField, ["entity": entity.name, "field": field.value], at: field.range,
      hint: hint ?? .text("it has {known}", vi: "nó có {known}", ["known": Phrase.listing(known)]))
    return nil
  }
}

extension Cell {
  /// The value, where it is known now.
  var known: Value? {
    if case .value(let value) = self { return value }
    return nil
  }
}
