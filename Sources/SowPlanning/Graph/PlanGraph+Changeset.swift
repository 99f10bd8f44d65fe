package import SowModel

extension PlanGraph {
  /// What changes, and which of it refers to which: edges are those of the rows that the changeset
  /// holds, and lead only from one change to another.
  package init(_ changeset: Changeset) {
    var steps: [Step] = []
    var positions: [String: Int] = [:]
    var edges: [Edge] = []
    var removals = Dictionary(
      changeset.removals.map { ($0.operation, $0) }, uniquingKeysWith: { first, _ in first })
    for change in changeset.operations {
      let removal = removals.removeValue(forKey: change.name)
      var fate = OperationFate(change.rows, change.counts, change.differing)
      if let removal { fate.add(OperationFate(removal.rows, removal.counts, removal.differing)) }
      guard fate.counts.isChange else { continue }
      positions[change.name] = steps.count
      steps.append(
        Step(name: change.name, entity: change.entity, .changing(fate.counts, fate.kinds)))
    }
    for change in changeset.operations {
      guard let index = positions[change.name] else { continue }
      edges += Self.edges(to: index, change.rows, positions)
    }
    for removal in changeset.removals where removals[removal.operation] != nil {
      let fate = OperationFate(removal.rows, removal.counts, removal.differing)
      steps.append(
        Step(
          name: removal.operation, entity: removal.rows.first?.entity ?? "",
          .changing(fate.counts, fate.kinds)))
    }
    for cascade in changeset.cascades {
      steps.append(Step(name: cascade.table, entity: cascade.table, .cascading(cascade)))
    }
    self.init(steps, edges)
  }

  private static func edges(
    to index: Int, _ rows: [RowChange], _ positions: [String: Int]
  ) -> [Edge] {
    var reasons: [Int: [String]] = [:]
    for field in rows.lazy.flatMap(\.fields) {
      for shown in [field.new] + (field.members?.added ?? []) {
        guard case .reference(let path, _) = shown,
          let target = positions[String(path.prefix { $0 != "." && $0 != "[" })],
          reasons[target]?.contains(field.field) != true
        else { continue }
        reasons[target, default: []].append(field.field)
      }
    }
    return reasons.sorted { $0.key < $1.key }
      .map { Edge(from: $0.key, to: index, reasons: $0.value) }
  }
}

/// What becomes of the rows of an operation.
private struct OperationFate {
  var counts: Changeset.Counts
  /// Each once: as the rows say, and for rows that only the counts tell of as these say.
  var kinds: [RowChange.Kind] = []

  init(_ rows: [RowChange], _ counts: Changeset.Counts, _ differing: Int) {
    self.counts = counts
    for row in rows where !kinds.contains(row.kind) { kinds.append(row.kind) }
    guard rows.count < differing else { return }
    let counted: [(Int, RowChange.Kind, [RowChange.Kind])] = [
      (counts.create, .create, [.recreate, .replace]), (counts.update, .update, [.drift]),
      (counts.delete, .delete, [.replace]), (counts.forget, .forget, [.lost]),
      (counts.ledgerOnly, .adopt, [.note, .policy]), (counts.failed, .failed, []),
      (counts.skipped, .skipped, []),
    ]
    for (count, kind, others) in counted
    where count > 0 && !kinds.contains(kind) && !others.contains(where: kinds.contains) {
      kinds.append(kind)
    }
  }

  /// Of the same operation, those that leave.
  mutating func add(_ other: Self) {
    counts += other.counts
    kinds += other.kinds.filter { !kinds.contains($0) }
  }
}

extension Changeset.Counts {
  /// Whether anything becomes of some row.
  fileprivate var isChange: Bool {
    create + update + delete + forget + ledgerOnly + failed + skipped + renamed > 0
  }
}
