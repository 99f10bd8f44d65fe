/// Digests of what a run read and decided: equal ones make equal changes to equal rows.
package struct Fingerprint: Hashable, Sendable {
  /// Operations of the plan in its order, then those that left it and own rows.
  package var operations: [Part]
  /// Of the changes as a whole: counts, tables, and what the database does by itself.
  package var changes: RowDigest

  /// What was read for one operation, and what becomes of its rows.
  package struct Part: Hashable, Sendable {
    package var operation: String
    package var digest: RowDigest

    package init(operation: String, digest: RowDigest) {
      self.operation = operation
      self.digest = digest
    }
  }

  package init(operations: [Part], changes: RowDigest) {
    self.operations = operations
    self.changes = changes
  }
}
