import SowModel

/// Rules for values that have no parts.
extension SchemaCompiler {
  mutating func typeRules(_ keywords: Keywords) -> [Rule] {
    guard let entry = keywords["type"], let types = types(entry) else { return [] }
    return [Rule(check: .type(types), range: entry.key.range)]
  }

  private mutating func types(_ entry: Node.Entry) -> TypeSet? {
    let nodes = entry.value.items ?? [entry.value]
    guard !nodes.isEmpty else {
      reportValue(
        of: entry,
        expected: Phrase("a type or a list of types", vi: "một kiểu hoặc một danh sách kiểu"))
      return nil
    }
    var types: TypeSet? = []
    for node in nodes {
      guard let scalar = node.scalar, !scalar.isNull else {
        reportValue(
          of: entry,
          expected: Phrase("a type or a list of types", vi: "một kiểu hoặc một danh sách kiểu"),
          hint: node.isNull
            ? .text("quote it: \"null\"", vi: "hãy đặt nó trong dấu nháy: \"null\"") : nil,
          at: node.range)
        types = nil
        continue
      }
      guard let type = TypeSet.named.first(where: { $0.name == scalar.text })?.type else {
        let names = TypeSet.named.map(\.name)
        diagnostics.report(
          .schemaUnknownType, ["type": scalar.text, "types": names.joined(separator: ", ")],
          at: node.range, hint: nearest(to: scalar.text, among: names).map { .didYouMean($0) })
        types = nil
        continue
      }
      if types?.contains(type) == true {
        reportValue(
          of: entry,
          expected: Phrase("a list of distinct types", vi: "một danh sách kiểu không trùng nhau"),
          at: node.range)
      }
      types?.insert(type)
    }
    return types
  }

  /// `enum` and `const`, whose scalars are read as the `type` beside them says.
  mutating func literalRules(_ keywords: Keywords) -> [Rule] {
    let types = keywords["type"].flatMap { typesInSilence($0) }
    let format = keywords["format"]?.value.scalar?.text
    var rules: [Rule] = []
    if let entry = keywords["enum"] {
      if let items = entry.value.items, !items.isEmpty {
        let values = items.compactMap { literal($0, of: entry, types: types, format: format) }
        rules.append(Rule(check: .enumeration(Literals(values)), range: entry.key.range))
      } else {
        reportValue(
          of: entry,
          expected: Phrase("a list of one or more values", vi: "một danh sách ít nhất một giá trị"))
      }
    }
    if let entry = keywords["const"] {
      let value = literal(entry.value, of: entry, types: types, format: format)
      rules.append(
        Rule(check: .constant(Literals([value].compactMap(\.self))), range: entry.key.range))
    }
    return rules
  }

  /// The types again, without a second report of the same mistake.
  private func typesInSilence(_ entry: Node.Entry) -> TypeSet? {
    var silent = SchemaCompiler()
    return silent.types(entry)
  }

  private mutating func literal(
    _ node: Node, of entry: Node.Entry, types: TypeSet?, format: String?
  ) -> Value? {
    if node.isNull { return .null }
    let type = types.map { $0.fieldType(format: format) } ?? .any
    var mistakes: [NodeMistake] = []
    if let value = node.value(as: type, mistakes: &mistakes) { return value }
    // JSON Schema calls `1.0` an integer, though no plan may write it for one.
    var others: [NodeMistake] = []
    if let types, types.contains(.integer), let value = node.value(as: .any, mistakes: &others),
      types.admits(value)
    {
      return value
    }
    for mistake in mistakes {
      diagnostics.report(
        .schemaLiteral, ["keyword": entry.key.value, "reason": mistake.mistake.reason],
        at: mistake.range, hint: mistake.mistake.hint)
    }
    return nil
  }

  mutating func numberRules(_ keywords: Keywords) -> [Rule] {
    var rules: [Rule] = []
    let bounds: [(String, NumberBound.Kind)] = [
      ("maximum", .maximum), ("exclusiveMaximum", .exclusiveMaximum),
      ("minimum", .minimum), ("exclusiveMinimum", .exclusiveMinimum),
    ]
    for (name, kind) in bounds {
      guard let entry = keywords[name], let limit = number(entry) else { continue }
      rules.append(Rule(check: .bound(NumberBound(kind, limit)), range: entry.key.range))
    }
    if let entry = keywords["multipleOf"], let number = number(entry) {
      if let divisor = Divisor(number) {
        rules.append(Rule(check: .multipleOf(divisor), range: entry.key.range))
      } else {
        reportValue(
          of: entry,
          expected: Phrase(
            "a number above 0 of at most 37 digits", vi: "một số lớn hơn 0 có nhiều nhất 37 chữ số")
        )
      }
    }
    return rules
  }

  mutating func textRules(_ keywords: Keywords) -> [Rule] {
    var rules: [Rule] = []
    if let entry = keywords["maxLength"], let count = count(entry) {
      rules.append(Rule(check: .maxLength(count), range: entry.key.range))
    }
    if let entry = keywords["minLength"], let count = count(entry) {
      rules.append(Rule(check: .minLength(count), range: entry.key.range))
    }
    if let entry = keywords["format"], let name = text(entry) {
      if let format = Format(rawValue: name.value) {
        rules.append(Rule(check: .format(format), range: entry.key.range))
      } else {
        let names = Format.allCases.map(\.rawValue)
        diagnostics.report(
          .schemaUnknownFormat,
          ["format": name.value, "formats": names.sorted().joined(separator: ", ")],
          at: name.range, hint: nearest(to: name.value, among: names).map { .didYouMean($0) })
      }
    }
    if let entry = keywords["pattern"], let source = text(entry),
      let pattern = pattern(source)
    {
      rules.append(Rule(check: .pattern(pattern), range: entry.key.range))
    }
    return rules
  }

  mutating func pattern(_ source: Located<String>) -> Pattern? {
    do throws(PatternMistake) {
      return try Pattern(source.value)
    } catch {
      diagnostics.report(
        .schemaPatternSyntax,
        ["reason": Phrase.quoted(error.reason, of: "PCRE2"), "offset": String(error.offset)],
        at: source.range)
      return nil
    }
  }
}
