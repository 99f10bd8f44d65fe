internal import SowDatabase
internal import SowModel

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// One run a database at a time: who writes holds the table of runs, and where there is none yet,
/// a number that stands for it.
extension PostgresDatabase {
  /// Begins a transaction that holds the lock, or fails with an error of kind `locked`.
  func lock(patience: Double) throws(DatabaseError) {
    let end = ContinuousClock.now + .seconds(patience)
    while true {
      if try hasRuns() { return try lockRuns(until: end) }
      if try lockName(until: end) { return }
    }
  }

  private func hasRuns() throws(DatabaseError) -> Bool {
    try connection.query(LedgerSQL.hasRuns, [Parameter(runTable)])[0].isTrue(0)
  }

  private var runTable: String { LedgerSQL.table("sow_run", in: place.ledgerSchema) }

  private func lockRuns(until end: ContinuousClock.Instant) throws(DatabaseError) {
    do throws(DatabaseError) {
      // The first statement that reads takes the snapshot, so it is taken after the wait, which is
      // no part of what a statement may take.
      try connection.execute(
        [
          opening("READ WRITE"), "SET LOCAL statement_timeout = 0",
          "SET LOCAL lock_timeout = \(Self.milliseconds(end - .now))",
          "LOCK TABLE \(runTable) IN SHARE ROW EXCLUSIVE MODE",
          "SET LOCAL lock_timeout = DEFAULT", limit,
        ].joined(separator: "; "))
    } catch {
      endTransaction()
      guard error.kind == .locked else { throw error }
      throw DatabaseError(.locked, holder())
    }
  }

  /// False where the table of runs was made meanwhile.
  private func lockName(until end: ContinuousClock.Instant) throws(DatabaseError) -> Bool {
    while true {
      try connection.execute(opening("READ WRITE") + "; " + limit)
      let answer = try connection.query(
        LedgerSQL.lockName, [Parameter(place.ledgerSchema), Parameter(runTable)])
      let (hasLock, hasTable) = (answer[0].isTrue(0), answer[0].isTrue(1))
      if hasLock, !hasTable { return true }
      endTransaction()
      if hasTable { return false }
      guard ContinuousClock.now < end else { throw DatabaseError(.locked, holder()) }
      usleep(20_000)
    }
  }

  /// Who holds the lock, as far as the server tells.
  private func holder() -> Phrase {
    let answer = try? connection.query(
      LedgerSQL.holder, [Parameter(place.ledgerSchema), Parameter(runTable)])
    guard let answer, answer.count > 0 else {
      return Phrase("another run holds the lock", vi: "một lượt chạy khác đang giữ khóa")
    }
    let row = answer[0]
    let (name, process) = (row.text(0), row.text(2))
    guard !row.isNull(1) else {
      return Phrase(
        "\(name) holds the lock (process \(process) of the server)",
        vi: "\(name) đang giữ khóa (tiến trình \(process) của máy chủ)")
    }
    let address = row.text(1)
    return Phrase(
      "\(name) from \(address) holds the lock (process \(process) of the server)",
      vi: "\(name) từ \(address) đang giữ khóa (tiến trình \(process) của máy chủ)")
  }
}
