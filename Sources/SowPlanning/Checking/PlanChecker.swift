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
  private var lastSets: [Int: Int] = [:]
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
    for index in plan.operations.indices {
      let before = instances.count
      compile(index)
      meter.add(instances.count - before, of: plan.operations[index].name)
    }
    checkDependencies()
    checkMoves()
    checkLinkTables()
    return order()
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

  /// Compiles the fields of one row into `cells`, in the order of the entity's fields. A cell that
  /// had a diagnostic holds null, and its offset is noted in `unsettled`.
  private mutating func compileCells(
    of element: Plan.Element, _ operation: DataOperation, _ entity: Entity, _ entityIndex: Int
  ) -> (number: Int, firstCell: Int32) {
    filled.removeAll(keepingCapacity: true)
    rowLinks.removeAll(keepingCapacity: true)
    for member in element.members {
      guard entity.isKnown else {
        let any = InputCompiler.Want(type: .any, isNullable: true, name: member.name.value)
        _ = compiler.cell(member.input, any, each: element.each, into: &sink)
        continue
      }
      if expectsVersion(member.name.value, operation, entity) { continue }
      guard let position = writable(member.name, of: operation, entity) else { continue }
      let field = entity.fields[position]
      sink.label = field.label
      let first = sink.dependencies.count
      let cell = compiler.cell(member.input, .init(field), each: element.each, into: &sink)
      for link in first..<sink.dependencies.count { rowLinks.append((position, link)) }
      if let value = cell?.known { checkTenant(value, position, entity, at: member.input.range) }
      filled.append(FilledField(field: position, cell: cell, label: sink.label))
      refuseSecret(sink.label, inKey: position, entity, at: member.input.range)
    }
    let isSorted = filled.indices.dropFirst().allSatisfy {
      filled[$0 - 1].field <= filled[$0].field
    }
    if !isSorted { filled.sort { $0.field < $1.field } }
    let firstCell = Int32(cells.count)
    unsettled.removeAll(keepingCapacity: true)
    for offset in filled.indices {
      if let label = filled[offset].label, entity.fields[filled[offset].field].label == nil {
        labels[Int32(cells.count)] = label
      }
      if filled[offset].cell == nil { unsettled.insert(offset) }
      cells.append(filled[offset].cell ?? .value(.null))
    }
    return (columnSetNumber(ofFilled: entityIndex), firstCell)
  }

  /// The set of the columns in `filled`.
  private mutating func columnSetNumber(ofFilled entity: Int) -> Int {
    if ignored.isEmpty, let last = lastSets[entity],
      columnSets[last].columns.count == filled.count,
      filled.indices.allSatisfy({ columnSets[last].columns[$0] == filled[$0].field })
    {
      return last
    }
    let number = columnSetNumber(
      ColumnSet(entity: entity, columns: filled.map(\.field), ignoring: ignored))
    if ignored.isEmpty { lastSets[entity] = number }
    return number
  }

  mutating func columnSetNumber(_ set: ColumnSet) -> Int {
    if let number = columnSetNumbers[set] { return number }
    columnSets.append(set)
    columnSetNumbers[set] = columnSets.count - 1
    return columnSets.count - 1
  }

  /// The position of a field that the operation may write, or nil after a diagnostic.
  mutating func writable(
    _ name: Located<String>, of operation: DataOperation, _ entity: Entity
  ) -> Int? {
    guard let position = compiler.position(of: name, in: entity, into: &sink) else {
      return nil
    }
    let field = entity.fields[position]
    if field.generation == .computed || field.isReadOnly {
      sink.diagnostics.report(
        .generatedField, ["field": field.name, "entity": entity.name], at: name.range)
      return nil
    }
    if let managed = entity.managed, managed.reserved.contains(position) {
      sink.diagnostics.report(
        .managedField, ["field": field.name, "entity": entity.name], at: name.range)
      return nil
    }
    if operation.action.value == .update,
      field.isImmutable || entity.primaryKey.contains(position)
    {
      sink.diagnostics.report(
        .immutableField, ["field": field.name, "entity": entity.name], at: name.range)
      return nil
    }
    return position
  }
}
