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
}

/// What `validate`, `plan` or `apply` came to.
struct PlanResult: CommandResult {
  var label: RunLabel
  /// The command's word in titles.
  var command = "apply"
  var diagnostics = Diagnostics()
  var ending = Ending.done
  var operationCount = 0
  var changeset: Changeset?
  /// What the changeset rests on, of a preview.
  var basis: PlanBasis?
  var report: Report?
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
  /// Text is `text`'s business; the JSON document of one plan, or the list of all, has the members
  /// that `members` writes and the diagnostics. The highest exit code wins. Texts of more than a
  /// line stand `apart`.
  func forEach<Item, Result: CommandResult>(
    _ items: [Item], kind: String, beside general: Diagnostics, apart: Bool = true,
    do work: (Item) -> Result, text: (Result) -> Void, members: (Result, JSONWriter) -> Void
  ) -> Ending {
    var ending = general.ending
    switch terminal.format {
    case .text:
      tell(general)
      for (index, item) in items.enumerated() {
        if index > 0, apart { terminal.result.line() }
        let result = work(item)
        tell(result.diagnostics)
        text(result)
        terminal.result.flush()
        ending = max(ending, result.ending)
      }
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
    if !isText {
      let json = JSONWriter(to: terminal.result)
      json.document {
        json.member("kind", "diagnostics")
        json.member("format_version", 1)
        json.diagnostics(diagnostics, of: files)
      }
    }
    return diagnostics.ending
  }
}
