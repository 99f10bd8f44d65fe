import SowModel

extension EntitySchema {
  private static let known = [
    "table", "primary_key", "generated", "unique", "immutable", "trim", "references", "links",
    "sensitive", "limits", "permissions", "messages",
  ]

  /// Takes over what `x-sow` says; fields are checked against the schema later.
  mutating func readExtra(_ node: Node, _ diagnostics: inout Diagnostics) {
    guard
      let members = Members(
        node, of: "x-sow", known: Self.known + ManagedColumns.keys, &diagnostics)
    else { return }
    table = members["table"]?.text(as: "table", &diagnostics)
    primaryKey = members["primary_key"]?.texts(as: "primary_key", &diagnostics) ?? []
    immutable = members["immutable"]?.texts(as: "immutable", &diagnostics) ?? []
    trim = members["trim"]?.texts(as: "trim", &diagnostics) ?? []
    if let unique = members["unique"] { readUnique(unique, &diagnostics) }
    if let generated = members["generated"] { readGenerated(generated, &diagnostics) }
    if let references = members["references"] { readReferences(references, &diagnostics) }
    if let links = members["links"] { readLinks(links, &diagnostics) }
    sensitive = members["sensitive"]?.labels(&diagnostics) ?? [:]
    if let limits = members["limits"] { readLimits(limits, &diagnostics) }
    managed = ManagedColumns(members, &diagnostics)
    messages = members["messages"]?.messages(&diagnostics) ?? [:]
    permissions = members["permissions"].map { Permissions($0, &diagnostics) }
  }

  private mutating func readUnique(_ node: Node, _ diagnostics: inout Diagnostics) {
    guard let keys = node.items else {
      diagnostics.reportShape(
        "unique", Phrase("a list of keys", vi: "một danh sách khóa"), node, write: "[[field]]")
      return
    }
    for key in keys {
      guard let fields = key.items, !fields.isEmpty else {
        diagnostics.reportShape(
          Phrase("a key of unique", vi: "một khóa của unique"),
          Phrase("a list of fields", vi: "một danh sách trường"), key,
          write: "[[field]]")
        continue
      }
      unique.append(key.texts(as: Phrase("a field", vi: "một trường"), &diagnostics))
    }
  }

  private mutating func readGenerated(_ node: Node, _ diagnostics: inout Diagnostics) {
    guard let entries = node.entries else {
      diagnostics.reportShape("generated", .mapping, node, write: "{ field: uuid }")
      return
    }
    for entry in entries {
      guard let maker = KeyGeneration(rawValue: entry.value.scalar?.text ?? "") else {
        diagnostics.reportShape(entry.key.value, .choice(of: ["uuid", "database"]), entry.value)
        continue
      }
      generated[entry.key.value] = Located(maker, at: entry.key.range)
    }
  }

  private mutating func readReferences(_ node: Node, _ diagnostics: inout Diagnostics) {
    guard let entries = node.entries else {
      diagnostics.reportShape("references", .mapping, node, write: "{ field: entity.field }")
      return
    }
    for entry in entries {
      let parts = (entry.value.scalar?.text ?? "").split(
        separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        diagnostics.reportShape(entry.key.value, Phrase(same: "entity.field"), entry.value)
        continue
      }
      references.append(
        ForeignField(
          field: entry.key, entity: Located(String(parts[0]), at: entry.value.range),
          target: String(parts[1])))
    }
  }

  private mutating func readLinks(_ node: Node, _ diagnostics: inout Diagnostics) {
    guard let entries = node.entries else {
      diagnostics.reportShape(
        "links", .mapping, node, write: "{ field: { table: …, own: …, other: … } }")
      return
    }
    let names = ["table", "own", "other"]
    for entry in entries {
      guard let members = Members(entry.value, of: entry.key.value, known: names, &diagnostics)
      else { continue }
      let found = names.compactMap { name in
        members.required(name, &diagnostics)?.text(as: name, &diagnostics)
      }
      guard found.count == names.count else { continue }
      links.append(
        Link(field: entry.key, table: found[0], own: found[1], other: found[2]))
    }
  }

  private mutating func readLimits(_ node: Node, _ diagnostics: inout Diagnostics) {
    let known = ["rows", "ids", "too_many"]
    guard let members = Members(node, of: "limits", known: known, &diagnostics) else { return }
    rowLimit = members["rows"]?.bounds(as: "rows", &diagnostics)
    idLimit = members["ids"]?.bounds(as: "ids", &diagnostics)
    if let sentence = members["too_many"] {
      if rowLimit == nil { _ = members.required("rows", &diagnostics) }
      tooManyRows = sentence.phrase(as: "too_many", &diagnostics)
    }
  }
}

extension Diagnostics {
  mutating func reportShape(
    _ what: any Fact, _ shape: Phrase, _ node: Node, write example: String? = nil
  ) {
    report(
      .wrongShape, ["what": what, "shape": shape], at: node.range,
      hint: example.map { .text("write \($0)", vi: "hãy viết \($0)") })
  }
}
