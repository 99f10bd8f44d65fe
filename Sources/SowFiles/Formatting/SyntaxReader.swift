import SowModel

/// Reads a YAML file as it is written, piece by piece: what the events tell, and the comments and
/// blank lines between them.
///
/// The file is known to be one valid document (`DocumentMeaning`), no deeper than its limit. Whole
/// at any time is only one member of the root, or one of its `operations`.
struct SyntaxReader {
  /// What a file is made of, in its order.
  enum Piece {
    /// A member or item of the root.
    case entry(SyntaxEntry)
    /// `operations:`, whose members follow one by one; its value is not in the entry.
    case section(SyntaxEntry, isMapping: Bool)
    case member(SyntaxEntry)
    /// Comments after the members, and beside a closing bracket.
    case sectionEnd([SyntaxComment])
    /// A root that is a scalar or an empty collection, and the comments before it.
    case root(SyntaxNode, leading: [SyntaxComment])
    /// Comments after everything else.
    case end([SyntaxComment])
  }

  struct Frame {
    var collection: SyntaxCollection
    var anchor: String?
    /// Comments from this column on stand inside of it, where it is written without brackets.
    var column: Int
    /// The member at hand.
    var entry: SyntaxEntry?
    /// Whether brackets close it; a pair without them in a list has none.
    var hasBrackets: Bool
    /// Whether its members are pieces of their own, and how many were given.
    var isSection = false
    var given = 0
  }

  enum Place { case start, afterKey, afterValue, afterBracket }

  private let events: YAMLEvents
  private var event: YAMLEvent
  var source: SourceText
  var frames: [Frame] = []
  var place = Place.start
  /// Up to where comments were read.
  var cursor: Int
  /// Comments that still look for their place.
  var pending: [SyntaxComment] = []
  /// The comment beside a key or its properties.
  var beside: SyntaxComment?
  /// Line breaks since the last text.
  var breaks = 0
  /// The anchor of a root that is a collection; no alias can stand for it.
  private(set) var rootAnchor: String?
  private var ready: [Piece] = []
  private var nextReady = 0

  init(_ bytes: [UInt8], file: FileID, format: YAMLFeed.Format) {
    source = SourceText(bytes)
    cursor = source.start
    events = YAMLEvents(
      ByteSource(bytes: bytes, file: file, limit: bytes.count), format: format)
    event = YAMLEvent(range: .start(of: file))
  }

  /// The next piece; nil after the end.
  mutating func next() throws(ReadFailure) -> Piece? {
    while nextReady == ready.count {
      ready.removeAll(keepingCapacity: true)
      nextReady = 0
      if event.kind == .streamEnd { return nil }
      try events.next(into: &event)
      take(event)
    }
    nextReady += 1
    return ready[nextReady - 1]
  }

  private mutating func take(_ event: YAMLEvent) {
    switch event.kind {
    case .streamStart, .documentStart, .documentEnd: break
    case .scalar: takeScalar(event)
    case .alias:
      _ = open(event)
      finish(SyntaxNode(anchor: nil, content: .alias(event.text)), at: source.seek(event.range.end))
    case .mappingStart, .sequenceStart: takeStart(event)
    case .mappingEnd, .sequenceEnd: takeEnd(event)
    case .streamEnd:
      readGap(to: source.bytes.count)
      if let last = frames.popLast() { flush(last) }
      ready.append(.end(pending))
    }
  }

  // MARK: Nodes

  private mutating func takeScalar(_ event: YAMLEvent) {
    let start = open(event)
    let end = max(start, source.seek(event.range.end))
    var form = self.form(at: start, end: end)
    var range = start..<end
    if form == .plain, event.tag != nil {
      // A tag says "text" as quotes do.
      form = .doubleQuoted
      range = start..<start
    }
    if form.isBlock { readHeader(from: start, to: end) }
    let scalar = SyntaxScalar(text: event.text, form: form, source: range)
    let node = SyntaxNode(anchor: event.anchor, content: .scalar(scalar))
    finish(node, at: end)
    // Its last line break is part of it.
    if form.isBlock { breaks = endsInBlankLine(scalar) ? 2 : 1 }
  }

  private func form(at start: Int, end: Int) -> SyntaxScalar.Form {
    guard start < end else { return .plain }
    switch source.bytes[start] {
    case UInt8(ascii: "'"): return .singleQuoted
    case UInt8(ascii: "\""): return .doubleQuoted
    case UInt8(ascii: "|"): return .literal
    case UInt8(ascii: ">"): return .folded
    default: return .plain
    }
  }

