package import SowModel

/// Hands a file to the parser chunk by chunk and guards what the parser does not.
///
/// It drops a byte order mark, swaps the three line breaks that only YAML 1.1 knows for stand-ins
/// (YAML 1.2 reads them as text), joins JSON's escaped surrogate pairs, makes one list of the
/// lines of a JSONL file, and stops where one scalar grows past its limit.
final class YAMLFeed {
  struct Format: OptionSet {
    let rawValue: UInt8
    /// `\ud83d\ude00` is one character.
    static let json = Format(rawValue: 1)
    /// One JSON value a line.
    static let lines = Format(rawValue: 2)
    /// JSON where the first character is a bracket.
    static let unknown = Format(rawValue: 4)
  }

  static let scalarLimit = 16 << 20

  let source: ByteSource
  /// Why the last read failed, where it did.
  private(set) var failure: ReadFailure?
  /// Whether the bytes since the last token outgrew every legal scalar.
  private(set) var stoppedInScalar = false
  /// Whether a stand-in went to the parser, and so may come back in a scalar.
  private(set) var hasStandIns = false
  /// Whether the file itself holds a stand-in, which then could not be told apart.
  private(set) var holdsStandIn = false
  private var bytesSinceToken = 0
  private var lastToken = 0

  private var format: Format
  private var raw: [UInt8]
  private var rawCount = 0
  private var output: [UInt8] = []
  private var outputStart = 0
  private var isAtEnd = false
  private var isStarted = false
  private var lineHasContent = false
  private var scalarsGiven = 0
  /// Where surrogate pairs became shorter, in scalars from the start of what the parser sees.
  private var joinedPairs: [Int] = []
  private var firstPair = 0

  init(_ source: ByteSource, format: Format) {
    self.source = source
    self.format = format
    raw = [UInt8](repeating: 0, count: 64 << 10)
  }

