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
          + padded(terminalSafe(row.entityAndKey), to: max(18, entity) + 2) + row.driftText)
    }
    if found.rows.count > shown.count {
      outlet.line("    … and \(found.rows.count - shown.count) more (--all shows them)")
    }
    if !shown.isEmpty { outlet.line() }
    outlet.line("  " + summary)
  }

  /// The last line: what was found, in numbers.
  var summary: String {
    let rest = "\(counted(found.owned - found.rows.count, "row")) as sow left them."
    let parts = enumerated([(found.changed, "changed"), (found.missing, "gone")])
    return parts.isEmpty
      ? "No drift. \(rest)" : "Drift: " + parts.joined(separator: ", ") + ", \(rest)"
  }
}

extension DriftFound {
  var missing: Int { rows.count { $0.kind == .recreate } }
  var changed: Int { rows.count - missing }
}

extension RowChange {
  /// What someone else did to the row.
  var driftText: String {
    if kind == .recreate { return "is gone" }
    let fields = fields.map(\.changeText).joined(separator: ", ")
    return fields.isEmpty ? "was changed" : fields
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
