package import SowModel

/// Runs that repeat what a report says was not done.
extension Decider {
  /// Whether the run is not about a row.
  func staysOut(_ index: Int, of batch: Batch) -> Bool {
    guard let repetition else { return false }
    let row = batch.rows[index]
    return !repetition.covers(
      operation: plan.operations[row.operation].name, instance: row.address)
  }

  /// A row that is there stays as it is, whatever the plan says of it now; others may refer to it.
  func leave(_ index: Int, in batch: inout Batch) {
    guard let entry = batch.rows[index].entry, case .found = batch.rows[index].presence else {
      batch.rows[index].end(
        .idle, Diagnostic(.notRepeated, at: batch.rows[index].range))
      return
    }
    batch.rows[index].key = entry.key
    batch.rows[index].fate = .unchanged
  }

  /// Whether an `update` or `delete` is not carried out again. A `read` always is: others need
  /// what it finds.
  func staysOut(_ number: Int) -> Bool {
    guard let repetition else { return false }
    let instance = plan.instances[number]
    let operation = plan.operations[Int(instance.operation)]
    return operation.action != .read
      && !repetition.covers(operation: operation.name, instance: instance.key)
  }
}

extension Planner {
  /// Rows that the report names and the plan does not, which a corrected key makes of them.
  mutating func checkRepeated(of operation: CheckedOperation, _ holds: (String) -> Bool) {
    guard let repetition = decider.repetition else { return }
    let gone = repetition.instances(of: operation.name).map(\.text).filter { !holds($0) }
    guard let first = gone.min(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) else { return }
    diagnostics.report(
      .repeatedRowGone,
      [
        "address": address(operation: operation.name, instance: first), "count": String(gone.count),
      ],
      at: operation.range,
      hint: .text(
        "sow apply without --only-failed does what took its place",
        vi: "sow apply không có --only-failed sẽ làm phần thay thế nó"))
  }
}

extension DiagnosticCode {
  package static let notRepeated = DiagnosticCode(
    "not-repeated", "the report does not name it as failed",
    vi: "báo cáo không nêu nó là thất bại",
    severity: .warning,
    meaning: """
      --only-failed repeats what a report says was not done. A row that came into the plan since is \
      not among that, and is left for a run of the whole plan, with what refers to it.
      """,
    example: "sow apply --only-failed report.json     # and the file has a new row",
    fix: "Run sow apply without --only-failed.")
  package static let repeatedRowGone = DiagnosticCode(
    "repeated-row-gone",
    "the report names {address} as not done, and the plan has no such row ({count} in all)",
    vi:
      "báo cáo nêu {address} là chưa thực hiện, nhưng kế hoạch không có bản ghi đó (tổng cộng {count})",
    severity: .warning,
    meaning: """
      --only-failed knows rows by their addresses. A row whose key was corrected since has another \
      address, so that the run leaves it out.
      """,
    example: "statuses[\"opne\"] failed, and is statuses[\"open\"] in the plan by now",
    fix: "Run sow apply without --only-failed: what was done already changes nothing.")
}
