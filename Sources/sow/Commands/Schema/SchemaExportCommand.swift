internal import ArgumentParser
internal import SowFiles
internal import SowModel
internal import SowPlanning

struct SchemaExportCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write one JSON Schema of plan files, by which editors complete and check them.",
    discussion: """
      It knows the entities of the project's schemas, their fields, and where references may \
      stand. A plan names it in its first line:
        # yaml-language-server: $schema=../.sow/plan.schema.json

      Example:
        sow schema export
        sow schema export --out schemas.json
      """)

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The file to write; else .sow/plan.schema.json of the project.", valueName: "file"))
  var out: String?

  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func validate() throws {
    if out?.isEmpty == true { throw ValidationError("--out takes the path of a file.") }
  }

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: false,
      showsSensitive: false)
    return session.terminal.close(run(session), afterChanges: true)
  }

  private func run(_ session: Session) -> Ending {
    var diagnostics = Diagnostics()
    session.enter(common.project, into: &diagnostics)
    guard !diagnostics.hasErrors,
      let workspace = session.workspace(around: ".", into: &diagnostics)
    else { return session.refuse(diagnostics) }
    let schemas = session.schemas(of: workspace, into: &diagnostics)
    for schema in schemas { schema.check(into: &diagnostics) }
    guard !diagnostics.hasErrors else { return session.refuse(diagnostics) }
    session.tell(diagnostics)
    let path = out ?? joined(workspace.shownRoot, ".sow/plan.schema.json")
    do {
      try StagedFile.makeFolder(of: path)
      let file = try StagedFile.stage(Array(PlanSchema(schemas).text.utf8), at: path)
      let isChange = file.isChange
      try file.commit()
      show(path, schemas.count, isChange: isChange, session)
      return .done
    } catch {
      return session.refuse(
        Diagnostics(Diagnostic(.fileFailed, ["path": path, "problem": Phrase(of: error)], at: nil)))
    }
  }

  private func show(_ path: String, _ count: Int, isChange: Bool, _ session: Session) {
    let outlet = session.terminal.result
    guard session.isText else {
      let json = JSONWriter(to: outlet)
      return json.document {
        json.member("kind", "schema_export")
        json.member("format_version", 1)
        json.member("path", path)
        json.member("entities", count)
        json.member("changed", isChange)
      }
    }
    outlet.line(
      "\(terminalSafe(path)): ",
      [isChange ? Phrase("written", vi: "đã ghi") : .unchanged, .count(count, .entity)].joined(", ")
    )
  }
}
