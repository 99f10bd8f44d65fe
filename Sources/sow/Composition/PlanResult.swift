internal import SowApplying
internal import SowModel

/// What a command found about one plan, or did with it.
protocol CommandResult {
  var label: RunLabel { get }
  var diagnostics: Diagnostics { get set }
  var ending: Ending { get set }
}

extension CommandResult {
  /// Stops with what is wrong; mere warnings stop nothing.
  mutating func stop(_ diagnostics: Diagnostics) {
    self.diagnostics.merge(diagnostics)
    ending = max(ending, diagnostics.ending)
  }

  mutating func stop(_ diagnostic: Diagnostic) { stop(Diagnostics(diagnostic)) }

  /// `shop: 2 errors`, of a plan that came to nothing.
  var shortVerdict: Phrase {
    [Phrase(same: label.plan), diagnostics.summary ?? .noPlan].joined(": ")
  }
}

extension Phrase {
  static let noPlan = Phrase("no plan", vi: "không có kế hoạch")
}

/// What `validate`, `plan` or `apply` came to.
struct PlanResult: CommandResult {
  var label: RunLabel
  /// The command's word in titles.
  var command = "apply"
  var diagnostics = Diagnostics()
  var ending = Ending.done
  /// Of a validation, where it could be read.
  var plan: Plan?
  var changeset: Changeset?
  /// What the changeset rests on, of a preview.
  var basis: PlanBasis?
  var report: Report?
  /// What is said of rows in place of a report, where nothing was carried out.
  var unrun: Report?
  /// Whether rows or ownership were written and kept.
  var isCommitted = false
  var time: RunTime?
  /// Whether the changeset was shown before the question.
  var isShown = false
  /// The most rows that the run may delete.
  var allowedDeletes = 0
}

extension Session {
  /// Goes over all plans, each for itself, and shows every result as soon as it is there.
  ///
  /// `general` is what concerns no single plan: text says it first, JSON in the first document.
  /// Text is `text`'s business, in GitHub's log too, after the annotations; the JSON document of one
  /// plan, or the list of all, has the members that `members` writes and the diagnostics. The highest exit code wins. Texts of more than a
  /// line stand `apart`.
  func forEach<Item, Result: CommandResult>(
    _ items: [Item], kind: String, beside general: Diagnostics, apart: Bool = true,
    do work: (Item) -> Result, text: (Result, Outlet) -> Void,
    members: (Result, JSONWriter) -> Void,
    page: (Result, any ResultPage) -> Void = { _, _ in unlisted() },
    junit: (Result) -> JUnitSuite = { _ in unlisted() }
  ) -> Ending {
    var ending = general.ending
    switch terminal.format {
    case .text:
      tell(general)
      for (index, item) in items.enumerated() {
        if index > 0, apart { terminal.result.line() }
        let result = work(item)
        tell(result.diagnostics)
        text(result, terminal.result)
        terminal.result.flush()
        ending = max(ending, result.ending)
      }
    case .github:
      tell(general)
      for item in items {
        let result = work(item)
        tell(result.diagnostics)
        let plain = Outlet(descriptor: nil)
        plain.language = terminal.language
        text(result, plain)
        writeGitHubLines(plain.text, to: terminal.result)
        terminal.result.flush()
        ending = max(ending, result.ending)
      }
    case .markdown, .html:
      guard let paper = self.page() else { unlisted() }
      paper.begin()
      paper.diagnostics(general, of: files)
      for item in items {
        let result = work(item)
        page(result, paper)
        terminal.result.flush()
        ending = max(ending, result.ending)
      }
      paper.end()
    case .junit:
      var suites = general.isEmpty ? [] : [JUnitSuite(general, name: "sow", of: files)]
      for item in items {
        let result = work(item)
        suites.append(junit(result))
        ending = max(ending, result.ending)
      }
      JUnitSuite.write(suites, to: terminal.result)
    case .json:
      let json = JSONWriter(to: terminal.result)
      var general = general
      json.documents(items, kind: kind) { item in
        var result = work(item)
        result.stop(general)
        general = Diagnostics()
        json.label(result.label, kind: kind)
        members(result, json)
        json.diagnostics(result.diagnostics, of: files)
        ending = max(ending, result.ending)
      }
    }
    return ending
  }

  /// Ends a command that could not come as far as its plans.
  func refuse(_ diagnostics: Diagnostics) -> Ending {
    tell(diagnostics)
    switch terminal.format {
    case .text, .github: break
    case .json:
      let json = JSONWriter(to: terminal.result)
      json.document {
        json.member("kind", "diagnostics")
        json.member("format_version", 1)
        json.diagnostics(diagnostics, of: files)
      }
    case .markdown, .html:
      guard let page = page() else { unlisted() }
      let summary = diagnostics.summary ?? Phrase(same: "")
      page.begin()
      page.headline(
        Phrase(
          "sow came to no plan: \(summary.english)",
          vi: "sow không lập được kế hoạch: \(summary.vietnamese)"))
      page.diagnostics(diagnostics, of: files)
      page.end()
    case .junit:
      JUnitSuite.write([JUnitSuite(diagnostics, name: "sow", of: files)], to: terminal.result)
    }
    return diagnostics.ending
  }
}

/// Of a form that the options of the command do not list.
private func unlisted() -> Never {
  preconditionFailure("a command writes the forms that its options list")
}
