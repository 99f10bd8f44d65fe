internal import FoundationEssentials
internal import SowDatabase
internal import SowModel

/// More deletes than were agreed to.
struct UnconsentedError: Error {
  let diagnostic: Diagnostic
}

/// The last statements before each commit of a run.
struct Closing {
  let database: any Database
  let owner: Owner
  let digester: KeyedDigester
  /// Nil without a ledger.
  let serial: Int?
  let runID: String
  let started: Date
  let settings: PlanRun.Settings

  /// Reads back what the database holds now, and records the run.
  func close(_ applier: borrowing Applier) throws {
    guard let serial else { return }
    try database.answer(serial: serial, digester: digester)
    Step.answered.reached()
    let rows = applier.progress.rows
    try database.record(
      LedgerRun(
        id: runID, serial: serial, scope: owner.scope, plan: owner.plan, actor: settings.actor,
        commit: settings.commit, started: started.formatted(.iso8601),
        finished: Date().formatted(.iso8601), created: rows.created, updated: rows.updated,
        deleted: rows.deleted,
        message: "\(rows.created) created, \(rows.updated) updated, \(rows.deleted) deleted"))
    Step.runRecorded.reached()
  }

  /// Commits what is done so far and goes on in a new transaction.
  func checkpoint(_ applier: inout Applier) throws {
    try close(applier)
    try database.commit()
    applier.keepAll()
    try database.begin(.write, patience: settings.patience)
    guard let serial, try database.ledger()?.serial != serial else { return }
    throw InterveningRunError()
  }
}

/// Between two commits of a run another one committed, so that what was decided no longer holds.
struct InterveningRunError: Error {}
