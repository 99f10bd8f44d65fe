import SowModel

/// What a plan's schema says of one entity: its own schema, a row of it, and a filter by its
/// fields.
struct EntityDefinitions {
  let members: [Value.Member]

  init(_ schema: EntitySchema, number: Int) {
    let name = definitionName(schema.name)
    let moving = Rebasing(root: "#/$defs/\(name)", anchors: "e\(number).")
    let document = moving.schema(schema.document, isRoot: true)
    var closed: [Value.Member] = []
    if schema.document["additionalProperties"]?.scalar == Scalar("false"),
      schema.document["patternProperties"] == nil, schema.document["$ref"] == nil,
      schema.document["allOf"] == nil
    {
      closed = [.init("additionalProperties", .boolean(false))]
    }
    let fields = schema.document["properties"]?.entries ?? []
    // What sow fills is nothing that a plan says; but an update may expect a version.
    let filled = Set(
      (schema.managed.injections + [schema.managed.softDelete].compactMap { $0 }).map(\.value))
    let row = fields.map { field in
      filled.contains(field.key.value)
        ? Value.Member(field.key.value, .boolean(false))
        : Value.Member(field.key.value, Self.field(field, below: "#/$defs/\(name)/properties/"))
    }
    let test = Value.object([.init("$ref", .text("#/$defs/test"))])
    let links = Set(schema.links.map(\.field.value))
    let filter = fields.map { field in
      Value.Member(field.key.value, links.contains(field.key.value) ? .boolean(false) : test)
    }
    members = [
      .init(name, document),
      .init("\(name)-row", .object([.init("properties", .object(row))] + closed)),
      .init("\(name)-where", .object([.init("properties", .object(filter))])),
    ]
  }

  /// The field's own rules, or a link; text may be written like a number, and a decimal in quotes.
  private static func field(_ field: Node.Entry, below root: String) -> Value {
    func reference(_ place: String) -> Value { .object([.init("$ref", .text(place))]) }
    var choices = [reference(root + pointer(field.key.value)), reference("#/$defs/computed")]
    let type = field.value["type"]
    // Without a type of its own, a field may have any behind a reference.
    let words =
      type.map { $0.items?.compactMap { $0.scalar?.text } ?? [$0.scalar?.text ?? ""] }
      ?? ["string", "number"]
    if words.contains("string") { choices.append(reference("#/$defs/written")) }
    if words.contains("number") { choices.append(reference("#/$defs/digits")) }
    // Lists and mappings may hold links at any depth.
    if words.contains("object") || words.contains("array") {
      choices.append(
        .object([
          .init(
            "type",
            .list(words.filter { $0 == "object" || $0 == "array" }.map(Value.text)))
        ]))
    }
    return .object([.init("anyOf", .list(choices))])
  }

  /// A name as part of a JSON Pointer in a URI (RFC 6901, chapters 3 and 6).
  static func pointer(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "~"): text += "~0"
      case UInt8(ascii: "/"): text += "~1"
      case _ where isNameByte(byte): text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return text
  }
}

/// Moves a schema into another document: its references and anchors move along.
private struct Rebasing {
  let root: String
  let anchors: String

  /// Keywords whose members or items are values, not schemas.
  private static let values: Set<String> = ["enum", "const", "default", "examples"]
  /// Keywords whose members are named by the user.
  private static let named: Set<String> = [
    "properties", "patternProperties", "$defs", "dependentSchemas",
  ]

  func schema(_ node: Node, isRoot: Bool = false) -> Value {
    guard let entries = node.entries else {
      return node.items.map { .list($0.map { schema($0) }) } ?? plain(node)
    }
    return .object(
      entries.compactMap { entry in
        let name = entry.key.value
        if isRoot, name == "x-sow" || name == "$schema" || name == "$id" { return nil }
        return Value.Member(name, value(of: name, entry.value))
      })
  }

  private func value(of keyword: String, _ node: Node) -> Value {
    switch keyword {
    case "$ref":
      guard let text = node.scalar?.text, text.hasPrefix("#") else { return plain(node) }
      let rest = String(text.dropFirst())
      if rest.isEmpty || rest.hasPrefix("/") { return .text(root + rest) }
      return .text("#" + anchors + rest)
    case "$anchor": return .text(anchors + (node.scalar?.text ?? ""))
    case _ where Self.values.contains(keyword): return plain(node)
    case _ where Self.named.contains(keyword):
      return .object((node.entries ?? []).map { .init($0.key.value, schema($0.value)) })
    default: return schema(node)
    }
  }

  private func plain(_ node: Node) -> Value {
    var mistakes: [NodeMistake] = []
    return node.value(as: .any, mistakes: &mistakes) ?? .boolean(true)
  }
}
