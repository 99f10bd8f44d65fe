internal import SowModel

/// Finds rows that a run writes and that a filter of the same plan matches in the next run only.
///
/// A filter sees the rows as they were before the run. One that is written after it looked, or that
/// is new, may pass it from then on, so that a second apply would have work to do.
struct FilterWatch {
  private let plan: CheckedPlan
  /// Where somebody filters.
  private let watched: Set<String>
  private var filters: [String: LateMatches] = [:]
  /// New rows, one of each operation and set of columns, and what updates set.
  private var written: [String: [WrittenRow]] = [:]
  private(set) var diagnostics = Diagnostics()

  init(_ plan: CheckedPlan) {
    self.plan = plan
    let asking = plan.operations.filter { !$0.queries.isEmpty && $0.caresForMatches }
    watched = Set(asking.map { plan.entities[$0.entity].table.name })
  }

  /// Notes the rows of a decided batch.
  mutating func note(_ batch: Batch) {
    let table = batch.entity.table.name
    guard watched.contains(table) else { return }
    var kinds: Set<Int> = []
    for (index, row) in batch.rows.enumerated() {
      if filters[table] == nil, kinds.contains(row.operation) { continue }
      guard let written = WrittenRow(index, of: batch) else { continue }
      // Earlier operations that write what is tested were refused where the filter was resolved.
      if written.isNew, kinds.insert(row.operation).inserted {
        self.written[table, default: []].append(written.withoutValues)
      }
      for filter in filters[table]?.matching(written) ?? [] { report(filter, written, table) }
    }
  }

  /// Notes an `update` or `delete`, or a `read` that others refer to.
  mutating func note(_ number: Int, _ state: RunState) {
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    guard operation.caresForMatches, !state.fates[number].isDead,
      let result = state.results[number]
    else { return }
    let entity = plan.entities[operation.entity]
    let table = entity.table.name
    let update = WrittenRow(number, result, state)
    if let update {
      for filter in filters[table]?.matching(update) ?? [] { report(filter, update, table) }
    }
    if !result.conditions.isEmpty {
      let filter = LateMatches.Filter(number, result, entity)
      for row in written[table] ?? [] where filter.matches(row) {
        // What another update sets before was refused where the filter was resolved.
        let isOwn = row.operation == Int(instance.operation)
        guard row.isNew || isOwn else { continue }
        report(filter, row)
        break
      }
      filters[table, default: LateMatches()].add(filter)
    }
    if let update { written[table, default: []].append(update) }
  }

  private mutating func report(
    _ filter: LateMatches.Filter, _ row: WrittenRow, _ table: String
  ) {
    filters[table]?.remove(filter)
    report(filter, row)
  }

  private mutating func report(_ filter: LateMatches.Filter, _ row: WrittenRow) {
    diagnostics.report(
      .filterMissesWritten,
      [
        "address": plan.address(of: filter.instance),
        "row": address(operation: plan.operations[row.operation].name, instance: row.instance),
      ], at: plan.instances[filter.instance].range,
      hint: .text(
        "test a field that tells them apart, or use a plan of its own",
        vi: "hãy xét một trường phân biệt được chúng, hoặc dùng một kế hoạch riêng"),
      related: [row.range])
  }
}

extension CheckedOperation {
  /// Whether it matters which rows are matched.
  fileprivate var caresForMatches: Bool {
    switch action {
    case .update, .delete: true
    case .read: !fetched.isEmpty
    case .create, .upsert, .sync: false
    }
  }
}

extension DiagnosticCode {
  static let filterMissesWritten = DiagnosticCode(
    "filter-misses-written",
    "{address} does not see {row}, which its filter matches in the next run",
    vi: "{address} không thấy {row}, bản ghi mà bộ lọc của nó sẽ khớp trong lần chạy sau",
    meaning: """
      where sees the rows as they were before the run. A row that the same plan writes only then, \
      and that passes the filter from then on, would be matched by the next run of the same plan, \
      which must have nothing left to do.
      """,
    example: "close: { action: update, entity: ticket, where: { state: open }, … }\n"
      + "new: { action: create, entity: ticket, values: { state: open } }",
    fix: """
      Add a condition that the written row does not pass, address rows by $ref to their key, or put \
      the operation that filters into a plan of its own, which runs before or after.
      """)
}
