internal import ArgumentParser
internal import SowFiles
internal import SowModel

struct ShowCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a saved plan, a report or a lockfile.",
    discussion: """
      What the file is shows in its content. A saved plan that no longer holds is shown with a \
      warning: its files are looked at, and the ledger where its database can be read.

      Example:
        sow show shop.saved
        sow show report.json
        sow show plans/shop.staging.lock.json -f json
        sow show shop.saved -f html > shop.html
      """)

  @Argument(
    help: ArgumentHelp("The file, as sow wrote it.", valueName: "file"), completion: .file())
  var file: String

  @OptionGroup var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: ProjectCommandOptions<ShowForm>

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: false)
    return session.terminal.close(run(session))
  }

  private func run(_ session: Session) -> Ending {
    var diagnostics = Diagnostics()
    session.enter(common.project, into: &diagnostics)
    guard !diagnostics.hasErrors else { return session.refuse(diagnostics) }
    let limit = Limits().fileBytes
    switch WrittenFile(at: file) {
    case .savedPlan:
      let saved = SavedPlan.load(
        path: file, limit: limit, files: &session.files, diagnostics: &diagnostics)
      if let saved { return session.show(saved) }
    case .report:
      let reports = PastReport.load(
        path: file, limit: limit, files: &session.files, diagnostics: &diagnostics)
      if let reports { return session.show(reports, of: file) }
    case .lockfile:
      let lock = Lock.load(
        path: file, limit: limit, files: &session.files, diagnostics: &diagnostics)
      if let lock { return session.show(lock) }
    case nil:
      let problem =
        fileExists(file)
        ? Phrase(
          "it begins like nothing that sow writes", vi: "nó không mở đầu như thứ gì sow ghi ra")
        : Phrase("there is no such file", vi: "không có tệp như vậy")
      diagnostics.report(.notShown, ["path": file, "problem": problem], at: nil)
    }
    return session.refuse(diagnostics)
  }
}

extension DiagnosticCode {
  static let notShown = DiagnosticCode(
    "not-shown", "\"{path}\" cannot be shown: {problem}",
    vi: "không thể hiển thị \"{path}\": {problem}",
    meaning: "sow show knows saved plans, reports and lockfiles, by how they begin.",
    example: "sow show plans/shop.yaml",
    fix: "Name a file of sow plan -o, of sow apply --report, or a *.lock.json.")
}
