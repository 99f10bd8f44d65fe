internal import SowModel
internal import SowSchema

/// Gathers what a `CheckedPlan` is made of, operation by operation.
struct PlanChecker {
  let plan: Plan
  let entities: [Entity]
  /// The entity of each operation.
  let entityOf: [Int]
  let rows: [OperationRows]
  let compiler: InputCompiler
  let expander: RowExpander
  let resolver: EntityResolver
  let identity: KnownIdentity
  /// The named queries of operations, by operation.
  let calls: [Int: CallableQuery]
  /// Whether an entity says who may do what.
  let hasPermissions: Bool

  var sink = InputCompiler.Sink()
  var instances: [Instance] = []
  var cells: [Cell] = []
  var labels: [Int32: String] = [:]
  var columnSets: [ColumnSet] = []
  var columnSetNumbers: [ColumnSet: Int] = [:]
  /// The set of each entity's last row that ignores no field: most often that of the next row.
  var lastSets: [Int: Int] = [:]
  /// What rows of a column set are found by.
  var setKeys: [Int: SetKeys] = [:]
  var validators: [Int: RowValidation] = [:]
  var operations: [CheckedOperation] = []
  var invalid: [Int: Diagnostic] = [:]
  /// The fields of the row at hand, whose storage is used again.
  var filled: [FilledField] = []
  /// Offsets of cells of the row at hand that had a diagnostic.
  var unsettled: Set<Int> = []
  /// Operations over files whose rows cannot be read, after a diagnostic.
  var unsound: Set<Int> = []
  /// Fields of the operation at hand that `lifecycle.ignore` names.
  var ignored: [Int] = []
  /// The `when` of instances of the operation at hand.
  var whens: [Int: CheckedWhen] = [:]
  /// What the `when` of the whole operation at hand refers to.
  var whenDependencies: [Int] = []
  var whenStreams: [Int] = []
  /// Columns that rows of a column set lack.
  var missing: [Int: [Int]] = [:]
  var moves = PlanMoves()
  /// What operations are repeated over that others find, by operation.
  var openElements: [Int: OpenElements] = [:]
  /// What that of the operation at hand refers to.
  var elementDependencies: [Int] = []
  /// References of cells to instances that are later in the plan.
  var forwardLinks: [ForwardLink] = []
  /// Those of the row at hand: the field, and the position among its dependencies.
  var rowLinks: [(field: Int, position: Int)] = []
  /// Offsets of cells that are written once their row and the other one are there, by instance.
  var delayed: [Int32: [Int]] = [:]
  /// The graph, once it is known to have an order.
  var planOrder: PlanOrder?
  var edges: [DependencyGraph.Edge] = []
  /// For operations over a stream: the operations that its rows refer to.
  var streamEdges: [(stream: Int, target: Int)] = []

  struct FilledField {
    let field: Int
    /// Nil after a diagnostic.
    let cell: Cell?
    let label: String?
  }

  init(
    plan: Plan, entities: [Entity], entityOf: [Int], rows: [OperationRows],
    compiler: InputCompiler, expander: RowExpander, resolver: EntityResolver,
    identity: KnownIdentity, calls: [Int: CallableQuery]
  ) {
    self.calls = calls
    self.identity = identity
    hasPermissions = entities.contains { $0.permissions != nil }
    self.resolver = resolver
    self.plan = plan
    self.entities = entities
    self.entityOf = entityOf
    self.rows = rows
    self.compiler = compiler
    self.expander = expander
  }

  /// Checks every operation and the order between them; the sets in that order, or nil after the
  /// diagnostic of a cycle.
  mutating func checkAll(_ meter: inout PhaseMeter) -> [WorkSet]? {
    reserveCapacity()
    for index in plan.operations.indices {
      let before = instances.count
      compile(index)
      meter.add(instances.count - before, of: plan.operations[index].name)
    }
    checkDependencies()
    checkMoves()
    checkLinkTables()
    tellOfTables()
    return order()
  }

  /// So that arrays of a large plan are not copied while they grow.
  private mutating func reserveCapacity() {
    operations.reserveCapacity(plan.operations.count)
    instances.reserveCapacity(rowCount)
    cells.reserveCapacity(plan.operations.reduce(0) { $0 + $1.values.count })
  }

  /// Rows that are written in the plan itself.
  var rowCount: Int {
    rows.reduce(0) { count, rows in
      switch rows {
      case .single: count + 1
      case .inline(let elements): count + elements.count
      case .stream, .unread: count
      }
    }
  }

