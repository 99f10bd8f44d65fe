internal import SowModel
internal import SowSchema

/// Gathers what a `CheckedPlan` is made of, operation by operation.
struct PlanChecker {
  let plan: Plan
  let entities: [Entity]
  /// The entity of each operation; nil where it is not known, after a diagnostic.
  let entityOf: [Int?]
  let rows: [OperationRows]
  let compiler: InputCompiler
  let expander: RowExpander

  var sink = InputCompiler.Sink()
  var instances: [Instance] = []
  var cells: [Cell] = []
  var labels: [Int32: String] = [:]
  var columnSets: [ColumnSet] = []
  var columnSetNumbers: [ColumnSet: Int] = [:]
  var validators: [Int: RowValidation] = [:]
  var operations: [CheckedOperation] = []
  var invalid: [Int: Diagnostic] = [:]
  var edges: [DependencyGraph.Edge] = []
  /// For operations over a stream: the operations that its rows refer to.
  var streamEdges: [(stream: Int, target: Int)] = []

  init(
    plan: Plan, entities: [Entity], entityOf: [Int?], rows: [OperationRows],
    compiler: InputCompiler, expander: RowExpander
  ) {
    self.plan = plan
    self.entities = entities
    self.entityOf = entityOf
    self.rows = rows
    self.compiler = compiler
    self.expander = expander
  }

  mutating func compile(_ index: Int) {
    let operation = plan.operations[index]
    guard let entityIndex = entityOf[index] else { return }
    let entity = entities[entityIndex]
    checkShape(of: operation, rows[index])
    let first = instances.count
    var queries: [CheckedQuery] = []
    var stream: Stream?
    switch rows[index] {
    case .single:
      let element = Plan.Element(
        key: "", members: operation.values, each: .none, range: operation.range)
      compile(element, of: operation, index, entity, entityIndex, &queries)
    case .inline(let elements):
      checkCount(elements.count, of: operation, entity)
      for element in elements {
        compile(element, of: operation, index, entity, entityIndex, &queries)
      }
    case .stream(let source, let key, let columns, let range):
      stream = compile(
        source, key, columns, range, of: operation, index, entity, entityIndex)
    }
    let expect = operation.expect?.value ?? defaultExpectation(of: operation, index)
    operations.append(
      CheckedOperation(
        name: operation.name, range: operation.range, action: operation.action.value,
        entity: entityIndex, instances: first..<instances.count, stream: stream,
        naturalKey: naturalKey(of: operation, entity, index), queries: queries, expect: expect,
        expectsEveryID: operation.ids != nil && operation.expect == nil, fetched: [], isRepeated: rows[index].isRepeated,
        dependsOn: operation.dependsOn.compactMap { compiler.names[$0.value] }))
  }

  private mutating func compile(
    _ element: Plan.Element, of operation: DataOperation, _ index: Int, _ entity: Entity,
    _ entityIndex: Int, _ queries: inout [CheckedQuery]
  ) {
    let number = instances.count
    sink.dependencies.removeAll(keepingCapacity: true)
    sink.streams.removeAll(keepingCapacity: true)
    let columnSet = compileCells(of: element, operation, entity, entityIndex, number)
    switch operation.action.value {
    case .create, .upsert: break
    case .update, .delete, .read:
      queries.append(query(of: operation, entity, element.each))
    }
    for dependency in sink.dependencies {
      edges.append(.init(from: dependency, to: number))
    }
    for stream in sink.streams { streamEdges.append((number, stream)) }
    instances.append(
      Instance(
        operation: Int32(index), columnSet: Int32(columnSet.number),
        firstCell: columnSet.firstCell, key: element.key, range: element.range))
    validate(number, element, operation, entity)
  }

