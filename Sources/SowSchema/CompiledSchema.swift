package import SowModel

/// One JSON Schema of draft 2020-12, ready to check rows; immutable, and shared freely.
package struct CompiledSchema: Sendable {
  /// The properties of the top level, those behind its `$ref` and `allOf` included, in order.
  package let fields: [SchemaField]
  let graph: SchemaGraph

  /// Compiles a schema for rows, or gives nil after reporting every mistake in it.
  ///
  /// The document's `x-sow` is another reader's matter. Nothing else is ignored: a keyword that
  /// is not checked here is refused by name.
  package static func compile(
    _ document: Node, into diagnostics: inout Diagnostics
  ) -> CompiledSchema? {
    guard let graph = SchemaCompiler.graph(of: document, into: &diagnostics) else { return nil }
    var found = Diagnostics()
    for rule in graph.schemas.first?.rules ?? [] {
      if case .type(let types) = rule.check, !types.contains(.object) {
        found.report(.schemaRootType, at: rule.range)
      }
    }
    let fields = FieldReader(graph: graph).fields(into: &found)
    diagnostics.merge(found)
    return found.hasErrors ? nil : CompiledSchema(fields: fields, graph: graph)
  }

  private init(fields: [SchemaField], graph: SchemaGraph) {
    self.fields = fields
    self.graph = graph
  }

  /// Binds the rules to rows whose cells belong to `columns`, in this order.
  ///
  /// A validator belongs to one thread; each of several makes its own.
  package func validator(for columns: [String]) -> RowValidator {
    RowValidator(columns: columns, graph: graph)
  }
}
