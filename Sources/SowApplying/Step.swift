#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The moments of an apply at which a crash must do no harm.
enum Step: String, CaseIterable {
  case locked, decided, tablesMade, ledgerMade, setWritten, answered, runRecorded, lockStaged
  case committed, lockRenamed

  /// In debug builds, dies by SIGKILL where `SOW_KILL_AT` names this step: crash tests use it.
  func reached() {
    #if DEBUG
      guard let name = getenv("SOW_KILL_AT"), String(cString: name) == rawValue else { return }
      kill(getpid(), SIGKILL)
    #endif
  }
}
