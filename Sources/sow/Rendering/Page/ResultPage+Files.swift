internal import SowModel

/// What sow wrote to a file before: all of its text is the file's.
extension ResultPage {
  func report(_ report: PastReport, limit: Int?) {
    title(
      RunLabel(plan: report.plan, database: report.database, environment: report.environment),
      command: "report")
    quote(report.message)
    for problem in report.problems { quote(problem) }
    var rows: [[Phrase]] = []
    var hidden = 0
    for result in report.results {
      let shown = result.instances.prefix(limit ?? .max)
      hidden += result.instances.count - shown.count
      for line in [result] + shown {
        rows.append(
          [
            "", line.address, line.entity, line.status, line.statusCode.map(String.init) ?? "",
            line.problem ?? "",
          ].map { Phrase(same: $0) })
      }
    }
    table(
      [
        Phrase(same: ""), .address, Phrase("Entity", vi: "Thực thể"),
        Phrase("Status", vi: "Trạng thái"), Phrase("Code", vi: "Mã"),
        Phrase("Reason", vi: "Lý do"),
      ], rows, hidden: hidden, of: Noun("result", vi: "kết quả"))
  }

  func lock(_ lock: Lock, limit: Int?) {
    let scope = lock.scope.isEmpty ? "" : " (\(lock.scope))"
    title(RunLabel(plan: "\(lock.plan)\(scope) · lineage \(lock.lineage)"), command: "lock")
    let shown = lock.entries.prefix(limit.map { $0 * 5 } ?? .max)
    let rows = shown.map { entry in
      switch entry {
      case .row(let address, let entity, let key):
        [Phrase(same: ""), Phrase(same: address), Phrase(same: entity), Phrase(same: key)]
      case .summary(let operation, let entity, let count, let first, let last, _):
        [
          Phrase(same: ""), Phrase(same: operation), Phrase(same: entity),
          [Phrase(same: "\(first) … \(last)"), Phrase.count(count, .row)].joined(", "),
        ]
      }
    }
    table(
      [
        Phrase(same: ""), .address, Phrase("Entity", vi: "Thực thể"), Phrase("Key", vi: "Khóa"),
      ], rows, hidden: lock.entries.count - shown.count, of: .address)
  }
}
