package import SowModel

/// The moves of a plan that the ledger has something for: what is at the old address, and nothing
/// at the new one.
package struct LedgerMoves: Sendable {
  package private(set) var all: [LedgerMove] = []
  /// How many rows each of them concerns.
  private(set) var counts: [Int] = []
  package private(set) var diagnostics = Diagnostics()
  /// Former names of the plan from which something moves.
  private(set) var plans: [Owner] = []

  package init() {}

  /// - Note: `snapshot` answers for the plan under its name of now.
  package init(_ plan: CheckedPlan, _ snapshot: any Snapshot, _ owner: Owner) throws {
    guard !plan.moves.isEmpty else { return }
    let resolver = try Resolver(plan, snapshot, owner)
    for claim in plan.moves.claims { try resolver.add(claim) }
    for former in resolver.former { try resolver.addRest(of: former) }
    all = resolver.moves
    counts = resolver.counts
    diagnostics = resolver.diagnostics
    plans = resolver.former.map(\.owner).filter { former in
      all.contains { $0.from.owner == former }
    }
  }

  package var isEmpty: Bool { all.isEmpty }
}

/// Finds the moves one after the other; the first source that there is takes the target.
private final class Resolver {
  private let plan: CheckedPlan
  private let owner: Owner
  private let now: Holdings
  /// What the ledger holds under former names of the plan.
  let former: [Holdings]
  private let shapes: [Int: LedgerShape]
  private var taken: Set<LedgerAddress> = []
  private(set) var moves: [LedgerMove] = []
  private(set) var counts: [Int] = []
  private(set) var diagnostics = Diagnostics()

  /// What the ledger holds of one owner.
  struct Holdings {
    let owner: Owner
    let snapshot: any Snapshot
    let counts: [String: Int]
    let policies: [String: LedgerPolicy]

    init(_ owner: Owner, _ snapshot: any Snapshot) throws {
      self.owner = owner
      self.snapshot = snapshot
      counts = try snapshot.ledgerCounts()
      policies = try snapshot.policies()
    }

    /// Whether something is remembered of an operation or of one of its instances.
    func holds(_ operation: String) -> Bool {
      counts[operation] != nil || policies[operation] != nil
        || policies.keys.contains { $0.hasPrefix(operation + "[") }
    }

    func holds(_ operation: String, _ instance: String) throws -> Bool {
      if policies[address(operation: operation, instance: instance)] != nil { return true }
      guard counts[operation] != nil else { return false }
      return try snapshot.ledgerRows(operation: operation, instances: [instance])[0] != nil
    }
  }

  init(_ plan: CheckedPlan, _ snapshot: any Snapshot, _ owner: Owner) throws {
    self.plan = plan
    self.owner = owner
    now = try Holdings(owner, snapshot)
    former = try plan.moves.plans.map { name in
      let owner = Owner(scope: owner.scope, plan: name.value)
      return try Holdings(owner, snapshot.of(owner))
    }
    shapes = try snapshot.shapes()
  }

  func add(_ claim: PlanMoves.Claim) throws {
    let target = plan.operations[claim.target]
    let to = LedgerAddress(
      owner: owner, operation: target.name, instance: claim.instance ?? "")
    guard !taken.contains(to) else { return }
    let isFree =
      try claim.instance.map { try !now.holds(target.name, $0) } ?? !now.holds(target.name)
    guard isFree else { return }
    for holdings in [now] + former {
      guard try add(claim, from: holdings, to: to) else { continue }
      taken.insert(to)
      return
    }
  }

  private func add(
    _ claim: PlanMoves.Claim, from holdings: Holdings, to: LedgerAddress
  ) throws -> Bool {
    let (operation, instance) = (claim.source.operation, claim.source.instance)
    let from = LedgerAddress(
      owner: holdings.owner, operation: operation, instance: instance ?? "")
    let isHeld =
      try instance.map { try holdings.holds(operation, $0) } ?? holdings.holds(operation)
    guard isHeld else { return false }
    let count = holdings.counts[operation] ?? 0
    let tables = try tables(of: operation, instance, holdings)
    let target = plan.entities[plan.operations[claim.target].entity]
    if let other = tables.first(where: { $0 != target.table.name }) {
      diagnostics.report(
        .movedEntity,
        [
          "address": address(operation: operation, instance: instance ?? ""), "table": other,
          "operation": to.operation, "entity": target.name,
        ], at: claim.range)
      return true
    }
    // The only row of an operation moves with all that is remembered of the operation.
    let isWhole = instance == nil || instance == "" && count <= 1
    append(LedgerMove(from: from, to: to, isWhole: isWhole), isWhole ? count : 1)
    return true
  }

  private func tables(
    of operation: String, _ instance: String?, _ holdings: Holdings
  ) throws -> [String] {
    guard let instance else { return try holdings.snapshot.ledgerTables(of: operation) }
    let numbers = try holdings.snapshot.shapeNumbers(
      of: operation, instances: [instance], owner: holdings.owner)
    return numbers.compactMap { $0.flatMap { shapes[$0]?.table } }
  }

  /// What is left of a plan's former name keeps its address.
  func addRest(of holdings: Holdings) throws {
    let names = Set(holdings.counts.keys).union(
      holdings.policies.keys.map { String($0.prefix { $0 != "[" }) })
    for name in names.sorted() {
      let to = LedgerAddress(owner: owner, operation: name, instance: "")
      let from = LedgerAddress(owner: holdings.owner, operation: name, instance: "")
      let isMoved = moves.contains { $0.from == from && $0.isWhole }
      guard !isMoved, !now.holds(name), !taken.contains(to) else { continue }
      let single = moves.count { $0.from.owner == holdings.owner && $0.from.operation == name }
      append(
        LedgerMove(from: from, to: to, isWhole: true), (holdings.counts[name] ?? 0) - single)
      taken.insert(to)
    }
  }

  private func append(_ move: LedgerMove, _ count: Int) {
    moves.append(move)
    counts.append(count)
  }
}

extension DiagnosticCode {
  static let movedEntity = DiagnosticCode(
    "moved-entity", #"{address} is a row of "{table}", and "{operation}" makes rows of "{entity}""#,
    vi: #"{address} là bản ghi của "{table}", còn "{operation}" tạo các bản ghi của "{entity}""#,
    meaning: "moved_from gives a row another address; the row itself stays where it is.",
    example: "jane: { action: create, entity: customer, moved_from: janet }   # an employee",
    fix: "Name an address of the same entity, or leave moved_from out.")
}