  var readsFiles: Bool { rows.contains(where: \.isStream) }

  private mutating func compile(_ index: Int) {
    let operation = plan.operations[index]
    let entity = entities[entityOf[index]]
    checkShape(of: operation)
    let first = instances.count
    ignored = ignoredFields(of: operation, entity)
    if let tenant = entity.managed?.tenant { ignored.append(tenant.field) }
    checkVersionAlone(operation, entity)
    checkReplacing(operation, entity)
    whens = [:]
    let when = compileWhen(of: operation, index)
    if !operation.movedFrom.isEmpty { noteMoves(of: operation, index) }
    compileElements(of: operation, index)
    var queries: [CheckedQuery] = []
    var stream: Stream?
    switch rows[index] {
    case .single:
      let element = Plan.Element(
        key: "", members: operation.values, each: .none, range: operation.range)
      compile(element, of: index, entity, &queries)
    case .inline(let elements):
      if let refusal = entity.refusal(ofRows: elements.count, at: operation.range)
        ?? entity.refusal(ofElements: elements.count, at: operation.range)
      {
        sink.diagnostics.report(refusal)
      }
      for element in elements { compile(element, of: index, entity, &queries) }
    case .unread: break
    case .stream(let source, let key, let columns, let range):
      stream = compile(source, key, columns, range, of: operation, index, entity)
    }
    var sets = Set(instances[first...].map { Int($0.columnSet) })
    if let stream { sets.insert(stream.columnSet) }
    let naturalKey = naturalKey(of: operation, entity, sets)
    if !sets.isEmpty { checkKeys(of: operation, entity, naturalKey, sets) }
    checkIgnored(of: operation, entity, sets)
    operations.append(
      CheckedOperation(
        name: operation.name, range: operation.range, action: operation.action.value,
        entity: entityOf[index], instances: first..<instances.count, stream: stream,
        naturalKey: naturalKey, queries: queries,
        expect: operation.expect?.value ?? operation.action.value.usualExpectation,
        expectsEveryID: operation.ids != nil && operation.expect == nil, fetched: [],
        isRepeated: rows[index].isRepeated,
        dependsOn: operation.dependsOn.compactMap { compiler.names[$0.value] },
        lifecycle: operation.lifecycle, terms: terms(of: operation, entity, when, whens)))
  }

  private mutating func compile(
    _ element: Plan.Element, of index: Int, _ entity: Entity, _ queries: inout [CheckedQuery]
  ) {
    let operation = plan.operations[index]
    let number = instances.count
    sink.dependencies.removeAll(keepingCapacity: true)
    sink.streams.removeAll(keepingCapacity: true)
    var others = Diagnostics()
    swap(&others, &sink.diagnostics)
    let columnSet = compileCells(of: element, operation, entity, entityOf[index])
    instances.append(
      Instance(
        operation: Int32(index), columnSet: Int32(columnSet.number),
        firstCell: columnSet.firstCell, key: element.key, range: element.range))
    checkKeyValues(of: operation, element, entity, number)
    validate(number, element, operation, entity)
    swap(&others, &sink.diagnostics)
    sort(others, of: number)
    if !operation.movedFrom.isEmpty { noteMoves(of: element, operation, index) }
    if let when = operation.when, when.usesEach {
      whens[number] = compiler.when(when, each: element.each, into: &sink)
    }
    if !operation.action.value.insertsRows {
      queries.append(
        calls[index].map { call(of: operation, $0, element, number) }
          ?? query(of: operation, entity, element.each))
    }
    for (field, position) in rowLinks where sink.dependencies[position] > number {
      forwardLinks.append(
        ForwardLink(instance: number, field: field, edge: edges.count + position))
    }
    for dependency in sink.dependencies + whenDependencies + elementDependencies {
      edges.append(.init(from: dependency, to: number))
    }
    for stream in sink.streams + whenStreams { streamEdges.append((number, stream)) }
  }

  /// Where each row fails alone, what is wrong with the row's own values is kept with it; all else
  /// concerns the plan.
  mutating func sort(_ found: Diagnostics, of number: Int) {
    for diagnostic in found.all {
      if failsAlone, diagnostic.code.isAboutOneRow {
        invalid[number] = invalid[number] ?? diagnostic
      } else {
        sink.diagnostics.report(diagnostic)
      }
    }
  }

  /// Whether a row, or an operation, fails without the others.
  var failsAlone: Bool { !plan.options.atomic && plan.options.onError == .continue }
}
