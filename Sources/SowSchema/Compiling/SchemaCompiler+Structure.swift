import SowModel

/// Rules for lists and objects.
extension SchemaCompiler {
  mutating func listRules(_ keywords: Keywords) -> [Rule] {
    var rules: [Rule] = []
    if let entry = keywords["maxItems"], let count = count(entry) {
      rules.append(Rule(check: .maxItems(count), range: entry.key.range))
    }
    if let entry = keywords["minItems"], let count = count(entry) {
      rules.append(Rule(check: .minItems(count), range: entry.key.range))
    }
    if let entry = keywords["uniqueItems"], boolean(entry) == true {
      rules.append(Rule(check: .uniqueItems, range: entry.key.range))
    }
    let items = ItemRules(
      prefix: keywords["prefixItems"].flatMap { schemas(listed: $0, keywords) } ?? [],
      rest: keywords["items"].map { schema($0, keywords) },
      restRange: keywords["items"]?.key.range)
    if let entry = keywords["prefixItems"] ?? keywords["items"] {
      rules.append(Rule(check: .items(items), range: entry.key.range))
    }
    return rules + containmentRules(keywords)
  }

  private mutating func containmentRules(_ keywords: Keywords) -> [Rule] {
    let least = keywords["minContains"].flatMap { count($0) }
    let most = keywords["maxContains"].flatMap { count($0) }
    guard let entry = keywords["contains"] else {
      reportIdle("minContains", without: "contains", keywords)
      reportIdle("maxContains", without: "contains", keywords)
      return []
    }
    let containment = Containment(
      schema: schema(entry, keywords), least: least ?? 1,
      leastRange: keywords["minContains"]?.key.range, most: most,
      mostRange: keywords["maxContains"]?.key.range)
    return [Rule(check: .contains(containment), range: entry.key.range)]
  }

  mutating func objectRules(_ keywords: Keywords) -> [Rule] {
    var rules: [Rule] = []
    if let entry = keywords["maxProperties"], let count = count(entry) {
      rules.append(Rule(check: .maxProperties(count), range: entry.key.range))
    }
    if let entry = keywords["minProperties"], let count = count(entry) {
      rules.append(Rule(check: .minProperties(count), range: entry.key.range))
    }
    if let entry = keywords["required"], let names = names(entry.value, of: entry) {
      rules.append(Rule(check: .required(names), range: entry.key.range))
    }
    if let entry = keywords["dependentRequired"] {
      rules.append(
        Rule(check: .dependentRequired(dependencies(entry)), range: entry.key.range))
    }
    if let entry = keywords["propertyNames"] {
      rules.append(
        Rule(check: .propertyNames(schema(entry, keywords)), range: entry.key.range))
    }
    return rules + memberRules(keywords) + dependentSchemaRules(keywords)
  }

  private mutating func dependencies(_ entry: Node.Entry) -> [Dependency<[String]>] {
    guard let members = entry.value.entries else {
      reportValue(
        of: entry,
        expected: Phrase(
          "a mapping of names to lists of names", vi: "một ánh xạ từ tên đến danh sách tên"))
      return []
    }
    return members.compactMap { member in
      names(member.value, of: entry).map { Dependency(name: member.key.value, consequence: $0) }
    }
  }

  private mutating func dependentSchemaRules(_ keywords: Keywords) -> [Rule] {
    guard let entry = keywords["dependentSchemas"] else { return [] }
    let dependencies = schemas(named: entry, keywords).map {
      Dependency(name: $0.name.value, consequence: $0.schema)
    }
    return [Rule(check: .dependentSchemas(dependencies), range: entry.key.range)]
  }

  private mutating func memberRules(_ keywords: Keywords) -> [Rule] {
    let properties = keywords["properties"].map { schemas(named: $0, keywords) } ?? []
    let patterns = keywords["patternProperties"].map { schemas(named: $0, keywords) } ?? []
    let members = MemberRules(
      properties: properties.map { ($0.name.value, $0.schema) },
      patterns: patterns.compactMap { name, schema in
        pattern(name).map { ($0, schema, name.range) }
      },
      additional: keywords["additionalProperties"].map { schema($0, keywords) },
      additionalRange: keywords["additionalProperties"]?.key.range,
      propertyRanges: properties.map(\.name.range))
    let names = ["properties", "patternProperties", "additionalProperties"]
    guard let entry = names.lazy.compactMap({ keywords[$0] }).first else { return [] }
    return [Rule(check: .members(members), range: entry.key.range)]
  }

  mutating func combinationRules(_ keywords: Keywords) -> [Rule] {
    var rules: [Rule] = []
    func add(_ combination: Combination<SchemaID>, at entry: Node.Entry) {
      rules.append(Rule(check: .combination(combination), range: entry.key.range))
    }
    if let entry = keywords["allOf"], let schemas = schemas(listed: entry, keywords) {
      add(.all(schemas), at: entry)
    }
    if let entry = keywords["anyOf"], let schemas = schemas(listed: entry, keywords) {
      add(.any(schemas), at: entry)
    }
    if let entry = keywords["oneOf"], let schemas = schemas(listed: entry, keywords) {
      add(.one(schemas), at: entry)
    }
    if let entry = keywords["not"] { add(.not(schema(entry, keywords)), at: entry) }
    let condition = keywords["if"].map { schema($0, keywords) }
    let then = keywords["then"].map { schema($0, keywords) }
    let otherwise = keywords["else"].map { schema($0, keywords) }
    if let condition, let entry = keywords["if"] {
      if then == nil, otherwise == nil { reportIdle("if", without: "then", keywords) }
      add(.condition(if: condition, then: then, else: otherwise), at: entry)
    } else {
      reportIdle("then", without: "if", keywords)
      reportIdle("else", without: "if", keywords)
    }
    return rules
  }
}
