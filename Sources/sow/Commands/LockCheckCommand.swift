internal import ArgumentParser
internal import SowModel

struct LockCheckCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare lockfiles with the ledger; exit with 2 where they differ.",
    discussion: """
      Example:
        sow lock check
        sow lock check plans/shop.yaml -e staging
      """)

  @OptionGroup var plans: PlanArguments

  @OptionGroup(title: "Lockfile options") var database: DatabaseOptions
  @OptionGroup(title: "Lockfile options") var lockfile: LockfileOptions
  @OptionGroup(title: "Lockfile options") var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: false)
    let ending = session.forEachLockfile(
      plans.plans, common.project, database, lockfile, kind: "lock_check",
      do: { lockfile, ledger, result in
        let compared = lockfile.compare(with: ledger, files: &session.files)
        result.isEqual = compared.isEqual
        result.stop(compared.diagnostics)
        if !compared.isEqual { result.ending = max(result.ending, .differs) }
      })
    return session.terminal.close(ending)
  }
}
