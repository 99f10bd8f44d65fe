internal import SowModel

extension Entity {
  /// What may find a row, the best first.
  fileprivate var naturalKeyCandidates: [[Int]] {
    (uniqueKeys.prefix(1) + [withoutTenant(primaryKey)]).filter { !$0.isEmpty }
  }
}

extension PlanChecker {
  /// What rows of one column set are found by, whatever operation writes them.
  struct SetKeys {
    /// The entity's first natural key, else its primary key, where the set writes all of it.
    let natural: [Int]
    /// Whether each part of the primary key is written, or made where nobody writes it.
    let hasPrimary: Bool
  }

  mutating func keys(of set: Int, _ entity: Entity) -> SetKeys {
    if let known = setKeys[set] { return known }
    let columns = columnSets[set].columns
    let candidates = entity.naturalKeyCandidates
    let filled =
      columns + entity.defaulted(beside: columns) + entity.stamped(beside: columns).map(\.field)
    let keys = SetKeys(
      natural: candidates.first { $0.allSatisfy(columns.contains) } ?? [],
      hasPrimary: !entity.primaryKey.isEmpty
        && entity.primaryKey.allSatisfy { filled.contains($0) || $0 == entity.generatedKey })
    setKeys[set] = keys
    return keys
  }

  /// The fields that find a row of the operation in the database: its `key`, else the entity's
  /// first natural key, else a primary key, where some row writes all of it.
  mutating func naturalKey(
    of operation: DataOperation, _ entity: Entity, _ sets: Set<Int>
  ) -> [Int] {
    if let key = operation.key {
      return entity.withoutTenant(key.compactMap { entity.position(of: $0.value) })
    }
    if sets.count == 1, let set = sets.first { return keys(of: set, entity).natural }
    return entity.naturalKeyCandidates.first { candidate in
      sets.contains { candidate.allSatisfy(columnSets[$0].columns.contains) }
    } ?? []
  }

  /// What `create` and `upsert` need to find their rows again.
  mutating func checkKeys(
    of operation: DataOperation, _ entity: Entity, _ naturalKey: [Int], _ sets: Set<Int>
  ) {
    guard entity.isKnown, operation.action.value.insertsRows else { return }
    var isNamed = true
    for field in operation.key ?? [] {
      guard let position = compiler.position(of: field, in: entity, into: &sink) else {
        isNamed = false
        continue
      }
      if compiler.refuse(field, in: "key", of: entity, into: &sink) { isNamed = false }
      if entity.managed?.tenant?.field != position,
        sets.contains(where: { !columnSets[$0].columns.contains(position) })
      {
        sink.diagnostics.report(.keyNotWritten, ["field": field.value], at: field.range)
      }
    }
    checkPrimaryKey(of: operation, entity, sets)
    guard operation.action.value.adoptsRows, isNamed else { return }
    let place = operation.key?.first?.range ?? operation.action.range
    if naturalKey.isEmpty {
      sink.diagnostics.report(
        .upsertWithoutKey, ["entity": entity.name], at: place,
        hint: .text(
          #"add "key" to the operation, or "unique" to the schema"#,
          vi: #"hãy thêm "key" vào thao tác, hoặc "unique" vào schema"#))
    } else if !entity.isUnique(naturalKey), operation.key != nil || entity.schema == nil {
      let keys = ([entity.table.primaryKey] + entity.table.uniqueKeys).filter { !$0.isEmpty }
      let known = keys.map { $0.map { entity.fields[$0].name }.joined(separator: ", ") }
      sink.diagnostics.report(
        .keyNotUnique,
        [
          "entity": entity.name,
          "fields": naturalKey.map { entity.fields[$0].name }.joined(separator: ", "),
        ], at: place,
        hint: known.isEmpty
          ? nil
          : .text(
            "unique are {keys}", vi: "các khóa duy nhất là {keys}",
            ["keys": Phrase.listing(known.map { "(\($0))" })]))
    }
  }

  private mutating func checkPrimaryKey(
    of operation: DataOperation, _ entity: Entity, _ sets: Set<Int>
  ) {
    if sets.allSatisfy({ keys(of: $0, entity).hasPrimary }) { return }
    let parts = entity.primaryKey.map { entity.fields[$0].name }
    let undeclared: Diagnostic.Hint? =
      entity.table.distribution == nil
      ? nil
      : .text(
        "its rows lie on other servers: let x-sow.primary_key of its schema say the key",
        vi: "các bản ghi của nó nằm trên máy chủ khác: hãy để x-sow.primary_key của schema nêu khóa"
      )
    sink.diagnostics.report(
      .noPrimaryKey, ["table": entity.table.name], at: operation.entity.range,
      hint: parts.isEmpty
        ? undeclared
        : .text(
          "write {parts}, or let the schema generate it",
          vi: "hãy viết {parts}, hoặc để schema tự sinh",
          ["parts": Phrase.listing(parts.map { "\"\($0)\"" })]))
  }

  /// Keys are remembered and shown.
  mutating func refuseSecret(
    _ label: String?, inKey field: Int, _ entity: Entity, at range: SourceRange
  ) {
    guard label != nil, entity.fields[field].label == nil, entity.primaryKey.contains(field) else {
      return
    }
    sink.diagnostics.report(.secretInKey, ["field": entity.fields[field].name], at: range)
  }

  /// An `upsert` or `sync` cannot find a row by null.
  mutating func checkKeyValues(
    of operation: DataOperation, _ element: Plan.Element, _ entity: Entity, _ number: Int
  ) {
    guard operation.action.value.adoptsRows else { return }
    let instance = instances[number]
    let columns = columnSets[Int(instance.columnSet)].columns
    let key = naturalKey(of: operation, entity, [Int(instance.columnSet)])
    for field in key {
      guard let offset = columns.firstIndex(of: field), !unsettled.contains(offset),
        cells[Int(instance.firstCell) + offset].known?.isNull == true
      else { continue }
      let name = entity.fields[field].name
      let member = element.members.first { $0.name.value == name }
      sink.diagnostics.report(
        .nullKey, ["key": name], at: member?.input.range ?? element.range)
    }
  }
}
