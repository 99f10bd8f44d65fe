package import SowModel

/// A plan that makes sense: every name is resolved, every value is typed, the order is known.
///
/// Instances and cells lie in flat arrays and refer to each other by position, because a plan may
/// have a hundred thousand of them.
package struct CheckedPlan: Sendable {
  package let name: String
  package let options: Plan.Options
  package let entities: [Entity]
  package let operations: [CheckedOperation]
  package let columnSets: [ColumnSet]
  package let instances: [Instance]
  package let cells: [Cell]
  package let computed: [Computed]
  /// What stands for a cell whose value came from a sensitive place, by position in `cells`.
  package let labels: [Int32: String]
  /// In the order of execution.
  package private(set) var sets: [WorkSet]
  /// How unique values go from row to row; nil where nothing is known of that.
  private(set) var exchange: Exchange?
  /// Nil where there is no proof.
  let order: PlanOrder?
  /// Instances that break their schema, or that the database would refuse, in the mode where the
  /// others go on.
  package private(set) var invalid: [Int: Diagnostic]
  /// The same of rows of streams, by operation and number.
  private(set) var invalidRows: [Int: [Int: Diagnostic]] = [:]
  package let operationNames: [String: Int]
  /// Offsets of cells that wait for rows later in the plan, by instance: their rows are written
  /// with null in them first, and with the value once the others are there.
  package let delayed: [Int32: [Int]]
  /// Where operations and instances were before.
  let moves: PlanMoves
  /// What operations are repeated over that others find, by operation.
  let openElements: [Int: OpenElements]
  /// Compiles the rows of streams while they pass.
  let inputs: InputCompiler
  let expander: RowExpander
  /// Finds entities that no operation names.
  let resolver: EntityResolver
  let identity: KnownIdentity

  /// The proof that `plan` makes sense, or nil after diagnostics.
  ///
  /// Offline, without a catalogue, all that can be known is checked, and there is no proof.
  package static func check(
    _ plan: Plan, _ context: CheckContext, watch: ProgressWatcher? = nil,
    into diagnostics: inout Diagnostics
  ) -> CheckedPlan? {
    var found = Diagnostics()
    var checker = PlanChecker(plan, context, into: &found)
    var meter = PhaseMeter(.check, of: plan.name, total: checker.rowCount, to: watch)
    let sets = checker.checkAll(&meter)
    meter.finish()
    found.merge(checker.sink.diagnostics)
    diagnostics.merge(found)
    guard context.catalogue != nil, !found.hasErrors, let sets else { return nil }
    return CheckedPlan(checker, sets: sets)
  }

  /// Everything that can be known without a database, rows of files included.
  package static func validate(
    _ plan: Plan, _ context: CheckContext, watch: ProgressWatcher? = nil,
    into diagnostics: inout Diagnostics
  ) {
    var found = Diagnostics()
    var checker = PlanChecker(plan, context, into: &found)
    let total = checker.readsFiles ? nil : checker.rowCount
    var meter = PhaseMeter(.check, of: plan.name, total: total, to: watch)
    let sets = checker.checkAll(&meter)
    found.merge(checker.sink.diagnostics)
    for diagnostic in checker.invalid.sorted(by: { $0.key < $1.key }) {
      found.report(diagnostic.value)
    }
    // Not a proof: only its streams are read, whose own operations make sense.
    CheckedPlan(checker, sets: sets ?? [])
      .validateStreams(but: checker.unsound, &meter, into: &found)
    meter.finish()
    diagnostics.merge(found)
  }

  /// Reads every file of rows once and reports what is wrong with its rows.
  private func validateStreams(
    but unsound: Set<Int>, _ meter: inout PhaseMeter, into diagnostics: inout Diagnostics
  ) {
    for (index, operation) in operations.enumerated()
    where operation.stream != nil && !unsound.contains(index) {
      do throws(RowFailure) {
        var reader = try StreamReader(index, of: self)
        var batch = reader.emptyBatch
        while diagnostics.all.count < 10_000, try reader.next(&batch) {
          for place in reader.waiting {
            batch.pending.insert(place.row * batch.columns.count + place.offset)
          }
          reader.validate(&batch)
          for row in batch.rows {
            if let failure = row.failure { diagnostics.report(failure) }
          }
          meter.add(batch.rows.count, of: operation.name)
        }
      } catch {
        diagnostics.report(error.diagnostic)
      }
    }
  }

  fileprivate init(_ checker: PlanChecker, sets: [WorkSet]) {
    name = checker.plan.name
    options = checker.plan.options
    entities = checker.entities
    operations = checker.finishedOperations
    columnSets = checker.columnSets
    instances = checker.instances
    cells = checker.cells
    computed = checker.sink.computed
    labels = checker.labels
    self.sets = sets
    order = checker.planOrder
    invalid = checker.invalid
    operationNames = checker.compiler.names
    moves = checker.moves
    openElements = checker.openElements
    delayed = checker.delayed
    inputs = checker.compiler
    expander = checker.expander
    resolver = checker.resolver
    identity = checker.identity
  }
}

