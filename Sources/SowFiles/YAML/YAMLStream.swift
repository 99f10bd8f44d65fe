import SowModel
import SowThreads

/// The events of one source in order; those of a large one are parsed on a second thread while the
/// first ones are used.
final class YAMLStream {
  private let parsing: Parsing
  private var chunk = Chunk()
  private var next = 0
  private var chunks = 0
  private var ahead: ReadAhead<Chunk>?

  /// After so many chunks the rest is worth a thread.
  private static let few = 4

  init(_ source: ByteSource, format: YAMLFeed.Format) {
    parsing = Parsing(YAMLEvents(source, format: format), .start(of: source.file))
  }

  /// Puts the next event in `event`. Throws at the first place that is no YAML; then there is no
  /// next event.
  func next(into event: inout YAMLEvent) throws(ReadFailure) {
    while next == chunk.events.count {
      if let failure = chunk.failure { throw failure }
      chunk = nextChunk()
      next = 0
    }
    event = chunk.events[next]
    next += 1
  }

  private func nextChunk() -> Chunk {
    chunks += 1
    if chunks == Self.few {
      let parsing = parsing
      ahead = ReadAhead { parsing.chunk() }
    }
    guard let chunk = ahead.map({ $0.next() }) ?? parsing.chunk() else {
      preconditionFailure("nobody reads on after the end or a failure")
    }
    return chunk
  }
}

private struct Chunk {
  var events: [YAMLEvent] = []
  /// What follows the events in place of others.
  var failure: ReadFailure?
}

/// Parses chunk by chunk; used by one thread at a time.
private final class Parsing {
  private let events: YAMLEvents
  private var event: YAMLEvent
  private var names = NamePlaces()
  private var isOver = false

  private static let size = 2_048
  /// Bytes of text after which a chunk ends early.
  private static let textLimit = 1 << 20

  init(_ events: YAMLEvents, _ start: SourceRange) {
    self.events = events
    event = YAMLEvent(range: start)
  }

  /// The next events; nil after the last one.
  func chunk() -> Chunk? {
    guard !isOver else { return nil }
    var chunk = Chunk()
    chunk.events.reserveCapacity(Self.size)
    var bytes = 0
    while chunk.events.count < Self.size, bytes < Self.textLimit, !isOver {
      do throws(ReadFailure) {
        try events.next(into: &event, asKey: names.isNext)
      } catch {
        chunk.failure = error
        isOver = true
        break
      }
      names.pass(event.kind)
      bytes += event.text.utf8.count
      isOver = event.kind == .streamEnd
      chunk.events.append(event)
    }
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
