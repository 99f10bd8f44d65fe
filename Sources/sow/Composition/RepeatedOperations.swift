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
        if areNamed {
          refuse(
            path,
            Phrase(
              "it says nothing of \"\(target.plan.name)\"",
              vi: "nó không nói gì về \"\(target.plan.name)\""), &diagnostics)
        }
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
      refuse(
        path,
        Phrase(
          "it is about \"\(report.plan)\", which is no plan here",
          vi: "nó nói về \"\(report.plan)\", ở đây không có kế hoạch đó"), &diagnostics)
    }
    return limited
  }

  /// Nil after a diagnostic.
  private func reports(
    at path: String, into diagnostics: inout Diagnostics
  ) -> [PastReport]? {
    guard WrittenFile(at: path) == .report else {
      let problem =
        fileExists(path)
        ? Phrase(
          "it is no report of sow apply --report",
          vi: "nó không phải báo cáo của sow apply --report")
        : Phrase("there is no such file", vi: "không có tệp đó")
      refuse(path, problem, &diagnostics)
      return nil
    }
    return PastReport.load(
      path: path, limit: Limits().fileBytes, files: &files, diagnostics: &diagnostics)
  }

  /// Why a report does not say what of the target was not done; nil where it does.
  private func problem(of report: PastReport, for target: Target) -> Phrase? {
    if report.isDryRun {
      return Phrase(
        "it is of a dry run, which kept nothing", vi: "nó là của một lần chạy thử, không giữ lại gì"
      )
    }
    func place(_ database: String?, _ environment: String?) -> Phrase {
      let name =
        database.map { Phrase(same: $0) }
        ?? Phrase("no database", vi: "không cơ sở dữ liệu nào")
      return [name, Phrase(same: environment.map { " (\($0))" } ?? "")].joined("")
    }
    let then = place(report.database, report.environment)
    let now = place(target.label.database, target.label.environment)
    if then != now {
      return Phrase(
        "it is about {then}, and this run about {now}",
        vi: "nó nói về {then}, còn lượt chạy này về {now}", ["then": then, "now": now])
    }
    let known = Set(target.plan.operations.map(\.name))
    let gone = Repetition(of: report).operations.subtracting(known)
    return gone.min().map {
      Phrase(
        "it names the operation \"\($0)\", which is not in the plan any more",
        vi: "nó nêu thao tác \"\($0)\", nay không còn trong kế hoạch")
    }
  }

  private func refuse(_ path: String, _ problem: Phrase, _ diagnostics: inout Diagnostics) {
    diagnostics.report(
      .reportRefused, ["path": path, "problem": problem], at: nil,
      hint: .text(
        "sow apply without --only-failed does what is left",
        vi: "sow apply không có --only-failed sẽ làm phần còn lại"))
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
