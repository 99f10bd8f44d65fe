internal import SowModel

extension PlanChecker {
  /// Compiles the fields of one row into `cells`, in the order of the entity's fields. A cell that
  /// had a diagnostic holds null, and its offset is noted in `unsettled`.
  mutating func compileCells(
    of element: Plan.Element, _ operation: DataOperation, _ entity: Entity, _ entityIndex: Int
  ) -> (number: Int, firstCell: Int32) {
    filled.removeAll(keepingCapacity: true)
    rowLinks.removeAll(keepingCapacity: true)
    for member in element.members {
      guard entity.isKnown else {
        let any = InputCompiler.Want(type: .any, isNullable: true, name: member.name.value)
        _ = compiler.cell(member.input, any, each: element.each, into: &sink)
        continue
      }
      if expectsVersion(member.name.value, operation, entity) { continue }
      guard let position = writable(member.name, of: operation, entity) else { continue }
      let field = entity.fields[position]
      sink.label = field.label
      let first = sink.dependencies.count
      let cell = compiler.cell(member.input, .init(field), each: element.each, into: &sink)
      for link in first..<sink.dependencies.count { rowLinks.append((position, link)) }
      if let value = cell?.known { checkTenant(value, position, entity, at: member.input.range) }
      filled.append(FilledField(field: position, cell: cell, label: sink.label))
      refuseSecret(sink.label, inKey: position, entity, at: member.input.range)
    }
    let isSorted = filled.indices.dropFirst().allSatisfy {
      filled[$0 - 1].field <= filled[$0].field
    }
    if !isSorted { filled.sort { $0.field < $1.field } }
    let firstCell = Int32(cells.count)
    unsettled.removeAll(keepingCapacity: true)
    for offset in filled.indices {
      if let label = filled[offset].label, entity.fields[filled[offset].field].label == nil {
        labels[Int32(cells.count)] = label
      }
      if filled[offset].cell == nil { unsettled.insert(offset) }
      cells.append(filled[offset].cell ?? .value(.null))
    }
    return (columnSetNumber(ofFilled: entityIndex), firstCell)
  }

  /// The set of the columns in `filled`.
  private mutating func columnSetNumber(ofFilled entity: Int) -> Int {
    if ignored.isEmpty, let last = lastSets[entity],
      columnSets[last].columns.count == filled.count,
      filled.indices.allSatisfy({ columnSets[last].columns[$0] == filled[$0].field })
    {
      return last
    }
    let number = columnSetNumber(
      ColumnSet(entity: entity, columns: filled.map(\.field), ignoring: ignored))
    if ignored.isEmpty { lastSets[entity] = number }
    return number
  }

  mutating func columnSetNumber(_ set: ColumnSet) -> Int {
    if let number = columnSetNumbers[set] { return number }
    columnSets.append(set)
    columnSetNumbers[set] = columnSets.count - 1
    return columnSets.count - 1
  }

  /// The position of a field that the operation may write, or nil after a diagnostic.
  mutating func writable(
    _ name: Located<String>, of operation: DataOperation, _ entity: Entity
  ) -> Int? {
    guard let position = compiler.position(of: name, in: entity, into: &sink) else {
      return nil
    }
    let field = entity.fields[position]
    if field.generation == .computed || field.isReadOnly {
      sink.diagnostics.report(
        .generatedField, ["field": field.name, "entity": entity.name], at: name.range)
      return nil
    }
    if let managed = entity.managed, managed.reserved.contains(position) {
      sink.diagnostics.report(
        .managedField, ["field": field.name, "entity": entity.name], at: name.range)
      return nil
    }
    if operation.action.value == .update,
      field.isImmutable || entity.primaryKey.contains(position)
    {
      sink.diagnostics.report(
        .immutableField, ["field": field.name, "entity": entity.name], at: name.range)
      return nil
    }
    return position
  }
}
