internal import SowDatabase

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
    let left = (end - .now).components
    let seconds = Double(left.seconds) + Double(left.attoseconds) * 1e-18
    do throws(DatabaseError) {
      // The first statement that reads takes the snapshot, so it is taken after the wait.
      try connection.execute(
        opening("READ WRITE", lockTimeout: max(seconds, 0)) + "; LOCK TABLE " + runTable
          + " IN SHARE ROW EXCLUSIVE MODE; SET LOCAL lock_timeout = DEFAULT")
    } catch {
      endTransaction()
      guard error.kind == .locked else { throw error }
      throw DatabaseError(.locked, holder())
    }
  }

  /// False where the table of runs was made meanwhile.
  private func lockName(until end: ContinuousClock.Instant) throws(DatabaseError) -> Bool {
    while true {
      try connection.execute(opening("READ WRITE"))
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
  private func holder() -> String {
    let answer = try? connection.query(
      LedgerSQL.holder, [Parameter(place.ledgerSchema), Parameter(runTable)])
    guard let answer, answer.count > 0 else { return "another run holds the lock" }
    let row = answer[0]
    let from = row.isNull(1) ? "" : " from \(row.text(1))"
    return "\(row.text(0))\(from) holds the lock (process \(row.text(2)) of the server)"
  }
}
