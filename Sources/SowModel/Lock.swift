/// The git-reviewed projection of the ledger for one plan: addresses and keys, never values.
package struct Lock: Hashable, Sendable {
  package static let currentVersion = 1

  package var plan: String
  /// The random identity of the database's ledger.
  package var lineage: String
  package var scope: String
  /// Sorted by address.
  package var entries: [Entry]

  /// One line of the file.
  package enum Entry: Hashable, Sendable {
    case row(address: String, entity: String, key: String)
    /// An operation of more than 1,000 instances: its count, its lowest and highest key and a
    /// digest over its addresses and keys.
    case summary(
      operation: String, entity: String, count: Int, first: String, last: String, digest: String)
  }

  package static let summarizedAbove = 1_000

  package init(plan: String, lineage: String, scope: String, entries: [Entry]) {
    self.plan = plan
    self.lineage = lineage
    self.scope = scope
    self.entries = entries
  }
}

extension Lock.Entry {
  /// What the line is sorted by, in bytes: an address, or the operation that it sums up.
  package var address: String {
    switch self {
    case .row(let address, _, _): address
    case .summary(let operation, _, _, _, _, _): operation
    }
  }
}

/// `operation`, or `operation["key"]` for an instance.
package func address(operation: String, instance: String) -> String {
  instance.isEmpty ? operation : operation + "[" + instance + "]"
}
