internal import SowModel

extension PlanChecker {
  /// Resolves names, finds instances and readies the compiler of inputs.
  init(_ plan: Plan, _ context: CheckContext, into diagnostics: inout Diagnostics) {
    let variables = Variables(plan, context.surroundings, into: &diagnostics)
    let expander = RowExpander(
      variables: variables, limits: context.limits, content: context.content,
      keyed: context.keyed, elements: context.elements)
    var entities = PlanEntities(
      context,
      ManagedSources(
        context.surroundings, variables, expander.secrets, isOffline: context.catalogue == nil))
    var entityOf = plan.operations.map { operation in
      operation.query == nil ? entities.number(of: operation.entity, into: &diagnostics) : 0
    }
    for operation in plan.operations {
      operation.forEachInput { input in
        input.forEachLookup { _ = entities.number(of: $0.entity, into: &diagnostics) }
      }
    }
    var calls: [Int: CallableQuery] = [:]
    for (index, operation) in plan.operations.enumerated() {
      guard let name = operation.query else { continue }
      (entityOf[index], calls[index]) = entities.number(ofQuery: name, into: &diagnostics)
    }
    var names: [String: Int] = [:]
    names.reserveCapacity(plan.operations.count)
    for (index, operation) in plan.operations.enumerated() { names[operation.name] = index }
    let inMemory = plan.operationsInCycles(names: names)
    var next = 0
    var targets: [InputCompiler.Target] = []
    var rows: [OperationRows] = []
    targets.reserveCapacity(plan.operations.count)
    rows.reserveCapacity(plan.operations.count)
    for (index, operation) in plan.operations.enumerated() {
      // Which parts of an element are sensitive is said of what they are given as.
      let entity = calls[index]?.parameters ?? entities.all[entityOf[index]]
      var found = Diagnostics()
      let own = expander.rows(
        of: operation, entity: entity,
        inMemory: inMemory.contains(index) || !operation.action.value.insertsRows
          || operation.isOfEachElement, into: &found)
      let target = InputCompiler.Target(
        operation, own, entity: entityOf[index], first: next,
        secretParts: own.isRepeated ? expander.secretParts(of: operation, entity) : [],
        isComplete: !found.hasErrors && !own.isUnread)
      diagnostics.merge(found)
      next = target.instances.upperBound
      targets.append(target)
      rows.append(own)
    }
    self.init(
      plan: plan, entities: entities.all, entityOf: entityOf, rows: rows,
      compiler: InputCompiler(
        variables: variables, entities: entities.all, entityNumbers: entities.numbers,
        targets: targets, names: names, unread: plan.unreadOperations, secrets: expander.secrets),
      expander: expander, resolver: entities.resolver,
      identity: context.catalogue == nil && context.surroundings.name == nil
        ? .open : .known(context.surroundings.identity), calls: calls)
    if next > context.limits.rows {
      diagnostics.report(
        .tooManyInstances, ["count": String(next), "limit": String(context.limits.rows)],
        at: plan.range)
    }
  }
}

/// The entities that a plan names, each resolved once.
private struct PlanEntities {
  private(set) var all: [Entity] = []
  private(set) var numbers: [String: Int] = [:]
  let resolver: EntityResolver
  private let isOffline: Bool
  private let queryResolver: QueryResolver
  private var queries: [String: (number: Int, query: CallableQuery)] = [:]
  private var unknown: [String: Diagnostic] = [:]
  /// Most often the next operation has the same entity.
  private var last: (name: String, number: Int)?

  init(_ context: CheckContext, _ sources: ManagedSources) {
    isOffline = context.catalogue == nil
    queryResolver = QueryResolver(context)
    resolver = EntityResolver(
      schemas: context.schemas, catalogue: context.catalogue,
      createsTables: context.createsTables, sources: sources)
  }

  /// The number of an entity, which stands for nothing after a diagnostic. A name that nothing
  /// has is an error at each place; offline one warning is enough.
  mutating func number(of name: Located<String>, into diagnostics: inout Diagnostics) -> Int {
    if let last, last.name == name.value { return last.number }
    if let number = numbers[name.value] {
      if unknown[name.value] == nil { last = (name.value, number) }
      if !isOffline, var diagnostic = unknown[name.value] {
        diagnostic.range = name.range
        diagnostics.report(diagnostic)
      }
      return number
    }
    if resolver.knows(name.value) {
      all.append(resolver.resolve(name.value, into: &diagnostics) ?? .unknown(name.value))
    } else {
      let diagnostic = resolver.unknown(name)
      unknown[name.value] = diagnostic
      diagnostics.report(diagnostic)
      all.append(.unknown(name.value))
    }
    numbers[name.value] = all.count - 1
    return all.count - 1
  }

  /// The same of the rows that a named query gives, once all entities are known.
  mutating func number(
    ofQuery name: Located<String>, into diagnostics: inout Diagnostics
  ) -> (number: Int, query: CallableQuery) {
    if let known = queries[name.value] { return known }
    let makesTables = all.contains { entity in
      entity.isKnown && (!entity.isLive || !entity.missingColumns.isEmpty)
    }
    let query = queryResolver.resolve(name, awaitsTables: makesTables, into: &diagnostics)
    all.append(query.columns)
    queries[name.value] = (all.count - 1, query)
    return (all.count - 1, query)
  }
}

extension InputCompiler.Target {
  fileprivate init(
    _ operation: DataOperation, _ rows: OperationRows, entity: Int, first: Int,
    secretParts: Set<Int>, isComplete: Bool
  ) {
    var keys: [ExactText: Int] = [:]
    var count = 0
    switch rows {
    case .single: count = 1
    case .inline(let elements):
      count = elements.count
      keys.reserveCapacity(count)
      for (offset, element) in elements.enumerated() {
        keys[ExactText(element.key)] = first + offset
      }
    case .stream, .unread: break
    }
    self.init(
      name: operation.name, action: operation.action.value, entity: entity,
      instances: first..<first + count, keys: keys, secretParts: secretParts,
      isStream: rows.isStream, isRepeated: rows.isRepeated, isComplete: isComplete)
  }
}

extension Plan {
  /// Operations that refer to themselves or wait for each other: their files are read whole, so
  /// that the order between their rows can be found.
  fileprivate func operationsInCycles(names: [String: Int]) -> Set<Int> {
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
