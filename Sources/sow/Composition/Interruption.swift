#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Synchronization

/// Ctrl-C and SIGTERM, received by a thread of their own.
///
/// Where nothing is being written the process ends at once; inside `whileWriting` the database is
/// interrupted again and again until the work gives up and rolls back. Once that is done the first
/// signal lets the result be told: 130 after a commit would say that it was rolled back. A second
/// signal ends the process at once in any case: what was not committed is rolled back by the
/// database's journal.
final class Interruption: Sendable {
  private struct State {
    var interrupt: (@Sendable () -> Void)?
    /// Whether the result of what was written is still to be told.
    var hasWritten = false
    var signal: Int32?
  }

  private let state = Mutex(State())
  /// Is done before a signal ends the process, by the thread that listens.
  private let tidyUp: @Sendable () -> Void

  private init(_ tidyUp: @escaping @Sendable () -> Void) { self.tidyUp = tidyUp }

  /// How the process ends once a signal came; nil before.
  var ending: Ending? {
    state.withLock { $0.signal }.map { $0 == SIGTERM ? .terminated : .interrupted }
  }

  /// Starts to listen; to be called once, before any other thread starts.
  static func listening(tidyingUp: @escaping @Sendable () -> Void) -> Interruption {
    let interruption = Interruption(tidyingUp)
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM] where !isIgnored(signal) { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let box = Unmanaged.passRetained(Listener(interruption, signals))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let failure = pthread_create(&thread, nil, listen, box.toOpaque())
    if failure != 0 {
      box.release()
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
    return interruption
  }

  /// Does `body`, during which a signal calls `interrupt` (from another thread).
  func whileWriting<Result, Failure: Error>(
    interrupt: @escaping @Sendable () -> Void, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    state.withLock { $0.interrupt = interrupt }
    defer {
      state.withLock {
        $0.interrupt = nil
        $0.hasWritten = true
      }
    }
    return try body()
  }

  /// From here on nothing is written any more; a signal that came before gives the ending.
  func startOver() -> Ending? {
    state.withLock { $0.hasWritten = false }
    return ending
  }

  fileprivate func receive(_ signal: Int32) {
    let goesOn = state.withLock { state in
      let isFirst = state.signal == nil
      state.signal = signal
      return isFirst && (state.interrupt != nil || state.hasWritten)
    }
    guard goesOn else {
      tidyUp()
      _exit(128 + signal)
    }
  }

  /// Interrupts what is being written; false where nothing is.
  fileprivate func interruptAgain() -> Bool {
    state.withLock { state in
      guard state.signal != nil, let interrupt = state.interrupt else { return false }
      interrupt()
      return true
    }
  }
}

/// What the listening thread is given.
private final class Listener: Sendable {
  let interruption: Interruption
  let signals: sigset_t

  init(_ interruption: Interruption, _ signals: sigset_t) {
    self.interruption = interruption
    self.signals = signals
  }
}

/// Statements between which no signal was noticed are so close together that one of them is hit.
private let pause = timespec(tv_sec: 0, tv_nsec: 20_000_000)

private func listen(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let box else { return nil }
  let listener = Unmanaged<Listener>.fromOpaque(box).takeRetainedValue()
  var signals = listener.signals
  while true {
    var signal: Int32 = 0
    guard sigwait(&signals, &signal) == 0 else { continue }
    listener.interruption.receive(signal)
    while listener.interruption.interruptAgain() {
      var rest = pause
      nanosleep(&rest, nil)
      if let second = pendingSignal(of: listener.signals) { listener.interruption.receive(second) }
    }
  }
}

private func pendingSignal(of signals: sigset_t) -> Int32? {
  var pending = sigset_t()
  sigemptyset(&pending)
  sigpending(&pending)
  var signals = signals
  return [SIGINT, SIGTERM].first {
    sigismember(&signals, $0) == 1 && sigismember(&pending, $0) == 1
  }
}

/// Whether the process was started with the signal ignored, as in the background of a script.
private func isIgnored(_ signal: Int32) -> Bool {
  var action = sigaction()
  guard sigaction(signal, nil, &action) == 0 else { return false }
  #if canImport(Darwin)
    let handler = action.__sigaction_u.__sa_handler
  #else
    let handler = action.__sigaction_handler.sa_handler
  #endif
  return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
}
