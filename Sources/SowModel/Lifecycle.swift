/// `lifecycle:` of an operation: how its rows may change once they are there.
package struct Lifecycle: Sendable {
  /// Fields that are written on insert, and neither compared nor set back later.
  package var ignore: [Located<String>] = []
  /// Whether a change of a field that never changes in place deletes the row and inserts it anew.
  package var replaces: Located<Bool>?

  package init() {}
}

/// What an `upsert` does with a row that is there already.
package enum MatchRule: String, CaseIterable, Hashable, Sendable {
  case update
  /// The row becomes known and stays as it is, in every run.
  case keep
}
