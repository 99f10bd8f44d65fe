internal import SowApplying
internal import SowDatabase
internal import SowModel

/// What was found or done at the place of one lockfile.
struct LockfileResult: CommandResult {
  var label: RunLabel
  /// Nil where the environment keeps none.
  var path: String?
  var isEqual = false
  var isMissing = false
  var isWritten = false
  var diagnostics = Diagnostics()
  var ending = Ending.done

  /// `shop.local.lock.json: equals the ledger`, and so on.
  fileprivate var verdict: Phrase {
    guard let path else {
      return [
        Phrase(same: label.plan),
        Phrase("no lockfile is kept here", vi: "ở đây không giữ lockfile"),
      ].joined(": ")
    }
    return [Phrase(same: path), state].joined(": ")
  }

  private var state: Phrase {
    if isWritten { return Phrase("written", vi: "đã ghi") }
    if isEqual { return Phrase("equals the ledger", vi: "khớp với sổ cái") }
    if isMissing { return Phrase("missing", vi: "không có") }
    return diagnostics.hasErrors
      ? Phrase("left as it is", vi: "giữ nguyên")
      : Phrase("differs from the ledger", vi: "khác với sổ cái")
  }
}

extension Session {
  /// Does `work` with the lockfile of each plan and the ledger's projection, nil without a ledger.
  func forEachLockfile(
    _ plans: [String], _ project: String?, _ database: DatabaseOptions,
    _ lockfile: LockfileOptions, kind: String,
    do work: (Lockfile, Lock?, inout LockfileResult) -> Void
  ) -> Ending {
    var general = Diagnostics()
    enter(project, into: &general)
    guard !general.hasErrors,
      let targets = targets(
        plans, database: database, lockfile: lockfile, variables: nil, into: &general)
    else { return refuse(general) }
    let databases = Databases()
    return forEach(
      targets, kind: kind, beside: general, apart: false,
      do: { target in
        var result = LockfileResult(label: target.label, path: target.lockfile)
        guard let lockfile = target.lock else {
          result.isEqual = true
          return result
        }
        result.isMissing = !fileExists(lockfile.path)
        do {
          work(lockfile, try projection(of: target, databases, database.lockTimeout), &result)
        } catch {
          result.stop(Diagnostics(Diagnostic(error, database: target.choice.database.text)))
        }
        return result
      },
      text: { $1.line(terminalSafe($0.verdict.text(in: $1.language))) },
      members: { result, json in
        if let path = result.path { json.member("path", path) }
        json.member("equal", result.isEqual || result.isWritten)
        json.member("written", result.isWritten)
      })
  }

  /// Writes the lockfile of what is committed, over a connection that nobody interrupted; what
  /// stands against that.
  func lockProblem(of target: Target, patience: Double) -> (any Error)? {
    do {
      // Under the lock, so that lockfiles follow each other as the runs do.
      let database = try Databases().writing(target.choice.database)
      try database.begin(.write, patience: patience)
      defer { database.rollback() }
      guard let lock = try projection(of: target, in: database) else { return nil }
      try target.lock?.stage(lock).commit()
      return nil
    } catch {
      return error
    }
  }

  private func projection(
    of target: Target, _ databases: Databases, _ patience: Double
  ) throws -> Lock? {
    let database = try databases.reading(target.choice.database)
    try database.begin(.read, patience: patience)
    defer { database.rollback() }
    return try projection(of: target, in: database)
  }

  private func projection(of target: Target, in database: any Database) throws -> Lock? {
    guard let ledger = try database.ledger() else { return nil }
    let names = Dictionary(
      target.source.schemas.map { ($0.table?.value ?? $0.name, $0.name) },
      uniquingKeysWith: { first, _ in first })
    return try Lock(of: target.owner, ledger, database, entityNames: names)
  }
}
