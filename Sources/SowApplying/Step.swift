#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The moments of an apply at which a crash must do no harm.
package enum Step: String, CaseIterable, Sendable {
  case locked, decided, moved, tablesMade, ledgerMade, removedEarly, setWritten, removedLate
  case answered, runRecorded, lockStaged, committed, lockRenamed

  /// In debug builds, dies by SIGKILL where `SOW_KILL_AT` names this step, or waits for SIGCONT
  /// where `SOW_STOP_AT` does: crash tests use it.
  ///
  /// `setWritten:3` is the third time; `count` says which one this is.
  func reached(_ count: Int = 1) {
    #if DEBUG
      for (variable, signal) in [("SOW_KILL_AT", SIGKILL), ("SOW_STOP_AT", SIGSTOP)] {
        guard let value = getenv(variable) else { continue }
        let text = String(cString: value)
        if text == rawValue && count == 1 || text == "\(rawValue):\(count)" {
          kill(getpid(), signal)
        }
      }
    #endif
  }
}
