internal import ArgumentParser
internal import SowDatabase
internal import SowFiles
internal import SowModel
internal import SowPlanning

struct SchemaPullCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Write schemas/<entity>.yaml for the tables of a database.",
    discussion: """
      A schema that is there already and says something else is kept, and the exit code is 2; \
      --force replaces it. Tables without a primary key, views and virtual tables are left out by \
      name.

      Example:
        sow schema pull
        sow schema pull artist album --database sqlite:chinook.db --out schemas/chinook
      """)

  @Argument(help: "Names of tables; without one, all.")
  var tables: [String] = []

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The folder for new files; else schemas/ of the project.", valueName: "dir"))
  var out: String?

  @Flag(help: "Replace schemas that differ from what the database says.")
  var force = false

  @OptionGroup(title: "Schema options") var database: DatabaseOptions
  @OptionGroup(title: "Schema options") var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func validate() throws {
    if out?.isEmpty == true { throw ValidationError("--out takes the path of a folder.") }
  }

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: false)
    let ending = session.read(common.project, database, mustExist: true) {
      try pull($0, session)
    }
    return session.terminal.close(ending, afterChanges: true)
  }

  private func pull(_ reading: DatabaseReading, _ session: Session) throws -> Ending {
    let catalogue = try reading.database.catalogue()
    var diagnostics = Diagnostics()
    let known = session.schemas(of: reading.workspace, into: &diagnostics)
    for table in tables { check(table, catalogue, reading, into: &diagnostics) }
    guard !diagnostics.hasErrors else { return session.refuse(diagnostics) }
    session.tell(diagnostics)
    let names = Dictionary(
      known.map { ($0.table?.value ?? $0.name, $0.name) }, uniquingKeysWith: { first, _ in first })
    let pull = SchemaPull(
      catalogue, known: names, only: tables.isEmpty ? nil : Set(tables))
    let usual = joined(reading.workspace.shownRoot, "schemas")
    let folder = out ?? usual
    // A folder of its own, away from the project's schemas, knows nothing of them.
    let isApart = !isInside(folder, usual)
    let paths = Dictionary(
      isApart ? [] : known.map { ($0.name, session.files[$0.range.file]) },
      uniquingKeysWith: { first, _ in first })
    let files = try PulledFile.write(pull.entities, below: folder, paths: paths, force: force)
    show(files, pull, reading, session)
    return files.contains { $0.state == .kept } ? .differs : .done
  }

  private func check(
    _ table: String, _ catalogue: Catalogue, _ reading: DatabaseReading,
    into diagnostics: inout Diagnostics
  ) {
    let names = catalogue.tables.map(\.name) + catalogue.others.map(\.name)
    guard !names.contains(table) else { return }
    diagnostics.report(
      .unknownTable, ["table": table, "database": reading.choice.database.text], at: nil,
      hint: nearest(to: table, among: names).map(Diagnostic.Hint.didYouMean))
  }

  private func isInside(_ path: String, _ folder: String) -> Bool {
    let (path, folder) = (
      absolute(path, in: currentFolder()), absolute(folder, in: currentFolder())
    )
    return path == folder || isBelow(path, folder)
  }

  // MARK: Showing

  private func show(
    _ files: [PulledFile], _ pull: SchemaPull, _ reading: DatabaseReading, _ session: Session
  ) {
    let outlet = session.terminal.result
    guard session.isText else {
      let json = JSONWriter(to: outlet)
      return json.document {
        json.heading(kind: "schema_pull", reading)
        json.lines("files") {
          for file in files {
            json.object {
              json.member("path", file.path)
              json.member("entity", file.entity.name)
              json.member("table", file.entity.table.name)
              json.member("state", file.state.rawValue)
            }
          }
        }
        json.lines("left_out") {
          for left in pull.leftOut {
            json.object {
              json.member("table", left.table)
              json.member("reason", left.reason.phrase)
            }
          }
        }
      }
    }
    outlet.line("sow schema pull · \(terminalSafe(reading.place))")
    outlet.line()
    let width = (files.map { displayWidth(terminalSafe($0.path)) }.max() ?? 0) + 2
    for file in files {
      let path = padded(terminalSafe(file.path), to: width)
      outlet.line("  \(file.state.sign) \(path)", file.state.phrase)
    }
    for left in pull.leftOut {
      outlet.line("  ! ", .leftOut(terminalSafe(left.table), left.reason.phrase))
    }
    if !files.isEmpty || !pull.leftOut.isEmpty { outlet.line() }
    outlet.line("  ", PulledFile.summary(of: files))
  }
}

extension DiagnosticCode {
  static let unknownTable = DiagnosticCode(
    "unknown-table", "{database} has no table \"{table}\"",
    vi: "{database} không có bảng \"{table}\"",
    meaning: "A table that the command line names is not in the database.",
    example: "sow schema pull custmer",
    fix: "Correct the name; without one all tables are taken.")
}
