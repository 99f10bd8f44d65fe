internal import SowModel

/// A report from a file as people read it: one line an operation and instance, then the sum.
struct PastReportText {
  let report: PastReport
  /// Instances of an operation that are shown; nil shows all.
  var limit: Int?

  func write(to outlet: Outlet) {
    let label = RunLabel(
      plan: report.plan, database: report.database, environment: report.environment)
    outlet.line(outlet.palette.paint(terminalSafe(label.title(command: "report")), .bold))
    outlet.line()
    var shown = 0
    var hidden = 0
    func close() {
      if hidden > 0 { outlet.line("    ", .more(hidden)) }
      (shown, hidden) = (0, 0)
    }
    for result in report.results {
      if !result.isInstance { close() }
      guard !result.isInstance || shown < limit ?? .max else {
        hidden += 1
        continue
      }
      if result.isInstance { shown += 1 }
      write(result, to: outlet)
    }
    close()
    if !report.results.isEmpty { outlet.line() }
    for problem in report.problems { outlet.line("  " + terminalSafe(problem)) }
    if !report.problems.isEmpty { outlet.line() }
    outlet.line("  " + terminalSafe(report.message))
  }

  private func write(_ result: PastReport.Result, to outlet: Outlet) {
    let indent = result.isInstance ? "    " : "  "
    let line =
      indent + padded(terminalSafe(result.address), to: 26 - indent.utf8.count)
      + padded(terminalSafe(result.entity), to: 20) + padded(terminalSafe(result.status), to: 13)
    let rest =
      (result.statusCode.map { "\($0)" } ?? "")
      + (result.problem.map { "  " + terminalSafe($0) } ?? "")
    outlet.line(rest.isEmpty ? trimmed(line) : line + rest)
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}
