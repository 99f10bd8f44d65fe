package import SowModel

/// What a check needs beside the plan.
package struct CheckContext: Sendable {
  package var schemas: [EntitySchema]
  /// Nil offline.
  package var catalogue: Catalogue?
  package var createsTables: Bool
  package var surroundings: Surroundings
  package var limits: Limits
  /// Digests rows that have no other key; the same for the same bytes everywhere.
  package var content: any Digesting & Sendable
  /// Digests sensitive keys: keyed with the ledger's secret; offline as `content`.
  package var keyed: any Digesting & Sendable

  package init(
    schemas: [EntitySchema], catalogue: Catalogue?, createsTables: Bool,
    surroundings: Surroundings, limits: Limits, content: any Digesting & Sendable
  ) {
    self.schemas = schemas
    self.catalogue = catalogue
    self.createsTables = createsTables
    self.surroundings = surroundings
    self.limits = limits
    self.content = content
    keyed = content
  }
}

extension PlanChecker {
  /// Resolves names, finds instances and readies the compiler of inputs.
  init(_ plan: Plan, _ context: CheckContext, into diagnostics: inout Diagnostics) {
    let variables = Variables(plan, context.surroundings, into: &diagnostics)
    let expander = RowExpander(
      variables: variables, limits: context.limits, content: context.content,
      keyed: context.keyed)
    let resolver = EntityResolver(
      schemas: context.schemas, catalogue: context.catalogue,
      createsTables: context.createsTables)
    var entities: [Entity] = []
    var numbers: [String: Int?] = [:]
    func number(_ name: Located<String>) -> Int? {
      if let known = numbers[name.value] { return known }
      let entity = resolver.resolve(name, into: &diagnostics)
      if let entity { entities.append(entity) }
      let number = entity == nil ? nil : entities.count - 1
      numbers[name.value] = .some(number)
      return number
    }
    let entityOf = plan.operations.map { number($0.entity) }
    for operation in plan.operations {
      operation.forEachInput { input in
        input.forEachLookup { _ = number($0.entity) }
      }
    }
    let names = Dictionary(
      plan.operations.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let inMemory = plan.operationsInCycles(names: names)
    var next = 0
    var targets: [InputCompiler.Target] = []
    var rows: [OperationRows] = []
    targets.reserveCapacity(plan.operations.count)
    rows.reserveCapacity(plan.operations.count)
    for (index, operation) in plan.operations.enumerated() {
      guard let entity = entityOf[index] else {
        rows.append(.single)
        targets.append(.unknown(operation))
        continue
      }
      let own = expander.rows(
        of: operation, entity: entities[entity], inMemory: inMemory.contains(index),
        into: &diagnostics)
      let target = InputCompiler.Target(operation, own, entity: entity, first: next)
      next = target.instances.upperBound
      targets.append(target)
      rows.append(own)
    }
    self.init(
      plan: plan, entities: entities, entityOf: entityOf, rows: rows,
      compiler: InputCompiler(
        variables: variables, entities: entities, targets: targets, names: names),
      expander: expander)
    if next > context.limits.rows {
      diagnostics.report(
        .tooManyInstances, ["count": String(next), "limit": String(context.limits.rows)],
        at: plan.range)
    }
  }
}

extension InputCompiler.Target {
  init(_ operation: DataOperation, _ rows: OperationRows, entity: Int, first: Int) {
    var keys: [String: Int] = [:]
    var count = 0
    switch rows {
    case .single: count = 1
    case .inline(let elements):
      count = elements.count
      for (offset, element) in elements.enumerated() { keys[element.key] = first + offset }
    case .stream: break
    }
    self.init(
      name: operation.name, action: operation.action.value, entity: entity,
      instances: first..<first + count, keys: keys, isStream: rows.isStream,
      isRepeated: rows.isRepeated)
  }

  /// Stands for an operation whose entity is not known, after its diagnostic.
  static func unknown(_ operation: DataOperation) -> Self {
    Self(
      name: operation.name, action: operation.action.value, entity: -1, instances: 0..<0,
      keys: [:], isStream: false, isRepeated: false)
  }
}

extension DataOperation {
  func forEachInput(_ body: (Input) -> Void) {
    for member in values { body(member.input) }
    for condition in filter ?? [] { body(condition.operand) }
    if let ids { body(ids) }
    if let limit { body(limit) }
    if case .inline(let rows)? = rows {
      for row in rows { for member in row.members { body(member.input) } }
    }
    switch forEach {
    case .mapping(let members)?: for member in members { body(member.input) }
    case .items(let items, _, _)?: for item in items { body(item) }
    case .values(let input)?: body(input)
    case .file?, nil: break
    }
  }
}

extension Input {
  func forEachLookup(_ body: (Lookup) -> Void) {
    switch self {
    case .scalar, .link, .template: break
    case .list(let items, _): for item in items { item.forEachLookup(body) }
    case .object(let members, _): for member in members { member.input.forEachLookup(body) }
    case .lookup(let lookup):
      body(lookup)
      for condition in lookup.filter { condition.operand.forEachLookup(body) }
    }
  }
}

extension Plan {
  /// Operations that refer to themselves or wait for each other: their files are read whole, so
  /// that the order between their rows can be found.
  func operationsInCycles(names: [String: Int]) -> Set<Int> {
    guard operations.contains(where: \.isOverFile) else { return [] }
    var edges: [DependencyGraph.Edge] = []
    for (index, operation) in operations.enumerated() {
      operation.forEachInput { input in
        input.forEachReference { reference in
          if let target = names[reference.operation] {
            edges.append(.init(from: target, to: index))
          }
        }
      }
    }
    return DependencyGraph(count: operations.count, edges: edges).nodesOnCycles()
      .filter { operations[$0].isOverFile }
  }
}

extension DataOperation {
  fileprivate var isOverFile: Bool {
    if case .file? = rows { return true }
    if case .file? = forEach { return true }
    return false
  }
}
