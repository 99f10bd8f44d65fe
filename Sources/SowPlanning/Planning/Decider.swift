package import SowModel
internal import SowThreads

/// Decides what becomes of rows by comparing the plan, the ledger and the database.
package struct Decider {
  let plan: CheckedPlan
  package let snapshot: any Snapshot
  let digester: any Digesting
  let owner: Owner
  let shapes: [Int: LedgerShape]
  private let shapeNumbers: [LedgerShape: Int]
  let policies: [String: LedgerPolicy]
  /// Whether the database has a ledger at all.
  let hasLedger: Bool
  /// Whether what is written will be owned.
  let keepsLedger: Bool
  /// Rows that are ours, whatever became of them: `--take`.
  package var taken: Set<RowAddress> = []
  /// What the run is limited to: everything else stays as it is.
  package var repetition: Repetition?
  /// Whether a row may take the unique values of another one until it is known which are given up.
  let isHopeful: Bool

  package init(
    plan: CheckedPlan, snapshot: any Snapshot, digester: any Digesting, owner: Owner,
    hasLedger: Bool, keepsLedger: Bool, isHopeful: Bool
  ) throws {
    self.plan = plan
    self.snapshot = snapshot
    self.digester = digester
    self.owner = owner
    self.hasLedger = hasLedger
    self.keepsLedger = keepsLedger
    self.isHopeful = isHopeful
    shapes = hasLedger ? try snapshot.shapes() : [:]
    shapeNumbers = Dictionary(
      shapes.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    policies = hasLedger ? try snapshot.policies() : [:]
  }

  /// What the ledger remembers of an operation; the defaults where it remembers nothing.
  package func rememberedLifecycle(of operation: String) -> Lifecycle {
    policies[operation]?.lifecycle ?? Lifecycle()
  }

  /// The same with the ledger as it will be.
  package func moved(_ moves: LedgerMoves) throws -> Decider {
    var decider = try Decider(
      plan: plan, snapshot: MovedSnapshot(snapshot, owner, moves), digester: digester,
      owner: owner, hasLedger: hasLedger, keepsLedger: keepsLedger, isHopeful: isHopeful)
    decider.taken = taken
    decider.repetition = repetition
    return decider
  }

  /// Decides the rows of a batch whose ledger entries are filled in.
  package func decide(_ batch: inout Batch) throws {
    digest(&batch)
    batch.checkTenant()
    try hide(&batch)
    let shape = shapeNumbers[batch.shape(isKept: false)]
    let keptShape = shapeNumbers[batch.shape(isKept: true)]
    var changed: [Int] = []
    var suspects: [Int] = []
    for index in batch.rows.indices where !batch.rows[index].fate.isDead {
      if staysOut(index, of: batch) {
        leave(index, in: &batch)
        continue
      }
      guard let entry = batch.rows[index].entry else { continue }
      batch.rows[index].key = entry.key
      if let other = shapes[entry.shape]?.table, other != batch.entity.table.name {
        fail(
          index, in: &batch, .entityChanged,
          ["table": other, "key": entry.key.text, "entity": batch.entity.name])
        continue
      }
      let isKept = batch.rows[index].isKept(by: plan.operations[batch.rows[index].operation])
      if !isKept { checkKey(of: index, in: &batch, entry.key) }
      if batch.rows[index].fate.isDead { continue }
      guard case .found(let answered) = batch.rows[index].presence else {
        batch.rows[index].fate = batch.rows[index].isDeleted ? .revive : .recreate
        continue
      }
      if batch.rows[index].fate == .replace {
        if answered != entry.answered { suspects.append(index) }
        continue
      }
      let isAsked =
        batch.rows[index].asked == entry.asked && entry.shape == (isKept ? keptShape : shape)
      let isAsLeft = answered == entry.answered
      switch (isAsked, isAsLeft) {
      case (true, true): batch.rows[index].fate = .unchanged
      case (_, _) where isKept: batch.rows[index].fate = .adopt
      case (true, false): batch.rows[index].fate = .drift
      case (false, _):
        batch.rows[index].fate = .update
        changed.append(index)
      }
      if !isAsLeft, !isKept, plan.exchange?.parks(entry.key, in: batch.entity.table.name) != true {
        suspects.append(index)
      }
    }
    try checkIdentity(of: suspects, in: &batch)
    try compare(changed.filter { !batch.rows[$0].fate.isDead }, in: &batch)
    try matchNew(&batch)
    try checkImmutable(&batch)
    checkRights(&batch)
    // The new row has another key, which is not known yet or is among its values.
    for index in batch.rows.indices where batch.rows[index].fate == .replace {
      batch.rows[index].key = nil
    }
  }

  /// Only rows that the ledger knows have something to be compared with.
  private func digest(_ batch: inout Batch) {
    let rows = batch.rows.indices.filter { index in
      guard batch.rows[index].entry != nil, batch.rows[index].asked == nil,
        !batch.rows[index].fate.isDead
      else { return false }
      return !batch.rows[index].hasPending
        || batch.rows[index].isKept(by: plan.operations[batch.rows[index].operation])
    }
    let digests = inHalves(rows, from: 2_000) { [batch, plan, digester] rows in
      let digester = digester.apart
      var encoder = RowEncoder()
      return rows.map { index -> RowDigest in
        let isKept = batch.rows[index].isKept(by: plan.operations[batch.rows[index].operation])
        batch.encodeAsked(index, isKept: isKept, into: &encoder)
        return digester.digest(encoder)
      }
    }
    for (index, digest) in zip(rows, digests) { batch.rows[index].asked = digest }
  }

  /// Rows that the plan asks for in a new form: the database says whether it has that already.
  private func compare(_ rows: [Int], in batch: inout Batch) throws {
    let known = rows.filter { !batch.rows[$0].hasPending }
    let matches = try matchKeys(of: known, columns: batch.asked, in: batch)
    for (index, match) in zip(known, matches) where match?.isEqual == true {
      batch.rows[index].fate = .adopt
    }
  }

  func fail(
    _ index: Int, in batch: inout Batch, _ code: DiagnosticCode, _ facts: Facts,
    hint: Diagnostic.Hint? = nil
  ) {
    batch.rows[index].end(
      .failed, Diagnostic(code, facts, at: batch.rows[index].range, hint: hint))
  }
}
