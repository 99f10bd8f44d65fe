package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func ledger() throws(DatabaseError) -> Ledger? {
    guard try hasLedger() else { return nil }
    let statement: Statement
    do throws(DatabaseError) {
      statement = try connection.prepare(LedgerSQL.meta)
    } catch {
      guard error.kind == .other else { throw error }
      throw DatabaseError(
        .unusable, "the table sow_meta is not a ledger of sow",
        vi: "bảng sow_meta không phải là sổ cái của sow")
    }
    defer { statement.reset() }
    guard try statement.step() else {
      throw DatabaseError(
        .unusable, "the ledger is damaged: sow_meta has no row",
        vi: "sổ cái bị hỏng: sow_meta không có bản ghi nào")
    }
    let format = Int(statement.integer(0))
    guard format <= Ledger.currentFormat else {
      throw DatabaseError(
        .unusable, "the ledger has format \(format), written by a newer version of sow",
        vi: "sổ cái có định dạng \(format), do một bản sow mới hơn ghi")
    }
    return Ledger(
      format: format, lineage: statement.text(1), secret: Array(statement.bytes(2)),
      serial: try lastSerial())
  }

  package func create(_ ledger: Ledger) throws(DatabaseError) {
    for table in LedgerSQL.tables { try connection.execute(table) }
    let statement = try connection.prepare(LedgerSQL.writeMeta)
    statement.bind(ledger.format, at: 1)
    statement.bind(ledger.lineage, at: 2)
    ledger.secret.withUnsafeBytes { statement.bind($0, at: 3) }
    try statement.run()
    known.hasLedger = true
  }

  package var ledgerSQL: [String] { LedgerSQL.tables + [LedgerSQL.drawMeta] }

  func hasLedger() throws(DatabaseError) -> Bool {
    if !known.hasLedger { known.hasLedger = try holds(LedgerSQL.exists) }
    return known.hasLedger
  }

  /// Brings the ledger to the format that is written now.
  func upgradeLedger() throws(DatabaseError) {
    guard let format = try ledger()?.format, format < Ledger.currentFormat else { return }
    for step in LedgerSQL.upgrade(from: format) { try connection.execute(step) }
  }

  private func lastSerial() throws(DatabaseError) -> Int {
    let statement = try connection.prepare(LedgerSQL.lastSerial)
    defer { statement.reset() }
    return try statement.step() ? Int(statement.integer(0)) : 0
  }
}

// MARK: Runs

extension SQLiteDatabase {
  package func record(_ run: LedgerRun) throws(DatabaseError) {
    try upgradeLedger()
    let statement = try connection.prepare(LedgerSQL.writeRun)
    statement.bind(run.serial, at: 1)
    for (index, text) in [
      run.id, run.scope, run.plan, run.actor, run.commit, run.started, run.finished,
    ].enumerated() {
      statement.bind(text, at: index + 2)
    }
    statement.bind(run.created, at: 9)
    statement.bind(run.updated, at: 10)
    statement.bind(run.deleted, at: 11)
    statement.bind(run.message.stored, at: 12)
    statement.bind(run.tenant, at: 13)
    statement.bind(run.changeset, at: 14)
    try statement.run()
  }

  package func runs() throws(DatabaseError) -> [LedgerRun] {
    guard let format = try ledger()?.format else { return [] }
    let statement = try connection.prepare(LedgerSQL.runs(format: format))
    defer { statement.reset() }
    var runs: [LedgerRun] = []
    while try statement.step() {
      runs.append(
        LedgerRun(
          id: statement.text(1), serial: Int(statement.integer(0)), scope: statement.text(2),
          plan: statement.text(3), actor: statement.text(4), commit: statement.text(5),
          tenant: statement.text(12), started: statement.text(6), finished: statement.text(7),
          created: Int(statement.integer(8)), updated: Int(statement.integer(9)),
          deleted: Int(statement.integer(10)), changeset: statement.digest(13),
          message: Phrase(stored: statement.text(11))))
    }
    return runs
  }
}
