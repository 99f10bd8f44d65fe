internal import CSQLite
internal import SowDatabase
internal import Synchronization

/// One open database: prepares each statement text once and keeps it.
final class Connection {
  let handle: Handle
  private var statements: [String: Statement] = [:]
  /// Statements of the project's files.
  var named: [String: NamedStatement] = [:]

  init(_ handle: Handle) { self.handle = handle }

  /// The number of distinct texts prepared.
  var statementCount: Int { statements.count + named.count }

  /// Whether a transaction is open.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle.pointer) == 0 }

  /// The number of rows that the last insert, update or delete itself wrote, triggers aside.
  var changes: Int { Int(sqlite3_changes64(handle.pointer)) }

  /// The rowid that the last insert gave.
  var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle.pointer) }

  /// The statement of `text`, reset and ready to be bound; the same object for the same text, so a
  /// loop over its rows must not ask for it again.
  func prepare(_ text: String) throws(DatabaseError) -> Statement {
    if let statement = statements[text] {
      statement.reset()
      return statement
    }
    let statement = try Statement(text, on: handle)
    statements[text] = statement
    return statement
  }

  /// Runs a statement that has no parameters and whose rows, if any, do not matter.
  func execute(_ text: String) throws(DatabaseError) {
    let statement = try prepare(text)
    defer { statement.reset() }
    while try statement.step() {}
  }
}

/// The open file itself, shared with whoever may interrupt it; closes when nobody holds it.
///
/// Only `interrupt` may be called from other threads: SQLite allows that, and the pointer stays
/// valid as long as this object.
final class Handle: @unchecked Sendable {
  let pointer: OpaquePointer
  private let interruption = Atomic<Bool>(false)
  private var limit: StatementLimit?

  init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { sqlite3_close_v2(pointer) }

  var isInterrupted: Bool { interruption.load(ordering: .relaxed) }

  func interrupt() {
    interruption.store(true, ordering: .relaxed)
    sqlite3_interrupt(pointer)
  }

  /// From now on a statement that takes longer ends with an error of kind `timedOut`.
  func limitStatements(to time: Duration) {
    let limit = StatementLimit(time)
    self.limit = limit
    // The limit lives as long as the connection that calls it.
    sqlite3_progress_handler(
      pointer, StatementLimit.steps,
      { context in
        guard let context else { return 0 }
        return Unmanaged<StatementLimit>.fromOpaque(context).takeUnretainedValue().isReached ? 1 : 0
      }, Unmanaged.passUnretained(limit).toOpaque())
  }

  /// To be told before the first step of a statement.
  func beginStatement() { limit?.begin() }

  /// What the last failing call on this connection says. A pragma that is read as a table fails with
  /// a code of its own where it was interrupted.
  func failure(_ code: Int32) -> DatabaseError {
    if isInterrupted { return .interruption }
    if limit?.wasReached == true { return .overtime }
    return DatabaseError(code: code, text: message)
  }

  /// SQLite's own words for it, which may hold values: not to be shown.
  var message: String { String(cString: sqlite3_errmsg(pointer)) }
}

/// Stops a connection's work from another thread.
struct Interruption: Interrupting {
  let handle: Handle

  func interrupt() { handle.interrupt() }
}