  /// Compiles the fields of one row into `cells`, in the order of the entity's fields.
  private mutating func compileCells(
    of element: Plan.Element, _ operation: DataOperation, _ entity: Entity, _ entityIndex: Int,
    _ number: Int
  ) -> (number: Int, firstCell: Int32) {
    var row: [(field: Int, cell: Cell, label: String?)] = []
    row.reserveCapacity(element.members.count)
    for member in element.members {
      guard let position = writable(member.name, of: operation, entity) else { continue }
      let field = entity.fields[position]
      let want = InputCompiler.Want(
        type: field.type, isNullable: field.isNullable, name: field.name)
      sink.label = field.label
      guard var cell = compiler.cell(member.input, want, each: element.each, into: &sink) else {
        continue
      }
      if field.trims, case .value(.text(let text)) = cell { cell = .value(.text(trimmed(text))) }
      row.append((position, cell, sink.label))
    }
    row.sort { $0.field < $1.field }
    let set = ColumnSet(entity: entityIndex, columns: row.map(\.field))
    let firstCell = Int32(cells.count)
    for (field, cell, label) in row {
      if let label, entity.fields[field].label == nil { labels[Int32(cells.count)] = label }
      cells.append(cell)
    }
    return (columnSetNumber(set), firstCell)
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
    guard let position = compiler.position(of: name, in: entity, into: &sink.diagnostics) else {
      return nil
    }
    let field = entity.fields[position]
    if field.generation == .computed || field.isReadOnly {
      sink.diagnostics.report(
        .generatedField, ["field": field.name, "entity": entity.name], at: name.range)
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

  private mutating func query(
    of operation: DataOperation, _ entity: Entity, _ each: Each
  ) -> CheckedQuery {
    let conditions =
      compiler.conditions(operation.filter ?? [], of: entity, each: each, into: &sink) ?? []
    var ids: [Cell]?
    if let input = operation.ids {
      if let key = entity.primaryKey.first, entity.primaryKey.count == 1 {
        let field = entity.fields[key]
        let want = InputCompiler.Want(type: field.type, isNullable: false, name: field.name)
        ids = compiler.cells(input, want, each: each, into: &sink)
        if let ids, let limit = entity.idLimit, !limit.contains(ids.count) {
          reportLimit("ids", ids.count, limit, entity, at: input.range)
        }
      } else {
        sink.diagnostics.report(.idsNeedOneKey, ["entity": entity.name], at: input.range)
      }
    }
    var select = entity.fields.indices.map { $0 }
    if let names = operation.select {
      let named = names.compactMap {
        compiler.position(of: $0, in: entity, into: &sink.diagnostics)
      }
      select = entity.primaryKey.filter { !named.contains($0) } + named
    }
    let sort = operation.sort.compactMap { sort in
      compiler.position(of: sort.field, in: entity, into: &sink.diagnostics)
        .map { (field: $0, descending: sort.descending) }
    }
    return CheckedQuery(
      conditions: conditions, ids: ids, select: select, sort: sort,
      limit: limit(of: operation, each))
  }

  private mutating func limit(of operation: DataOperation, _ each: Each) -> Int? {
    guard let input = operation.limit else { return nil }
    let want = InputCompiler.Want(type: .integer, isNullable: false, name: "limit")
    guard let cell = compiler.cell(input, want, each: each, into: &sink) else { return nil }
    guard case .value(.integer(let number)) = cell, number >= 0 else {
      sink.diagnostics.report(.limitNotKnown, at: input.range)
      return nil
    }
    return Int(number)
  }

  private func defaultExpectation(of operation: DataOperation, _ index: Int) -> Expectation {
    switch operation.action.value {
    case .update, .delete: .some
    case .create, .upsert, .read: .any
    }
  }

  func naturalKey(of operation: DataOperation, _ entity: Entity, _ index: Int) -> [Int] {
    if let key = operation.key { return key.compactMap { entity.position(of: $0.value) } }
    if let unique = entity.uniqueKeys.first { return unique }
    return entity.generatedKey == nil ? entity.primaryKey : []
  }
}

/// Without the white space at both ends.
func trimmed(_ text: String) -> String {
  guard let first = text.unicodeScalars.firstIndex(where: { !$0.properties.isWhitespace }),
    let last = text.unicodeScalars.lastIndex(where: { !$0.properties.isWhitespace })
  else { return "" }
  return String(text.unicodeScalars[first...last])
}
