internal import SowModel

/// A changeset as people read it: one line a row that differs, then the counts.
struct ChangesetText {
  let changeset: Changeset
  let label: RunLabel
  /// The title's word: `plan` or `apply`.
  let command: String
  /// How many rows the run may delete.
  let allowedDeletes: Int
  /// Rows of one operation that are shown; nil shows all that the changeset holds.
  var limit: Int?

  static let standardLimit = 20
  /// Rows that are shown in all, where `limit` is not nil.
  static let standardTotal = 1_000

  func write(to outlet: Outlet) {
    outlet.line(outlet.palette.paint(terminalSafe(label.title(command: command)), .bold))
    outlet.line()
    if hasLines {
      writeLines(to: outlet)
      outlet.line()
    }
    writeOrphans(to: outlet)
    outlet.line("  " + summary)
  }

  /// The last line: what would happen, in numbers.
  var summary: String {
    let counts = changeset.counts
    let unchanged = "\(counts.unchanged) unchanged"
    if changeset.isEmpty && counts.failed + counts.skipped == 0 {
      return counts.unchanged == 0 ? "No changes." : "No changes. \(unchanged)."
    }
    let columns = changeset.createdTables.count { $0.contains(".") }
    let tables = changeset.createdTables.count - columns
    let made = [
      tables > 0 ? counted(tables, "table") : nil, columns > 0 ? counted(columns, "column") : nil,
    ]
    .compactMap(\.self)
    let rows = enumerated([
      (counts.create, "to create"), (counts.update, "to update"), (counts.delete, "to delete"),
      (counts.renamed, "renamed"),
      (changeset.deletes - counts.delete, "to delete by cascade"), (counts.forget, "to forget"),
      (counts.ledgerOnly, "to note in the ledger"), (counts.failed, "failed"),
      (counts.skipped, "skipped"),
    ])
    let parts = (made.isEmpty ? [] : [made.joined(separator: " and ") + " to make"]) + rows
    let deletes =
      changeset.deletes > 0
      ? " Deletes: \(changeset.deletes) (of at most \(allowedDeletes))." : ""
    return "Plan: " + (parts + [unchanged]).joined(separator: ", ") + "." + deletes
  }

  private var hasLines: Bool {
    !changeset.createdTables.isEmpty || !changeset.renames.isEmpty
      || changeset.operations.contains { !$0.rows.isEmpty || $0.differing > 0 }
      || !changeset.removals.isEmpty || !changeset.cascades.isEmpty
  }

  private func writeLines(to outlet: Outlet) {
    let columns = Columns(changeset, limit: limit)
    for name in changeset.createdTables {
      let isColumn = name.contains(".")
      columns.write(
        symbol: "+", paint: .green, address: name, entity: isColumn ? "column" : "table",
        text: isColumn ? "will be added" : "will be created", to: outlet)
    }
    var left = limit == nil ? Int.max : Self.standardTotal
    var unseen = (rows: 0, operations: 0)
    let groups =
      changeset.operations.map { ($0.name, $0.rows, $0.differing) }
      + changeset.removals.map { ($0.operation, $0.rows, $0.differing) }
    for (name, rows, differing) in groups {
      let shown = rows.prefix(min(left, limit ?? .max))
      left -= shown.count
      for row in shown {
        columns.write(
          symbol: row.kind.symbol, paint: row.kind.paint, address: row.address,
          entity: row.entityAndKey, text: row.text, to: outlet)
      }
      let hidden = differing - shown.count
      if hidden > 0, shown.isEmpty {
        unseen = (unseen.rows + hidden, unseen.operations + 1)
      } else if hidden > 0 {
        let offer = limit == nil ? "" : " (--all shows them)"
        outlet.line("    … and \(hidden) more of \(terminalSafe(name))\(offer)")
      }
    }
    writeRenames(columns, to: outlet)
    if unseen.rows > 0 {
      outlet.line(
        "    … and \(unseen.rows) more of \(counted(unseen.operations, "operation")) (--all shows them)"
      )
    }
    for cascade in changeset.cascades {
      columns.write(
        symbol: cascade.symbol, paint: cascade.effect.takesRows ? .red : .yellow,
        address: cascade.table, entity: counted(cascade.count, "row"), text: cascade.text,
        to: outlet)
    }
  }

  private func writeRenames(_ columns: Columns, to outlet: Outlet) {
    let shown = changeset.renames.prefix(limit ?? .max)
    for rename in shown {
      columns.write(
        symbol: ">", paint: .blue, address: rename.address, entity: rename.entityAndKey,
        text: rename.text, to: outlet)
    }
    if changeset.renames.count > shown.count {
      outlet.line("    … and \(changeset.renames.count - shown.count) more (--all shows them)")
    }
  }

  private func writeOrphans(to outlet: Outlet) {
    guard !changeset.orphans.isEmpty else { return }
    let count = changeset.orphans.count
    outlet.line(
      "  " + counted(count, "orphan") + ", owned though they left the plan; not touched"
        + " without --prune:")
    let shown = changeset.orphans.prefix(limit ?? .max)
    for address in shown { outlet.line("    " + terminalSafe(address)) }
    if count > shown.count {
      outlet.line("    … and \(count - shown.count) more (--all shows them)")
    }
    outlet.line()
  }
}

extension Cascade {
  fileprivate var symbol: String { effect.takesRows ? "-" : "~" }

  /// What the database does to the rows.
  var text: String {
    switch effect {
    case .delete: "go with the rows that they refer to"
    case .setNull(let columns):
      terminalSafe(columns.joined(separator: ", ")) + " becomes NULL with the row referred to"
    case .setDefault(let columns):
      terminalSafe(columns.joined(separator: ", ")) + " becomes its default"
        + " with the row referred to"
    case .unlink: "links go with the rows that they lead to"
    }
  }
}

extension Cascade.Effect {
  /// Whether rows of the table itself are gone then.
  var takesRows: Bool { self == .delete || self == .unlink }
}

/// The widths of the aligned columns.
private struct Columns {
  let address: Int
  let entity: Int

  /// Wide enough for most and for all that fit, so that one long key does not push all aside.
  init(_ changeset: Changeset, limit: Int?) {
    var address = 22
    var entity = 18
    for rows in changeset.operations.map(\.rows) + changeset.removals.map(\.rows) {
      for row in rows.prefix(limit ?? .max) {
        address = max(address, min(40, displayWidth(row.address)))
        entity = max(entity, min(30, displayWidth(row.entityAndKey)))
      }
    }
    for rename in changeset.renames.prefix(limit ?? .max) {
      address = max(address, min(40, displayWidth(rename.address)))
      entity = max(entity, min(30, displayWidth(rename.entityAndKey)))
    }
    for name in changeset.createdTables { address = max(address, min(40, displayWidth(name))) }
    self.address = address + 2
    self.entity = entity + 2
  }

  func write(
    symbol: String, paint: Palette.Paint, address: String, entity: String, text: String,
    to outlet: Outlet
  ) {
    outlet.write("  ")
    outlet.write(outlet.palette.paint(symbol, paint))
    outlet.write(" ")
    outlet.write(padded(terminalSafe(address), to: self.address + 1 - symbol.count))
    outlet.line(
      text.isEmpty ? terminalSafe(entity) : padded(terminalSafe(entity), to: self.entity) + text)
  }
}
