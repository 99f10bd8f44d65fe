internal import ArgumentParser
internal import SowDatabase
internal import SowModel

struct LedgerShowCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that the ledger knows of one address.",
    discussion: """
      Example:
        sow ledger show luis
        sow ledger show 'statuses["open"]' --database sqlite:shop.db
      """)

  @Argument(help: "An operation, or operation[\"key\"] for one of its instances.")
  var address: RowAddress

  @OptionGroup(title: "Ledger options") var database: DatabaseOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: true,
      showsSensitive: false)
    let ending = session.readLedger(common.project, database) { reading in
      let entries = try entries(reading)
      guard !entries.isEmpty else {
        return session.refuse(
          Diagnostics(
            Diagnostic(
              .unknownAddress, ["address": address.text], at: nil, hint: try hint(reading))))
      }
      show(entries, session)
      return .done
    }
    return session.terminal.close(ending)
  }

  private func show(_ entries: [LedgerEntry], _ session: Session) {
    let outlet = session.terminal.result
    guard !session.isText else {
      for (index, entry) in entries.enumerated() {
        if index > 0 { outlet.line() }
        entry.write(to: outlet)
      }
      return
    }
    let json = JSONWriter(to: outlet)
    json.document {
      json.member("kind", "ledger_entries")
      json.member("format_version", 1)
      json.lines("entries") {
        for entry in entries { json.object { json.ledgerEntry(entry) } }
      }
    }
  }

  /// The address in every plan that has it.
  private func entries(_ reading: LedgerReading) throws -> [LedgerEntry] {
    guard reading.ledger != nil else { return [] }
    let shapes = try reading.database.shapes()
    let runs = try reading.database.runs()
    var entries: [LedgerEntry] = []
    for owner in try reading.owners() {
      let found = try reading.database.ledgerRows(
        of: owner, operation: address.operation, instances: [address.instance],
        digester: reading.digester)
      guard let entry = found.first ?? nil, let shape = shapes[entry.row.shape] else { continue }
      entries.append(
        LedgerEntry(
          plan: owner.plan, row: entry.row, shape: shape, presence: entry.presence,
          run: runs.first { $0.serial == entry.row.serial }))
    }
    return entries
  }

  /// An operation with instances has no row of its own.
  private func hint(_ reading: LedgerReading) throws -> Diagnostic.Hint {
    var operations: Set<String> = []
    for owner in try reading.owners() {
      let counts = try reading.database.ledgerCounts(of: owner)
      if let count = counts[address.operation] {
        return .text(
          "\"{operation}\" has {rows}: sow ledger list",
          vi: "\"{operation}\" có {rows}: sow ledger list",
          ["operation": address.operation, "rows": Phrase.count(count, .row)])
      }
      operations.formUnion(counts.keys)
    }
    return nearest(to: address.operation, among: operations.sorted()).map { .didYouMean($0) }
      ?? .text("sow ledger list shows all", vi: "sow ledger list cho thấy tất cả")
  }
}
