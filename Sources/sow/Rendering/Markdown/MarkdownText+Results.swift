internal import SowApplying
internal import SowModel

extension MarkdownText {
  /// What `plan` or `apply` came to: in numbers, in diagnostics, row by row.
  func result(_ result: PlanResult, command: String, limit: Int?, of files: SourceFiles) {
    title(result.label, command: command)
    let changeset = result.changeset
    let text = changeset.map {
      ChangesetText(
        changeset: $0, label: result.label, command: command,
        allowedDeletes: result.allowedDeletes, limit: limit)
    }
    var diagnostics = result.diagnostics
    if let report = result.report {
      headline(report.message)
      diagnostics.merge(report.failures)
    } else if diagnostics.hasErrors || changeset == nil {
      headline("Stopped: \(diagnostics.summary ?? "no plan"). Nothing was written.")
    }
    if let text, result.report == nil || changeset?.isEmpty == false { headline(text.summary) }
    if let changeset, changeset.deletes > 0 {
      let phrase = result.report == nil ? "to delete" : "to delete, as planned"
      caution(
        "**\(counted(changeset.deletes, "row")) \(phrase)** (of at most \(result.allowedDeletes)).")
    }
    self.diagnostics(diagnostics, of: files)
    if let changeset { changes(changeset, limit: limit) }
  }

  private func changes(_ changeset: Changeset, limit: Int?) {
    var rows: [[String]] = changeset.createdTables.map {
      $0.contains(".") ? ["add", $0, "column", ""] : ["create", $0, "table", ""]
    }
    var hidden = 0
    var left = limit == nil ? Int.max : ChangesetText.standardTotal
    let groups =
      changeset.operations.map { ($0.rows, $0.differing) }
      + changeset.removals.map { ($0.rows, $0.differing) }
    for (changes, differing) in groups {
      let shown = changes.prefix(min(left, limit ?? .max))
      left -= shown.count
      hidden += differing - shown.count
      for row in shown { rows.append([row.kind.word, row.address, row.entityAndKey, row.text]) }
    }
    for rename in changeset.renames {
      rows.append(["rename", rename.address, rename.entityAndKey, rename.text])
    }
    for cascade in changeset.cascades {
      let word = cascade.effect.takesRows ? "**delete**" : "update"
      rows.append([word, cascade.table, counted(cascade.count, "row"), cascade.text])
    }
    table(["", "Address", "Row", "Change"], rows, hidden: hidden, of: "change")
    if !changeset.orphans.isEmpty {
      headline("Owned though they left the plan; not touched without --prune:")
      table(["", "Address"], changeset.orphans.map { ["orphan", $0] }, of: "orphan")
    }
  }

  /// What `drift` found.
  func drift(
    _ found: DriftFound?, _ label: RunLabel, _ diagnostics: Diagnostics, limit: Int?,
    of files: SourceFiles
  ) {
    title(label, command: "drift")
    let text = found.map { DriftText(found: $0, label: label, limit: limit) }
    headline(text?.summary ?? "Nothing was compared: \(diagnostics.summary ?? "no plan").")
    self.diagnostics(diagnostics, of: files)
    guard let found else { return }
    let shown = found.rows.prefix(limit ?? .max)
    let rows = shown.map { row in
      [row.kind == .recreate ? "gone" : "changed", row.address, row.entityAndKey, row.driftText]
    }
    table(
      ["", "Address", "Row", "Difference"], rows, hidden: found.rows.count - shown.count, of: "row")
  }
}

extension RowChange.Kind {
  /// What a table says of the row.
  fileprivate var word: String {
    switch self {
    case .create: "create"
    case .update: "update"
    case .drift, .recreate: "set back"
    case .delete: "**delete**"
    case .replace: "**replace**"
    case .forget, .lost: "forget"
    case .adopt: "adopt"
    case .policy: "note"
    case .failed: "failed"
    case .skipped: "skipped"
    }
  }
}
