import SowModel

/// Writes what was read in its canonical form.
///
/// Recursion follows the nesting of the file, which is known to keep its limit.
struct SyntaxPrinter {
  static let width = 100
  /// Keys that are longer cannot stand before their colon on one line.
  static let longestKey = 1000

  let source: SourceText
  let language: ScalarSpelling.Language
  var output: [UInt8] = []
  private var lineStart = 0
  private var alignment = CommentAlignment()

  init(_ source: SourceText, _ language: ScalarSpelling.Language) {
    self.source = source
    self.language = language
  }

  /// Takes what was written so far, and the comments that are still to be put at their columns.
  mutating func takeOutput() -> (text: [UInt8], alignment: CommentAlignment) {
    defer {
      output = []
      lineStart = 0
      alignment = CommentAlignment()
    }
    return (output, alignment)
  }

  // MARK: Members

  /// One member of a mapping or item of a list, whole lines; `isFirst` has no blank line above.
  mutating func write(_ entry: SyntaxEntry, indent: Int, isFirst: Bool) {
    let leading = leadingComments(of: entry, indent: indent)
    write(leading, indent: indent, isFirst: isFirst)
    if entry.blankBefore, !(isFirst && leading.isEmpty) { blankLine() }
    pad(indent)
    writeContent(of: entry, indent: indent)
  }

  /// The line of a key whose members are written one by one after it.
  mutating func writeHeader(of entry: SyntaxEntry, isFirst: Bool) {
    write(entry.leading, indent: 0, isFirst: isFirst)
    if entry.blankBefore, !(isFirst && entry.leading.isEmpty) { blankLine() }
    if let key = entry.key { writeKey(key, indent: 0) }
    write(anchorOf: entry.value)
    endLine(entry.head)
  }

  mutating func write(_ comments: [SyntaxComment], indent: Int, isFirst: Bool) {
    for (index, comment) in comments.enumerated() {
      if comment.blankBefore, index > 0 || !isFirst { blankLine() }
      pad(indent)
      append(comment.source)
      breakLine()
    }
  }

  /// The root of a file that is no collection with members.
  mutating func writeRoot(_ node: SyntaxNode) {
    if let anchor = node.anchor { append("&\(anchor) ") }
    switch node.content {
    case .scalar(let scalar) where scalar.form.isBlock || source.holdsBreak(scalar.source):
      append(ScalarSpelling.quoted(scalar.text))
    case .scalar(let scalar): append(spelled(scalar, inFlow: false))
    default: output += inline(node, limit: .max) ?? []
    }
    breakLine()
  }

  private mutating func writeContent(of entry: SyntaxEntry, indent: Int) {
    if let key = entry.key {
      writeKey(key, indent: indent)
      writeValue(of: entry, indent: indent)
    } else {
      append("-")
      writeValue(of: entry, indent: indent)
    }
  }

  private mutating func writeKey(_ key: SyntaxNode, indent: Int) {
    let text = keyText(key)
    if text.utf8.count > Self.longestKey {
      append("? " + text)
      breakLine()
      pad(indent)
    } else {
      append(text)
    }
    append(":")
  }

  /// The value after a key or dash, and the comments beside it, to the end of the line or of the
  /// last of its lines.
  private mutating func writeValue(of entry: SyntaxEntry, indent: Int) {
    let beside = entry.trailing ?? entry.head
    write(anchorOf: entry.value)
    switch entry.value.content {
    case .alias(let name):
      append(" *\(name)")
      endLine(beside)
    case .scalar(let scalar): write(scalar, indent: indent, beside)
    case .collection(let collection):
      let indentOfMembers = indent + 2
      if isInline(entry, indent: indent) {
        append(" ")
        output += inline(entry.value, limit: .max) ?? []
        endLine(beside)
      } else if isCompact(entry) {
        append(" ")
        writeContent(of: collection.entries[0], indent: indentOfMembers)
        for member in collection.entries.dropFirst() {
          write(member, indent: indentOfMembers, isFirst: false)
        }
        writeEnding(of: collection, entry.trailing, indent: indentOfMembers)
      } else {
        endLine(entry.head)
        for (index, member) in collection.entries.enumerated() {
          write(member, indent: indentOfMembers, isFirst: index == 0)
        }
        writeEnding(of: collection, entry.trailing, indent: indentOfMembers)
      }
    }
  }

