import SowModel

/// The shapes that keyword values have; each reader reports a wrong one and gives nil.
extension SchemaCompiler {
  mutating func reportValue(
    of entry: Node.Entry, expected: Phrase, hint: Diagnostic.Hint? = nil,
    at range: SourceRange? = nil
  ) {
    diagnostics.report(
      .schemaKeywordValue, ["keyword": entry.key.value, "expected": expected],
      at: range ?? entry.value.range, hint: hint)
  }

  mutating func text(_ entry: Node.Entry) -> Located<String>? {
    guard let scalar = entry.value.scalar, !scalar.isNull else {
      reportValue(of: entry, expected: Phrase("text", vi: "văn bản"))
      return nil
    }
    return Located(scalar.text, at: entry.value.range)
  }

  mutating func boolean(_ entry: Node.Entry) -> Bool? {
    let result = entry.value.scalar?.value(as: .boolean)
    if case .success(.boolean(let value)) = result { return value }
    var hint: Diagnostic.Hint?
    if case .failure(let mistake) = result { hint = mistake.hint }
    reportValue(of: entry, expected: .truth, hint: hint)
    return nil
  }

  mutating func number(_ entry: Node.Entry) -> ExactDecimal? {
    if let number = entry.value.plainNumber { return number }
    reportValue(of: entry, expected: FieldType.decimal.phrase)
    return nil
  }

  /// A whole number from 0; `2.0` is one.
  mutating func count(_ entry: Node.Entry) -> Int? {
    if let count = entry.value.plainNumber.flatMap({ Int($0.canonical) }), count >= 0 {
      return count
    }
    reportValue(of: entry, expected: Phrase("a whole number from 0", vi: "một số nguyên từ 0"))
    return nil
  }

  /// A list of distinct names.
  mutating func names(_ node: Node, of entry: Node.Entry) -> [String]? {
    let names = node.items?.compactMap { item in
      item.scalar.flatMap { $0.isNull ? nil : ExactText($0.text) }
    }
    guard let names, names.count == node.items?.count, Set(names).count == names.count else {
      reportValue(
        of: entry,
        expected: Phrase("a list of distinct names", vi: "một danh sách tên không trùng nhau"),
        at: node.range)
      return nil
    }
    return names.map(\.text)
  }

  /// A list of one or more schemas.
  mutating func schemas(listed entry: Node.Entry, _ keywords: Keywords) -> [SchemaID]? {
    guard let items = entry.value.items, !items.isEmpty else {
      reportValue(
        of: entry,
        expected: Phrase("a list of one or more schemas", vi: "một danh sách ít nhất một schema"))
      return nil
    }
    return items.enumerated().map { index, item in
      compile(item, at: keywords.pointer(entry.key.value, String(index)))
    }
  }

  /// A mapping of names to schemas, in the order of the document.
  mutating func schemas(
    named entry: Node.Entry, _ keywords: Keywords
  ) -> [(name: Located<String>, schema: SchemaID)] {
    guard let entries = entry.value.entries else {
      reportValue(
        of: entry,
        expected: Phrase("a mapping of names to schemas", vi: "một ánh xạ từ tên đến schema"))
      return []
    }
    return entries.map { member in
      let pointer = keywords.pointer(entry.key.value, member.key.value)
      return (member.key, compile(member.value, at: pointer))
    }
  }

  mutating func schema(_ entry: Node.Entry, _ keywords: Keywords) -> SchemaID {
    compile(entry.value, at: keywords.pointer(entry.key.value))
  }

  /// Reports a keyword that says nothing because the one it completes is missing.
  mutating func reportIdle(_ name: String, without other: String, _ keywords: Keywords) {
    guard let entry = keywords[name] else { return }
    diagnostics.report(
      .schemaIdleKeyword, ["keyword": name, "other": other], at: entry.key.range)
  }
}

extension Node {
  /// The number that a plain scalar of a schema stands for.
  fileprivate var plainNumber: ExactDecimal? {
    guard let scalar, scalar.style == .plain else { return nil }
    return switch scalar.value(as: .any) {
    case .success(.integer(let value)): ExactDecimal(value)
    case .success(.decimal(let value)): value
    default: nil
    }
  }
}
