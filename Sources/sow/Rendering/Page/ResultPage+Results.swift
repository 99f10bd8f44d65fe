internal import SowApplying
internal import SowModel

extension ResultPage {
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
      let summary = diagnostics.summary ?? .noPlan
      headline(
        Phrase(
          "Stopped: \(summary.english). Nothing was written.",
          vi: "Đã dừng: \(summary.vietnamese). Không ghi gì."))
    }
    if let text, result.report == nil || changeset?.isEmpty == false { headline(text.summary) }
    if let changeset, changeset.deletes > 0 {
      let rows = Phrase.count(changeset.deletes, .row)
      let (most, isPast) = (result.allowedDeletes, result.report != nil)
      caution(
        Phrase(
          "**\(rows.english) to delete\(isPast ? ", as planned" : "")** (of at most \(most)).",
          vi: "**Xóa \(rows.vietnamese)\(isPast ? ", theo kế hoạch" : "")** (tối đa \(most))."))
    }
    self.diagnostics(diagnostics, of: files)
    if let changeset { changes(changeset, limit: limit, in: files) }
  }

  private func changes(_ changeset: Changeset, limit: Int?, in files: SourceFiles) {
    let nothing = Phrase(same: "")
    var rows: [[Phrase]] = changeset.createdTables.map {
      $0.contains(".")
        ? [Phrase("add", vi: "thêm"), Phrase(same: $0), Phrase("column", vi: "cột"), nothing]
        : [Phrase("create", vi: "tạo"), Phrase(same: $0), Phrase("table", vi: "bảng"), nothing]
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
      for row in shown {
        rows.append([
          row.kind.word, Phrase(same: row.address), Phrase(same: row.entityAndKey),
          row.text(in: files),
        ])
      }
    }
    for rename in changeset.renames {
      rows.append([
        Phrase("rename", vi: "đổi địa chỉ"), Phrase(same: rename.address), rename.entityAndKey,
        rename.text,
      ])
    }
    for cascade in changeset.cascades {
      let word =
        cascade.effect.takesRows ? RowChange.Kind.delete.word : RowChange.Kind.update.word
      rows.append([
        word, Phrase(same: cascade.table), .count(cascade.count, .row), cascade.text,
      ])
    }
    table(
      [nothing, .address, .row, Phrase("Change", vi: "Thay đổi")], rows, hidden: hidden,
      of: Noun("change", vi: "thay đổi"))
    if !changeset.orphans.isEmpty {
      headline(
        Phrase(
          "Owned though they left the plan; not touched without --prune:",
          vi: "Vẫn thuộc sở hữu dù đã rời kế hoạch; không động đến nếu thiếu --prune:"))
      let orphan = Noun("orphan", vi: "bản ghi mồ côi")
      let word = Phrase(orphan.one, vi: orphan.vietnamese)
      table([nothing, .address], changeset.orphans.map { [word, Phrase(same: $0)] }, of: orphan)
    }
  }

  /// What `drift` found.
  func drift(
    _ found: DriftFound?, _ label: RunLabel, _ diagnostics: Diagnostics, limit: Int?,
    of files: SourceFiles
  ) {
    title(label, command: "drift")
    let text = found.map { DriftText(found: $0, label: label, limit: limit) }
    let reason = diagnostics.summary ?? .noPlan
    headline(
      text?.summary
        ?? Phrase(
          "Nothing was compared: \(reason.english).", vi: "Chưa so sánh gì: \(reason.vietnamese)."))
    self.diagnostics(diagnostics, of: files)
    guard let found else { return }
    let shown = found.rows.prefix(limit ?? .max)
    let rows = shown.map { row in
      let word =
        row.kind == .recreate ? Phrase("gone", vi: "đã mất") : Phrase("changed", vi: "thay đổi")
      return [word, Phrase(same: row.address), Phrase(same: row.entityAndKey), row.driftText]
    }
    table(
      [Phrase(same: ""), .address, .row, Phrase("Difference", vi: "Khác biệt")], rows,
      hidden: found.rows.count - shown.count, of: .row)
  }
}

extension RowChange.Kind {
  /// What a table says of the row.
  fileprivate var word: Phrase {
    switch self {
    case .create: Phrase("create", vi: "tạo")
    case .update: Phrase("update", vi: "cập nhật")
    case .drift, .recreate: Phrase("set back", vi: "đặt lại")
    case .delete: Phrase("**delete**", vi: "**xóa**")
    case .replace: Phrase("**replace**", vi: "**thay thế**")
    case .forget, .lost: Phrase("forget", vi: "thôi theo dõi")
    case .adopt: Phrase("adopt", vi: "tiếp nhận")
    case .note, .policy: Phrase("note", vi: "ghi nhận")
    case .failed: Phrase("failed", vi: "lỗi")
    case .skipped: Phrase("skipped", vi: "bỏ qua")
    }
  }
}

extension Phrase {
  static let address = Phrase("Address", vi: "Địa chỉ")
  fileprivate static let row = Phrase("Row", vi: "Bản ghi")
}