extension CheckedPlan {
  /// The same plan in another order that all of its edges allow.
  func with(_ sets: [WorkSet], _ exchange: Exchange) -> CheckedPlan {
    var plan = self
    plan.sets = sets
    plan.exchange = exchange
    return plan
  }

  /// The entity of a table, whether an operation names it or only a schema does.
  package func entity(of table: String) -> Entity? {
    var ignored = Diagnostics()
    return entity(of: table, into: &ignored)
  }

  func entity(of table: String, into diagnostics: inout Diagnostics) -> Entity? {
    entities.first { $0.table.name == table } ?? resolver.entity(of: table, into: &diagnostics)
  }

  /// The same plan, in the order as written, without some rows that cannot be had.
  func without(_ refused: [(row: ExchangeRow, failure: Diagnostic)], _ sets: [WorkSet]) -> Self {
    var plan = self
    plan.sets = sets
    plan.exchange = nil
    for (row, failure) in refused {
      if let instance = row.instance {
        plan.invalid[instance] = failure
      } else {
        plan.invalidRows[row.operation, default: [:]][row.row] = failure
      }
    }
    return plan
  }

  /// Whether it is known already which unique values go from row to row.
  package var isReordered: Bool { exchange != nil }

  /// What stands in an address for a part that is sensitive.
  package func hidden(_ part: String) -> String { inputs.secrets.hidden(part) }

  /// Whether a row that cannot be had stops the plan, before anything is written.
  var stopsAtMistakes: Bool { options.atomic || options.onError == .stop }

  /// Rows to be set to null before a set is written, because others take their unique values.
  package func parkings(before set: Int) -> [Parking] { exchange?.parked[set] ?? [] }
}

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

/// Rows that are written together: one level, entity, action and column set.
package struct WorkSet: Sendable {
  package let level: Int32
  package let action: Action
  package let entity: Int
  package let columnSet: Int
  package let members: Members
  /// Which part of its members' work it is.
  package let phase: Phase
  /// Sets with the same number follow each other and are committed together without one
  /// transaction for all: those of an operation, and of operations that wait for each other.
  package let unit: Int

  package enum Phase: Sendable {
    case whole
    /// Rows that are not there are written, with null where a cell is delayed.
    case start
    /// Delayed cells are written, and rows that were there are decided.
    case completion
  }

  package enum Members: Sendable {
    case instances([Int32])
    case stream(operation: Int)
  }
}

/// An operation over a file, compiled row by row while it passes.
package struct Stream: Sendable {
  package let source: any RowSource
  package let range: SourceRange
  /// Position of the column set.
  package let columnSet: Int
  /// How each field of the column set is filled.
  package let programs: [Program]
  package let key: Key
  /// The names of the file's columns, in the order of its cells.
  package let columns: [String]
  /// What stands for the values of sensitive fields, by position in the column set.
  package let labels: [String?]
  /// Whether other operations refer to its rows.
  package internal(set) var isReferenced: Bool

  package enum Program: Sendable {
    case constant(Cell)
    /// The cell of the row as it is.
    case column(Int)
    case input(Input)
  }

  package enum Key: Sendable {
    /// Columns of the file, as written; those in `secret` feed sensitive fields.
    case columns([Int], secret: Set<Int>)
    /// Fields by position in the column set, as written or as the key that they refer to.
    case fields([Int])
    /// A digest of the row, counted where it repeats.
    case content
  }
}
