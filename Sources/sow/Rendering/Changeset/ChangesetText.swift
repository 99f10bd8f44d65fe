internal import SowModel

/// A changeset as people read it: one line a row that differs, then the counts.
struct ChangesetText {
  let changeset: Changeset
  let label: RunLabel
  /// The title's word: `plan` or `apply`.
  let command: String
  /// How many rows the run may delete.
  let allowedDeletes: Int
  /// What places of rows are in.
  var files = SourceFiles()
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
    outlet.line("  ", summary)
  }

  /// The last line: what would happen, in numbers.
  var summary: Phrase {
    let counts = changeset.counts
    let unchanged = Phrase.number(counts.unchanged, .unchanged)
    if changeset.isEmpty && counts.failed + counts.skipped == 0 {
      let idle = Phrase(
        "No changes. \(unchanged.english).", vi: "Không có thay đổi: \(unchanged.vietnamese).")
      return counts.unchanged == 0 ? Phrase("No changes.", vi: "Không có thay đổi.") : idle
    }
    let rows = counts.phrases(cascading: changeset.deletes - counts.delete)
    let parts = (tablesToMake.map { [$0] } ?? []) + rows + [unchanged]
    let plan = Phrase.sentence([Phrase("Plan", vi: "Kế hoạch"), parts.joined(", ")].joined(": "))
    guard changeset.deletes > 0 else { return plan }
    let deletes = Phrase(
      "Deletes: \(changeset.deletes) (of at most \(allowedDeletes)).",
      vi: "Số xóa: \(changeset.deletes) (tối đa \(allowedDeletes)).")
    return [plan, deletes].joined(" ")
  }

  /// `2 tables and 1 column to make`.
  private var tablesToMake: Phrase? {
    let columns = changeset.createdTables.count { $0.contains(".") }
    let tables = changeset.createdTables.count - columns
    guard tables + columns > 0 else { return nil }
    let counts = [
      tables > 0 ? Phrase.count(tables, .table) : nil,
      columns > 0 ? Phrase.count(columns, .column) : nil,
    ].compactMap(\.self)
    return Phrase(
      counts.map(\.english).joined(separator: " and ") + " to make",
      vi: "lập " + counts.map(\.vietnamese).joined(separator: " và "))
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
        symbol: "+", paint: .green, address: name,
        entity: isColumn ? Phrase("column", vi: "cột") : Phrase("table", vi: "bảng"),
        text: isColumn
          ? Phrase("will be added", vi: "sẽ được thêm")
          : Phrase("will be created", vi: "sẽ được tạo"),
        to: outlet)
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
          entity: Phrase(same: row.entityAndKey), text: row.text(in: files), to: outlet)
      }
      let hidden = differing - shown.count
      if hidden > 0, shown.isEmpty {
        unseen = (unseen.rows + hidden, unseen.operations + 1)
      } else if hidden > 0 {
        outlet.line("    ", .more(hidden, .of(terminalSafe(name)), isOffered: limit != nil))
      }
    }
    writeRenames(columns, to: outlet)
    if unseen.rows > 0 {
      let operations = Phrase.count(unseen.operations, .operation)
      outlet.line(
        "    ",
        .more(
          unseen.rows,
          Phrase(" of \(operations.english)", vi: " của \(operations.vietnamese)")))
    }
    for cascade in changeset.cascades {
      columns.write(
        symbol: cascade.symbol, paint: cascade.effect.takesRows ? .red : .yellow,
        address: cascade.table, entity: .count(cascade.count, .row), text: cascade.text,
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
      outlet.line("    ", .more(changeset.renames.count - shown.count))
    }
  }

  private func writeOrphans(to outlet: Outlet) {
    guard !changeset.orphans.isEmpty else { return }
    let count = changeset.orphans.count
    outlet.line(
      "  ",
      Phrase(
        (count == 1 ? "1 orphan" : "\(count) orphans")
          + ", owned though they left the plan; not touched without --prune:",
        vi: "\(count) bản ghi mồ côi, vẫn thuộc sở hữu dù đã rời kế hoạch;"
          + " không động đến nếu thiếu --prune:"))
    let shown = changeset.orphans.prefix(limit ?? .max)
    for address in shown { outlet.line("    " + terminalSafe(address)) }
    if count > shown.count {
      outlet.line("    ", .more(count - shown.count))
    }
    outlet.line()
  }
}

extension Changeset.Counts {
  /// `3 to create` and so on; with rows that the database deletes by itself.
  func phrases(cascading: Int = 0) -> [Phrase] {
    enumerated([
      (create, Phrase("to create", vi: "tạo")),
      (update, Phrase("to update", vi: "cập nhật")),
      (delete, Phrase("to delete", vi: "xóa")),
      (renamed, Phrase("renamed", vi: "đổi địa chỉ")),
      (cascading, Phrase("to delete by cascade", vi: "xóa dây chuyền")),
      (forget, Phrase("to forget", vi: "thôi theo dõi")),
      (ledgerOnly, Phrase("to note in the ledger", vi: "ghi vào sổ cái")),
      (failed, Phrase("failed", vi: "lỗi")),
      (skipped, Phrase("skipped", vi: "bỏ qua")),
    ])
  }
}

extension Cascade {
  var symbol: String { effect.takesRows ? "-" : "~" }

  /// What the database does to the rows.
  var text: Phrase {
    switch effect {
    case .delete:
      return Phrase(
        "go with the rows that they refer to", vi: "mất theo các bản ghi mà chúng tham chiếu")
    case .setNull(let columns):
      let names = terminalSafe(columns.joined(separator: ", "))
      return Phrase(
        "\(names) becomes NULL with the row referred to",
        vi: "\(names) thành NULL khi bản ghi được tham chiếu mất đi")
    case .setDefault(let columns):
      let names = terminalSafe(columns.joined(separator: ", "))
      return Phrase(
        "\(names) becomes its default with the row referred to",
        vi: "\(names) về giá trị mặc định khi bản ghi được tham chiếu mất đi")
    case .unlink:
      return Phrase(
        "links go with the rows that they lead to",
        vi: "các liên kết mất theo bản ghi mà chúng dẫn đến")
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
      entity = max(entity, min(30, displayWidth(rename.entityAndKey.english)))
    }
    for name in changeset.createdTables { address = max(address, min(40, displayWidth(name))) }
    self.address = address + 2
    self.entity = entity + 2
  }

  func write(
    symbol: String, paint: Palette.Paint, address: String, entity: Phrase, text: Phrase,
    to outlet: Outlet
  ) {
    let text = text.text(in: outlet.language)
    let entity = terminalSafe(entity.text(in: outlet.language))
    outlet.write("  ")
    outlet.write(outlet.palette.paint(symbol, paint))
    outlet.write(" ")
    outlet.write(padded(terminalSafe(address), to: self.address + 1 - symbol.count))
    outlet.line(
      text.isEmpty ? entity : padded(entity, to: self.entity) + text)
  }
}
