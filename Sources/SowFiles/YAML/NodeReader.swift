import SowModel

/// Reads one YAML document: walks the containers that the caller enters, composes the others.
///
/// So a file with 100,000 entries under one key never exists as one tree. Mistakes that leave the
/// rest readable are collected in `diagnostics`; what ends reading is thrown.
struct NodeReader {
  var diagnostics = Diagnostics()
  let file: FileID
  private let events: YAMLStream
  var event: YAMLEvent
  var isPeeked = false
  /// What comes next where it does not come from the stream: an alias, or an anchored container.
  private var pending: Node?
  var levels: [Level] = []
  var anchors = AnchorTable()
  var composer = NodeComposer()
  var lastEnd: SourcePosition

  enum Kind { case scalar, sequence, mapping }

  enum Level {
    case events(names: MemberNames?)
    case entries([Node.Entry], next: Int, end: SourcePosition)
    case items([Node], next: Int, end: SourcePosition)
  }

  init(_ source: ByteSource, format: YAMLFeed.Format = []) {
    file = source.file
    events = YAMLStream(source, format: format)
    let start = SourceRange.start(of: source.file)
    event = YAMLEvent(range: start)
    lastEnd = start.start
  }

  /// Goes to the root value; false where the file holds none.
  mutating func start() throws(ReadFailure) -> Bool {
    try advance()
    try advance()
    guard event.kind == .documentStart else { return false }
    try peek()
    let isEmpty =
      event.kind == .scalar && event.style == .plain && event.text.isEmpty && event.tag == nil
      && event.anchor == nil
    return !isEmpty
  }

  /// Holds that nothing follows the root value.
  mutating func finish() throws(ReadFailure) {
    try advance()
    try advance()
    guard event.kind == .streamEnd else {
      throw ReadFailure(Diagnostic(.severalDocuments, at: event.range))
    }
    if let failure = anchors.excess() { throw failure }
  }

  /// What comes next, without taking it.
  mutating func kind() throws(ReadFailure) -> Kind {
    try prepare()
    if let pending {
      switch pending.content {
      case .scalar: return .scalar
      case .sequence: return .sequence
      case .mapping: return .mapping
      }
    }
    switch event.kind {
    case .sequenceStart: return .sequence
    case .mappingStart: return .mapping
    default: return .scalar
    }
  }

  /// The place of what comes next.
  mutating func range() throws(ReadFailure) -> SourceRange {
    try prepare()
    return pending?.range ?? event.range
  }

  /// The next value as a whole.
  mutating func compose() throws(ReadFailure) -> Node {
    try prepare()
    if let node = pending {
      pending = nil
      lastEnd = node.range.end
      return node
    }
    return try composeFromEvents()
  }

  /// Enters the mapping or sequence that comes next; with `distinct` a member's name given twice
  /// is reported and the second one left out.
  mutating func enter(distinct: Bool = true) throws(ReadFailure) {
    try prepare()
    if let node = pending {
      pending = nil
      switch node.content {
      case .mapping(let entries): levels.append(.entries(entries, next: 0, end: node.range.end))
      case .sequence(let items): levels.append(.items(items, next: 0, end: node.range.end))
      case .scalar: preconditionFailure("a scalar cannot be entered")
      }
      return
    }
    _ = checkedTag(isContainer: true)
    let names = event.kind == .mappingStart && distinct ? MemberNames() : nil
    levels.append(.events(names: names))
    try anchors.countOwn(1, depth: levels.count, at: event.range)
    isPeeked = false
  }

  /// The name of the entered mapping's next member, whose value must be taken before the next
  /// call; nil at its end, which leaves the mapping.
  mutating func nextName() throws(ReadFailure) -> Located<String>? {
    while true {
      guard case .events(let names) = levels.last else { return nextStoredEntry() }
      try peek()
      guard event.kind != .mappingEnd else {
        leave()
        return nil
      }
      let name = try takeName()
      guard !isMergeKey(name) else {
        _ = try compose()
        continue
      }
      if var names {
        // The level gives up its copy, so that the set of names is not copied for each.
        levels[levels.count - 1] = .events(names: nil)
        let earlier = names.insert(name.value, at: name.range)
        levels[levels.count - 1] = .events(names: names)
        if let earlier {
          report(duplicate: name, earlier: earlier)
          _ = try compose()
          continue
        }
      }
      return Located(name.value, at: name.range)
    }
  }

