internal import SowModel

/// The rows of a ledger as people read them: one line a row, plan by plan.
///
/// Rows come as a stream: the columns are as wide as the rows of an operation so far ask for.
final class LedgerText {
  private let outlet: Outlet
  private let limit: Int?
  private var operation: String?
  private var shown = 0
  private var hidden = 0
  private var lines: [(address: String, row: String, origin: String)] = []
  private var addressWidth = 24
  private var rowWidth = 24
  private(set) var count = 0

  init(to outlet: Outlet, limit: Int?) {
    self.outlet = outlet
    self.limit = limit
  }

  func begin(_ owner: Owner) {
    outlet.line("  " + outlet.palette.paint(terminalSafe(owner.plan), .bold))
  }

  func add(_ row: LedgerRow, table: String) {
    count += 1
    if row.operation != operation {
      closeOperation()
      operation = row.operation
    }
    guard shown < limit ?? .max else {
      hidden += 1
      return
    }
    shown += 1
    let address = address(operation: row.operation, instance: row.instance)
    lines.append(
      (
        terminalSafe(address), terminalSafe(table + " " + row.key.text),
        row.origin.word.text(in: outlet.language)
      ))
    if lines.count == ChangesetText.standardLimit { writeLines() }
  }

  private func writeLines() {
    for line in lines {
      addressWidth = max(addressWidth, displayWidth(line.address) + 2)
      rowWidth = max(rowWidth, displayWidth(line.row) + 2)
    }
    for line in lines {
      outlet.line(
        "    " + padded(line.address, to: addressWidth) + padded(line.row, to: rowWidth)
          + line.origin)
    }
    lines.removeAll(keepingCapacity: true)
  }

  func end() {
    closeOperation()
    outlet.line()
  }

  private func closeOperation() {
    writeLines()
    if hidden > 0 {
      outlet.line("    ", .more(hidden, .of(terminalSafe(operation ?? ""))))
    }
    operation = nil
    shown = 0
    hidden = 0
  }
}

/// All that the ledger knows of one address.
struct LedgerEntry {
  var plan: String
  var row: LedgerRow
  var shape: LedgerShape
  var presence: Presence
  /// The run that wrote the row last.
  var run: LedgerRun?

  /// How the row stands against what sow wrote.
  var state: State {
    switch presence {
    case .missing: .missing
    case .found(let digest): digest == row.answered ? .kept : .changed
    }
  }

  enum State: String {
    case kept, changed, missing

    var sentence: Phrase {
      switch self {
      case .kept: Phrase("as sow left it", vi: "đúng như sow đã để lại")
      case .changed: Phrase("changed by someone else", vi: "đã bị người khác thay đổi")
      case .missing: Phrase("removed by someone else", vi: "đã bị người khác xóa")
      }
    }
  }

  func write(to outlet: Outlet) {
    let address = address(operation: row.operation, instance: row.instance)
    outlet.line(outlet.palette.paint(terminalSafe(address), .bold))
    let columns =
      shape.columns.isEmpty
      ? Phrase("none, kept as it is", vi: "không có, giữ nguyên như vậy")
      : Phrase(same: shape.columns.joined(separator: ", "))
    let lines: [(Phrase, Phrase)] = [
      (Phrase("plan", vi: "kế hoạch"), Phrase(same: plan)),
      (Phrase("table", vi: "bảng"), Phrase(same: shape.table)),
      (Phrase("key", vi: "khóa"), Phrase(same: row.key.text)),
      (Phrase("columns", vi: "cột"), columns),
      (Phrase("origin", vi: "nguồn gốc"), row.origin.word),
      (Phrase("state", vi: "tình trạng"), state.sentence),
      (Phrase("run", vi: "lượt chạy"), runText),
    ]
    let width = lines.map { displayWidth($0.0.text(in: outlet.language)) }.max() ?? 0
    for (name, text) in lines {
      outlet.line(
        "  " + padded(name.text(in: outlet.language), to: max(10, width + 2))
          + terminalSafe(text.text(in: outlet.language)))
    }
  }

  private var runText: Phrase {
    guard let run else { return Phrase("unknown", vi: "không rõ") }
    return [Phrase(same: String(run.serial)), run.provenance].joined(", ")
  }
}

extension LedgerRow.Origin {
  var word: Phrase {
    switch self {
    case .created: Phrase("created", vi: "do sow tạo")
    case .adopted: Phrase("adopted", vi: "được tiếp nhận")
    }
  }
}

extension JSONWriter {
  /// The members of one row of the ledger.
  func ledgerRow(_ row: LedgerRow, table: String) {
    member("address", address(operation: row.operation, instance: row.instance))
    member("table", table)
    name("key")
    key(row.key)
    member("origin", row.origin.rawValue)
  }

  /// The members of all that is known of an address.
  func ledgerEntry(_ entry: LedgerEntry) {
    member("plan", entry.plan)
    ledgerRow(entry.row, table: entry.shape.table)
    array("columns") { for column in entry.shape.columns { string(column) } }
    member("state", entry.state.rawValue)
    if let run = entry.run { object("run") { ledgerRun(run) } }
  }

  /// One value, or a list for a key of several parts.
  private func key(_ key: RowKey) {
    let values = key.values
    if values.count == 1, let only = values.first {
      value(only)
    } else {
      array { for part in values { value(part) } }
    }
  }
}
