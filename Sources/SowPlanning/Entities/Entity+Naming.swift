package import SowModel

extension Entity {
  /// The live entities of these names, in their order; what has no name that is known, or a schema
  /// that does not fit its table, is reported. `surroundings` say whose rows are meant.
  package static func live(
    _ names: [String], _ schemas: [EntitySchema], _ catalogue: Catalogue,
    _ surroundings: Surroundings? = nil, into diagnostics: inout Diagnostics
  ) -> [Entity] {
    let resolver = EntityResolver(
      schemas: schemas, catalogue: catalogue, createsTables: false,
      sources: surroundings.map(ManagedSources.init))
    let nowhere = SourceRange(
      file: FileID(index: 0), start: SourcePosition(line: 1, column: 1),
      end: SourcePosition(line: 1, column: 1))
    return names.compactMap { name in
      guard resolver.knows(name) else {
        var diagnostic = resolver.unknown(Located(name, at: nowhere))
        diagnostic.range = nil
        diagnostics.report(diagnostic)
        return nil
      }
      guard let entity = resolver.resolve(name, into: &diagnostics), entity.isLive else {
        return nil
      }
      guard entity.primaryKey.isEmpty else { return entity }
      diagnostics.report(.noPrimaryKey, ["table": entity.table.name], at: nil)
      return nil
    }
  }

  /// The names of all entities of a database: those of the schemas, and the tables without one.
  package static func allNames(
    _ schemas: [EntitySchema], _ catalogue: Catalogue
  ) -> [String] {
    let tables = Dictionary(
      schemas.map { ($0.table?.value ?? $0.name, $0.name) }, uniquingKeysWith: { first, _ in first }
    )
    // The rows of a table of links come with those that they belong to.
    let links = Set(schemas.flatMap(\.links).map(\.table.value))
    return catalogue.tables.filter { !$0.primaryKey.isEmpty && !links.contains($0.name) }
      .map { tables[$0.name] ?? $0.name }
  }
}
