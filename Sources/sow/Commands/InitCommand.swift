internal import ArgumentParser
internal import SowApplying
internal import SowDatabase
internal import SowFiles
internal import SowModel
internal import SowPlanning

struct InitCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a project to start from; nothing that is there is overwritten.",
    discussion: """
      Makes sow.yaml, a schema and a plan, and the lines for git: lockfiles are merged by line, \
      and .sow/ is ignored. A file that exists is kept; the sample schema and plan are made only \
      where plans/ and schemas/ are missing or empty.

      With --from the schemas of a database are written in place of the samples, as sow schema \
      pull does. The database is only read, and its URL is written nowhere.

      With --ledger the tables of the ledger are made in the database of the environment, so that \
      later runs need no right to make tables. With --ledger --format sql nothing is made: the \
      statements are printed for someone who has that right.

      Example:
        sow init && sow plan && sow apply
        sow init --from sqlite:shop.db
        sow init --ledger -e production
        sow init --ledger --format sql > ledger.sql
      """)

  @Option(
    help: ArgumentHelp(
      "Write the schemas of this database in place of the samples.", valueName: "url"))
  var from: String?

  @Flag(help: "Also make the ledger's tables in the database.")
  var ledger = false

  @OptionGroup(title: "Ledger options") var database: DatabaseOptions
  @OptionGroup(title: "Options of every command") var common: ProjectCommandOptions<InitForm>

  func validate() throws {
    if from != nil, common.format == .sql {
      throw ValidationError("--format sql makes no files: leave --from out.")
    }
    guard !ledger else { return }
    if common.format == .sql {
      throw ValidationError("--format sql prints the ledger: give --ledger.")
    }
    if database.database != nil || database.environment.environment != nil {
      throw ValidationError("-e and --database say where the ledger is made: give --ledger.")
    }
  }

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: false,
      showsSensitive: false)
    return session.terminal.close(run(session), afterChanges: common.format != .sql)
  }

  private func run(_ session: Session) -> Ending {
    var diagnostics = Diagnostics()
    session.enter(common.project, into: &diagnostics)
    if diagnostics.hasErrors { return session.refuse(diagnostics) }
    if common.format == .sql { return printSQL(session) }
    var pull: SchemaPull?
    if let from {
      pull = schemas(of: from, into: &diagnostics)
      if diagnostics.hasErrors { return session.refuse(diagnostics) }
    }
    var made: [ProjectStart.Made] = []
    func tell(_ file: ProjectStart.Made) {
      made.append(file)
      guard session.isText else { return }
      session.terminal.result.line("\(terminalSafe(file.path)): ", file.outcome.phrase)
    }
    do throws(FileFailure) {
      try ProjectStart(in: ".").make(samples: pull == nil, tell)
      let files = try PulledFile.write(
        pull?.entities ?? [], below: "schemas", paths: [:], force: false)
      for file in files {
        tell(.init(path: file.path, outcome: file.state == .written ? .created : .kept))
      }
    } catch {
      diagnostics.report(
        .fileFailed, ["path": error.path, "problem": error.problem],
        at: nil)
      return session.refuse(diagnostics)
    }
    for left in pull?.leftOut ?? [] {
      session.note(.leftOut(left.table, left.reason.phrase))
    }
    session.terminal.result.flush()
    var isLedgerNew: Bool?
    if ledger { isLedgerNew = makeLedger(session, into: &diagnostics) }
    if !session.isText { writeJSON(made, isLedgerNew, diagnostics, session) }
    session.tell(diagnostics)
    if !diagnostics.hasErrors,
      made.contains(where: { $0.path.hasPrefix("plans/") && $0.outcome == .created })
    {
      session.note(
        Phrase(
          "next: sow plan shows what would change, sow apply makes it so",
          vi: "tiếp theo: sow plan cho thấy điều gì sẽ thay đổi, sow apply thực hiện"))
    }
    return diagnostics.ending
  }

  /// The schemas of a database, or nil after a diagnostic.
  private func schemas(of url: String, into diagnostics: inout Diagnostics) -> SchemaPull? {
    guard let url = DatabaseURL(url, relativeTo: currentFolder(), into: &diagnostics) else {
      return nil
    }
    if let path = url.path, !fileExists(path) {
      diagnostics.report(
        .databaseFailed,
        [
          "database": url.text,
          "problem": Phrase("there is no such file", vi: "không có tệp như vậy"),
        ], at: nil)
      return nil
    }
    do {
      let connection = try Databases().reading(url)
      try connection.begin(.read, patience: database.lockTimeout)
      defer { connection.rollback() }
      return SchemaPull(try connection.catalogue(), known: [:], only: nil)
    } catch {
      diagnostics.report(Diagnostic(error, database: url.text))
      return nil
    }
  }

  /// Whether the ledger is new; nil where it could not be made.
  private func makeLedger(_ session: Session, into diagnostics: inout Diagnostics) -> Bool? {
    guard let workspace = session.workspace(around: ".", into: &diagnostics),
      !diagnostics.hasErrors,
      let choice = session.choose(database, in: workspace, into: &diagnostics)
    else { return nil }
    do {
      let connection = try Databases().writing(choice.database)
      try connection.begin(.write, patience: database.lockTimeout)
      defer { connection.rollback() }
      let isNew = try connection.ledger() == nil
      if isNew {
        try connection.create(Ledger.drawn())
        try connection.commit()
      }
      if session.isText {
        let place = terminalSafe(choice.database.text)
        let outcome = isNew ? ProjectStart.Outcome.created : .kept
        session.terminal.result.line(
          [Phrase("ledger in \(place)", vi: "sổ cái trong \(place)"), outcome.phrase].joined(": "))
      }
      return isNew
    } catch {
      diagnostics.report(Diagnostic(error, database: choice.database.text))
      return nil
    }
  }

  private func printSQL(_ session: Session) -> Ending {
    var diagnostics = Diagnostics()
    guard let workspace = session.workspace(around: ".", into: &diagnostics),
      !diagnostics.hasErrors,
      let choice = session.choose(database, in: workspace, into: &diagnostics)
    else { return session.refuse(diagnostics) }
    do {
      let connection = try Databases().reading(choice.database)
      for statement in ["BEGIN"] + connection.ledgerSQL + ["COMMIT"] {
        session.terminal.result.line(statement + ";")
      }
      return .done
    } catch {
      return session.refuse(Diagnostics(Diagnostic(error, database: choice.database.text)))
    }
  }

  private func writeJSON(
    _ made: [ProjectStart.Made], _ isLedgerNew: Bool?, _ diagnostics: Diagnostics,
    _ session: Session
  ) {
    let json = JSONWriter(to: session.terminal.result)
    json.document {
      json.member("kind", "init")
      json.member("format_version", 1)
      json.lines("files") {
        for file in made {
          json.object {
            json.member("path", file.path)
            json.member("outcome", file.outcome.rawValue)
          }
        }
      }
      if let isLedgerNew { json.member("ledger", isLedgerNew ? "created" : "kept") }
      json.diagnostics(diagnostics, of: session.files)
    }
  }
}
