internal import SowModel

extension ChangesetView {
  /// Adds a row that goes away; those of one operation come together.
  mutating func add(
    _ kind: RowChange.Kind, _ leaver: Leaver, _ reason: RowChange.Reason, entity: String
  ) {
    if removals.last?.operation != leaver.row.operation {
      removals.append(OperationRemoval(operation: leaver.row.operation))
    }
    let last = removals.count - 1
    removals[last].counts.count(kind)
    removals[last].differing += 1
    let limit = limit(of: plan.operationNames[leaver.row.operation])
    guard left > 0, removals[last].rows.count < limit else { return }
    left -= 1
    removals[last].rows.append(
      RowChange(
        kind: kind, address: leaver.address, entity: entity,
        key: leaver.row.key.text, fields: [], reason: reason))
  }

  /// Adds what the ledger will remember otherwise of operations whose rows it holds.
  mutating func addPolicies(_ decider: Decider, _ entries: LedgerEntries) {
    guard entries.owned > 0 else { return }
    for (number, operation) in plan.operations.enumerated() where operation.action.insertsRows {
      let old = decider.rememberedLifecycle(of: operation.name)
      guard old != operation.lifecycle, entries.count(of: operation) > 0 else { continue }
      var fields: [FieldChange] = []
      if old.protects != operation.lifecycle.protects {
        fields.append(
          FieldChange(
            field: "protect", old: .value(.boolean(old.protects)),
            new: .value(.boolean(operation.lifecycle.protects))))
      }
      if old.onRemove != operation.lifecycle.onRemove {
        fields.append(
          FieldChange(
            field: "on_remove", old: .value(.text(old.onRemove.rawValue)),
            new: .value(.text(operation.lifecycle.onRemove.rawValue))))
      }
      changes[number].counts.count(.policy)
      changes[number].differing += 1
      changes[number].rows.append(
        RowChange(
          kind: .policy, address: operation.name, entity: changes[number].entity, key: nil,
          fields: fields))
    }
  }
}
