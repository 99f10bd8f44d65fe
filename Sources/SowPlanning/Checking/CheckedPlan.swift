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
