import SowModel

/// `$ref`: read while compiling, followed when every subschema is known.
extension SchemaCompiler {
  mutating func noteReference(_ keywords: Keywords) {
    guard let entry = keywords["$ref"], let target = text(entry) else { return }
    references.append(Reference(schema: keywords.id, target: target, range: entry.key.range))
  }

  /// Adds the rule of each reference to its subschema.
  mutating func resolveReferences() {
    for reference in references {
      guard let target = schema(at: reference.target) else { continue }
      let rule = Rule(check: .combination(.reference(target)), range: reference.range)
      graph.schemas[reference.schema].rules.append(rule)
    }
  }

  private mutating func schema(at target: Located<String>) -> SchemaID? {
    let hash = target.value.firstIndex(of: "#") ?? target.value.endIndex
    let document = target.value[..<hash]
    guard document.isEmpty || String(document) == documentID else {
      diagnostics.report(
        .schemaRemoteReference, ["target": target.value], at: target.range,
        hint: .text(
          "copy the schema into \"$defs\" and refer to it as \"#/$defs/name\"",
          vi: "hãy chép schema vào \"$defs\" và tham chiếu nó là \"#/$defs/name\""))
      return nil
    }
    guard let fragment = Self.percentDecoded(target.value[hash...].dropFirst()) else {
      reportMissing(target, hint: nil)
      return nil
    }
    if fragment.isEmpty || fragment.hasPrefix("/") {
      if let id = locations[ExactText(fragment)] { return id }
      let pointer = nearest(to: fragment, among: locations.keys.map(\.text).sorted())
      reportMissing(target, hint: pointer.map { .didYouMean("#\($0)") })
    } else {
      if let anchor = anchors[fragment] { return anchor.schema }
      let name = nearest(to: fragment, among: anchors.keys.sorted())
      reportMissing(target, hint: name.map { .didYouMean("#\($0)") })
    }
    return nil
  }

  private mutating func reportMissing(_ target: Located<String>, hint: Diagnostic.Hint?) {
    diagnostics.report(
      .schemaMissingReference, ["target": target.value], at: target.range, hint: hint)
  }

  private static func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) else {
          return nil
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}

/// Chains of schemas that all apply to the same instance.
extension SchemaCompiler {
  /// How many schemas may follow each other before the data is entered.
  static let longestChain = 200

  /// Refuses chains that come back to where they were, and chains without a sensible end.
  ///
  /// A depth-first search without recursion, since a document can name any number of schemas.
  mutating func checkChains() {
    let edges = graph.schemas.map(\.chainedSchemas)
    var heights = [Int?](repeating: nil, count: edges.count)
    var isOnPath = [Bool](repeating: false, count: edges.count)
    for start in edges.indices where heights[start] == nil {
      var path: [(id: SchemaID, next: Int)] = [(start, 0)]
      isOnPath[start] = true
      while let (id, next) = path.last {
        guard next < edges[id].count else {
          heights[id] = 1 + (edges[id].compactMap { heights[$0] }.max() ?? 0)
          isOnPath[id] = false
          path.removeLast()
          if heights[id] == Self.longestChain + 1 { reportLongChain(at: id) }
          continue
        }
        path[path.count - 1].next += 1
        let target = edges[id][next]
        if isOnPath[target] {
          let loop = path.drop { $0.id != target }.map(\.id)
          reportLoop(through: loop)
        } else if heights[target] == nil {
          isOnPath[target] = true
          path.append((target, 0))
        }
      }
    }
  }

  private mutating func reportLoop(through schemas: [SchemaID]) {
    let ranges = references.filter { schemas.contains($0.schema) }.map(\.range).sorted()
    guard let range = ranges.first else { preconditionFailure("a loop has a reference") }
    diagnostics.report(.schemaReferenceLoop, at: range, related: Array(ranges.dropFirst()))
  }

  private mutating func reportLongChain(at id: SchemaID) {
    diagnostics.report(
      .schemaLongChain, ["limit": String(Self.longestChain)], at: graph.schemas[id].range)
  }
}

extension Subschema {
  /// The schemas that this one applies to the very instance it is applied to.
  var chainedSchemas: [SchemaID] {
    rules.flatMap { rule in
      switch rule.check {
      case .combination(let combination): combination.members
      case .dependentSchemas(let dependencies): dependencies.map(\.consequence)
      default: [SchemaID]()
      }
    }
  }
}
