import FoundationEssentials
import SowApplying
import SowModel
import SowPlanning
import SowSQLite

/// Rounds of edits, hands and runs on one database, all by one seed, with every law checked.
struct RandomStory {
  let bench: Workbench
  private var edits: RandomEdits
  private var plan: RandomPlan
  /// Rows that hands made.
  private var strangers: Set<RowsSeen.Place> = []
  private var isFirst = true
  /// What happened, to be read where a law is broken.
  private(set) var log = ""
  private(set) var tally: [String: Int] = [:]

  init(seed: UInt64) throws {
    bench = try Workbench()
    edits = RandomEdits(seed: seed)
    plan = edits.plan()
    let tables = edits.tables
    try say(sql: tables.map { $0.sql(tables) }.joined())
  }

  private mutating func say(sql: String) throws {
    log += sql + "\n"
    try bench.sql("PRAGMA foreign_keys = ON; " + sql)
  }

  mutating func tell() throws {
    for _ in 0..<2 + edits.numbers.number(3) {
      let accepted = plan
      if !isFirst { edits.edit(&plan) }
      isFirst = false
      try handsAtWork()
      let prunes = edits.numbers.chance(20)
      bench.extent = .operations(prunes: prunes)
      let text = plan.text
      log += "--- \(prunes ? "pruning" : "applying")\n\(text)"
      let outcome = try round(text)
      log += "--- \(outcome)\n"
      tally[outcome, default: 0] += 1
      if outcome.hasPrefix("refused"), edits.numbers.chance(60) { plan = accepted }
    }
  }

  private mutating func handsAtWork() throws {
    for _ in 0..<edits.numbers.number(6) {
      let (sql, isInsert) = edits.statement()
      let before = isInsert ? try RowsSeen(bench, edits.tables) : nil
      do {
        try say(sql: sql)
      } catch is BenchFailure {
        continue
      }
      let after = try RowsSeen(bench, edits.tables)
      if let before {
        for place in after.rows.keys where before.rows[place] == nil {
          // Where the ledger awaits a row with this key and this code, nobody can tell them apart.
          if before.owned[place] == nil { strangers.insert(place) }
        }
      }
      strangers = strangers.filter { after.rows[$0] != nil }
    }
  }

  // MARK: One round

  private var bytes: Data? { FileManager.default.contents(atPath: bench.databasePath) }

  /// How the round ended.
  private mutating func round(_ text: String) throws -> String {
    let tables = edits.tables
    let (before, file) = (try RowsSeen(bench, tables), bytes)
    let shown: Changeset
    switch try bench.preview(text) {
    case .invalid(let found), .refused(let found, _):
      let codes = Self.codes(found)
      switch try bench.apply(text) {
      case .invalid(let found), .refused(let found, _):
        try hold(codes == Self.codes(found), "plan said \(codes), apply \(Self.codes(found))")
      default: throw BrokenLaw(description: "refused by plan for \(codes), and not by apply")
      }
      try hold(file == bytes, "a refused plan wrote to the database")
      return "refused: " + codes.joined(separator: ", ")
    case .changes(let changeset, _, _, _): shown = changeset
    }
    try hold(file == bytes, "plan wrote to the database")

    var lock: Lock?
    var isStaged = false
    let database = FailingDatabase(
      try SQLiteDatabase.open(path: bench.databasePath, mode: .write))
    let outcome = try bench.run(text, on: database).apply(
      ApplyOptions(
        expected: shown, allowedDeletes: 1_000,
        stageLock: { staged in
          (lock, isStaged) = (staged, true)
          return nil
        }))
    guard case .finished(let finish) = outcome else {
      throw BrokenLaw(description: "plan said \(shown), apply \(outcome)")
    }
    try hold(
      finish.changeset == shown, "the changesets differ:\n\(shown)\n\(finish.changeset)")
    let after = try RowsSeen(bench, tables)
    let check = LawCheck(before: before, after: after, changeset: shown)
    try check.checkStrangers(strangers, plan)
    guard finish.report.isSuccess else {
      if !finish.isCommitted { try hold(before == after, "a failed run left something") }
      // Where rows may fail alone, the plan knows which ones will, but for those that cannot go
      // because of what hands had refer to them.
      let said = shown.operations.flatMap(\.rows).filter(\.isFailed).map(\.address)
      try hold(
        shown.counts.failed == finish.report.counts.failed
          && Set(said).isSubset(of: finish.report.failed)
          && finish.report.counts.failed + finish.report.removals.count(where: \.isFailed) > 0,
        "plan said \(said), and it failed: \(finish.report.failures)")
      return "failed: " + finish.report.failures.joined(separator: ", ")
    }
    try hold(finish.isCommitted == !shown.isEmpty, "committed or not: \(finish.isCommitted)")
    try check.checkPrediction()
    try check.checkCounts(finish.report)
    try check.checkLedger(isStaged ? lock : nil, finish.report)
    try againNothing(text)
    if let file, database.calls > 0 { try interrupted(text, file, database.calls, after) }
    strangers = strangers.filter { after.rows[$0] != nil }
    return shown.isEmpty ? "nothing to do" : "applied"
  }

