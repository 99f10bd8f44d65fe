internal import SowModel

extension Planner {
  /// A row that can only go last must not hold a unique value that another one takes before.
  ///
  /// Rows of files are not looked at: there the database refuses the row.
  mutating func checkTakeovers(
    _ late: [(removal: Removal, table: Table)], _ state: RunState
  ) throws {
    let tables = Dictionary(grouping: late) { $0.table.name }
    for (_, rows) in tables.sorted(by: { $0.key < $1.key }) {
      let table = rows[0].table
      for key in table.uniqueKeys {
        let held = try decider.snapshot.rows(
          of: table, columns: key, keys: rows.map(\.removal.row.key))
        var holders: [[String]: Removal] = [:]
        for (row, values) in zip(rows, held) {
          guard let values, !values.contains(.null) else { continue }
          holders[values.map(\.text)] = row.removal
        }
        for (instance, values) in takers(of: key, table, state) {
          guard let holder = holders[values] else { continue }
          report(
            Diagnostic(
              .uniqueHeld,
              [
                "address": plan.address(of: instance), "holder": holder.address,
                "fields": key.map { table.columns[$0].name }.joined(separator: ", "),
              ], at: plan.instances[instance].range))
        }
      }
    }
  }

  /// The rows that the run writes to a table, with their values of a unique key as text.
  private func takers(
    of key: [Int], _ table: Table, _ state: RunState
  ) -> [(instance: Int, values: [String])] {
    var found: [(Int, [String])] = []
    for operation in plan.operations
    where operation.action.insertsRows && plan.entities[operation.entity].table.name == table.name {
      for number in operation.instances {
        guard [.create, .recreate, .update, .drift].contains(state.fates[number]) else { continue }
        let columns = plan.columnSets[Int(plan.instances[number].columnSet)].columns
        let cells = state.cells[state.cellRange(of: number)]
        let values = key.compactMap { column -> String? in
          guard let offset = columns.firstIndex(of: column),
            case .value(let value) = cells[cells.startIndex + offset], !value.isNull
          else { return nil }
          return value.text
        }
        if values.count == key.count { found.append((number, values)) }
      }
    }
    return found
  }
}