  private mutating func takeStart(_ event: YAMLEvent) {
    let isMapping = event.kind == .mappingStart
    let bracket = UInt8(ascii: isMapping ? "{" : "[")
    let isInFlow = frames.last?.collection.isFlow ?? false
    let start = open(event, isBlock: { !isInFlow && $0 != bracket })
    let hasBrackets = start < source.bytes.count && source.bytes[start] == bracket
    var column = 0
    if !hasBrackets {
      let hasProperties = event.anchor != nil || event.tag != nil
      column = hasProperties ? source.column(at: start) : Int(event.range.start.column)
      // A list at the column of its key: a comment there belongs to the keys.
      if let last = frames.last, !isMapping, last.collection.isMapping, last.column == column {
        column += 1
      }
    }
    var frame = Frame(
      collection: SyntaxCollection(isMapping: isMapping, isFlow: hasBrackets || isInFlow),
      anchor: event.anchor, column: column, hasBrackets: hasBrackets)
    frame.isSection = frames.count == 1 && frames[0].entry?.name == "operations"
    if frames.isEmpty { rootAnchor = event.anchor }
    frames.append(frame)
    cursor = hasBrackets ? start + 1 : start
    _ = source.seek(event.range.end)
    if hasBrackets {
      place = .afterBracket
      breaks = 0
    }
  }

  private mutating func takeEnd(_ event: YAMLEvent) {
    guard var frame = frames.last else { preconditionFailure("an end has its start") }
    let start = source.seek(event.range.start)
    if frame.hasBrackets {
      readGap(to: start)
      frame = frames[frames.count - 1]
      frame.collection.ending = pending
      pending = []
    } else if !frame.collection.isFlow {
      readGap(to: start)
      frame = frames[frames.count - 1]
      let count = pending.firstIndex { $0.column < frame.column } ?? pending.count
      frame.collection.ending = Array(pending[..<count])
      pending.removeFirst(count)
    }
    frames.removeLast()
    if frames.isEmpty {
      flushRoot(frame)
    } else if frame.isSection {
      closeSection(frame)
    } else {
      append(SyntaxNode(anchor: frame.anchor, content: .collection(frame.collection)))
    }
    if frame.hasBrackets { leave(at: source.seek(event.range.end)) }
  }

  /// Puts a finished scalar or alias in its place; `end` is where the file goes on.
  private mutating func finish(_ node: SyntaxNode, at end: Int?) {
    let isKey = frames.last.map { $0.collection.isMapping && $0.entry?.key == nil } ?? false
    append(node)
    if let end { leave(at: end) }
    place = isKey ? .afterKey : .afterValue
  }

  private mutating func leave(at end: Int) {
    cursor = end
    breaks = 0
    place = .afterValue
  }

  private mutating func append(_ node: SyntaxNode) {
    guard let top = frames.indices.last else {
      ready.append(.root(node, leading: pending))
      pending = []
      return
    }
    guard var entry = frames[top].entry else { preconditionFailure("a value has its member") }
    if frames[top].collection.isMapping, entry.key == nil {
      entry.key = node
      frames[top].entry = entry
      return
    }
    entry.value = node
    add(entry, to: top)
  }
}

// MARK: Pieces

extension SyntaxReader {
  private mutating func add(_ entry: SyntaxEntry, to top: Int) {
    frames[top].entry = nil
    frames[top].collection.entries.append(entry)
    guard top == 0 || frames[top].isSection, frames[top].collection.entries.count > 1 else {
      return
    }
    // The last one may still get a comment beside it.
    let whole = frames[top].collection.entries.removeFirst()
    give(whole, from: top)
  }

  private mutating func give(_ entry: SyntaxEntry, from top: Int) {
    if top == 0 {
      give(entry)
    } else {
      startSection(frames[top])
      frames[top].given += 1
      ready.append(.member(entry))
    }
  }

  private mutating func give(_ entry: SyntaxEntry) {
    if case .collection(let collection) = entry.value.content, collection.wasGiven {
      ready.append(.sectionEnd(collection.ending + (entry.trailing.map { [$0] } ?? [])))
    } else {
      ready.append(.entry(entry))
    }
  }

  private mutating func startSection(_ frame: Frame) {
    guard frame.given == 0, var header = frames[0].entry else { return }
    for entry in frames[0].collection.entries { give(entry) }
    frames[0].collection.entries = []
    header.value.anchor = frame.anchor
    ready.append(.section(header, isMapping: frame.collection.isMapping))
  }

  /// Gives the rest of a section; its entry waits for a comment beside the end.
  private mutating func closeSection(_ frame: Frame) {
    var frame = frame
    guard let last = frame.collection.entries.first else {
      append(SyntaxNode(anchor: frame.anchor, content: .collection(frame.collection)))
      return
    }
    startSection(frame)
    ready.append(.member(last))
    frame.collection.entries = []
    frame.collection.wasGiven = true
    append(SyntaxNode(anchor: frame.anchor, content: .collection(frame.collection)))
  }

  private mutating func flushRoot(_ frame: Frame) {
    guard !frame.collection.entries.isEmpty else {
      // All comments so far were found before its bracket closed.
      let leading = frame.collection.ending
      var empty = frame.collection
      empty.ending = []
      ready.append(
        .root(SyntaxNode(anchor: frame.anchor, content: .collection(empty)), leading: leading))
      return
    }
    // Kept until the end: a comment may follow its bracket.
    frames.append(frame)
  }

  private mutating func flush(_ root: Frame) {
    for entry in root.collection.entries { give(entry) }
    pending = root.collection.ending + pending
  }
}
