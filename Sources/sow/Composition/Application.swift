internal import FoundationEssentials
internal import SowApplying
internal import SowDatabase
internal import SowModel
internal import SowPlanning

/// Applies plans, one after the other, as the options of one `sow apply` say.
struct Application {
  let session: Session
  let databases: Databases
  let interruption: Interruption
  let patience: Double
  let isDryRun: Bool
  let allowedDeletes: Int?
  /// Whether changes are shown and agreed to first.
  let asks: Bool
  let reportsRows: Bool
  let extent: RunScope
  let taken: Set<RowAddress>
  /// The command's word in titles.
  let command: String
  /// What was reviewed: it is applied without a question, and where environments are protected.
  var saved: SavedPlan?

  /// Applies one plan; what is reported by rows says of each that nothing was done where that is
  /// so.
  func apply(_ target: Target) -> PlanResult {
    let start = ContinuousClock.now
    var result = carryOut(target)
    guard reportsRows else { return result }
    if result.report == nil, result.diagnostics.hasErrors {
      result.unrun = Report(
        unrun: target.plan, settings(of: target).context, isDryRun: isDryRun,
        because: result.diagnostics)
    }
    result.time = RunTime(
      processedAt: Date().formatted(.iso8601), seconds: (ContinuousClock.now - start).seconds)
    return result
  }

  private func carryOut(_ target: Target) -> PlanResult {
    if let ending = interruption.startOver() {
      var result = PlanResult(label: target.label, command: command)
      result.stop(Diagnostic(.runInterrupted, at: nil))
      result.ending = ending
      return result
    }
    if target.choice.isProtected, !isDryRun, saved == nil {
      var result = PlanResult(label: target.label, command: command)
      result.stop(Diagnostic.protectedEnvironment(target.choice.name ?? "", extent))
      return result
    }
    guard asks, saved == nil else { return apply(target, expecting: nil) }
    var shown = session.preview(
      target, databases, patience: patience, extent: extent, taken: taken, isCompared: true)
    shown.command = command
    guard let changeset = shown.changeset, shown.ending == .done else { return shown }
    shown.allowedDeletes = deletable(target, changeset)
    // Even without changes a lockfile may have to be written anew.
    if changeset.isEmpty { return apply(target, expecting: changeset) }
    let gate = target.limits.deleteGate(
      changeset, allowed: allowedDeletes, wantsConsent: target.wantsConsent(extent))
    if let gate {
      shown.stop(gate)
      return shown
    }
    let text = Outlet(descriptor: nil, palette: session.terminal.result.palette)
    text.language = session.terminal.language
    session.shownText(of: shown).write(to: text)
    session.present(text)
    if let refusal = refusal(of: target) {
      shown.stop(refusal)
      shown.isShown = true
      return shown
    }
    var result = apply(target, expecting: changeset)
    result.isShown = true
    return result
  }

  /// Nil where the changes are agreed to.
  private func refusal(of target: Target) -> Diagnostic? {
    let place = target.choice.database.text + (target.choice.name.map { " (\($0))" } ?? "")
    switch session.terminal.consent(
      to: Phrase("Apply these changes to \(place)?", vi: "Áp dụng các thay đổi này cho \(place)?"),
      from: session.context.answers)
    {
    case .given: return nil
    case .refused:
      return Diagnostic(
        .noConfirmation,
        ["reason": Phrase("the answer was not \"yes\"", vi: "câu trả lời không phải là \"yes\"")],
        at: nil)
    case .impossible:
      return Diagnostic(
        .noConfirmation,
        ["reason": Phrase("there is no terminal to ask on", vi: "không có terminal để hỏi")],
        at: nil,
        hint: .text(
          "give --yes to apply without a question", vi: "hãy dùng --yes để áp dụng mà không hỏi"))
    }
  }

  private func apply(_ target: Target, expecting changeset: Changeset?) -> PlanResult {
    var result = PlanResult(label: target.label, command: command)
    var settings = settings(of: target, isCompared: changeset != nil)
    if let saved { settings.repeat(saved) }
    defer { databases.discardUnused(target.choice.database) }
    do {
      let options = options(for: target, expecting: changeset)
      switch try databases.run(
        target.plan, on: target.choice.database, settings, isDryRun: isDryRun, saved: saved)
      {
      case .mistakes(let diagnostics): result.stop(diagnostics)
      case .ready(let run, let database):
        let interrupter = database.interruption
        var outcome = try interruption.whileWriting(interrupt: { interrupter.interrupt() }) {
          try run.apply(options)
        }
        if case .finished(var finish) = outcome, finish.isLockInterrupted {
          finish.lockProblem = session.lockProblem(of: target, patience: patience)
          outcome = .finished(finish)
        }
        result.take(outcome, of: target)
        if result.diagnostics.all.contains(where: { $0.code == .runInterrupted }),
          let ending = interruption.ending
        {
          result.ending = ending
        }
        session.remark(.statements(database.statementCount, target.plan.name))
      }
    } catch {
      result.stop(Diagnostic(error, database: target.choice.database.text))
      if let ending = interruption.ending { result.ending = ending }
    }
    result.allowedDeletes = deletable(target, result.changeset)
    return result
  }

