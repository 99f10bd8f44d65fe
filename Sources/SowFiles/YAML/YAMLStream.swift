import SowModel
import SowThreads

/// The events of one source in order; those of a large one are parsed on a second thread while the
/// first ones are used.
final class YAMLStream {
  private let parsing: Parsing
  private var chunk = YAMLChunk()
  /// Nil for a short source, and where the system has no thread to give.
  private let ahead: ReadAhead<YAMLChunk>?
  private var names = NamePlaces()
  private var longNames = NameCache()

  /// Shorter sources are not worth a thread.
  private static let longSource = 1 << 18

  init(_ source: ByteSource, format: YAMLFeed.Format) {
    let parsing = Parsing(source, format)
    self.parsing = parsing
    let isLong = source.size.map { $0 >= Self.longSource } ?? false
    ahead = isLong ? ReadAhead(depth: 8) { parsing.chunk() } : nil
  }

  /// Puts the next event in `event`. Throws at the first place that is no YAML; then there is no
  /// next event.
  func next(into event: inout YAMLEvent) throws(ReadFailure) {
    while chunk.isOver {
      if let failure = chunk.failure { throw failure }
      chunk = nextChunk()
    }
    let isName = names.isNext
    chunk.next(into: &event) { text in
      isName && text.count > 15 ? longNames.string(text) : String(decoding: text, as: UTF8.self)
    }
    names.pass(event.kind)
  }

  private func nextChunk() -> YAMLChunk {
    guard let chunk = ahead.map({ $0.next() }) ?? parsing.chunk() else {
      preconditionFailure("nobody reads on after the end or a failure")
    }
    return chunk
  }
}

/// Parses chunk by chunk; used by one thread at a time.
private final class Parsing {
  /// Made by the thread that parses, so that the two threads do not wait for each other's memory.
  private lazy var events = YAMLEvents(source, format: format)
  private let source: ByteSource
  private let format: YAMLFeed.Format
  private var event: YAMLEvent
  private var isOver = false

  private static let size = 2_048
  /// Bytes of text after which a chunk ends early.
  private static let textLimit = 1 << 20

  init(_ source: ByteSource, _ format: YAMLFeed.Format) {
    self.source = source
    self.format = format
    event = YAMLEvent(range: .start(of: source.file))
  }

  /// The next events; nil after the last one.
  func chunk() -> YAMLChunk? {
    guard !isOver else { return nil }
    // Of its own, so that nothing is counted for each event.
    let events = events
    var event = event
    defer { self.event = event }
    var chunk = YAMLChunk(capacity: Self.size)
    while chunk.count < Self.size, chunk.textCount < Self.textLimit, !isOver {
      do throws(ReadFailure) {
        chunk.append(try events.step(into: &event), of: event)
      } catch {
        chunk.failure = error
        isOver = true
        break
      }
      if event.kind == .streamEnd { isOver = true }
    }
    chunk.mayHoldStandIns = events.feed.hasStandIns
    return chunk
  }
}

/// Knows where the name of a mapping's member comes next.
private struct NamePlaces {
  /// The open containers: for a mapping, whether a name comes next; nil for a sequence.
  private var open: [Bool?] = []

  var isNext: Bool { open.last.flatMap(\.self) ?? false }

  mutating func pass(_ kind: YAMLEvent.Kind) {
    switch kind {
    case .mappingStart: open.append(true)
    case .sequenceStart: open.append(nil)
    case .mappingEnd, .sequenceEnd:
      open.removeLast()
      turn()
    case .scalar, .alias: turn()
    case .documentStart, .documentEnd, .streamStart, .streamEnd: break
    }
  }

  /// After a name its value, after a value the next name.
  private mutating func turn() {
    guard let top = open.indices.last, let isName = open[top] else { return }
    open[top] = !isName
  }
}

/// Names too long to live inside a `String` share one copy.
private struct NameCache {
  private var names = [String](repeating: "", count: 256)

  mutating func string(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var hash = UInt32(truncatingIfNeeded: bytes.count)
    for byte in bytes { hash = hash &* 31 &+ UInt32(byte) }
    let slot = Int(hash & 255)
    if names[slot].utf8.count == bytes.count, names[slot].utf8.elementsEqual(bytes) {
      return names[slot]
    }
    let name = String(decoding: bytes, as: UTF8.self)
    if bytes.count <= 256 { names[slot] = name }
    return name
  }
}
