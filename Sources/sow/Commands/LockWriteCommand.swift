internal import ArgumentParser
internal import SowApplying
internal import SowFiles
internal import SowModel

struct LockWriteCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "write",
    abstract: "Write lockfiles anew from the ledger.",
    discussion: """
      A lockfile of another database, or one that names other keys for the same addresses, is \
      replaced only with --adopt.

      Example:
        sow lock write
        sow lock write plans/shop.yaml -e staging --adopt
      """)

  @OptionGroup var plans: PlanArguments

  @Flag(help: "Replace a lockfile of another database or with other keys.")
  var adopt = false

  @OptionGroup(title: "Lockfile options") var database: DatabaseOptions
  @OptionGroup(title: "Lockfile options") var lockfile: LockfileOptions
  @OptionGroup(title: "Lockfile options") var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: false)
    let ending = session.forEachLockfile(
      plans.plans, common.project, database, lockfile, kind: "lock_write",
      do: { lockfile, ledger, result in write(lockfile, ledger, &result, session) })
    return session.terminal.close(ending, afterChanges: true)
  }

  private func write(
    _ lockfile: Lockfile, _ ledger: Lock?, _ result: inout LockfileResult, _ session: Session
  ) {
    let compared = lockfile.compare(with: ledger, files: &session.files)
    result.isEqual = compared.isEqual
    if !adopt, !compared.diagnostics.isDamage { return result.stop(compared.diagnostics) }
    guard let ledger, !compared.isEqual else { return }
    do {
      try lockfile.stage(ledger).commit()
      result.isWritten = true
    } catch {
      result.stop(
        Diagnostics(
          Diagnostic(
            .fileFailed, ["path": lockfile.path, "problem": Phrase(of: error)], at: nil)))
    }
  }
}

extension Diagnostics {
  /// Whether nothing is said against a lockfile but that it is broken: then it speaks of no other
  /// rows, and is written anew.
  fileprivate var isDamage: Bool {
    let damages: Set<DiagnosticCode> = [.lockEmpty, .lockCut, .lockInvalid]
    return all.allSatisfy { $0.severity != .error || damages.contains($0.code) }
  }
}
