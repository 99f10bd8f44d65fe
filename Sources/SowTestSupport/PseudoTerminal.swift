#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A terminal for a child, with the test at the keyboard.
///
/// The child is no session of its own, so that keys are no signals: send those to the process.
package final class PseudoTerminal: Sendable {
  /// The path that a child opens as its streams.
  package let name: String
  private let keyboard: Int32
  /// Held open, so that nobody sees the terminal hung up before a child has opened it.
  private let screen: Int32

  package init() throws {
    var (keyboard, screen): (Int32, Int32) = (-1, -1)
    var name = [CChar](repeating: 0, count: 1024)
    guard openpty(&keyboard, &screen, &name, nil, nil) == 0 else { throw NoTerminal(code: errno) }
    for descriptor in [keyboard, screen] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    self.name = name.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
    self.keyboard = keyboard
    self.screen = screen
  }

  deinit {
    close(screen)
    close(keyboard)
  }

  /// Types some text; a line ends with a newline.
  package func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(keyboard, bytes, bytes.count)
  }

  /// What the child writes, up to `end` and what came with it, or until nothing more comes in time.
  package func read(until end: String, seconds: Double = 60) -> String {
    var text = ""
    let last = ContinuousClock.now + .seconds(seconds)
    while !text.contains(end), ContinuousClock.now < last { text += next(milliseconds: 100) }
    return text
  }

  /// What is left of a child that ended.
  package func rest() -> String {
    var text = ""
    while true {
      let piece = next(milliseconds: 0)
      guard !piece.isEmpty else { return text }
      text += piece
    }
  }

  private func next(milliseconds: Int32) -> String {
    var waiting = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, milliseconds) > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    #if canImport(Glibc)
      let count = Glibc.read(keyboard, &bytes, bytes.count)
    #else
      let count = Darwin.read(keyboard, &bytes, bytes.count)
    #endif
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}

/// The system gives no terminal.
struct NoTerminal: Error {
  let code: Int32
}
