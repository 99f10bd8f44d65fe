internal import FoundationEssentials
package import SowDatabase
package import SowModel

/// A change of what sow owns that changes no row: one transaction with its run and its lockfile.
package struct OwnershipEdit {
  let database: any Database
  let owner: Owner
  let ledger: Ledger
  let actor: String
  let commit: String
  let tenant: String
  /// By table.
  let entityNames: [String: String]
  let stageLock: (Lock) throws -> StagedLock?

  package init(
    database: any Database, owner: Owner, ledger: Ledger, actor: String, commit: String,
    tenant: String, entityNames: [String: String], stageLock: @escaping (Lock) throws -> StagedLock?
  ) {
    self.database = database
    self.owner = owner
    self.ledger = ledger
    self.actor = actor
    self.commit = commit
    self.tenant = tenant
    self.entityNames = entityNames
    self.stageLock = stageLock
  }

  /// Does `body` in the open transaction and commits it; the problem of a lockfile that could not
  /// be renamed afterwards.
  package func perform(_ message: Phrase, _ body: (_ serial: Int) throws -> Void) throws
    -> (any Error)?
  {
    let serial = ledger.serial + 1
    let started = Date().formatted(.iso8601)
    try body(serial)
    try database.answer(serial: serial, digester: KeyedDigester(secret: ledger.secret))
    Step.answered.reached()
    try database.record(
      LedgerRun(
        id: randomUUID(), serial: serial, scope: owner.scope, plan: owner.plan, actor: actor,
        commit: commit, tenant: tenant, started: started, finished: Date().formatted(.iso8601),
        created: 0, updated: 0, deleted: 0, message: message))
    Step.runRecorded.reached()
    let staged = try stageLock(
      Lock(of: owner, ledger, database, entityNames: entityNames))
    Step.lockStaged.reached()
    do {
      try database.commit()
    } catch {
      staged?.discard()
      throw error
    }
    Step.committed.reached()
    do {
      try staged?.commit()
    } catch {
      return error
    }
    Step.lockRenamed.reached()
    return nil
  }

  /// Lets go of the row at an address.
  package func forget(_ address: RowAddress) throws -> (any Error)? {
    try perform(Phrase("\(address.text) forgotten", vi: "thôi theo dõi \(address.text)")) { _ in
      try database.forget([ledgerAddress(address)])
      try database.forget(operations: [address.operation], of: owner)
    }
  }

  /// Gives what is held at one address to another; with `isWhole` all instances of an operation.
  package func move(
    _ old: RowAddress, to new: RowAddress, isWhole: Bool
  ) throws -> (any Error)? {
    try perform(
      Phrase("\(old.text) moved to \(new.text)", vi: "chuyển \(old.text) thành \(new.text)")
    ) { _ in
      try database.move([
        LedgerMove(from: ledgerAddress(old), to: ledgerAddress(new), isWhole: isWhole)
      ])
      try database.forget(operations: [old.operation], of: owner)
    }
  }

  private func ledgerAddress(_ address: RowAddress) -> LedgerAddress {
    LedgerAddress(owner: owner, operation: address.operation, instance: address.instance)
  }
}
