package import SowModel

/// What is known of every instance while a plan is decided and applied: fates, keys and values.
///
/// Instances are handled in the order of the plan's sets, so whatever a cell refers to was handled
/// before; a cell that has no value then is pending until its target is written.
package struct RunState: Sendable {
  package let plan: CheckedPlan
  /// By instance.
  package var fates: [Fate]
  package var keys: [RowKey?]
  /// Why an instance failed or was skipped.
  package var failures: [Int: Diagnostic] = [:]
  /// Rows that `read`, `update` and `delete` matched, by instance.
  package var results: [Int: QueryResult] = [:]
  /// Rows of streams that others refer to, by operation and key.
  var streamed: [Int: [ExactText: StreamedRow]] = [:]
  /// Operations with a row that failed.
  package private(set) var failedOperations: Set<Int> = []
  /// Operations whose file cannot be read to its end.
  private(set) var unreadStreams: Set<Int> = []
  /// Whether rows that were handled are in the database already: while applying.
  package var seesWrites = false
  /// Rows that this run changes or takes over.
  var claims: RowClaims
  var cells: [Cell]
  /// Values that only the database knew, by instance and field.
  var fetched: [FieldOfInstance: Value] = [:]
  /// What lookups found, by position in the plan's computed.
  var lookups: [Int32: Resolved] = [:]
  /// Lookups that nothing was found for yet.
  var openLookups: [Int32]

  /// Operations that write a field in the sets handled so far, at most two.
  var writers: [WrittenField: [Int]] = [:]
  /// Whether there are filters that care.
  let hasFilters: Bool
  /// Tables in which the sets handled so far change rows, where some query may read them.
  var changedTables: Set<String> = []
  let hasCalls: Bool
  /// The operation whose values are being resolved.
  var resolving = -1

  struct WrittenField: Hashable {
    var table: String
    var column: Int
  }

  struct FieldOfInstance: Hashable {
    var instance: Int32
    var field: Int32
  }

  struct StreamedRow: Sendable {
    var key: RowKey?
    /// Values of the operation's fetched fields; nil while pending.
    var values: [Value?]
    var fate: Fate
  }

  package init(_ plan: CheckedPlan) {
    self.plan = plan
    fates = [Fate](repeating: .undecided, count: plan.instances.count)
    keys = [RowKey?](repeating: nil, count: plan.instances.count)
    claims = RowClaims(plan)
    cells = plan.cells
    hasFilters = plan.looksUp || plan.operations.contains { !$0.queries.isEmpty || $0.looksUp }
    hasCalls = plan.operations.contains { $0.queries.contains { $0.call != nil } }
    openLookups = plan.computed.indices.compactMap { position in
      if case .lookup = plan.computed[position] { return Int32(position) }
      return nil
    }
  }

  /// Streams that did not run because of what they depend on.
  package private(set) var skippedStreams: [Int: Diagnostic] = [:]
  /// Those among them that failed as a whole.
  package private(set) var failedStreams: Set<Int> = []

  /// Streams that are skipped by a `when`.
  private(set) var idleStreams: Set<Int> = []
  /// How many instances of an operation are skipped by a `when`.
  private var idleCounts: [Int: Int] = [:]

  /// Ends a whole stream before it is read.
  mutating func end(stream operation: Int, _ obstacle: Obstacle) {
    if obstacle.fate == .idle {
      idleStreams.insert(operation)
    } else {
      noteFailure(of: operation)
    }
    if obstacle.fate == .failed { failedStreams.insert(operation) }
    skippedStreams[operation] = obstacle.diagnostic
  }

  package mutating func skip(stream operation: Int, because blocker: Blocker) {
    let range = plan.operations[operation].range
    end(
      stream: operation, Obstacle(fate: blocker.fate, diagnostic: blocker.diagnostic(at: range)))
  }

  package mutating func noteFailure(of operation: Int) { failedOperations.insert(operation) }

  mutating func noteUnread(stream operation: Int) {
    unreadStreams.insert(operation)
    noteFailure(of: operation)
  }

  /// The operation that is named in `depends_on` and was not carried out, if there is one.
  package func blockingDependency(of operation: Int) -> Blocker? {
    if failedOperations.isEmpty, idleCounts.isEmpty, idleStreams.isEmpty { return nil }
    let dependencies = plan.operations[operation].dependsOn
    if let failed = dependencies.first(where: failedOperations.contains) {
      return Blocker(operation: plan.operations[failed].name, isIdle: false)
    }
    return dependencies.first(where: isIdle).map {
      Blocker(operation: plan.operations[$0].name, isIdle: true)
    }
  }

  /// Whether nothing of an operation is carried out because of a `when`.
  private func isIdle(_ operation: Int) -> Bool {
    idleStreams.contains(operation)
      || idleCounts[operation].map { $0 == plan.operations[operation].instances.count } ?? false
  }

  /// Notes how an instance ended, for those that depend on its operation.
  mutating func note(_ fate: Fate, of operation: Int) {
    switch fate {
    case .failed, .skipped: noteFailure(of: operation)
    case .idle: idleCounts[operation, default: 0] += 1
    default: break
    }
  }

  /// Why a query cannot be carried out: something that it depends on failed meanwhile.
  package func problem(of number: Int) -> ValueProblem? {
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    if let blocker = blockingDependency(of: Int(instance.operation)) { return .dead(blocker) }
    let query = operation.queries[number - operation.instances.lowerBound]
    let tested =
      query.conditions.flatMap(\.operands) + (query.ids ?? [])
      + (query.call?.given.map(\.cell) ?? [])
    for cell in tested + cellRange(of: number).map({ cells[$0] }) {
      switch resolve(cell, at: instance.range) {
      case .dead(let blocker): return .dead(blocker)
      case .failed(let diagnostic): return .failed(diagnostic)
      case .value, .pending: continue
      }
    }
    return nil
  }

  /// The cells of an instance, in the order of its column set.
  func cellRange(of instance: Int) -> Range<Int> {
    let first = Int(plan.instances[instance].firstCell)
    return first..<first + plan.columnSets[Int(plan.instances[instance].columnSet)].columns.count
  }
}

extension RunState {
  package mutating func end(_ instance: Int, _ problem: ValueProblem) {
    switch problem {
    case .dead(let blocker): skip(instance, because: blocker)
    case .failed(let diagnostic): fail(instance, diagnostic)
    }
  }

  package mutating func fail(_ instance: Int, _ diagnostic: Diagnostic) {
    fates[instance] = .failed
    noteFailure(of: Int(plan.instances[instance].operation))
    failures[instance] = diagnostic
  }

  package mutating func skip(_ instance: Int, because blocker: Blocker) {
    let range = plan.instances[instance].range
    end(instance, Obstacle(fate: blocker.fate, diagnostic: blocker.diagnostic(at: range)))
  }

  mutating func end(_ instance: Int, _ obstacle: Obstacle) {
    fates[instance] = obstacle.fate
    note(obstacle.fate, of: Int(plan.instances[instance].operation))
    failures[instance] = obstacle.diagnostic
  }
}

/// Why the values of an instance cannot be had.
package enum ValueProblem: Error {
  case dead(Blocker)
  case failed(Diagnostic)
}
