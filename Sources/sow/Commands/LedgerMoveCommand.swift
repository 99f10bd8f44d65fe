internal import ArgumentParser
internal import SowApplying
internal import SowDatabase
internal import SowModel

struct LedgerMoveCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "mv",
    abstract: "Give what the ledger holds at one address to another; the rows stay as they are.",
    discussion: """
      For an operation or a key that has another name from now on. The name of an operation with \
      instances moves all of them.

      Example:
        sow ledger mv luis luis_santos
        sow ledger mv 'statuses["old"]' 'statuses["archived"]'
      """)

  @Argument(help: "An operation, or operation[\"key\"] for one of its instances.")
  var old: RowAddress

  @Argument(help: "The address from now on, at which nothing is yet.")
  var new: RowAddress

  @OptionGroup(title: "Ledger options") var owner: LedgerPlanOptions
  @OptionGroup(title: "Ledger options") var database: DatabaseOptions
  @OptionGroup(title: "Ledger options") var lockfile: LockfileOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: true,
      showsSensitive: false)
    var isWhole = false
    let ending = session.editLedger(
      at: old, plan: owner.plan, common.project, database, lockfile,
      done: Phrase(
        "\(old.text) is \(new.text) from now on", vi: "từ nay \(old.text) là \(new.text)"),
      check: { database, owner in
        isWhole = try !database.holds(old, of: owner)
        return try refusal(database, owner, isWhole: isWhole)
      }
    ) { edit in try edit.move(old, to: new, isWhole: isWhole) }
    return session.terminal.close(ending, afterChanges: true)
  }

  /// What stands against the new address.
  private func refusal(
    _ database: any Database, _ owner: Owner, isWhole: Bool
  ) throws -> Diagnostics {
    if isWhole, !new.instance.isEmpty {
      return Diagnostics(
        Diagnostic(
          .unknownAddress, ["address": old.text], at: nil,
          hint: .text(
            "\"\(old.operation)\" has instances: move them by the operation's name",
            vi: "\"\(old.operation)\" có nhiều thể hiện: hãy chuyển chúng theo tên thao tác")))
    }
    // An operation has either one row or instances.
    let plain = RowAddress(operation: new.operation, instance: "")
    let isTaken =
      try isWhole || new.instance.isEmpty
      ? !database.ledgerTables(of: new.operation, of: owner).isEmpty
      : database.holds(new, of: owner) || database.holds(plain, of: owner)
    guard isTaken else { return Diagnostics() }
    return Diagnostics(Diagnostic(.moveTaken, ["address": new.text], at: nil))
  }
}