  private mutating func writeEnding(
    of collection: SyntaxCollection, _ trailing: SyntaxComment?, indent: Int
  ) {
    write(collection.ending, indent: indent, isFirst: false)
    if let trailing { write([trailing], indent: indent, isFirst: false) }
  }

  private mutating func write(anchorOf node: SyntaxNode) {
    if let anchor = node.anchor { append(" &\(anchor)") }
  }

  /// The comments above a member: its own, and those that have no other place.
  private func leadingComments(of entry: SyntaxEntry, indent: Int) -> [SyntaxComment] {
    var leading = entry.leading
    guard let collection = entry.value.collection, !isInline(entry, indent: indent) else {
      if let collection = entry.value.collection { leading += collection.ending }
      if let head = entry.head, entry.trailing != nil { leading.append(head) }
      return leading
    }
    if entry.key == nil, entry.value.anchor == nil, let head = entry.head { leading.append(head) }
    if isCompact(entry), let first = collection.entries.first {
      leading += leadingComments(of: first, indent: indent + 2)
    }
    return leading
  }

  /// Whether the members of a list's item start beside its dash.
  private func isCompact(_ entry: SyntaxEntry) -> Bool {
    entry.key == nil && entry.value.anchor == nil
  }

  // MARK: Scalars

  private mutating func write(_ scalar: SyntaxScalar, indent: Int, _ comment: SyntaxComment?) {
    if scalar.form.isBlock, let header = BlockText(scalar, in: source) {
      append(" " + header.indicator)
      endLine(comment)
      for line in header.lines {
        if !line.isEmpty {
          pad(indent + 2)
          output += line
        }
        breakLine()
      }
      return
    }
    if !scalar.form.isBlock, source.holdsBreak(scalar.source) {
      writeLines(of: scalar, indent: indent + 2)
    } else {
      let text = spelled(scalar, inFlow: false)
      if !text.isEmpty { append(" " + text) }
    }
    endLine(comment)
  }

  /// A text that is written over several lines keeps them.
  private mutating func writeLines(of scalar: SyntaxScalar, indent: Int) {
    append(" ")
    let lines = source.lines(of: scalar.source)
    for (index, line) in lines.enumerated() {
      var (start, end) = (line.lowerBound, line.upperBound)
      if index > 0 {
        while start < end, isBlank(source.bytes[start]) { start += 1 }
      }
      if index < lines.count - 1 {
        let whole = end
        while start < end, isBlank(source.bytes[end - 1]) { end -= 1 }
        let slashes = source.bytes[start..<end].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        // An escaped blank is text.
        if scalar.form == .doubleQuoted, slashes % 2 == 1, end < whole { end += 1 }
      }
      if index > 0, start < end { pad(indent) }
      append(start..<end)
      if index < lines.count - 1 { breakLine() }
    }
  }
}

// MARK: Text

extension SyntaxPrinter {
  mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

  private mutating func append(_ range: Range<Int>) {
    output.append(contentsOf: source.bytes[range])
  }

  mutating func pad(_ count: Int) {
    output.append(contentsOf: repeatElement(0x20, count: max(count, 0)))
  }

  mutating func breakLine() {
    output.append(0x0A)
    lineStart = output.count
  }

  /// One blank line at most: what stands at the end of a block of text may be part of it.
  private mutating func blankLine() {
    alignment.separate()
    if !endsInBlankLine(output) { breakLine() }
  }

  /// Ends the line with a comment; the space before it comes with all of them.
  private mutating func endLine(_ comment: SyntaxComment?) {
    guard let comment else { return breakLine() }
    let width = output[lineStart...].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    alignment.add(comment, at: output.count, width: width)
    append(comment.source)
    breakLine()
  }
}

func endsInBlankLine(_ text: [UInt8]) -> Bool { text.suffix(2).elementsEqual([0x0A, 0x0A]) }