  /// A second apply changes nothing and writes nothing.
  private func againNothing(_ text: String) throws {
    let file = bytes
    let again = try bench.finish(text, ApplyOptions(allowedDeletes: 1_000))
    try hold(again.changeset.isEmpty, "a second apply wants \(again.changeset)")
    try hold(!again.isCommitted && file == bytes, "a second apply wrote to the database")
  }

  /// The same apply on a copy, lost on its way, and once more: that comes to the same rows.
  private mutating func interrupted(
    _ text: String, _ file: Data, _ calls: Int, _ undisturbed: RowsSeen
  ) throws {
    let copy = try Workbench()
    copy.extent = bench.extent
    try file.write(to: URL(filePath: copy.databasePath))
    let last = 1 + edits.numbers.number(calls)
    let database = FailingDatabase(
      try SQLiteDatabase.open(path: copy.databasePath, mode: .write), last: last,
      losesAnswer: edits.numbers.chance(50))
    let options = ApplyOptions(allowedDeletes: 1_000)
    do {
      _ = try copy.run(text, on: database).apply(options)
    } catch {}
    try copy.finish(text, options)
    let tables = edits.tables
    let (found, wanted) = (
      try RowsSeen(copy, tables).withoutKeys(tables), undisturbed.withoutKeys(tables)
    )
    try hold(
      found == wanted,
      "lost at call \(last) of \(calls), then again:\n\(found)\nundisturbed:\n\(wanted)")
    let again = try copy.finish(text, options)
    try hold(again.changeset.isEmpty, "after an interruption there is no end")
  }

  private static func codes(_ diagnostics: Diagnostics) -> [String] {
    diagnostics.sorted.filter { $0.severity == .error }.map(\.code.id)
  }

  private func hold(_ condition: Bool, _ text: @autoclosure () -> String) throws {
    if !condition { throw BrokenLaw(description: text()) }
  }
}

extension RowChange {
  fileprivate var isFailed: Bool { kind == .failed }
}

extension RemovalResult {
  fileprivate var isFailed: Bool { status == .failed }
}

extension Report {
  private var failedInstances: [(address: String, failure: Failure)] {
    results.flatMap { result in
      [(result.name, result.failure)]
        + result.instances.map {
          (address(operation: result.name, instance: $0.instance), $0.failure)
        }
    }.compactMap { address, failure in failure.map { (address, $0) } }
  }

  fileprivate var failed: Set<String> { Set(failedInstances.map(\.address)) }

  /// What went wrong, each once.
  fileprivate var failures: [String] {
    let all = failedInstances.map(\.failure) + removals.compactMap(\.failure)
    return Set(all.map { "\($0.diagnostic.code.id): \($0.diagnostic.message)" }).sorted()
  }
}
