internal import SowModel

extension Decider {
  /// Resolves the lookups of the plan that can be resolved now.
  func decideLookups(in state: inout RunState) throws {
    var open: [Int32] = []
    for position in state.openLookups {
      guard case .lookup(let lookup) = plan.computed[Int(position)] else { continue }
      if let resolved = try resolve(lookup, state, extra: nil) {
        state.lookups[position] = resolved
      } else {
        open.append(position)
      }
    }
    state.openLookups = open
  }

  /// Resolves the lookups that rows of a stream brought along.
  func decideLookups(of extra: inout Extra, _ state: RunState) throws {
    for (position, computed) in extra.computed.enumerated() {
      guard case .lookup(let lookup) = computed else { continue }
      extra.lookups[Int32(position)] = try resolve(lookup, state, extra: extra)
    }
  }

  /// Exactly one row of the database; nil while a condition is pending.
  private func resolve(
    _ lookup: CheckedLookup, _ state: RunState, extra: Extra?
  ) throws -> Resolved? {
    let entity = plan.entities[lookup.entity]
    var conditions: [ResolvedCondition] = []
    for condition in lookup.conditions {
      var operands: [Value] = []
      for operand in condition.operands {
        let resolved = state.resolve(operand, at: lookup.range, extra: extra)
        switch resolved {
        case .value(let value): operands.append(value)
        case .pending: return nil
        case .dead, .failed: return resolved
        }
      }
      conditions.append(
        ResolvedCondition(
          column: condition.field, comparison: condition.comparison, operands: operands))
    }
    let missing = snapshot.missingColumns(of: entity)
    if let column = conditions.first(where: { missing.contains($0.column) })?.column {
      return .failed(
        Diagnostic(.notKnownYet, ["field": entity.fields[column].name], at: lookup.range))
    }
    var query = Query(table: entity.table, conditions: conditions, columns: [lookup.field])
    query.limit = 6
    let rows = try snapshot.select(query, of: entity)
    if rows.count == 1 { return .value(rows[0].values[0]) }
    let keys = rows.prefix(5).map(\.key.text).joined(separator: ", ")
    let code: DiagnosticCode = rows.isEmpty ? .lookupNothing : .lookupAmbiguous
    return .failed(
      Diagnostic(
        code, ["entity": entity.name, "keys": rows.count > 5 ? keys + ", …" : keys],
        at: lookup.range))
  }
}
