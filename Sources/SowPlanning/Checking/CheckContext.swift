package import SowModel

/// What a check needs beside the plan.
package struct CheckContext: Sendable {
  package var schemas: [EntitySchema]
  package var queries: [NamedQuery] = []
  /// Nil offline.
  package var catalogue: Catalogue?
  /// What the database says of the statements of the queries that the plan names, by name.
  package var answers: [String: Result<StatementShape, QueryRefusal>] = [:]
  /// What operations are repeated over that others find, by operation, as far as that was read.
  package var elements: [String: ReadElements] = [:]
  /// Nil offline.
  package var dialect: Dialect?
  package var createsTables: Bool
  package var surroundings: Surroundings
  package var limits: Limits
  /// Digests rows that have no other key; the same for the same bytes everywhere.
  package var content: any Digesting & Sendable
  /// Digests sensitive keys: keyed with the ledger's secret; offline as `content`.
  package var keyed: any Digesting & Sendable

  package init(
    schemas: [EntitySchema], catalogue: Catalogue?, createsTables: Bool,
    surroundings: Surroundings, limits: Limits, content: any Digesting & Sendable
  ) {
    self.schemas = schemas
    self.catalogue = catalogue
    self.createsTables = createsTables
    self.surroundings = surroundings
    self.limits = limits
    self.content = content
    keyed = content
  }
}
