internal import SowApplying
internal import SowDatabase
internal import SowFiles
internal import SowModel

extension Session {
  /// Shows what a saved plan would do; that it no longer holds is a warning.
  func show(_ saved: SavedPlan) -> Ending {
    let state = state(of: saved)
    tell(state.diagnostics)
    let label = RunLabel(
      plan: saved.changeset.plan, database: saved.database, environment: saved.environment)
    if isText {
      ChangesetText(
        changeset: saved.changeset, label: label,
        command: saved.arguments.destroys ? "plan --destroy" : "plan",
        allowedDeletes: state.allowedDeletes, limit: rowLimit
      ).write(to: terminal.result)
      return .done
    }
    if let page = page() {
      var result = PlanResult(label: label, diagnostics: state.diagnostics)
      result.changeset = saved.changeset
      result.allowedDeletes = state.allowedDeletes
      page.begin()
      page.result(
        result, command: saved.arguments.destroys ? "plan --destroy" : "plan", limit: rowLimit,
        of: files)
      page.end()
      return .done
    }
    let json = JSONWriter(to: terminal.result)
    json.document {
      json.label(label, kind: "saved_plan")
      json.savedPlan(saved)
      json.member("stale", !state.diagnostics.isEmpty)
      json.changeset(saved.changeset, in: files, isWhole: true)
      json.diagnostics(state.diagnostics, of: files)
    }
    return .done
  }

  /// Whether it still holds, as far as can be seen without a plan, and how many rows it may delete.
  func state(
    of saved: SavedPlan
  ) -> (diagnostics: Diagnostics, allowedDeletes: Int) {
    var found = Diagnostics()
    var limits = Limits()
    var wantsConsent = saved.arguments.destroys
    // Whatever else is wrong with the project is no business of the file that is shown.
    var ignored = Diagnostics()
    if let workspace = enter(folderOf: saved, into: &ignored) {
      limits = workspace.project.limits
      if let problem = changedFiles(of: saved, in: workspace) { found.report(warning(problem)) }
      var options = DatabaseOptions()
      options.database = saved.arguments.database
      options.environment = EnvironmentOptions()
      options.environment.environment = saved.arguments.environment
      if let choice = choose(options, in: workspace, into: &ignored) {
        wantsConsent = wantsConsent || choice.isProtected
        if let stale = ledgerProblem(of: saved, choice) { found.report(stale) }
      }
    } else {
      for diagnostic in ignored.all where diagnostic.code == .staleSavedPlan {
        found.report(diagnostic.asWarning)
      }
    }
    let allowed = limits.deletable(
      owned: saved.changeset.owned, allowed: nil, wantsConsent: wantsConsent)
    return (found, allowed)
  }

  private func warning(_ problem: Phrase) -> Diagnostic {
    Diagnostic.staleSavedPlan(problem).asWarning
  }

  /// Nil where the ledger is as it was, or cannot be looked at.
  private func ledgerProblem(of saved: SavedPlan, _ choice: EnvironmentChoice) -> Diagnostic? {
    if let problem = saved.databaseProblem(choice.database) { return warning(problem) }
    do {
      let database = try Databases().reading(choice.database)
      try database.begin(.read, patience: 1)
      defer { database.rollback() }
      let ledger = try database.ledger()
      if let stale = saved.ledgerDifference(from: ledger) { return stale.asWarning }
      if case .found(_, let serial) = saved.ledger, let now = ledger?.serial, now > serial {
        let runs = Phrase.count(now - serial, .run)
        note(
          Phrase(
            "\(runs.english) since: sow apply looks whether it still holds",
            vi: "đã có \(runs.vietnamese) từ đó: sow apply sẽ xem nó còn hiệu lực không"))
      }
    } catch {
      remark(
        Phrase("the ledger cannot be read: \(error)", vi: "không đọc được sổ cái: \(error)"))
    }
    return nil
  }

  func show(_ reports: [PastReport], of path: String) -> Ending {
    if isText {
      for (index, report) in reports.enumerated() {
        if index > 0 { terminal.result.line() }
        PastReportText(report: report, limit: rowLimit).write(to: terminal.result)
      }
      return .done
    }
    if let page = page() {
      page.begin()
      for report in reports { page.report(report, limit: rowLimit) }
      page.end()
      return .done
    }
    // It is the document already.
    guard let text = smallFile(path, atMost: Limits().fileBytes) else {
      return refuse(
        Diagnostics(
          Diagnostic(
            .fileFailed,
            ["path": path, "problem": Phrase("it cannot be read", vi: "không đọc được nó")], at: nil
          )))
    }
    terminal.result.write(text)
    return .done
  }

  func show(_ lock: Lock) -> Ending {
    if isText {
      LockText(lock: lock, limit: rowLimit).write(to: terminal.result)
      return .done
    }
    if let page = page() {
      page.begin()
      page.lock(lock, limit: rowLimit)
      page.end()
      return .done
    }
    let json = JSONWriter(to: terminal.result)
    json.document {
      json.member("kind", "lock")
      json.member("format_version", 1)
      json.lock(lock)
    }
    return .done
  }
}

extension Diagnostic {
  fileprivate var asWarning: Diagnostic {
    var warning = self
    warning.severity = .warning
    return warning
  }
}
