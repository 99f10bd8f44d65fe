import SowModel

extension SchemaCompiler {
  /// The entries whose keywords are known here; the others are refused by name.
  mutating func recognized(_ entries: [Node.Entry], isRoot: Bool) -> [Node.Entry] {
    entries.filter { entry in
      let name = entry.key.value
      if Self.keywords.contains(name) { return true }
      if isRoot, name == "x-sow" { return false }
      if let hint = Self.refused[name] {
        diagnostics.report(
          .schemaUnsupportedKeyword, ["keyword": name], at: entry.key.range, hint: .text(hint))
      } else {
        let candidates = Self.keywords.sorted() + (isRoot ? ["x-sow"] : [])
        diagnostics.report(
          .schemaUnknownKeyword, ["keyword": name], at: entry.key.range,
          hint: nearest(to: name, among: candidates).map { .didYouMean($0) })
      }
      return false
    }
  }

  /// The vocabularies for applicators, validation and annotations, `format`, and of the core
  /// what is local.
  private static let keywords: Set<String> = [
    "$schema", "$id", "$ref", "$anchor", "$defs", "$comment",
    "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
    "type", "enum", "const", "format",
    "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
    "maxLength", "minLength", "pattern",
    "maxItems", "minItems", "uniqueItems", "contains", "maxContains", "minContains",
    "prefixItems", "items",
    "maxProperties", "minProperties", "required", "dependentRequired", "dependentSchemas",
    "properties", "patternProperties", "additionalProperties", "propertyNames",
    "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
  ]

  /// Keywords of this and earlier drafts that are refused, with what to write instead.
  private static let refused: [String: Phrase] = [
    "unevaluatedProperties": Phrase(
      "use \"additionalProperties\" in the schema that has the properties",
      vi: "hãy dùng \"additionalProperties\" trong schema có các thuộc tính đó"),
    "unevaluatedItems": Phrase(
      "use \"items\" in the schema that has the \"prefixItems\"",
      vi: "hãy dùng \"items\" trong schema có \"prefixItems\""),
    "$dynamicRef": Phrase("use \"$ref\"", vi: "hãy dùng \"$ref\""),
    "$dynamicAnchor": Phrase("use \"$anchor\"", vi: "hãy dùng \"$anchor\""),
    "$recursiveRef": Phrase("use \"$ref\"", vi: "hãy dùng \"$ref\""),
    "$recursiveAnchor": Phrase("use \"$anchor\"", vi: "hãy dùng \"$anchor\""),
    "$vocabulary": Phrase(
      "remove it; the vocabularies are those of draft 2020-12",
      vi: "hãy bỏ nó đi; các bộ từ vựng là của draft 2020-12"),
    "contentEncoding": Phrase(
      "for base64, use \"format: byte\"", vi: "với base64, hãy dùng \"format: byte\""),
    "contentMediaType": Phrase("remove it", vi: "hãy bỏ nó đi"),
    "contentSchema": Phrase("remove it", vi: "hãy bỏ nó đi"),
    "definitions": Phrase("use \"$defs\"", vi: "hãy dùng \"$defs\""),
    "id": Phrase("use \"$id\"", vi: "hãy dùng \"$id\""),
    "dependencies": Phrase(
      "use \"dependentRequired\" or \"dependentSchemas\"",
      vi: "hãy dùng \"dependentRequired\" hoặc \"dependentSchemas\""),
    "additionalItems": Phrase(
      "use \"items\" beside \"prefixItems\"", vi: "hãy dùng \"items\" cạnh \"prefixItems\""),
    "nullable": Phrase("list \"null\" among the types", vi: "hãy liệt kê \"null\" trong các kiểu"),
    "divisibleBy": Phrase("use \"multipleOf\"", vi: "hãy dùng \"multipleOf\""),
    "extends": Phrase("use \"allOf\"", vi: "hãy dùng \"allOf\""),
    "disallow": Phrase("use \"not\"", vi: "hãy dùng \"not\""),
    "example": Phrase("use \"examples\"", vi: "hãy dùng \"examples\""),
    "discriminator": Phrase("use \"oneOf\" with \"const\"", vi: "hãy dùng \"oneOf\" với \"const\""),
  ]

  /// Checks what is said about a subschema, and keeps what a field needs of it.
  mutating func annotate(_ keywords: Keywords) {
    for name in ["title", "description", "$comment"] {
      if let entry = keywords[name] { _ = text(entry) }
    }
    for name in ["deprecated", "writeOnly"] {
      if let entry = keywords[name] { _ = boolean(entry) }
    }
    if let entry = keywords["readOnly"] {
      graph.schemas[keywords.id].isReadOnly = boolean(entry) ?? false
    }
    if let entry = keywords["examples"], entry.value.items == nil {
      reportValue(of: entry, expected: FieldType.list(of: .any).phrase)
    }
    graph.schemas[keywords.id].defaultEntry = keywords["default"]
    if let entry = keywords["$schema"], let dialect = text(entry) { check(dialect) }
    if let entry = keywords["$id"], let identity = text(entry) {
      if keywords.id == 0 {
        documentID =
          identity.value.hasSuffix("#")
          ? String(identity.value.dropLast()) : identity.value
      } else {
        diagnostics.report(.schemaNestedID, at: entry.key.range)
      }
    }
    if let entry = keywords["$anchor"], let name = text(entry) {
      declare(name, as: keywords.id)
    }
    if let entry = keywords["$defs"] { _ = schemas(named: entry, keywords) }
  }

  private mutating func check(_ dialect: Located<String>) {
    let supported = "https://json-schema.org/draft/2020-12/schema"
    guard dialect.value != supported, dialect.value != supported + "#" else { return }
    diagnostics.report(
      .schemaDialect, at: dialect.range,
      hint: .text("write \"\(supported)\"", vi: "hãy viết \"\(supported)\""))
  }

  private mutating func declare(_ anchor: Located<String>, as id: SchemaID) {
    let isName =
      anchor.value.utf8.first.map { $0.isLetter || $0 == UInt8(ascii: "_") } ?? false
      && anchor.value.utf8.allSatisfy { $0.isLetter || $0.isDigit || "-._".utf8.contains($0) }
    guard isName else {
      diagnostics.report(
        .schemaKeywordValue,
        [
          "keyword": "$anchor",
          "expected": Phrase(
            "a letter or \"_\", then letters, digits, - . _",
            vi: "một chữ cái hoặc \"_\", rồi đến chữ cái, chữ số, - . _"),
        ],
        at: anchor.range)
      return
    }
    if let first = anchors[anchor.value] {
      diagnostics.report(
        .schemaDuplicateAnchor, ["anchor": anchor.value], at: anchor.range, related: [first.range])
    } else {
      anchors[anchor.value] = (id, anchor.range)
    }
  }
}
