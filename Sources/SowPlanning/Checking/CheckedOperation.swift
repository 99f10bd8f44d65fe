package import SowModel

/// The fields that a group of instances sets.
package struct ColumnSet: Hashable, Sendable {
  package let entity: Int
  /// Positions of fields, in the order of the entity.
  package let columns: [Int]
  /// Offsets in `columns` of the fields that are compared and set back: all but those that
  /// `lifecycle.ignore` names.
  package let asked: [Int]

  init(entity: Int, columns: [Int], ignoring ignored: [Int] = []) {
    self.entity = entity
    self.columns = columns
    asked =
      ignored.isEmpty
      ? Array(columns.indices) : columns.indices.filter { !ignored.contains(columns[$0]) }
  }

  /// The fields that are compared and set back.
  package var askedColumns: [Int] { asked.map { columns[$0] } }
}

/// One row to be written, or one query to be run: a plain operation has exactly one.
package struct Instance: Sendable {
  package let operation: Int32
  package let columnSet: Int32
  /// Where its cells start; as many as the column set has columns.
  package let firstCell: Int32
  /// The text between the brackets of the address, empty for a plain operation.
  package let key: String
  package let range: SourceRange
}

package final class CheckedOperation: Sendable {
  package let name: String
  package let range: SourceRange
  package let action: Action
  package let entity: Int
  /// Positions in the plan's instances; empty for a stream.
  package let instances: Range<Int>
  package let stream: Stream?
  /// Fields that identify a row in the database; empty where nothing does.
  package let naturalKey: [Int]
  /// One an instance for `update`, `delete` and `read`, else empty.
  package let queries: [CheckedQuery]
  package let expect: Expectation
  /// Whether every id must have a row: `ids` without an `expect`.
  package let expectsEveryID: Bool
  /// Fields that references want and that only the database knows.
  package let fetched: [Int]
  /// Whether instances have an address of their own.
  package let isRepeated: Bool
  /// Operations that must succeed first, beside those that references show.
  package let dependsOn: [Int]
  package let lifecycle: Lifecycle
  /// What few operations say; nil for all others.
  let terms: OperationTerms?

  init(
    name: String, range: SourceRange, action: Action, entity: Int, instances: Range<Int>,
    stream: Stream?, naturalKey: [Int], queries: [CheckedQuery], expect: Expectation,
    expectsEveryID: Bool, fetched: [Int], isRepeated: Bool, dependsOn: [Int],
    lifecycle: Lifecycle, terms: OperationTerms?
  ) {
    self.name = name
    self.range = range
    self.action = action
    self.entity = entity
    self.instances = instances
    self.stream = stream
    self.naturalKey = naturalKey
    self.queries = queries
    self.expect = expect
    self.expectsEveryID = expectsEveryID
    self.fetched = fetched
    self.isRepeated = isRepeated
    self.dependsOn = dependsOn
    self.lifecycle = lifecycle
    self.terms = terms
  }
}

package struct CheckedQuery: Sendable {
  /// What stands for the keys of its rows, where it asks for them by a sensitive value.
  package let keyLabel: String?
  package let conditions: [CheckedCondition]
  /// Primary keys, single fields only.
  package let ids: [Cell]?
  package let selection: Selection
  package let sort: [(field: Int, descending: Bool)]
  let limit: Cell?
  /// Versions that the rows of an `update` or `delete` must have.
  let versions: [Cell]
  /// Of a `read` by query: what it is asked for; then nothing of the above but `selection`.
  let call: CheckedCall?
}

package struct CheckedCondition: Sendable {
  package let field: Int
  package let comparison: Comparison
  package let operands: [Cell]
  /// What stands for operands that came from a sensitive place.
  let label: String?
}

/// What one field of one instance will hold.
package enum Cell: Sendable {
  case value(Value)
  /// A field of another instance.
  case reference(instance: Int32, field: Int32)
  /// A field of a row of a stream.
  case streamed(operation: Int32, instance: String, field: Int32)
  /// Anything built from several cells, by position in the plan's `computed`.
  case computed(Int32)
}

package enum Computed: Sendable {
  /// Text with cells inside, read as the type.
  case template([Piece], FieldType)
  case list([Cell])
  case object([(name: String, cell: Cell)])
  /// A member deeper inside a structured value.
  case member(of: Cell, path: [String], FieldType)
  /// A row of what a `read` or `update` matched.
  case result(instance: Int32, row: Int, field: Int32)
  case lookup(CheckedLookup)

  package enum Piece: Sendable {
    case text(String)
    case cell(Cell)
  }
}

package struct CheckedLookup: Sendable {
  package let entity: Int
  package let conditions: [CheckedCondition]
  package let field: Int
  package let range: SourceRange
}
