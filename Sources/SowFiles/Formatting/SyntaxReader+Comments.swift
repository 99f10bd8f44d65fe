import SowModel

/// The text between the events: comments, blank lines, anchors and tags.
extension SyntaxReader {
  /// Comes to the start of a node: reads what is before it, opens the member that it begins, and
  /// goes over its anchor and tag. Gives the byte where its own text starts; `isBlock` says by
  /// that byte whether it is a collection without brackets.
  mutating func open(_ event: YAMLEvent, isBlock: (UInt8) -> Bool = { _ in false }) -> Int {
    readGap(to: source.seek(event.range.start))
    openEntry()
    let count =
      event.kind == .alias ? 0 : (event.anchor == nil ? 0 : 1) + (event.tag == nil ? 0 : 1)
    if count > 0 {
      let limit = source.seek(event.range.end)
      for _ in 0..<count { skipProperty(limit: limit) }
    }
    let start = cursor
    settle(isBlock: start < source.bytes.count ? isBlock(source.bytes[start]) : false)
    return start
  }

  /// Begins the member of a mapping whose key comes, or the item of a list.
  mutating func openEntry() {
    guard let top = frames.indices.last, frames[top].entry == nil else { return }
    frames[top].entry = SyntaxEntry(blankBefore: breaks > 1, leading: pending)
    if place == .afterBracket, breaks > 0, frames[top].collection.entries.isEmpty {
      frames[top].collection.startsNewLine = true
    }
    pending = []
  }

  /// Gives the comments between a key and its value their place: beside the key, before the first
  /// member of a collection without brackets, else before the key.
  mutating func settle(isBlock: Bool) {
    guard let top = frames.indices.last, var entry = frames[top].entry else { return }
    if let comment = beside {
      entry.head = comment
      beside = nil
    }
    if !isBlock, !pending.isEmpty {
      entry.leading += pending
      pending = []
    }
    frames[top].entry = entry
  }

  /// Goes over one anchor or tag, and the comments and blanks after it.
  private mutating func skipProperty(limit: Int) {
    let bytes = source.bytes
    if cursor < limit, bytes[cursor] == UInt8(ascii: "&") {
      cursor += 1
      while cursor < limit, isNameByte(bytes[cursor]) { cursor += 1 }
    } else {
      let isVerbatim = cursor + 1 < limit && bytes[cursor + 1] == UInt8(ascii: "<")
      while cursor < limit, !isBlank(bytes[cursor]), !isBreak(bytes[cursor]) {
        if isVerbatim ? bytes[cursor] == UInt8(ascii: ">") : isFlowIndicator(bytes[cursor]) {
          if isVerbatim { cursor += 1 }
          break
        }
        cursor += 1
      }
    }
    place = .afterKey
    breaks = 0
    while cursor < limit {
      if isBlank(bytes[cursor]) {
        readGap(to: cursor + 1)
      } else if isBreak(bytes[cursor]) {
        readGap(to: source.afterBreak(cursor))
      } else if bytes[cursor] == UInt8(ascii: "#") {
        readGap(to: source.lineEnd(from: cursor, limit: limit))
      } else {
        return
      }
    }
  }

  /// Reads comments and blank lines up to `end`; all other text there is indicators.
  mutating func readGap(to end: Int) {
    var index = cursor
    guard end > index else { return }
    cursor = end
    while index < end {
      let byte = source.bytes[index]
      switch byte {
      case 0x0A, 0x0D:
        breaks += 1
        index = source.afterBreak(index)
      case UInt8(ascii: "#"):
        let line = source.lineEnd(from: index, limit: end)
        take(comment: source.trimmedEnd(index..<line))
        index = line
      case UInt8(ascii: "%") where place == .start:
        // A directive says nothing to sow; a comment may follow it.
        let line = source.lineEnd(from: index, limit: end)
        index += 1
        while index < line,
          source.bytes[index] != UInt8(ascii: "#") || !isBlank(source.bytes[index - 1])
        { index += 1 }
      default: index += 1
      }
    }
  }

  private mutating func take(comment range: Range<Int>) {
    var blank = range.lowerBound
    while blank > source.start, isBlank(source.bytes[blank - 1]) { blank -= 1 }
    let hasTab = source.bytes[blank..<range.lowerBound].contains(0x09)
    let comment = SyntaxComment(
      source: range, column: source.column(at: range.lowerBound),
      gap: hasTab ? 1 : range.lowerBound - blank, blankBefore: breaks > 1)
    let isBeside = breaks == 0
    breaks = 0
    guard isBeside, let top = frames.indices.last else { return pending.append(comment) }
    switch place {
    case .afterKey where beside == nil && pending.isEmpty: beside = comment
    case .afterBracket where frames.count > 1 && pending.isEmpty:
      // Beside an opening bracket: it belongs to what the brackets are the value of.
      if frames[top - 1].entry?.head == nil {
        frames[top - 1].entry?.head = comment
      } else {
        pending.append(comment)
      }
    case .afterValue where pending.isEmpty:
      let entries = frames[top].collection.entries
      if let last = entries.indices.last, entries[last].trailing == nil {
        frames[top].collection.entries[last].trailing = comment
      } else {
        pending.append(comment)
      }
    default: pending.append(comment)
    }
  }

  /// Reads the comment beside `|` or `>`.
  mutating func readHeader(from start: Int, to end: Int) {
    cursor = start + 1
    place = .afterKey
    breaks = 0
    readGap(to: source.lineEnd(from: start, limit: end))
    settle(isBlock: false)
  }

  /// Whether blank lines without meaning stand at the end of a block of text.
  func endsInBlankLine(_ scalar: SyntaxScalar) -> Bool {
    let lines = source.lines(of: scalar.source)
    guard lines.count > 1, let last = lines.last, let header = lines.first else { return false }
    let isKept = source.bytes[header].prefix { $0 != UInt8(ascii: "#") }
      .contains(UInt8(ascii: "+"))
    return !isKept && source.bytes[last].allSatisfy(isBlank)
  }
}

private func isFlowIndicator(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
    UInt8(ascii: "}"):
    true
  default: false
  }
}
