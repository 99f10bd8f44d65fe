import SowModel

/// A place in a CSV file (RFC 4180): one buffer, no more than one cell beyond it.
final class CSVCursor: RowCursor {
  private(set) var columns: [String] = []
  private let source: ByteSource
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity = 256 << 10
  private var index = 0
  private var count = 0
  private var isAtEnd = false
  /// The line of the next byte.
  private var line = 1
  private var scratch: [UInt8] = []

  private enum Stop { case comma, line, end }

  /// Reads the header.
  init(_ source: ByteSource) throws(ReadFailure) {
    self.source = source
    buffer = .allocate(capacity: capacity)
    try refill(keepingFrom: 0)
    if count >= 3, (buffer[0], buffer[1], buffer[2]) == (0xEF, 0xBB, 0xBF) { index = 3 }
    if count >= 2, (buffer[0], buffer[1]) == (0xFF, 0xFE) || (buffer[0], buffer[1]) == (0xFE, 0xFF)
    {
      throw failure(.notUTF8, ["what": "UTF-16"], line: 1)
    }
    try readHeader()
  }

  deinit { buffer.deallocate() }

  var digest: String { source.digest }

  func next(into row: inout DataRow) throws(RowFailure) -> Bool {
    do throws(ReadFailure) {
      return try nextRow(into: &row)
    } catch {
      throw RowFailure(error.diagnostic)
    }
  }

  private func nextRow(into row: inout DataRow) throws(ReadFailure) -> Bool {
    let skipped = try skipBlankLines()
    guard skipped.isFollowed else { return false }
    let width = columns.count
    if row.cells.count != width {
      row.cells = Array(repeating: .absent, count: width)
    }
    row.mistake = nil
    if let blank = skipped.blank {
      refuse(&row, cells: 1, line: blank)
      return true
    }
    let start = line
    row.start = SourcePosition(line: start, column: 1)
    var cell = 0
    while true {
      let (text, stop) = try takeCell()
      if cell < width { row.cells[cell] = .scalar(Scalar(text, style: .cell)) }
      cell += 1
      guard stop == .comma else { break }
    }
    if cell != width { refuse(&row, cells: cell, line: start) }
    return true
  }

  private func refuse(_ row: inout DataRow, cells: Int, line: Int) {
    let facts: Facts = ["found": String(cells), "expected": String(columns.count)]
    row.start = SourcePosition(line: line, column: 1)
    row.cells = Array(repeating: .absent, count: columns.count)
    row.mistake = failure(.wrongCellCount, facts, line: line).diagnostic
  }

  /// Whether a row follows, and the first line in between. Empty lines may stand at the end only,
  /// and are rows of a file with one column.
  private func skipBlankLines() throws(ReadFailure) -> (isFollowed: Bool, blank: Int?) {
    var blank: Int?
    while try hasByte() {
      let byte = buffer[index]
      guard byte == 0x0A || byte == 0x0D, columns.count > 1 else { return (true, blank) }
      blank = blank ?? line
      _ = try takeCell()
    }
    return (false, nil)
  }

  private func readHeader() throws(ReadFailure) {
    guard try hasByte() else { throw failure(.csvWithoutHeader, [:], line: 1) }
    var names = MemberNames()
    var stop = Stop.comma
    while stop == .comma {
      let (name, next) = try takeCell()
      stop = next
      guard !name.isEmpty else {
        throw failure(.emptyColumnName, ["position": String(columns.count + 1)], line: 1)
      }
      guard names.insert(name, at: .start(of: source.file)) == nil else {
        throw failure(.duplicateColumn, ["column": name], line: 1)
      }
      columns.append(name)
    }
  }
}

// MARK: Cells

extension CSVCursor {
  private func takeCell() throws(ReadFailure) -> (text: String, stop: Stop) {
    guard try hasByte() else { return ("", .end) }
    if buffer[index] == UInt8(ascii: "\"") { return try takeQuotedCell() }
    var start = index
    var place = index
    while true {
      while place < count, buffer[place] > 0x2C { place += 1 }
      if place == count {
        let length = place - start
        let more = try refill(keepingFrom: start)
        (start, place) = (0, length)
        guard more else {
          index = place
          return (try text(start, place), .end)
        }
        continue
      }
      switch buffer[place] {
      case UInt8(ascii: ","):
        index = place + 1
        return (try text(start, place), .comma)
      case 0x0A, 0x0D:
        let text = try text(start, place)
        index = place
        try takeLineEnd()
        return (text, .line)
      case 0x00: throw failure(.unsupportedCharacter, ["character": "U+0000"], line: line)
      case UInt8(ascii: "\""): throw failure(.strayQuote, [:], line: line)
      default: place += 1
      }
    }
  }