  /// Whether the entered sequence has another item; at its end it is left.
  mutating func hasNextItem() throws(ReadFailure) -> Bool {
    if case .items(let items, let next, let end) = levels.last {
      guard next < items.count else {
        lastEnd = end
        levels.removeLast()
        return false
      }
      levels[levels.count - 1] = .items(items, next: next + 1, end: end)
      pending = items[next]
      return true
    }
    try peek()
    guard event.kind == .sequenceEnd else { return true }
    leave()
    return false
  }

  /// Whether an anchor was read so far.
  var definesAnchors: Bool { !anchors.isEmpty }

  /// Where the value that was taken last ends.
  var end: SourcePosition { lastEnd }
}

// MARK: Steps

extension NodeReader {
  private mutating func advance() throws(ReadFailure) {
    guard !isPeeked else {
      isPeeked = false
      return
    }
    try events.next(into: &event)
  }

  mutating func peek() throws(ReadFailure) {
    guard !isPeeked else { return }
    try events.next(into: &event)
    isPeeked = true
  }

  private mutating func leave() {
    lastEnd = event.range.end
    levels.removeLast()
    isPeeked = false
  }

  private mutating func nextStoredEntry() -> Located<String>? {
    guard case .entries(let entries, let next, let end) = levels.last else {
      preconditionFailure("names are asked of a mapping")
    }
    guard next < entries.count else {
      lastEnd = end
      levels.removeLast()
      return nil
    }
    levels[levels.count - 1] = .entries(entries, next: next + 1, end: end)
    pending = entries[next].value
    return entries[next].key
  }

  /// Peeks, and puts what stands behind an alias or an anchor into `pending`.
  private mutating func prepare() throws(ReadFailure) {
    guard pending == nil else { return }
    try peek()
    switch event.kind {
    case .alias:
      isPeeked = false
      pending = try anchors.resolve(event.text, depth: levels.count, at: event.range)
    case .mappingStart, .sequenceStart:
      if event.anchor != nil { pending = try composeFromEvents() }
    default: break
    }
  }

  mutating func takeName() throws(ReadFailure) -> NodeComposer.Name {
    let name: NodeComposer.Name
    switch event.kind {
    case .scalar:
      let isPlain = checkedTag(isContainer: false) == .plain
      name = NodeComposer.Name(value: event.text, range: event.range, isPlain: isPlain)
      if let anchor = event.anchor { anchors.define(anchor, scalarNode(), size: 1, depth: 0) }
    case .alias:
      let node = try anchors.resolve(event.text, depth: levels.count, at: event.range)
      guard let scalar = node.scalar else { throw nameFailure() }
      name = NodeComposer.Name(value: scalar.text, range: event.range, isPlain: false)
    default: throw nameFailure()
    }
    isPeeked = false
    return name
  }

  private func nameFailure() -> ReadFailure {
    ReadFailure(Diagnostic(.keyNotScalar, at: event.range))
  }

  private func scalarNode() -> Node {
    let style = event.tag == nil ? event.style : .quoted
    return Node(.scalar(Scalar(event.text, style: style)), at: event.range)
  }

  mutating func isMergeKey(_ name: NodeComposer.Name) -> Bool {
    guard name.isPlain, name.value == "<<" else { return false }
    diagnostics.report(
      .mergeKey, at: name.range,
      hint: .text(
        "write the members out, or quote the key",
        vi: "hãy viết rõ từng phần, hoặc đặt khóa trong dấu nháy"))
    return true
  }

  mutating func report(duplicate name: NodeComposer.Name, earlier: SourceRange) {
    diagnostics.report(.duplicateKey, ["key": name.value], at: name.range, related: [earlier])
  }

  /// The style of the current event; a tag that is not understood is reported.
  mutating func checkedTag(isContainer: Bool) -> Scalar.Style {
    guard let tag = event.tag else { return event.style }
    switch tag {
    case "!" where !isContainer, "tag:yaml.org,2002:str" where !isContainer: return .quoted
    case "tag:yaml.org,2002:map" where event.kind == .mappingStart,
      "tag:yaml.org,2002:seq" where event.kind == .sequenceStart:
      return event.style
    default:
      let core = "tag:yaml.org,2002:"
      let shown = tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
      diagnostics.report(
        .unknownTag, ["tag": shown], at: event.range,
        hint: .text(
          "leave the tag out: the field's type decides",
          vi: "hãy bỏ thẻ đi: kiểu của trường quyết định"))
      return event.style
    }
  }
}
