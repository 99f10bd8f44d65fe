import SowModel

/// Turns one document into a graph of subschemas; every mistake in it becomes a diagnostic.
struct SchemaCompiler {
  var graph = SchemaGraph()
  var diagnostics = Diagnostics()
  /// Subschemas by JSON pointer, and by `$anchor`.
  var locations: [ExactText: SchemaID] = [:]
  var anchors: [String: (schema: SchemaID, range: SourceRange)] = [:]
  /// References whose target is looked up once all subschemas are known.
  var references: [Reference] = []
  var documentID: String?

  struct Reference {
    var schema: SchemaID
    var target: Located<String>
    var range: SourceRange
  }

  /// Nil where the document has mistakes, which are then in `diagnostics`.
  static func graph(
    of document: Node, into diagnostics: inout Diagnostics
  ) -> SchemaGraph? {
    var compiler = SchemaCompiler()
    _ = compiler.compile(document, at: "")
    compiler.resolveReferences()
    if !compiler.diagnostics.hasErrors { compiler.checkChains() }
    diagnostics.merge(compiler.diagnostics)
    return compiler.diagnostics.hasErrors ? nil : compiler.graph
  }

  /// Compiles the subschema at `pointer`; recurses as deep as the document is nested.
  mutating func compile(_ node: Node, at pointer: String) -> SchemaID {
    let id = graph.schemas.count
    graph.schemas.append(Subschema(range: node.range))
    locations[ExactText(pointer)] = id
    switch node.content {
    case .mapping(let entries):
      let keywords = Keywords(
        entries: recognized(entries, isRoot: id == 0), pointer: pointer, id: id)
      annotate(keywords)
      noteReference(keywords)
      let rules = rules(of: keywords)
      graph.schemas[id].rules = rules
    case .scalar(Scalar("true")): break
    case .scalar(Scalar("false")):
      graph.schemas[id].rules = [Rule(check: .never, range: node.range)]
    default: diagnostics.report(.schemaShape, at: node.range)
    }
    return id
  }

  /// The rules of a subschema, cheap ones first and `type` before all.
  private mutating func rules(of keywords: Keywords) -> [Rule] {
    var rules = typeRules(keywords)
    rules += literalRules(keywords)
    rules += numberRules(keywords)
    rules += textRules(keywords)
    rules += listRules(keywords)
    rules += objectRules(keywords)
    rules += combinationRules(keywords)
    return rules
  }
}

/// The keywords of one subschema, by name, and where it is.
struct Keywords {
  let entries: [String: Node.Entry]
  let pointer: String
  let id: SchemaID

  init(entries: [Node.Entry], pointer: String, id: SchemaID) {
    self.entries = Dictionary(
      entries.map { ($0.key.value, $0) }, uniquingKeysWith: { first, _ in first })
    self.pointer = pointer
    self.id = id
  }

  subscript(name: String) -> Node.Entry? { entries[name] }

  /// The pointer to a subschema below `path`, whose steps are escaped here.
  func pointer(_ path: String...) -> String {
    path.reduce(pointer) { pointer, step in
      guard step.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") })
      else { return "\(pointer)/\(step)" }
      var escaped = ""
      for scalar in step.unicodeScalars {
        switch scalar {
        case "~": escaped += "~0"
        case "/": escaped += "~1"
        default: escaped.unicodeScalars.append(scalar)
        }
      }
      return "\(pointer)/\(escaped)"
    }
  }
}
