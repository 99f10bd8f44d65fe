/// Collections in brackets on one line.
extension SyntaxPrinter {
  /// Whether the value of `entry` stands in brackets on the line of its key or dash: it is written
  /// so, holds neither comments nor a text of several lines, and fits. An empty one always does.
  func isInline(_ entry: SyntaxEntry, indent: Int) -> Bool {
    guard let collection = entry.value.collection else { return false }
    if collection.entries.isEmpty { return true }
    guard collection.isFlow else { return false }
    var start = indent + 2
    if let key = entry.key { start = indent + 2 + keyText(key).unicodeScalars.count }
    if let anchor = entry.value.anchor { start += anchor.utf8.count + 2 }
    return inline(entry.value, limit: Self.width - start) != nil
  }

  /// A value on one line; nil where it cannot be, or takes more than `limit` characters.
  func inline(_ node: SyntaxNode, limit: Int) -> [UInt8]? {
    var text: [UInt8] = []
    var room = limit
    return inline(node.content, into: &text, &room) ? text : nil
  }

  private func inline(
    _ content: SyntaxNode.Content, into text: inout [UInt8], _ room: inout Int
  ) -> Bool {
    switch content {
    case .alias(let name): return put("*\(name)", into: &text, &room)
    case .scalar(let scalar):
      guard language == .json || !scalar.form.isBlock && !source.holdsBreak(scalar.source) else {
        return false
      }
      return put(spelled(scalar, inFlow: true), into: &text, &room)
    case .collection(let collection):
      let (open, close) =
        collection.isMapping
        ? (collection.entries.isEmpty ? "{" : "{ ", collection.entries.isEmpty ? "}" : " }")
        : ("[", "]")
      guard collection.ending.isEmpty || collection.entries.isEmpty,
        put(open, into: &text, &room)
      else { return false }
      for (index, entry) in collection.entries.enumerated() {
        guard index == 0 || put(", ", into: &text, &room), inline(entry, into: &text, &room) else {
          return false
        }
      }
      return put(close, into: &text, &room)
    }
  }

  private func inline(_ entry: SyntaxEntry, into text: inout [UInt8], _ room: inout Int) -> Bool {
    guard entry.leading.isEmpty, entry.head == nil, entry.trailing == nil else { return false }
    if let key = entry.key {
      let spelled = keyText(key, inFlow: true)
      guard spelled.utf8.count <= Self.longestKey, put(spelled + ": ", into: &text, &room) else {
        return false
      }
    }
    if case .collection(let collection) = entry.value.content, collection.entries.isEmpty,
      !collection.ending.isEmpty
    {
      return false
    }
    if let anchor = entry.value.anchor, !put("&\(anchor) ", into: &text, &room) { return false }
    return inline(entry.value.content, into: &text, &room)
  }

  private func put(_ piece: String, into text: inout [UInt8], _ room: inout Int) -> Bool {
    // A text that is far too long is not counted.
    guard piece.utf8.count / 4 <= room else { return false }
    room -= piece.unicodeScalars.count
    guard room >= 0 else { return false }
    text.append(contentsOf: piece.utf8)
    return true
  }

  /// A key as it stands before its colon.
  func keyText(_ key: SyntaxNode, inFlow: Bool = false) -> String {
    let anchor = key.anchor.map { "&\($0) " } ?? ""
    switch key.content {
    case .scalar(let scalar): return anchor + spelled(scalar, inFlow: inFlow, isKey: true)
    case .alias(let name): return "*\(name) "
    case .collection: preconditionFailure("a key is a scalar")
    }
  }

  /// A scalar on one line.
  func spelled(_ scalar: SyntaxScalar, inFlow: Bool, isKey: Bool = false) -> String {
    if language == .json { return spelledInJSON(scalar, isKey: isKey) }
    let isPlain = scalar.form == .plain
    if isPlain, scalar.text.isEmpty { return isKey ? "\"\"" : inFlow ? "null" : "" }
    if isPlain, !source.holdsBreak(scalar.source) { return scalar.text }
    if ScalarSpelling.canBePlain(scalar.text, inFlow: inFlow) { return scalar.text }
    return ScalarSpelling.quoted(scalar.text)
  }
}
