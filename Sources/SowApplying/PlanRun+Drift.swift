internal import SowDatabase
package import SowModel
internal import SowPlanning

/// What someone else did to the rows of a plan.
package struct DriftFound: Sendable {
  /// Changed rows with what the plan says and what the database holds, and rows that are gone.
  package var rows: [RowChange]
  /// How many rows the plan owns.
  package var owned: Int
  package var diagnostics: Diagnostics
}

extension PlanRun {
  /// Holds the ledger against the database; nothing is written. Nil after diagnostics.
  package func drift() throws -> (found: DriftFound?, diagnostics: Diagnostics) {
    try database.begin(.read, patience: settings.patience)
    defer { database.rollback() }
    var diagnostics = Diagnostics()
    guard var prepared = try prepare(into: &diagnostics) else { return (nil, diagnostics) }
    // What stands against an apply is no drift.
    let run = try prepared.decide(settings) { $0.seeksDrift = true }
    let rows = run.drift.sorted { $0.address.utf8.lexicographicallyPrecedes($1.address.utf8) }
    return (
      DriftFound(rows: rows, owned: run.changeset.owned, diagnostics: diagnostics), diagnostics
    )
  }
}
