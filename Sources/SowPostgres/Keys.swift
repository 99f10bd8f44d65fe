package import SowDatabase
package import SowModel

/// How far the numbers of a table's key have come.
struct Counter {
  /// Above every key of table and ledger, once somebody asked for that.
  var base: Int64?
  /// The highest number that this transaction wrote or drew.
  var floor: Int64 = .min
  /// How far the sequence has come at least.
  var drawn: Int64 = .min
}

extension PostgresDatabase {
  package func reserveKeys(of table: Table, count: Int) throws(DatabaseError) -> Int64? {
    let detail = try detail(of: table)
    guard let column = table.primaryKey.first, let sequence = detail.place.sequence,
      case .key = table.columns[column].generation
    else { preconditionFailure("keys are reserved where the database counts them") }
    if known.access == .write, try !sequenceState(sequence).mayDraw {
      // Who may insert rows moves the sequence of an identity column on.
      guard detail.place.isIdentity else { throw .denied(sequence) }
      return nil
    }
    var counter = known.counters[table.name] ?? Counter()
    if counter.base == nil { counter.base = try highestKey(of: detail) }
    var highest = max(counter.base ?? 0, counter.floor, 0)
    if known.access == .rehearsal, let last = try sequenceState(sequence).last {
      highest = max(highest, last)
    }
    let (last, overflows) = highest.addingReportingOverflow(Int64(count))
    guard !overflows else {
      throw DatabaseError(
        .other, "the table has no free numbers left", vi: "bảng không còn số nào trống",
        table: table.name)
    }
    if known.access == .rehearsal {
      counter.floor = last
    } else {
      counter.floor = try draw(count, from: sequence, above: highest, of: table)
      counter.drawn = counter.floor
    }
    known.counters[table.name] = counter
    return counter.floor - Int64(count) + 1
  }

  /// Draws so many numbers that follow each other; gives the last one.
  private func draw(
    _ count: Int, from sequence: String, above highest: Int64, of table: Table
  ) throws(DatabaseError) -> Int64 {
    try move(sequence, to: highest, of: table)
    let step = try sequenceState(sequence).step
    let draws = (count + step - 1) / step
    for attempt in 0..<10 {
      // Somebody who draws at the same time tears the numbers apart; who inserts can be held off.
      if attempt == 5 {
        try connection.query(
          "LOCK TABLE " + (try detail(of: table)).place.sql + " IN SHARE ROW EXCLUSIVE MODE")
      }
      let row = try drawn(sequence, draws, of: table)
      let (first, last) = (row.integer(0), row.integer(1))
      if last - first == Int64((draws - 1) * step), first > highest {
        return first - 1 + Int64(count)
      }
    }
    throw DatabaseError(
      .conflict, "others draw numbers from the same sequence all the time",
      vi: "những người khác liên tục lấy số từ cùng một dãy số", table: table.name)
  }

  private func drawn(
    _ sequence: String, _ count: Int, of table: Table
  ) throws(DatabaseError) -> AnswerRow {
    try unit { () throws(DatabaseError) in
      do throws(DatabaseError) {
        return try connection.query(
          """
          SELECT min(n), max(n) FROM (
            SELECT nextval($1::regclass) AS n FROM generate_series(1, $2::bigint)) AS s
          """, [Parameter(sequence), Parameter(count)])[0]
      } catch {
        // The sequence has an end of its own.
        guard error.kind == .refused else { throw error }
        throw DatabaseError(
          .refused, "the table has no free numbers left", vi: "bảng không còn số nào trống",
          table: table.name)
      }
    }
  }

  /// After keys that somebody wrote the sequence goes on above them.
  func countWritten(_ key: Int64, of detail: TableDetail) throws(DatabaseError) {
    guard let sequence = detail.place.sequence else { return }
    var counter = known.counters[detail.table.name] ?? Counter()
    counter.floor = max(counter.floor, key)
    if known.access == .write, key > counter.drawn {
      try move(sequence, to: key, of: detail.table)
      counter.drawn = key
    }
    known.counters[detail.table.name] = counter
  }

  /// Moves a sequence forward to a number, never back.
  private func move(
    _ sequence: String, to number: Int64, of table: Table
  ) throws(DatabaseError) {
    let state = try sequenceState(sequence)
    let last = state.last ?? state.start - 1
    guard last < number else { return }
    guard state.mayDraw else {
      // A row that comes again has a number that was drawn before.
      if let place = try place(of: table.name), try highestKey(of: place) >= number { return }
      throw .denied(sequence)
    }
    let (gap, isHuge) = number.subtractingReportingOverflow(last)
    // A number that is set could be behind one that somebody draws meanwhile: those that are drawn
    // never are.
    if !isHuge, gap <= 10_000 || !state.maySet {
      _ = try drawn(sequence, (Int(gap) + state.step - 1) / state.step, of: table)
    } else {
      try connection.query(
        "SELECT setval($1::regclass, $2::bigint)", [Parameter(sequence), Parameter(number)])
    }
  }

  private struct SequenceState {
    /// Nil before the first number.
    var last: Int64?
    var start: Int64
    var step: Int
    var mayDraw: Bool
    /// Whether the role may set it.
    var maySet: Bool
  }

  private func sequenceState(_ sequence: String) throws(DatabaseError) -> SequenceState {
    let row = try connection.query(
      """
      SELECT has_sequence_privilege($1::regclass, 'USAGE')
          OR has_sequence_privilege($1::regclass, 'UPDATE'),
        has_sequence_privilege($1::regclass, 'UPDATE'), q.seqstart, q.seqincrement,
        CASE WHEN has_sequence_privilege($1::regclass, 'USAGE')
          OR has_sequence_privilege($1::regclass, 'SELECT')
          THEN pg_sequence_last_value($1::regclass) END
      FROM pg_catalog.pg_sequence AS q WHERE q.seqrelid = $1::regclass
      """, [Parameter(sequence)])[0]
    guard row.integer(3) > 0 else {
      throw DatabaseError(
        .refused, "the sequence \(sequence) counts down", vi: "dãy số \(sequence) đếm lùi")
    }
    return SequenceState(
      last: row.isNull(4) ? nil : row.integer(4), start: row.integer(2), step: row.number(3),
      mayDraw: row.isTrue(0), maySet: row.isTrue(1))
  }

  /// The highest key of the table and of the ledger's rows of it, 0 where there is none.
  private func highestKey(of detail: TableDetail) throws(DatabaseError) -> Int64 {
    let name = SQL.identifier(detail.table.columns[detail.table.primaryKey[0]].name)
    let own = try connection.query("SELECT max(\(name)) FROM " + detail.place.sql)[0].integer(0)
    guard let place = try place(of: detail.table.name) else { return own }
    return max(own, try highestKey(of: place))
  }
}

extension DatabaseError {
  fileprivate static func denied(_ sequence: String) -> DatabaseError {
    DatabaseError(
      .unavailable, "permission denied for sequence \(sequence), which needs USAGE",
      vi: "không có quyền với dãy số \(sequence): cần quyền USAGE")
  }
}
