/// What an operation says about its rows beyond their values: `lifecycle`.
package struct Lifecycle: Hashable, Sendable {
  /// Whether its rows are never deleted.
  package var protects = false
  /// What becomes of a row that left its operation, or whose operation left the plan.
  package var onRemove = OnRemove.delete

  package init(protects: Bool = false, onRemove: OnRemove = .delete) {
    self.protects = protects
    self.onRemove = onRemove
  }

  package enum OnRemove: String, CaseIterable, Hashable, Sendable {
    /// A row that sow created is deleted, one that was there before is forgotten.
    case delete
    case forget
    /// The row must be looked after by hand.
    case error
  }
}
