package import SowModel

/// The database refused or failed; the text is safe to show: no value of a row is in it.
package struct DatabaseError: Error, Hashable, Sendable {
  package var kind: Kind
  /// In our words, lower case, without a full stop.
  package var message: Phrase
  package var table: String?
  package var columns: [String]
  /// The name of the constraint where the database gives it.
  package var constraint: String?

  package enum Kind: Hashable, Sendable {
    case notNull, unique, foreignKey, check
    /// Any other refusal of the row itself: a trigger, a type, a length.
    case refused
    /// An update or delete whose row is not there.
    case missing
    /// An update whose row does not hold what it must.
    case changed
    /// Somebody changed the same rows at the same time; all may go well when it is done again.
    case conflict
    /// Whether the commit was done is not known.
    case uncertain
    /// Another run holds the lock.
    case locked
    case readOnly
    case diskFull
    case inputOutput
    /// The file is no database, is damaged, or is of a newer format.
    case unusable
    case unavailable
    case interrupted
    /// A statement took longer than the run allows; what its transaction did is gone.
    case timedOut
    case other

    /// Whether the row is to blame, so that other rows may still be written.
    package var isOfTheRow: Bool {
      switch self {
      case .notNull, .unique, .foreignKey, .check, .refused, .missing, .changed: true
      default: false
      }
    }
  }

  package init(
    _ kind: Kind, _ english: String, vi vietnamese: String, table: String? = nil,
    columns: [String] = [], constraint: String? = nil
  ) {
    self.init(
      kind, Phrase(english, vi: vietnamese), table: table, columns: columns,
      constraint: constraint)
  }

  package init(
    _ kind: Kind, _ message: Phrase, table: String? = nil, columns: [String] = [],
    constraint: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.table = table
    self.columns = columns
    self.constraint = constraint
  }
}

/// One row of a set that could not be written.
package struct RowError: Hashable, Sendable {
  /// The position in the set.
  package var row: Int
  package var error: DatabaseError

  package init(row: Int, error: DatabaseError) {
    self.row = row
    self.error = error
  }
}

/// What stands against a constraint that was put off until the commit.
package struct DeferredFailure: Hashable, Sendable {
  package var error: DatabaseError
  /// Some rows of the table of `error` that do; none where the database cannot tell.
  package var rows: [RowKey]

  package init(error: DatabaseError, rows: [RowKey]) {
    self.error = error
    self.rows = rows
  }
}
