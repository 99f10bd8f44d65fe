/// `moved_from: old` or `moved_from: old["a"]`: an address that an operation had before.
package struct MovedSource: Sendable {
  package var operation: String
  /// The parts between the brackets; nil without brackets.
  package var instance: [Reference.KeyPart]?
  package var range: SourceRange

  package init(operation: String, instance: [Reference.KeyPart]?, range: SourceRange) {
    self.operation = operation
    self.instance = instance
    self.range = range
  }

  /// Whether it depends on the element of `for_each`.
  package var usesEach: Bool {
    instance?.contains { if case .each = $0 { true } else { false } } ?? false
  }
}

/// What the ledger holds of one address becomes that of another one; the rows stay as they are.
package struct LedgerMove: Hashable, Sendable {
  package var from: LedgerAddress
  package var to: LedgerAddress
  /// Whether all of the operation moves: every instance, and what is remembered beyond rows.
  package var isWhole: Bool

  package init(from: LedgerAddress, to: LedgerAddress, isWhole: Bool) {
    self.from = from
    self.to = to
    self.isWhole = isWhole
  }
}