  private func takeQuotedCell() throws(ReadFailure) -> (text: String, stop: Stop) {
    let opened = line
    index += 1
    var start = index
    var place = index
    var isPlain = true
    scratch.removeAll(keepingCapacity: true)
    while true {
      if place == count {
        let length = place - start
        guard try refill(keepingFrom: start) else { throw failure(.openQuote, [:], line: opened) }
        (start, place) = (0, length)
      }
      switch buffer[place] {
      case UInt8(ascii: "\""):
        let end = place
        if end + 1 == count {
          let length = end - start
          _ = try refill(keepingFrom: start)
          (start, place) = (0, length)
        }
        guard place + 1 < count, buffer[place + 1] == UInt8(ascii: "\"") else {
          let text = try finish(start, place, isPlain: isPlain, line: opened)
          index = place + 1
          return (text, try takeStop())
        }
        isPlain = false
        scratch.append(
          contentsOf: UnsafeBufferPointer(start: buffer + start, count: place + 1 - start))
        place += 2
        start = place
      case 0x0A:
        line += 1
        place += 1
      case 0x00: throw failure(.unsupportedCharacter, ["character": "U+0000"], line: line)
      default: place += 1
      }
    }
  }

  private func finish(
    _ start: Int, _ end: Int, isPlain: Bool, line: Int
  ) throws(ReadFailure) -> String {
    guard !isPlain else { return try text(start, end, line: line) }
    scratch.append(contentsOf: UnsafeBufferPointer(start: buffer + start, count: end - start))
    guard let text = scratch.withUnsafeBufferPointer(validText) else {
      throw failure(
        .notUTF8, ["what": Phrase("a cell of this line", vi: "một ô của dòng này")], line: line)
    }
    return text
  }

  /// What follows a closing quote.
  private func takeStop() throws(ReadFailure) -> Stop {
    guard try hasByte() else { return .end }
    switch buffer[index] {
    case UInt8(ascii: ","):
      index += 1
      return .comma
    case 0x0A, 0x0D:
      try takeLineEnd()
      return .line
    default: throw failure(.strayQuote, [:], line: line)
    }
  }

  private func takeLineEnd() throws(ReadFailure) {
    if buffer[index] == 0x0D {
      index += 1
      guard try hasByte(), buffer[index] == 0x0A else {
        throw failure(.unsupportedCharacter, ["character": "U+000D"], line: line)
      }
    }
    index += 1
    line += 1
  }

  @inline(__always)
  private func text(_ start: Int, _ end: Int, line: Int? = nil) throws(ReadFailure) -> String {
    let bytes = UnsafeBufferPointer(start: buffer + start, count: end - start)
    guard let text = validText(bytes) else {
      throw failure(
        .notUTF8, ["what": Phrase("a cell of this line", vi: "một ô của dòng này")],
        line: line ?? self.line)
    }
    return text
  }
}

/// The text of UTF-8 bytes; nil where they are none.
///
/// Each repair makes the text longer, but for a cut character of four bytes, which has a first
/// byte of its own.
private func validText(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
  let text = String(decoding: bytes, as: UTF8.self)
  guard text.utf8.count == bytes.count else { return nil }
  if bytes.contains(where: { $0 >= 0xF0 }), !text.utf8.elementsEqual(bytes) { return nil }
  return text
}

// MARK: Buffer

extension CSVCursor {
  @inline(__always)
  private func hasByte() throws(ReadFailure) -> Bool {
    if index < count { return true }
    return try refill(keepingFrom: index)
  }

  /// Moves the bytes from `start` on to the front and reads more behind them; false at the end.
  /// Positions move with them.
  @discardableResult
  private func refill(keepingFrom start: Int) throws(ReadFailure) -> Bool {
    let kept = count - start
    index -= start
    count = kept
    if kept == capacity {
      guard capacity < YAMLFeed.scalarLimit else {
        throw failure(
          .scalarTooLong, ["limit": byteCountText(YAMLFeed.scalarLimit)], line: line)
      }
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      larger.update(from: buffer + start, count: kept)
      buffer.deallocate()
      buffer = larger
      capacity *= 2
    } else if start > 0 {
      buffer.update(from: buffer + start, count: kept)
    }
    guard !isAtEnd else { return false }
    let target = UnsafeMutableRawBufferPointer(start: buffer + kept, count: capacity - kept)
    let got = try source.read(into: target)
    count += got
    isAtEnd = got == 0
    return got > 0
  }

  private func failure(
    _ code: DiagnosticCode, _ facts: Facts, line: Int
  ) -> ReadFailure {
    let place = SourceRange(at: SourcePosition(line: line, column: 1), in: source.file)
    return ReadFailure(Diagnostic(code, facts, at: place, isSensitive: true))
  }
}
