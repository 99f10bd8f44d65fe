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
    for result in report.results {
      write(result, indent: "  ", to: outlet)
      for instance in result.instances.prefix(limit ?? .max) {
        write(instance, indent: "    ", to: outlet)
      }
      let hidden = result.instances.count - (limit ?? .max)
      if hidden > 0 { outlet.line("    ", .more(hidden)) }
    }
    if !report.results.isEmpty { outlet.line() }
    for problem in report.problems { outlet.line("  " + terminalSafe(problem)) }
    if !report.problems.isEmpty { outlet.line() }
    outlet.line("  " + terminalSafe(report.message))
  }

  private func write(_ result: PastReport.Result, indent: String, to outlet: Outlet) {
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
