internal import SowFiles
internal import SowModel
internal import SowPlanning

extension Session {
  /// Limits the targets to what the report at `path` says was not done; what is wrong is reported.
  ///
  /// Plans that were not named and that the report says nothing of, or nothing bad, are left out.
  func limit(
    _ targets: [Target], toUnfinishedIn path: String, areNamed: Bool,
    into diagnostics: inout Diagnostics
  ) -> [Target] {
    guard let reports = reports(at: path, into: &diagnostics) else { return [] }
    var limited: [Target] = []
    for var target in targets {
      guard let report = reports.first(where: { $0.plan == target.plan.name }) else {
        if areNamed { refuse(path, "it says nothing of \"\(target.plan.name)\"", &diagnostics) }
        continue
      }
      if let problem = problem(of: report, for: target) {
        refuse(path, problem, &diagnostics)
        continue
      }
      let repetition = Repetition(of: report)
      if repetition.operations.isEmpty {
        note(.nothingFailed(target.plan.name, path))
        continue
      }
      target.plan = target.plan.limited(to: repetition.operations)
      target.repetition = repetition
      limited.append(target)
    }
    let names = Set(targets.map(\.plan.name))
    if let report = reports.first, !reports.contains(where: { names.contains($0.plan) }), !areNamed
    {
      refuse(path, "it is about \"\(report.plan)\", which is no plan here", &diagnostics)
    }
    return limited
  }

  /// Nil after a diagnostic.
  private func reports(
    at path: String, into diagnostics: inout Diagnostics
  ) -> [PastReport]? {
    guard WrittenFile(at: path) == .report else {
      let problem =
        fileExists(path) ? "it is no report of sow apply --report" : "there is no such file"
      refuse(path, problem, &diagnostics)
      return nil
    }
    return PastReport.load(
      path: path, limit: Limits().fileBytes, files: &files, diagnostics: &diagnostics)
  }

  /// Why a report does not say what of the target was not done; nil where it does.
  private func problem(of report: PastReport, for target: Target) -> String? {
    if report.isDryRun { return "it is of a dry run, which kept nothing" }
    func place(_ database: String?, _ environment: String?) -> String {
      (database ?? "no database") + (environment.map { " (\($0))" } ?? "")
    }
    let then = place(report.database, report.environment)
    let now = place(target.label.database, target.label.environment)
    if then != now { return "it is about \(then), and this run about \(now)" }
    let known = Set(target.plan.operations.map(\.name))
    let gone = Repetition(of: report).operations.subtracting(known)
    return gone.min().map { "it names the operation \"\($0)\", which is not in the plan any more" }
  }

  private func refuse(_ path: String, _ problem: String, _ diagnostics: inout Diagnostics) {
    diagnostics.report(
      .reportRefused, ["path": path, "problem": problem], at: nil,
      hint: .text("sow apply without --only-failed does what is left"))
  }
}

extension Phrase {
  fileprivate static func nothingFailed(_ plan: String, _ path: String) -> Phrase {
    Phrase(
      "\(plan): everything in \(path) is done", vi: "\(plan): mọi thứ trong \(path) đã xong")
  }
}

extension DiagnosticCode {
  static let reportRefused = DiagnosticCode(
    "report-refused", "\"{path}\" does not say what to repeat: {problem}",
    vi: "\"{path}\" không cho biết cần làm lại gì: {problem}",
    meaning: """
      --only-failed takes a report that sow apply --report wrote, of the same plan and the same \
      database: it names what was not done.
      """,
    example: "sow apply -e staging --only-failed report.json     # a report of production",
    fix: "Name the report of the run that failed, or apply the whole plan: a rerun changes only "
      + "what is not done.")
}
