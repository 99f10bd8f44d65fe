internal import SowModel

extension Session {
  /// The changeset of a result, as `apply` shows it.
  func shownText(of result: PlanResult) -> ChangesetText {
    ChangesetText(
      changeset: result.changeset ?? Changeset(plan: result.label.plan), label: result.label,
      command: result.command, allowedDeletes: result.allowedDeletes, files: files,
      limit: rowLimit)
  }

  /// Shows changes before the question: they are the result where that is text.
  func present(_ changes: Outlet) {
    let outlet = isText || isLog ? terminal.result : terminal.errors
    if isLog {
      writeGitHubLines(changes.text, to: outlet)
    } else {
      outlet.write(changes.text)
    }
    outlet.flush()
  }

  /// What was applied, as text; the failures went to standard error.
  func show(_ result: PlanResult, on outlet: Outlet) {
    if let changeset = result.changeset, let report = result.report {
      if !result.isShown { shownText(of: result).write(to: outlet) }
      tell(report.failures)
      guard !changeset.isEmpty || report.outcome != .done || result.isShown else { return }
      outlet.line("\n  ", report.message)
    } else {
      note(
        Phrase(
          "\(result.label.plan): nothing was written", vi: "\(result.label.plan): không ghi gì"))
    }
  }
}

extension JSONWriter {
  /// The members of an `apply_report`: of a plan that was not carried out, only that.
  func applyReport(_ result: PlanResult, files: SourceFiles) {
    guard let report = result.report ?? result.unrun, let time = result.time else {
      member("success", false)
      member("message", Phrase("Nothing was written.", vi: "Không ghi gì."))
      return
    }
    self.report(report, time: time, files: files)
  }
}
