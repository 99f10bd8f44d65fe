internal import FoundationEssentials
internal import SowDatabase
package import SowModel
internal import SowPlanning

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
        commit: settings.commit, tenant: settings.context.surroundings.tenant ?? "",
        started: started.formatted(.iso8601), finished: Date().formatted(.iso8601),
        created: rows.created, updated: rows.updated, deleted: rows.deleted,
        changeset: applier.changes.digest,
        message: rows.phrase))
    Step.runRecorded.reached()
  }

  /// Commits what is done so far.
  func commit(_ applier: inout Applier) throws {
    try close(applier)
    try database.commit()
    applier.keepAll()
  }

  /// Goes on in a new transaction, in which everything still is as the run left it.
  func goOn() throws {
    try database.begin(.write, patience: settings.patience)
    guard let serial, try database.ledger()?.serial != serial else { return }
    throw InterveningRunError()
  }
}

extension Progress.Rows {
  /// What the ledger says of the run.
  fileprivate var phrase: Phrase {
    let always = [
      Phrase("\(created) created", vi: "tạo \(created)"),
      Phrase("\(updated) updated", vi: "cập nhật \(updated)"),
      Phrase("\(deleted) deleted", vi: "xóa \(deleted)"),
    ]
    let others = [
      (forgotten, Phrase("\(forgotten) forgotten", vi: "thôi theo dõi \(forgotten)")),
      (noted, Phrase("\(noted) noted", vi: "ghi nhận \(noted)")),
    ].filter { $0.0 > 0 }.map(\.1)
    return (always + others).joined(", ")
  }
}

/// Between two commits of a run another one committed, so that what was decided no longer holds.
struct InterveningRunError: Error {}

/// Why a run that commits step by step ended after some of its commits.
package enum RunStop {
  case refused(Diagnostic)
  /// The database failed.
  case failed(any Error)

  init(_ error: any Error) {
    switch error {
    case is InterveningRunError: self = .refused(Diagnostic(.interveningRun, at: nil))
    case let unconsented as UnconsentedError: self = .refused(unconsented.diagnostic)
    default: self = .failed(error)
    }
  }
}

extension DiagnosticCode {
  package static let interveningRun = DiagnosticCode(
    "intervening-run", "another run came between two commits of this one",
    vi: "một lượt chạy khác đã xen vào giữa hai lần commit của lượt chạy này",
    meaning: """
      With atomic: false each operation is committed alone, and another run may take the lock in \
      between. What it did may change what is left to do, so this run ends there; what it had \
      committed stays.
      """,
    example: "two sow apply at once of a plan with options: { atomic: false }",
    fix: "Run sow apply again: it does what is left.")
}
