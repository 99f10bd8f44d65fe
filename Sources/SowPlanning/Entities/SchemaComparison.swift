package import SowModel

/// Schemas held against the tables of a live database, each for itself.
package struct SchemaComparison: Sendable {
  /// One a schema that was asked for, in their order.
  package private(set) var entities: [Compared] = []
  /// What is wrong with the schemas themselves: no table could make it right.
  package private(set) var mistakes = Diagnostics()
  /// Where schema and table cannot both be right.
  package private(set) var differences = Diagnostics()

  package struct Compared: Hashable, Sendable {
    package let name: String
    package let table: String
    package let isEqual: Bool
  }

  /// `names` are the entities that are asked for, nil for all; what the others say is known, too.
  package init(_ schemas: [EntitySchema], names: Set<String>?, with catalogue: Catalogue) {
    let resolver = EntityResolver(
      schemas: schemas, catalogue: catalogue, createsTables: false)
    for schema in schemas where names?.contains(schema.name) ?? true {
      var found = Diagnostics()
      _ = resolver.resolve(schema.name, into: &found)
      entities.append(
        Compared(
          name: schema.name, table: schema.table?.value ?? schema.name, isEqual: found.isEmpty))
      for diagnostic in found.all {
        if diagnostic.code.isDifference {
          differences.report(diagnostic)
        } else {
          mistakes.report(diagnostic)
        }
      }
    }
  }
}

extension DiagnosticCode {
  /// Whether the table may be to blame as well as the schema.
  fileprivate var isDifference: Bool {
    let differences: Set<DiagnosticCode> = [
      .missingTable, .missingColumn, .columnType, .columnNotRequired, .otherPrimaryKey,
      .missingUniqueIndex, .missingForeignKey, .linkIsColumn, .linkDemands,
    ]
    return differences.contains(self)
  }
}
