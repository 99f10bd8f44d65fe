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
  /// The deletes that may be done, where that was not decided before.
  let deleteLimit: Int?

  /// Reads back what the database holds now, and records the run.
  func close(_ applier: Applier) throws {
    if let deleteLimit, applier.deleted > deleteLimit {
      throw UnconsentedError(diagnostic: .tooManyDeletes(applier.deleted, limit: deleteLimit))
    }
    guard let serial else { return }
    try database.answer(serial: serial, digester: digester)
    Step.answered.reached()
    try database.record(
      LedgerRun(
        id: runID, serial: serial, scope: owner.scope, plan: owner.plan, actor: settings.actor,
        commit: settings.commit, started: started.formatted(.iso8601),
        finished: Date().formatted(.iso8601), created: applier.created, updated: applier.updated,
        deleted: applier.deleted,
        message:
          "\(applier.created) created, \(applier.updated) updated, \(applier.deleted) deleted"))
    Step.runRecorded.reached()
  }

  /// Commits what is done so far and goes on in a new transaction.
  func checkpoint(_ applier: Applier) throws {
    try close(applier)
    try database.commit()
    try database.begin(.write, patience: settings.patience)
  }
}
