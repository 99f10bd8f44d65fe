/// How long one statement may take, looked at while SQLite works on it.
///
/// Time is asked for only once a statement took ``steps`` steps of SQLite's machine, so that the many
/// short ones cost nothing. What passes between two rows that a statement gives counts, too.
final class StatementLimit {
  /// Some hundred microseconds of work.
  static let steps: Int32 = 10_000

  /// Whether the statement at hand was stopped.
  private(set) var wasReached = false
  private let time: Duration
  private var started: ContinuousClock.Instant?

  init(_ time: Duration) { self.time = time }

  func begin() {
    started = nil
    wasReached = false
  }

  /// Whether the statement at hand is to be stopped now.
  var isReached: Bool {
    let now = ContinuousClock.now
    guard let started else {
      started = now
      return false
    }
    wasReached = now - started > time
    return wasReached
  }
}
