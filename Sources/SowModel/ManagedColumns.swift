/// What `x-sow` says of columns that sow itself fills.
package struct ManagedColumns: Sendable {
  /// Holds the environment's tenant; rows of others are never seen.
  package var tenant: Located<String>?
  /// Says which version of a row this is.
  package var version: Located<Version>?
  /// Says that a row is deleted, and since when where it holds a time.
  package var softDelete: Located<String>?
  /// Written with every new row.
  package var injected: [Injection] = []
  /// Written with every change of a row that there is another reason for.
  package var injectedOnUpdate: [Injection] = []

  package struct Version: Hashable, Sendable {
    package var field: String
    package var rule: Rule

    package enum Rule: String, CaseIterable, Hashable, Sendable {
      /// One more than before; 1 for a new row.
      case increment
      /// The time of the run.
      case now
    }

    package init(field: String, rule: Rule) {
      self.field = field
      self.rule = rule
    }
  }

  package struct Injection: Sendable {
    package var field: Located<String>
    package var input: Input

    package init(field: Located<String>, input: Input) {
      self.field = field
      self.input = input
    }
  }

  package init() {}

  /// Whether an insert leaves the field to sow.
  package func fills(_ field: String) -> Bool {
    tenant?.value == field || version?.value.field == field || softDelete?.value == field
      || injected.contains { $0.field.value == field }
  }

  /// The fields that have a purpose of their own, each at its place.
  package var purposes: [Located<String>] {
    [tenant, version.map { Located($0.value.field, at: $0.range) }, softDelete].compactMap { $0 }
  }

  /// The fields of `injected`, then those of `injected_on_update`.
  package var injections: [Located<String>] { (injected + injectedOnUpdate).map(\.field) }
}
