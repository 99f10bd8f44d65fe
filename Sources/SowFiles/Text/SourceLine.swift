package import SowModel

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The part of one line of a file that a diagnostic shows.
package struct SourceLine: Hashable, Sendable {
  package var text: String
  /// The column of the first character of `text`, from 1; above 1 where a long line is cut.
  package var firstColumn: Int
  /// Whether the line goes on after `text`.
  package var isCut: Bool

  /// Reads the line of `position`: whole up to `width` characters, else `width` of them around
  /// the column. Nil where the file cannot be read again or has no such line.
  ///
  /// Streams: no more than `width` characters are held. Bytes that are not UTF-8 are repaired.
  package static func read(
    path: String, at position: SourcePosition, width: Int = 400
  ) -> SourceLine? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard case .regular = FileKind(descriptor: descriptor) else { return nil }
    var search = LineSearch(position: position, width: width)
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var isFirst = true
    while !search.isDone {
      let size = buffer.count
      let count = buffer.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.flatMap { readBytes(descriptor, into: $0, count: size) } ?? 0
      }
      guard count > 0 else { break }
      let mark = isFirst && buffer.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      isFirst = false
      buffer[mark..<count].withUnsafeBufferPointer { search.take($0) }
    }
    return search.found
  }

  /// The same for text in memory.
  package static func read(
    bytes: [UInt8], at position: SourcePosition, width: Int = 400
  ) -> SourceLine? {
    var search = LineSearch(position: position, width: width)
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    bytes[mark...].withUnsafeBufferPointer { search.take($0) }
    return search.found
  }
}

/// Counts lines (LF, CRLF and CR end one), then keeps a window of the wanted one.
private struct LineSearch {
  private let wanted: UInt32
  private let width: Int
  private let lastColumn: Int
  private var line: UInt32 = 1
  private var afterReturn = false
  private var column = 0
  private var window: [UInt8] = []
  /// Index in `window` of the first byte of the part that counts.
  private var start = 0
  private var windowColumns = 0
  private var firstColumn = 1
  private var isCut = false
  private(set) var isDone = false

  init(position: SourcePosition, width: Int) {
    wanted = position.line
    self.width = max(1, width)
    // The window ends half its width after the column.
    lastColumn = max(self.width, Int(position.column) + self.width / 2)
  }

  var found: SourceLine? {
    guard line == wanted else { return nil }
    return SourceLine(
      text: String(decoding: window[start...], as: UTF8.self), firstColumn: firstColumn,
      isCut: isCut)
  }

  mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) {
    for byte in bytes where !isDone {
      if byte == 0x0A, afterReturn {
        afterReturn = false
        continue
      }
      afterReturn = byte == 0x0D
      if byte == 0x0A || byte == 0x0D {
        if line == wanted { isDone = true } else { line += 1 }
      } else if line == wanted {
        add(byte)
      }
    }
  }

  private mutating func add(_ byte: UInt8) {
    if byte & 0xC0 != 0x80 {
      guard column < lastColumn else {
        isCut = true
        isDone = true
        return
      }
      column += 1
      windowColumns += 1
      if windowColumns > width { dropFirst() }
    }
    // Stray bytes count no column, and so are bounded here.
    if window.count - start < 8 * width { window.append(byte) }
  }

  private mutating func dropFirst() {
    start += 1
    while start < window.count, window[start] & 0xC0 == 0x80 { start += 1 }
    firstColumn += 1
    windowColumns -= 1
    guard start > 64 << 10 else { return }
    window.removeFirst(start)
    start = 0
  }
}
