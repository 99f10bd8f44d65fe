package import SowDatabase
package import SowModel

extension PostgresDatabase {
  var sql: LedgerSQL { LedgerSQL(schema: place.ledgerSchema) }

  package func ledger() throws(DatabaseError) -> Ledger? {
    guard try hasLedger() else { return nil }
    let answer: Answer
    do throws(DatabaseError) {
      answer = try connection.query(sql.readMeta)
    } catch {
      guard error.kind == .other else { throw error }
      throw DatabaseError(
        .unusable, "the table sow_meta is not a ledger of sow",
        vi: "bảng sow_meta không phải là sổ cái của sow")
    }
    guard answer.count > 0 else {
      throw DatabaseError(
        .unusable, "the ledger is damaged: sow_meta has no row",
        vi: "sổ cái bị hỏng: sow_meta không có bản ghi nào")
    }
    let format = answer[0].number(0)
    guard format <= Ledger.currentFormat else {
      throw DatabaseError(
        .unusable, "the ledger has format \(format), written by a newer version of sow",
        vi: "sổ cái có định dạng \(format), do một bản sow mới hơn ghi")
    }
    guard let secret = bytes(ofText: answer[0].text(2)) else { throw .unreadableRow }
    return Ledger(
      format: format, lineage: answer[0].text(1), secret: secret,
      serial: answer[0].number(3))
  }

  package func create(_ ledger: Ledger) throws(DatabaseError) {
    for table in sql.tables { try connection.execute(table) }
    try connection.query(
      sql.writeMeta,
      [
        Parameter(ledger.format), Parameter(ledger.lineage),
        Parameter("\\x" + hexadecimal(ledger.secret)),
      ])
    known.hasLedger = true
  }

  package var ledgerSQL: [String] { sql.tables + [sql.drawMeta] }

  func hasLedger() throws(DatabaseError) -> Bool {
    if !known.hasLedger {
      known.hasLedger = try connection.query(
        LedgerSQL.exists, [Parameter(place.ledgerSchema)])[0].isTrue(0)
    }
    return known.hasLedger
  }
}

// MARK: Runs

extension PostgresDatabase {
  package func record(_ run: LedgerRun) throws(DatabaseError) {
    try connection.query(
      sql.writeRun,
      [Parameter(run.serial)]
        + [run.id, run.scope, run.plan, run.actor, run.commit, run.started, run.finished].map {
          Parameter($0)
        }
        + [
          Parameter(run.created), Parameter(run.updated), Parameter(run.deleted),
          Parameter(run.message.stored), Parameter(run.tenant), Parameter(run.changeset),
        ])
    known.run = run.id
  }

  package func runs() throws(DatabaseError) -> [LedgerRun] {
    guard try hasLedger() else { return [] }
    return try connection.query(sql.runs).rows.map { row in
      LedgerRun(
        id: row.text(1), serial: row.number(0), scope: row.text(2), plan: row.text(3),
        actor: row.text(4), commit: row.text(5), tenant: row.text(12), started: row.text(6),
        finished: row.text(7), created: row.number(8), updated: row.number(9),
        deleted: row.number(10), changeset: row.digest(13),
        message: Phrase(stored: row.text(11)))
    }
  }

  /// After the answer to a commit was lost: whether the run is there, asked on a new session once
  /// nobody else writes. A transaction without a run, such as one of `sow run`, leaves nothing that
  /// could be asked for.
  func lookUpCommit() throws(DatabaseError) {
    let run = known.run
    var isThere = false
    do throws(DatabaseError) {
      try begin(.write, patience: 60)
      defer { rollback() }
      if let run, try hasLedger() {
        isThere = try connection.query(sql.hasRun, [Parameter(run)]).count > 0
      }
    } catch {
      throw DatabaseError(
        .uncertain,
        Phrase(
          "the connection was lost during the commit: {problem}",
          vi: "mất kết nối trong lúc commit: {problem}", ["problem": error.message]))
    }
    if isThere { return }
    guard run == nil else {
      throw DatabaseError(
        .unavailable, "the connection was lost during the commit, and nothing was kept",
        vi: "mất kết nối trong lúc commit, và không giữ lại gì")
    }
    throw DatabaseError(
      .uncertain, "the connection was lost during the commit, and no run was recorded",
      vi: "mất kết nối trong lúc commit, và không có lượt chạy nào được ghi")
  }
}
