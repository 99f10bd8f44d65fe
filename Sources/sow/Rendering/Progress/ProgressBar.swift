#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import SowModel
internal import Synchronization

/// One line of a terminal that says how far the work is, once it takes more than a second.
///
/// The line is gone before anything else is written, and when a signal ends the process.
final class ProgressBar: Sendable {
  private struct State {
    /// When the work began that is not told of yet.
    var begin: ContinuousClock.Instant?
    var lastDrawn: (time: ContinuousClock.Instant, line: ProgressLine)?
    var isShown = false
    var isOver = false
  }

  private let descriptor: Int32
  private let state = Mutex(State())

  /// Shorter work shows none.
  private static let delay = Duration.seconds(1)
  private static let pause = Duration.milliseconds(100)

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Shows what has come to pass, unless that is hardly more than what stands there since just now.
  func show(_ line: ProgressLine) {
    let now = ContinuousClock.now
    state.withLock { state in
      let begin = state.begin ?? now
      state.begin = begin
      guard !state.isOver, now - begin >= Self.delay else { return }
      if let last = state.lastDrawn, line.isAbout(last.line), now - last.time < Self.pause {
        return
      }
      state.lastDrawn = (now, line)
      state.isShown = true
      // The last column stays free: some terminals begin a new line after it.
      put("\r" + line.text(width: columns - 1) + eraseToEnd)
    }
  }

  /// Takes the line away; what comes after it is new work.
  func erase() { state.withLock { erase(&$0) } }

  /// Takes the line away for good, from any thread; a terminal that takes no more text is left as
  /// it is.
  func end() {
    for _ in 0..<20 {
      let isDone = state.withLockIfAvailable { state in
        erase(&state)
        state.isOver = true
        return true
      }
      if isDone == true { return }
      usleep(5_000)
    }
  }

  private func erase(_ state: inout State) {
    state.begin = nil
    state.lastDrawn = nil
    guard state.isShown else { return }
    state.isShown = false
    put("\r" + eraseToEnd)
  }

  /// Writes to the terminal at once; a line that is cut short is drawn anew soon.
  private func put(_ text: String) {
    var text = text
    text.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
  }

  private var columns: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
    return Int(size.ws_col)
  }
}

/// From the cursor to the end of the line (ECMA-48, EL).
private let eraseToEnd = "\u{1B}[K"