  /// Copies the next bytes to `target`: their number, 0 at the end, nil where reading must stop.
  /// `token` counts what the parser has done with the bytes before.
  func read(into target: UnsafeMutablePointer<UInt8>, capacity: Int, token: Int) -> Int? {
    guard failure == nil, !stoppedInScalar, !holdsStandIn else { return nil }
    while outputStart == output.count, !isAtEnd {
      do throws(ReadFailure) {
        try fill()
      } catch {
        failure = error
        return nil
      }
    }
    let count = min(capacity, output.count - outputStart)
    output.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress, count > 0 else { return }
      target.update(from: start + outputStart, count: count)
    }
    outputStart += count
    if token != lastToken { bytesSinceToken = 0 }
    lastToken = token
    bytesSinceToken += count
    guard !holdsStandIn else { return nil }
    guard bytesSinceToken <= Self.scalarLimit + (1 << 16) else {
      stoppedInScalar = true
      return nil
    }
    return count
  }

  /// The characters by which `column`, at `index` of the parser's text, is short of the file's.
  func missingColumns(before index: Int, column: Int) -> Int {
    guard !joinedPairs.isEmpty else { return 0 }
    // Lines come in order, so the pairs of earlier ones are never asked for again.
    while firstPair < joinedPairs.count, joinedPairs[firstPair] < index - column { firstPair += 1 }
    return 2 * (joinedPairsCount(before: index) - firstPair)
  }

  /// The lines that the parser saw before the file's first.
  var extraLines: Int { format.contains(.lines) ? 1 : 0 }

  private func joinedPairsCount(before index: Int) -> Int {
    var (low, high) = (firstPair, joinedPairs.count)
    while low < high {
      let middle = (low + high) / 2
      if joinedPairs[middle] < index { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

// MARK: Filling

extension YAMLFeed {
  private func fill() throws(ReadFailure) {
    output.removeAll(keepingCapacity: true)
    outputStart = 0
    let kept = rawCount
    var got = 0
    var thrown: ReadFailure?
    raw.withUnsafeMutableBytes { bytes in
      do throws(ReadFailure) {
        got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[kept...]))
      } catch {
        thrown = error
      }
    }
    if let thrown { throw thrown }
    rawCount += got
    isAtEnd = got == 0
    var start = 0
    if !isStarted {
      guard rawCount >= 3 || isAtEnd else { return }
      start = try begin()
    }
    let used = transform(from: start)
    raw.withUnsafeMutableBufferPointer { bytes in
      guard used < rawCount else { return }
      for (place, index) in (used..<rawCount).enumerated() { bytes[place] = bytes[index] }
    }
    rawCount -= used
    if isAtEnd, format.contains(.lines) { output += Array((lineHasContent ? ",\n]" : "\n]").utf8) }
  }

  /// Looks at the first bytes: the mark to skip, and whether standard input is JSON.
  private func begin() throws(ReadFailure) -> Int {
    isStarted = true
    if rawCount >= 2, (raw[0], raw[1]) == (0xFF, 0xFE) || (raw[0], raw[1]) == (0xFE, 0xFF) {
      throw ReadFailure(Diagnostic(.notUTF8, ["what": "UTF-16"], at: .start(of: source.file)))
    }
    if format.contains(.lines) {
      output += Array("[\n".utf8)
      scalarsGiven += 2
    }
    if format.contains(.unknown) {
      let first = raw[..<rawCount].first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
      let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
      format = isJSON ? .json : []
    }
    return rawCount >= 3 && (raw[0], raw[1], raw[2]) == (0xEF, 0xBB, 0xBF) ? 3 : 0
  }

  /// Moves `raw` from `start` to `output`; gives the number of bytes used, less than all where
  /// the last ones need what follows them.
  private func transform(from start: Int) -> Int {
    raw.withUnsafeBufferPointer { raw in
      let bytes = UnsafeBufferPointer(rebasing: raw[..<rawCount])
      var index = start
      while index < bytes.count {
        let run = endOfRun(bytes, from: index)
        append(UnsafeBufferPointer(rebasing: bytes[index..<run]))
        index = run
        guard index < bytes.count else { break }
        guard let used = special(UnsafeBufferPointer(rebasing: bytes[index...])) else { break }
        index += used
      }
      return index
    }
  }

  /// The next byte from `start` on that needs a look.
  private func endOfRun(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let json = format.contains(.json)
    let lines = format.contains(.lines)
    var index = start
    while index < bytes.count {
      if format.isEmpty { index = endOfASCII(bytes, from: index) }
      guard index < bytes.count else { break }
      switch bytes[index] {
      case 0xC2, 0xE2, 0xEF: return index
      case UInt8(ascii: "\\") where json: return index
      case 0x0A where lines, 0x0D where lines: return index
      default: index += 1
      }
    }
    return index
  }

  /// The first byte from `start` on whose eight neighbours are not all ASCII.
  private func endOfASCII(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let words = UnsafeRawBufferPointer(bytes)
    var index = start
    while index + 8 <= words.count,
      words.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    {
      index += 8
    }
    return index
  }

  private func append(_ run: UnsafeBufferPointer<UInt8>) {
    output.append(contentsOf: run)
    guard !format.isEmpty else { return }
    scalarsGiven += run.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    if !lineHasContent { lineHasContent = run.contains { $0 != 0x20 && $0 != 0x09 } }
  }

  private func emit(_ byte: UInt8) {
    output.append(byte)
    if byte & 0xC0 != 0x80 { scalarsGiven += 1 }
  }

  /// Emits what `next` starts with; nil where more bytes are needed to know.
  private func special(_ next: UnsafeBufferPointer<UInt8>) -> Int? {
    switch next[0] {
    case 0xC2, 0xE2, 0xEF: return breakOfYAML11(next)
    case 0x0D where format.contains(.lines):
      guard next.count > 1 || isAtEnd else { return nil }
      if next.count > 1, next[1] == 0x0A {
        endLine()
        emit(0x0D)
        emit(0x0A)
        return 2
      }
    case 0x0A where format.contains(.lines): endLine()
    case UInt8(ascii: "\\") where format.contains(.json): return escape(next)
    default: break
    }
    emit(next[0])
    return 1
  }

  private func endLine() {
    if lineHasContent { emit(UInt8(ascii: ",")) }
    lineHasContent = false
  }

  private func breakOfYAML11(_ next: UnsafeBufferPointer<UInt8>) -> Int? {
    lineHasContent = true
    let length = next[0] == 0xC2 ? 2 : 3
    guard next.count >= length || isAtEnd else { return nil }
    let standIn: UInt8? =
      if next.count >= 2, next[0] == 0xC2, next[1] == 0x85 {
        0x90
      } else if next.count >= 3, next[0] == 0xE2, next[1] == 0x80, next[2] & 0xFE == 0xA8 {
        next[2] == 0xA8 ? 0x91 : 0x92
      } else { nil }
    guard let standIn else {
      if next.count >= 3, next[0] == 0xEF, next[1] == 0xB7, 0x90...0x92 ~= next[2] {
        holdsStandIn = true
      }
      emit(next[0])
      return 1
    }
    hasStandIns = true
    for byte in [0xEF, 0xB7, standIn] { emit(byte) }
    return length
  }

  private func escape(_ next: UnsafeBufferPointer<UInt8>) -> Int? {
    guard next.count >= 12 || isAtEnd else { return nil }
    if let high = codeUnit(next, at: 0), high & 0xFC00 == 0xD800,
      let low = codeUnit(next, at: 6), low & 0xFC00 == 0xDC00
    {
      let scalar = 0x10000 + (high & 0x3FF) << 10 + (low & 0x3FF)
      joinedPairs.append(scalarsGiven)
      emit(UInt8(ascii: "\\"))
      emit(UInt8(ascii: "U"))
      for shift in stride(from: 28, through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: scalar >> UInt32(shift) & 15)
        emit(digit < 10 ? 0x30 + digit : 0x37 + digit)
      }
      return 12
    }
    for byte in next.prefix(2) { emit(byte) }
    return min(2, next.count)
  }

  /// The number of `\uXXXX` at `offset`.
  private func codeUnit(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> UInt32? {
    guard bytes.count >= offset + 6, bytes[offset] == UInt8(ascii: "\\"),
      bytes[offset + 1] == UInt8(ascii: "u")
    else { return nil }
    var number: UInt32 = 0
    for byte in bytes[offset + 2..<offset + 6] {
      guard let digit = hexadecimalValue(byte) else { return nil }
      number = number << 4 | UInt32(digit)
    }
    return number
  }
}

extension DiagnosticCode {
  package static let notUTF8 = DiagnosticCode(
    "not-utf8", "the file is not UTF-8 from here on: {what}",
    vi: "từ đây tệp không còn là UTF-8: {what}",
    meaning: "All files are UTF-8; these bytes are not, so their text cannot be known.",
    example: "a file saved as Latin-1 or UTF-16",
    fix: "Save the file as UTF-8.")
}