  private func settings(of target: Target, isCompared: Bool = false) -> PlanRun.Settings {
    session.settings(
      of: target, patience: patience, reportsRows: reportsRows, isWriting: true,
      extent: extent, taken: taken, isCompared: isCompared)
  }

  private func deletable(_ target: Target, _ changeset: Changeset?) -> Int {
    target.limits.deletable(
      owned: changeset?.owned ?? 0, allowed: allowedDeletes,
      wantsConsent: target.wantsConsent(extent))
  }

  private func options(for target: Target, expecting changeset: Changeset?) -> ApplyOptions {
    let session = session
    return ApplyOptions(
      expected: changeset, saved: saved, isDryRun: isDryRun, allowedDeletes: allowedDeletes,
      checkLock: { ledger in
        target.lock?.check(with: ledger, files: &session.files) ?? LockCheck()
      },
      stageLock: { lock in try target.lock?.stage(lock) })
  }
}

extension PlanResult {
  /// Takes over what an apply came to.
  fileprivate mutating func take(_ outcome: ApplyOutcome, of target: Target) {
    switch outcome {
    case .invalid(let diagnostics): stop(diagnostics)
    case .refused(let diagnostics, let changeset):
      self.changeset = changeset
      stop(diagnostics)
    case .unconsented(let gate, let changeset):
      self.changeset = changeset
      stop(gate)
    case .stale(let diagnostic, let changeset):
      self.changeset = changeset
      stop(
        diagnostic ?? Diagnostic(.stalePlan, ["plan": target.plan.name], at: target.plan.range))
    case .finished(let finish):
      changeset = finish.changeset
      report = finish.report
      isCommitted = finish.isCommitted
      report?.makesTables = !finish.changeset.createdTables.isEmpty
      stop(finish.diagnostics)
      ending = max(ending, finish.report.ending)
      if let stop = finish.stop {
        self.stop(Diagnostic(stop, database: target.choice.database.text))
      }
      if let problem = finish.lockProblem {
        stop(
          Diagnostic(lockfile: target.lockfile ?? "", problem))
      }
    }
  }
}

extension PlanRun.Settings {
  /// Decides and shows as the saved plan did.
  fileprivate mutating func `repeat`(_ saved: SavedPlan) {
    if case .drawn(let ledger) = saved.ledger { identity = ledger }
    isFingerprinted = true
    detail = ChangesetView.Detail(
      rows: saved.rowLimit ?? .max, streamed: saved.streamLimit ?? .max, showsSensitive: false)
  }
}

extension Phrase {
  /// What a run has cost so far.
  static func statements(_ count: Int, _ plan: String) -> Phrase {
    Phrase(
      "\(plan): \(count) SQL statement\(count == 1 ? "" : "s") so far",
      vi: "\(plan): đến lúc này \(count) câu lệnh SQL")
  }
}

extension Duration {
  fileprivate var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

extension Diagnostic {
  /// A bare apply on a protected environment.
  fileprivate static func protectedEnvironment(_ name: String, _ extent: RunScope) -> Diagnostic {
    let option =
      switch extent {
      case .operations(prunes: false), .targeted: ""
      case .operations(prunes: true), .orphans: " --prune"
      case .destroy: " --destroy"
      }
    return Diagnostic(
      .protectedEnvironment,
      [
        "name": name,
        "problem": Phrase("it takes only saved plans", vi: "nó chỉ nhận kế hoạch đã lưu"),
      ], at: nil,
      hint: .text(
        "save one with sow plan\(option) -e \(name) -o FILE, then sow apply FILE",
        vi: "hãy lưu một bản bằng sow plan\(option) -e \(name) -o FILE, rồi sow apply FILE"))
  }

  /// `sow run` leaves no trace in the ledger.
  static func protectedRun(_ name: String) -> Diagnostic {
    Diagnostic(
      .protectedEnvironment,
      [
        "name": name,
        "problem": Phrase(
          "sow run, which keeps no ledger, writes nothing there",
          vi: "sow run không giữ sổ cái nên không ghi gì vào đó"),
      ], at: nil,
      hint: .text("write a plan, and apply it", vi: "hãy viết một kế hoạch rồi áp dụng nó"))
  }
}
