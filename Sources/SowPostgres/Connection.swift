internal import CPostgres
internal import SowDatabase
internal import Synchronization

/// One session with a server: sends texts with their parameters, and reads what comes back.
///
/// No statement is prepared under a name, so that a pool which gives each transaction another
/// session may stand between.
final class Connection {
  let handle: Handle
  private var texts: Set<String> = []
  /// Waits for the end of a statement that was sent.
  private var awaiting: Awaiting?

  /// Is told why the statement failed, if it did.
  typealias Awaiting = (DatabaseError?) throws(DatabaseError) -> Void

  init(_ handle: Handle) { self.handle = handle }

  /// The number of distinct texts that were sent with parameters.
  var statementCount: Int { texts.count }

  var isBroken: Bool { PQstatus(handle.pointer) == CONNECTION_BAD }

  /// Whether a transaction is open, be it one that failed.
  var isInTransaction: Bool { PQtransactionStatus(handle.pointer) != PQTRANS_IDLE }

  /// Runs statements that have no parameters and whose rows, if any, do not matter.
  func execute(_ text: String) throws(DatabaseError) {
    try settle()
    guard !handle.isInterrupted else { throw .interruption }
    try check(Answer(PQexec(handle.pointer, text)))
  }

  /// Runs a statement whatever was asked for before: what ends a transaction.
  func executeAnyway(_ text: String) {
    awaiting = nil
    PQclear(PQexec(handle.pointer, text))
  }

  /// Sends a statement and hands over its answer as a whole.
  @discardableResult
  func query(_ text: String, _ parameters: [Parameter] = []) throws(DatabaseError) -> Answer {
    try settle()
    guard !handle.isInterrupted else { throw .interruption }
    let answer = try self.answer(text, parameters)
    try check(answer)
    return answer
  }

  /// Sends a statement and does not wait: `awaiting` is told of its end before anything else is
  /// sent.
  func post(
    _ text: String, _ parameters: [Parameter], _ awaiting: @escaping Awaiting
  ) throws(DatabaseError) {
    try settle()
    guard !handle.isInterrupted else { throw .interruption }
    try send(text, parameters)
    self.awaiting = awaiting
  }

  /// Waits for the end of what was posted.
  func settle() throws(DatabaseError) {
    while let awaiting {
      self.awaiting = nil
      do throws(DatabaseError) {
        guard let pointer = PQgetResult(handle.pointer) else { throw handle.failure() }
        let answer = Answer(pointer)
        while let more = PQgetResult(handle.pointer) { PQclear(more) }
        try check(answer)
      } catch {
        try awaiting(error)
        continue
      }
      try awaiting(nil)
    }
  }

  /// What a statement gives and wants, without running it.
  func describe(_ text: String) throws(DatabaseError) -> Answer {
    try settle()
    texts.insert(text)
    let parsed = Answer(PQprepare(handle.pointer, "", text, 0, nil))
    guard parsed.status == PGRES_COMMAND_OK else { return parsed }
    return Answer(PQdescribePrepared(handle.pointer, ""))
  }

  /// The answer to a statement as it is, be it a failure.
  func answer(_ text: String, _ parameters: [Parameter]) throws(DatabaseError) -> Answer {
    try settle()
    texts.insert(text)
    return Answer(
      parameters.withPointers { count, pointers, lengths, forms in
        PQexecParams(handle.pointer, text, count, nil, pointers, lengths, forms, 0)
      })
  }

  /// Sends a statement and hands its rows to `body` as they come, so that none is kept; false ends
  /// it early. `body` must not use the connection.
  func stream(
    _ text: String, _ parameters: [Parameter] = [],
    _ body: (AnswerRow) throws(DatabaseError) -> Bool
  ) throws(DatabaseError) {
    try settle()
    guard !handle.isInterrupted else { throw .interruption }
    try send(text, parameters)
    PQsetSingleRowMode(handle.pointer)
    var failure: DatabaseError?
    var isWanted = true
    // All that was sent has to be read before the next statement, wanted or not.
    while let pointer = PQgetResult(handle.pointer) {
      let answer = Answer(pointer)
      do throws(DatabaseError) {
        try check(answer)
        if isWanted, answer.count > 0 { isWanted = try body(answer[0]) }
      } catch {
        failure = failure ?? error
        isWanted = false
      }
    }
    if let failure { throw failure }
  }

  private func send(_ text: String, _ parameters: [Parameter]) throws(DatabaseError) {
    texts.insert(text)
    let isSent = parameters.withPointers { count, pointers, lengths, forms in
      PQsendQueryParams(handle.pointer, text, count, nil, pointers, lengths, forms, 0) == 1
    }
    guard isSent else { throw handle.failure() }
  }

  private func check(_ answer: Answer) throws(DatabaseError) {
    switch answer.status {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY: return
    default: throw handle.failure(answer)
    }
  }
}

/// The session itself, shared with whoever may interrupt it; closes when nobody holds it.
///
/// Only `interrupt` may be called from other threads: what cancels is a copy of where the session
/// is, which nobody changes.
final class Handle: @unchecked Sendable {
  let pointer: OpaquePointer
  private let cancellation: OpaquePointer?
  private let interruption = Atomic<Bool>(false)

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
    cancellation = PQgetCancel(pointer)
  }

  deinit {
    PQfreeCancel(cancellation)
    PQfinish(pointer)
  }

  var isInterrupted: Bool { interruption.load(ordering: .relaxed) }

  func interrupt() {
    interruption.store(true, ordering: .relaxed)
    var words = [CChar](repeating: 0, count: 256)
    PQcancel(cancellation, &words, Int32(words.count))
  }

  /// What a failing answer says, or where there is none, what became of the session.
  func failure(_ answer: Answer? = nil) -> DatabaseError {
    if isInterrupted { return .interruption }
    if PQstatus(pointer) == CONNECTION_BAD {
      return DatabaseError(
        .unavailable, "the connection to the server was lost", vi: "mất kết nối tới máy chủ")
    }
    guard let answer, let complaint = Complaint(answer) else {
      return DatabaseError(.other, "PostgreSQL gave no answer", vi: "PostgreSQL không trả lời")
    }
    return DatabaseError(complaint)
  }
}

/// Stops a session's work from another thread.
struct Interruption: Interrupting {
  let handle: Handle

  func interrupt() { handle.interrupt() }
}
