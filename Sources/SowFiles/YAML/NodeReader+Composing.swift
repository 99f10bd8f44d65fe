import SowModel

/// Makes trees of what the caller does not enter.
extension NodeReader {
  /// Composes the value that the peeked event starts, without recursion.
  mutating func composeFromEvents() throws(ReadFailure) -> Node {
    composer.reset()
    while true {
      let finished: Node?
      if composer.wantsName {
        try peek()
        guard event.kind == .mappingEnd else {
          let name = try takeName()
          composer.name(name, isMergeKey: isMergeKey(name))
          continue
        }
        finished = close()
      } else {
        try peek()
        finished = try composeStep()
      }
      isPeeked = false
      guard let finished else { continue }
      lastEnd = finished.range.end
      return finished
    }
  }

  /// Takes one event in the place of a value; gives the tree where the event completes it.
  private mutating func composeStep() throws(ReadFailure) -> Node? {
    let depth = levels.count + composer.depth
    switch event.kind {
    case .scalar:
      try anchors.countOwn(1, depth: depth, at: event.range)
      let style = checkedTag(isContainer: false)
      let node = Node(.scalar(Scalar(event.text, style: style)), at: event.range)
      if let anchor = event.anchor { anchors.define(anchor, node, size: 1, depth: 0) }
      return composer.add(node, size: 1, depth: 0)
    case .alias:
      let target = try anchors.resolve(
        event.text, depth: depth, at: event.range, open: composer.openAnchors)
      let (size, height) = anchors.measure(of: event.text)
      return composer.add(target, size: size, depth: height)
    case .sequenceStart, .mappingStart:
      _ = checkedTag(isContainer: true)
      try anchors.countOwn(1, depth: depth + 1, at: event.range)
      composer.open(
        isMapping: event.kind == .mappingStart, anchor: event.anchor, at: event.range.start)
      return nil
    default: return close()
    }
  }

  private mutating func close() -> Node? {
    let closed = composer.close(end: event.range.end, file: file)
    for duplicate in closed.duplicates {
      report(duplicate: duplicate.name, earlier: duplicate.earlier)
    }
    if let anchor = closed.anchor {
      anchors.define(anchor, closed.node, size: closed.size, depth: closed.depth)
    }
    return composer.add(closed.node, size: closed.size, depth: closed.depth)
  }
}
