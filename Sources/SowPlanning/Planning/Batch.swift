package import SowModel

/// Rows of one entity and one set of columns that are decided, and later written, together.
package struct Batch: Sendable {
  package let entity: Entity
  package let action: Action
  /// Positions of fields, the order of the values.
  package let columns: [Int]
  /// Offsets in `columns` of what is compared and set back.
  package let asked: [Int]
  /// Whether a column is a set of links.
  let hasLinks: Bool
  package var rows: [BatchRow] = []
  /// Flat, `columns.count` a row; null where pending.
  package var values: [Value] = []
  /// Positions in `values` that are only known after another row is written.
  package var pending: Set<Int> = []
  /// Rows of the table that a `delete` of the plan takes away before.
  var gone: [RowKey: Int32] = [:]
  /// Rows that are decided in the hope that another one gives its natural key up: which one.
  var hopes: [Int: RowKey] = [:]

  /// Rows that go to the database at once.
  package static let size = 10_000
  /// The rows of the first batch of a file that goes on; few, so that what reads ahead and what uses
  /// the rows soon work side by side.
  static let firstSize = 300

  package init(entity: Entity, action: Action, _ set: ColumnSet) {
    self.entity = entity
    self.action = action
    columns = set.columns
    asked = set.asked
    hasLinks = set.columns.contains { entity.fields[$0].isLink }
  }

  package func values(of row: Int) -> ArraySlice<Value> {
    values[row * columns.count..<(row + 1) * columns.count]
  }

  /// Those of some rows, one row after the other; not copied where these are all.
  package func values(of numbers: [Int]) -> [Value] {
    numbers.count == rows.count ? values : numbers.flatMap { values(of: $0) }
  }

  /// The values of a row, nil for those still pending.
  func known(of row: Int) -> [Value?] {
    let start = row * columns.count
    return (0..<columns.count).map { offset in
      pending.contains(start + offset) ? nil : values[start + offset]
    }
  }

  /// Writes null for now where a value is still pending.
  package mutating func leavePendingOut() {
    pending.removeAll()
    for index in rows.indices { rows[index].hasPending = false }
  }

  /// Makes room for so many rows.
  mutating func reserve(_ count: Int) {
    rows.reserveCapacity(count)
    values.reserveCapacity(count * columns.count)
  }

  package mutating func removeAll() {
    rows.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
    hopes.removeAll(keepingCapacity: true)
  }
}

package struct BatchRow: Sendable {
  package let operation: Int
  /// The position in the plan's instances; nil in a stream.
  package let instance: Int?
  /// The text between the brackets of the address.
  package let address: String
  package let range: SourceRange
  package var fate = Fate.undecided
  package var key: RowKey?
  package var hasPending = false
  /// What the ledger holds of this address.
  package var entry: LedgerRow?
  package var presence = Presence.missing
  /// Whether the row of the entry is marked as deleted.
  var isDeleted = false
  /// The keyed digest of the values; nil while something is pending.
  package var asked: RowDigest?
  /// The keyed digest of what the table will hold, should the row be inserted, where that is known.
  package var answered: RowDigest?
  /// Kept apart: few rows fail, and a batch has thousands.
  private var ending: Ending?

  package var failure: Diagnostic? {
    get { ending?.diagnostic }
    set { ending = newValue.map(Ending.init) }
  }

  private final class Ending: Sendable {
    let diagnostic: Diagnostic

    init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
  }

  package init(operation: Int, instance: Int?, address: String, range: SourceRange) {
    self.operation = operation
    self.instance = instance
    self.address = address
    self.range = range
  }

  /// Whether the row was there before and stays as it is.
  package func isKept(by operation: CheckedOperation) -> Bool {
    guard operation.keepsMatches else { return false }
    switch fate {
    case .create, .recreate, .revive, .replace: return false
    default: return entry.map { $0.origin == .adopted } ?? (fate == .adopt)
    }
  }

  /// Ends the row; the first reason stays.
  package mutating func end(_ fate: Fate, _ failure: Diagnostic) {
    if self.fate.isDead { return }
    self.fate = fate
    self.failure = failure
  }
}
