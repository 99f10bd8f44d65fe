package import SowModel

/// The shape of plan files as one JSON Schema, for editors: what completes names as they are
/// written. It lets through whatever sow may accept; what is right is for sow to say.
package struct PlanSchema {
  /// The schema as JSON, a line for each member that is not short; equal schemas give equal text.
  package let text: String

  package init(_ schemas: [EntitySchema]) {
    var members = Self.planMembers
    var definitions = Self.definitions
    var operation = Self.operation(entities: schemas.map(\.name))
    if !schemas.isEmpty { operation.append(.init("allOf", .list(schemas.map(Self.condition)))) }
    definitions.append(.init("operation", .object(operation)))
    for (number, schema) in schemas.enumerated() {
      definitions += EntityDefinitions(schema, number: number).members
    }
    members.append(.init("$defs", .object(definitions)))
    text = prettyJSON(.object(members)) + "\n"
  }

  /// What the values and filters of one entity's operations may hold.
  private static func condition(of schema: EntitySchema) -> Value {
    let name = definitionName(schema.name)
    func reference(_ part: String) -> Value { .object([.init("$ref", .text("#/$defs/\(part)"))]) }
    let row = reference("\(name)-row")
    let filter = reference("\(name)-where")
    return .object([
      .init(
        "if",
        .object([
          .init("required", .list([.text("entity")])),
          .init(
            "properties",
            .object([.init("entity", .object([.init("const", .text(schema.name))]))])),
        ])),
      .init(
        "then",
        .object([
          .init(
            "properties",
            .object([
              .init("values", row), .init("store_params", row), .init("where", filter),
              .init("query_params", filter),
              .init("rows", .object([.init("items", row)])),
            ]))
        ])),
    ])
  }

  /// What an operation may have.
  private static func operation(entities: [String]) -> [Value.Member] {
    var own: [Value.Member] = [
      .init("action", .object([.init("enum", .list(Action.allCases.map { .text($0.rawValue) }))]))
    ]
    // A table of the database is an entity, too.
    let known =
      entities.isEmpty ? [] : [Value.object([.init("enum", .list(entities.map(Value.text)))])]
    own.append(
      .init(
        "entity",
        .object([.init("anyOf", .list(known + [.object([.init("type", .text("string"))])]))])))
    return [
      .init("type", .text("object")),
      .init("required", .list([.text("action")])),
      .init(
        "anyOf",
        .list(["entity", "query"].map { .object([.init("required", .list([.text($0)]))]) })),
      .init("additionalProperties", .boolean(false)),
      .init("properties", properties(OperationReader.known, shapes: operationShapes, own)),
    ]
  }

  /// Every one of `keys`: those that have no shape accept anything.
  private static func properties(
    _ keys: [String], shapes: String, _ own: [Value.Member] = []
  ) -> Value {
    let shapes = parsed(shapes) + own
    return .object(
      keys.map { key in
        .init(key, shapes.first { $0.name == key }?.value ?? .boolean(true))
      })
  }

  private static var planMembers: [Value.Member] {
    [
      .init("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      .init("title", .text("a plan of sow")), .init("type", .text("object")),
      .init("required", .list([.text("operations")])),
      .init("additionalProperties", .boolean(false)),
      .init("properties", properties(PlanLoading.known, shapes: planShapes)),
    ]
  }
  private static var definitions: [Value.Member] { parsed(sharedShapes) }

  private static func parsed(_ json: String) -> [Value.Member] {
    guard case .object(let members)? = Value(json: json) else {
      preconditionFailure("the shapes are JSON")
    }
    return members
  }
}

/// The name of an entity's definitions; it stands in pointers, where `~` and `/` mean something.
func definitionName(_ entity: String) -> String {
  var name = "entity-"
  for scalar in entity.unicodeScalars {
    let isPlain = scalar.isASCII && isNameByte(UInt8(scalar.value))
    name += isPlain ? String(scalar) : "u\(scalar.value)"
  }
  return name
}

/// Members and items on lines of their own where they do not fit one line together.
func prettyJSON(_ value: Value, indent: Int = 0) -> String {
  let flat = YAMLText.json(value)
  guard flat.utf8.count + indent > YAMLText.width else { return flat }
  let inner = String(repeating: " ", count: indent + 2)
  let outer = String(repeating: " ", count: indent)
  switch value {
  case .list(let items):
    let lines = items.map { inner + prettyJSON($0, indent: indent + 2) }
    return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
  case .object(let members):
    let lines = members.map {
      "\(inner)\(YAMLText.quoted($0.name)): " + prettyJSON($0.value, indent: indent + 2)
    }
    return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
  default: return flat
  }
}
