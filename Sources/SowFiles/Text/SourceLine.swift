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
  package static func read(
    path: String, at position: SourcePosition, width: Int = 400
  ) -> SourceLine? {
    read(path: path, at: [position], width: width)[position]
  }

  /// Reads the lines of many positions in one pass over the file; those that it has not are left
  /// out.
  ///
  /// Streams: no more than `width` characters a position are held. Bytes that are not UTF-8 are
  /// repaired.
  package static func read(
    path: String, at positions: [SourcePosition], width: Int = 400
  ) -> [SourcePosition: SourceLine] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [:] }
    defer { close(descriptor) }
    guard case .regular = FileKind(descriptor: descriptor) else { return [:] }
    var scan = LineScan(positions, width: width)
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var isFirst = true
    while !scan.isDone {
      let size = buffer.count
      let count = buffer.withUnsafeMutableBytes { bytes in
        bytes.baseAddress.flatMap { readBytes(descriptor, into: $0, count: size) } ?? 0
      }
      guard count > 0 else { break }
      let mark = isFirst && buffer.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      isFirst = false
      buffer[mark..<count].withUnsafeBufferPointer { scan.take($0) }
    }
    return scan.found
  }

  /// The same for text in memory.
  package static func read(
    bytes: [UInt8], at positions: [SourcePosition], width: Int = 400
  ) -> [SourcePosition: SourceLine] {
    var scan = LineScan(positions, width: width)
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    bytes[mark...].withUnsafeBufferPointer { scan.take($0) }
    return scan.found
  }
}

/// Counts lines (LF, CRLF and CR end one) and keeps windows of the wanted ones.
private struct LineScan {
  /// By position, so by line.
  private var windows: [LineWindow]
  private var line: UInt32 = 1
  private var afterReturn = false
  /// The windows of this line; those before are filled.
  private var current: Range<Int> = 0..<0

  init(_ positions: [SourcePosition], width: Int) {
    windows = Set(positions).sorted().map { LineWindow(position: $0, width: width) }
    findCurrent(from: 0)
  }

  /// Whether nothing that follows is of interest.
  var isDone: Bool { windows[current.lowerBound...].allSatisfy(\.isCut) }

  var found: [SourcePosition: SourceLine] {
    let reached = windows.prefix { $0.position.line <= line }
    return Dictionary(
      reached.map { ($0.position, $0.found) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) {
    for byte in bytes {
      if byte == 0x0A, afterReturn {
        afterReturn = false
        continue
      }
      afterReturn = byte == 0x0D
      if byte == 0x0A || byte == 0x0D {
        guard current.upperBound < windows.count else {
          current = windows.count..<windows.count
          return
        }
        line += 1
        findCurrent(from: current.upperBound)
      } else if !current.isEmpty {
        for index in current { windows[index].add(byte) }
      }
    }
  }

  private mutating func findCurrent(from start: Int) {
    var end = start
    while end < windows.count, windows[end].position.line == line { end += 1 }
    current = start..<end
  }
}

/// The characters of one line around a position.
private struct LineWindow {
  let position: SourcePosition
  private(set) var isCut = false
  private let width: Int
  private let lastColumn: Int
  private var column = 0
  private var window: [UInt8] = []
  /// Index in `window` of the first byte of the part that counts.
  private var start = 0
  private var windowColumns = 0
  private var firstColumn = 1

  init(position: SourcePosition, width: Int) {
    self.position = position
    self.width = max(1, width)
    // The window ends half its width after the column.
    lastColumn = max(self.width, Int(position.column) + self.width / 2)
  }

  var found: SourceLine {
    SourceLine(
      text: String(decoding: window[start...], as: UTF8.self), firstColumn: firstColumn,
      isCut: isCut)
  }

  mutating func add(_ byte: UInt8) {
    guard !isCut else { return }
    if byte & 0xC0 != 0x80 {
      guard column < lastColumn else {
        isCut = true
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
