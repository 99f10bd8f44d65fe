import SowModel

/// The same in JSON, which has brackets and commas, and neither comments nor anchors.
extension SyntaxPrinter {
  /// One member of an object or item of an array, without the line break after it.
  mutating func writeJSON(_ entry: SyntaxEntry, indent: Int, isFirst: Bool) {
    if !isFirst {
      append(",")
      breakLine()
      if entry.blankBefore { breakLine() }
    }
    pad(indent)
    if let key = entry.key { append(keyText(key) + ": ") }
    guard let collection = entry.value.collection, !isInlineJSON(entry, collection, indent) else {
      output += inline(entry.value, limit: .max) ?? []
      return
    }
    append(collection.isMapping ? "{" : "[")
    breakLine()
    for (index, member) in collection.entries.enumerated() {
      writeJSON(member, indent: indent + 2, isFirst: index == 0)
    }
    breakLine()
    pad(indent)
    append(collection.isMapping ? "}" : "]")
  }

  /// Whether a collection stands on one line: it is begun so, and fits with a comma.
  private func isInlineJSON(
    _ entry: SyntaxEntry, _ collection: SyntaxCollection, _ indent: Int
  ) -> Bool {
    if collection.entries.isEmpty { return true }
    guard !collection.startsNewLine else { return false }
    let start = indent + (entry.key.map { keyText($0).unicodeScalars.count + 2 } ?? 0)
    return inline(entry.value, limit: Self.width - start - 1) != nil
  }

  func spelledInJSON(_ scalar: SyntaxScalar, isKey: Bool) -> String {
    if scalar.form == .plain, !isKey {
      if Scalar(scalar.text).isNull { return "null" }
      if ScalarSpelling.isJSONWord(scalar.text) { return scalar.text }
    }
    return ScalarSpelling.escaped(scalar.text, for: .json)
  }
}

extension Phrase {
  static let comment = Phrase("a comment", vi: "một chú thích")

  static func anchor(_ name: String) -> Phrase {
    Phrase("the anchor &\(name)", vi: "neo &\(name)")
  }
}

extension SyntaxEntry {
  /// The first byte of it that JSON has no word for; nil where all can be written as JSON.
  var firstBeyondJSON: (place: Int, what: Phrase)? {
    if let comment = (leading + [head, trailing].compactMap(\.self)).first {
      return (comment.source.lowerBound, .comment)
    }
    return key?.firstBeyondJSON(isKey: true) ?? value.firstBeyondJSON(isKey: false)
  }
}

extension SyntaxNode {
  func firstBeyondJSON(isKey: Bool) -> (place: Int, what: Phrase)? {
    switch content {
    case .alias(let name): return (0, Phrase("the alias *\(name)", vi: "bí danh *\(name)"))
    case .collection(let collection):
      if let anchor { return (0, .anchor(anchor)) }
      if let comment = collection.ending.first { return (comment.source.lowerBound, .comment) }
      for entry in collection.entries {
        if let fault = entry.firstBeyondJSON { return fault }
      }
      return nil
    case .scalar(let scalar):
      if let anchor { return (scalar.source.lowerBound, .anchor(anchor)) }
      guard !isKey, scalar.form == .plain, !Scalar(scalar.text).isNull,
        !ScalarSpelling.isJSONWord(scalar.text),
        !ScalarSpelling.canBePlain(scalar.text, inFlow: false)
      else { return nil }
      return (
        scalar.source.lowerBound,
        Phrase("a value without quotes", vi: "một giá trị không có dấu nháy")
      )
    }
  }
}
