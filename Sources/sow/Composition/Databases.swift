internal import SowApplying
internal import SowDatabase
internal import SowFiles
internal import SowModel
internal import SowPostgres
internal import SowSQLite

/// The databases of one command, each opened once.
final class Databases {
  private var open: [Key: any Database] = [:]
  /// How long one statement may take; nil without a limit.
  private let statementLimit: Duration?

  init(statementLimit: Duration? = nil) { self.statementLimit = statementLimit }

  private struct Key: Hashable {
    var url: DatabaseURL
    var writes: Bool
  }

  /// A database that is only read: a file that does not exist stands for an empty one, and is not
  /// made.
  func reading(_ url: DatabaseURL) throws(DatabaseError) -> any Database {
    // Not kept: once the file is there, nothing may stand in for it any more.
    if let path = url.path, !fileExists(path) {
      return try SQLiteDatabase.open(
        path: path, mode: .read(standsIn: true), statementLimit: statementLimit)
    }
    return try database(url, writes: false, mode: .read(standsIn: true))
  }

  /// Makes the file where it does not exist.
  func writing(_ url: DatabaseURL) throws(DatabaseError) -> any Database {
    try database(url, writes: true, mode: .write)
  }

  /// Leaves no trace of a database that was made and never written to.
  func discardUnused(_ url: DatabaseURL) {
    let key = Key(url: url, writes: true)
    open[key]?.discardIfUnused()
    if let path = url.path, !fileExists(path) { open[key] = nil }
  }

  enum Opening {
    case ready(PlanRun, any Database)
    /// The database's file does not exist, and was not made for a plan that is wrong or stale.
    case mistakes(Diagnostics)
  }

  /// Opens a database for a run that writes; a rehearsal makes no file.
  func run(
    _ plan: Plan, on url: DatabaseURL, _ settings: PlanRun.Settings, isDryRun: Bool,
    saved: SavedPlan? = nil
  ) throws -> Opening {
    guard let path = url.path, !fileExists(path) else {
      let database = try writing(url)
      return .ready(PlanRun(plan, on: database, settings), database)
    }
    let standIn = try reading(url)
    let trial = PlanRun(plan, on: standIn, settings)
    if isDryRun { return .ready(trial, standIn) }
    let mistakes = try trial.mistakes(of: saved)
    if mistakes.hasErrors { return .mistakes(mistakes) }
    let database = try writing(url)
    return .ready(trial.on(database), database)
  }

  private func database(
    _ url: DatabaseURL, writes: Bool, mode: SQLiteDatabase.Mode
  ) throws(DatabaseError) -> any Database {
    // A database in memory is one and the same for reading and writing, and so is a session.
    let key = Key(url: url, writes: writes || url.path == nil)
    if let known = open[key] { return known }
    let database: any Database
    if case .server(let text, var settings) = url {
      settings.statementLimit = statementLimit
      database = try PostgresDatabase.open(url: text, settings: settings)
    } else {
      database = try SQLiteDatabase.open(
        path: url.path ?? ":memory:", mode: mode, statementLimit: statementLimit)
    }
    open[key] = database
    return database
  }
}

extension Diagnostic {
  init(_ stop: RunStop, database: String) {
    switch stop {
    case .refused(let diagnostic): self = diagnostic
    case .failed(let error): self.init(error, database: database)
    }
  }

  /// The world's failure, as a diagnostic about the database as a whole.
  init(_ error: any Error, database: String) {
    if let failure = error as? FileFailure {
      self.init(
        .fileFailed,
        ["path": failure.path, "problem": failure.problem],
        at: nil)
      return
    }
    if let placed = error as? PlacedError {
      self.init(placed.cause, database: database)
      range = placed.range
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.databaseFailed, ["database": database, "problem": Phrase(of: error)], at: nil)
      return
    }
    if error.kind == .interrupted {
      self.init(.runInterrupted, at: nil)
      return
    }
    if error.kind == .timedOut {
      self.init(
        .statementTimedOut, ["database": database], at: nil,
        hint: .text(
          "raise --timeout, or see what makes it slow",
          vi: "hãy tăng --timeout, hoặc xem điều gì làm nó chậm"))
      return
    }
    if error.kind == .uncertain {
      self.init(.unknownOutcome, ["database": database, "problem": error.message], at: nil)
      return
    }
    self.init(
      error.kind == .locked ? .anotherRun : .databaseFailed,
      ["database": database, "problem": error.message], at: nil,
      hint: error.kind == .locked
        ? .text("wait for it, or raise --lock-timeout", vi: "hãy đợi nó, hoặc tăng --lock-timeout")
        : nil)
  }
}
