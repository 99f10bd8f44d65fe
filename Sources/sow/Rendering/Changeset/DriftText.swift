internal import SowApplying
internal import SowModel

/// Drift as people read it: one line a row, then the counts.
struct DriftText {
  let found: DriftFound
  let label: RunLabel
  /// Rows that are shown; nil for all.
  let limit: Int?

  func write(to outlet: Outlet) {
    outlet.line(outlet.palette.paint(terminalSafe(label.title(command: "drift")), .bold))
    outlet.line()
    let shown = found.rows.prefix(limit ?? .max)
    let address = shown.map { min(40, displayWidth($0.address)) }.max() ?? 0
    let entity = shown.map { min(30, displayWidth($0.entityAndKey)) }.max() ?? 0
    for row in shown {
      outlet.line(
        "  " + outlet.palette.paint("!", .magenta) + " "
          + padded(terminalSafe(row.address), to: max(22, address) + 2)
          + padded(terminalSafe(row.entityAndKey), to: max(18, entity) + 2)
          + row.driftText.text(in: outlet.language))
    }
    if found.rows.count > shown.count {
      outlet.line("    ", .more(found.rows.count - shown.count))
    }
    if !shown.isEmpty { outlet.line() }
    outlet.line("  ", summary)
  }

  /// The last line: what was found, in numbers.
  var summary: Phrase {
    let kept = Phrase.count(found.owned - found.rows.count, .row)
    let rest = Phrase(
      "\(kept.english) as sow left them.", vi: "\(kept.vietnamese) đúng như sow đã để lại.")
    let parts = enumerated([
      (found.changed, Phrase("changed", vi: "bị thay đổi")),
      (found.missing, Phrase("gone", vi: "đã mất")),
    ])
    guard !parts.isEmpty else {
      return [Phrase("No drift.", vi: "Không có sai lệch."), rest].joined(" ")
    }
    return [Phrase("Drift", vi: "Sai lệch"), (parts + [rest]).joined(", ")].joined(": ")
  }
}

extension DriftFound {
  var missing: Int { rows.count { $0.kind == .recreate } }
  var changed: Int { rows.count - missing }
}

extension RowChange {
  /// What someone else did to the row.
  var driftText: Phrase {
    if kind == .recreate { return Phrase("is gone", vi: "đã mất") }
    return fields.isEmpty
      ? Phrase("was changed", vi: "đã bị thay đổi") : fields.map(\.changeText).joined(", ")
  }
}

extension JSONWriter {
  /// The members of a `drift` document.
  func drift(_ found: DriftFound) {
    member("has_drift", !found.rows.isEmpty)
    member("owned", found.owned)
    member("changed", found.changed)
    member("missing", found.missing)
    lines("rows") {
      for row in found.rows {
        object {
          member("address", row.address)
          member("entity", row.entity)
          if let key = row.key { member("key", key) }
          member("state", row.kind == .recreate ? "missing" : "changed")
          array("fields") {
            for field in row.fields {
              object {
                member("field", field.field)
                if let old = field.old { member("plan", old) }
                member("database", field.new)
                if let members = field.members { self.members(members) }
                if case .masked = field.new { member("sensitive", true) }
              }
            }
          }
        }
      }
    }
  }
}
