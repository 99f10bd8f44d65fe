#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

internal import SowModel

/// Text on its way to a file descriptor, in large pieces.
///
/// A reader that went away (`sow plan | head`) is no error: the rest is dropped in silence. Any
/// other failure is kept in `failure`, and the rest is dropped too.
final class Outlet {
  /// Nil collects everything in memory.
  private let descriptor: Int32?
  private var buffer: [UInt8] = []
  private var isClosed = false
  /// The `errno` of the write that failed, unless the reader went away.
  private(set) var failure: Int32?
  /// Whether the text goes to a terminal that shows colours.
  let palette: Palette
  /// Is done before text leaves.
  var willWrite: () -> Void = {}
  /// Whether what left so far ended with a line.
  var isAtLineStart = true
  /// What its reader is spoken to in.
  var language = Language.english

  private static let pieceSize = 1 << 16

  init(descriptor: Int32?, palette: Palette = .plain) {
    self.descriptor = descriptor
    self.palette = palette
  }

  /// What was written so far and did not leave yet; all of it for an outlet in memory.
  var text: String { String(decoding: buffer, as: UTF8.self) }

  func write(_ text: String) {
    var text = text
    text.withUTF8 { buffer.append(contentsOf: $0) }
    if buffer.count >= Self.pieceSize { drain() }
  }

  func write(_ text: StaticString) {
    buffer.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  func line(_ text: String = "") {
    write(text)
    buffer.append(UInt8(ascii: "\n"))
  }

  /// A phrase in the reader's language.
  func line(_ phrase: Phrase) { line(phrase.text(in: language)) }

  func line(_ start: String, _ phrase: Phrase) { line(start + phrase.text(in: language)) }

  /// Writes what is buffered; needed before another outlet of the same terminal writes.
  func flush() { drain() }

  private func drain() {
    guard let descriptor else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    guard !isClosed, let last = buffer.last else { return }
    willWrite()
    isAtLineStart = last == UInt8(ascii: "\n")
    buffer.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
        if written >= 0 {
          rest = rest.dropFirst(written)
        } else if errno != EINTR {
          isClosed = true
          if errno != EPIPE { failure = errno }
          return
        }
      }
    }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
