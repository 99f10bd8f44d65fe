package import SowModel

/// Rows that a run takes away or lets go of though no operation says so: what left a `sync`, what
/// left the plan, or all that the plan made.
package struct Removals: Sendable {
  /// Before the first row is written: nothing that stays refers to these rows.
  package internal(set) var early: [RemovalStep] = []
  /// After the last row is written: until then rows that the run moves elsewhere refer to them.
  package internal(set) var late: [RemovalStep] = []
  /// Rows that only leave the ledger.
  package internal(set) var forgotten: [Removal] = []
  /// Operations of which nothing is remembered any more, unless rows of theirs stay.
  package internal(set) var operations: [String] = []

  package init() {}

  package var isEmpty: Bool { early.isEmpty && late.isEmpty && forgotten.isEmpty }

  /// How many rows go or are let go of.
  package var count: Int {
    (early + late).reduce(forgotten.count) { count, step in
      if case .delete(let rows, _) = step { count + rows.count } else { count }
    }
  }
}

/// Rows of one table that go together, in an order in which nothing refers to what goes.
package enum RemovalStep: Sendable {
  case delete([Removal], Table)
  /// Rows that refer to each other in a circle let go of each other first.
  case unlink([RowKey], columns: [Int], Table)
}

/// One row that goes away.
package struct Removal: Sendable {
  package let row: LedgerRow
  package let reason: RowChange.Reason
  /// As the plan calls rows of that table.
  package let entity: String

  package var address: String {
    SowModel.address(operation: row.operation, instance: row.instance)
  }
}
