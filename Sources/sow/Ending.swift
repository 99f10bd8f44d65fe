/// How the process ends (`2-commands.md`, Exit codes).
enum Ending: Int32, Hashable, Sendable {
  /// Done, or nothing to do.
  case done = 0
  /// Failed; everything was rolled back.
  case failed = 1
  /// Changes with `--detailed-exitcode`, or differences that a check found.
  case differs = 2
  case invalidFiles = 3
  /// Some failed and others are committed, or items of a read failed.
  case partlyFailed = 4
  /// What was shown no longer holds.
  case stale = 5
  /// Another run holds the lock.
  case locked = 6
  /// A safety gate: confirmation, deletes, uncertain identity.
  case gate = 7
  /// Committed, but the lockfile or the report could not be written.
  case fileNotWritten = 8
  /// The connection was lost in COMMIT.
  case outcomeUnknown = 9
  case usage = 64
  case interrupted = 130
  case terminated = 143
}

extension Ending: Comparable {
  /// Of several plans the highest exit code wins.
  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
