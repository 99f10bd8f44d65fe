internal import ArgumentParser
internal import SowDatabase
internal import SowFiles
internal import SowModel
internal import SowPlanning

struct ExportCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a plan from the rows of a database, with references between them.",
    discussion: """
      Equal rows give equal files. An apply to the same database takes the rows over and changes \
      none; an apply to an empty one makes them again. Rows are known by a natural key, and a key \
      that the database made is then not written; where there is no natural key, it is. Without \
      --out the plan goes to standard output with all rows in it.

      Example:
        sow export --entity artist --entity album --out plans/music.yaml
        sow export --all --database sqlite:chinook.db --out plans/chinook.yaml
        sow export --entity customer --where '{ country: { in: [VN, BR] } }'
      """)

  @Option(help: ArgumentHelp("An entity to export; may be repeated.", valueName: "name"))
  var entity: [String] = []

  @Flag(
    name: .customLong("all"),
    help: "Export all entities: of the schemas, and the tables without one.")
  var exportsAll = false

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Which rows of the one entity, as a plan's where.", valueName: "filter"))
  var filter: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The plan file to write; many rows go to data/ beside it.", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "With --out, up to how many rows of an entity are written in the plan itself.",
      valueName: "count"))
  var inline = 20

  @Flag(help: "Leave out keys that the database makes, so that the rows get new ones.")
  var newKeys = false

  @Flag(help: "Replace files that hold something else.")
  var force = false

  @OptionGroup(title: "Export options") var database: DatabaseOptions
  @OptionGroup(title: "Export options") var secrets: SecretOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func validate() throws {
    if entity.isEmpty != exportsAll {
      throw ValidationError("Give --entity for each entity to export, or --all.")
    }
    if let repeated = entity.first(where: { name in entity.count { $0 == name } > 1 }) {
      throw ValidationError("--entity names \"\(repeated)\" twice.")
    }
    if filter != nil, entity.count != 1 {
      throw ValidationError("--where chooses rows of one entity: give one --entity with it.")
    }
    if let out, !out.hasSuffix(".yaml"), !out.hasSuffix(".yml") {
      throw ValidationError("--out takes the path of a .yaml or .yml file.")
    }
    if inline < 0 { throw ValidationError("--inline takes a count: a whole number, 0 or more.") }
    if out == nil, common.format == .json {
      throw ValidationError("Without --out the result is the plan itself: leave --format out.")
    }
  }

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: true,
      showsSensitive: secrets.showSensitive)
    let ending = session.read(common.project, database, mustExist: true) {
      try export($0, session)
    }
    return session.terminal.close(ending)
  }

  // MARK: Exporting

  private func export(_ reading: DatabaseReading, _ session: Session) throws -> Ending {
    var diagnostics = Diagnostics()
    let schemas = session.schemas(of: reading.workspace, into: &diagnostics)
    reading.database.declare(schemas.declaredKeys)
    let catalogue = try reading.database.catalogue()
    let names = exportsAll ? Entity.allNames(schemas, catalogue) : entity
    let given = GivenVariables(
      nil, environment: reading.choice.environment,
      limit: reading.workspace.project.limits.fileBytes, files: &session.files,
      diagnostics: &diagnostics)
    let entities = Entity.live(
      names, schemas, catalogue, session.context.surroundings(given), into: &diagnostics)
    for entity in entities { refuseSecrets(of: entity, into: &diagnostics) }
    var conditions: [ResolvedCondition]? = []
    if let filter, let only = entities.first {
      var found = Diagnostics()
      conditions = session.conditions(
        filter, of: only.name, schemas, catalogue, reading, into: &found)
      diagnostics.merge(found.further(than: diagnostics))
    }
    guard !diagnostics.hasErrors, let conditions else { return session.refuse(diagnostics) }
    session.tell(diagnostics)
    if exportsAll { tellLeftOut(of: catalogue, session) }
    let design = ExportDesign(entities, isPartial: filter != nil, drawsKeys: newKeys)
    for note in design.notes { session.note(note.sentence) }
    do {
      return try write(design, conditions, reading, session)
    } catch let failure as PlaceFailure {
      return session.refuse(
        Diagnostics(
          Diagnostic(
            .fileFailed, ["path": failure.path, "problem": failure.problem], at: nil)))
    }
  }

  private func write(
    _ design: ExportDesign, _ conditions: [ResolvedCondition], _ reading: DatabaseReading,
    _ session: Session
  ) throws -> Ending {
    let folder = out.map { ExportFolder(sow.folder(of: $0)) }
    let file = try out.map { try folder?.place(String($0.split(separator: "/").last ?? "")) } ?? nil
    let plan = file?.outlet ?? session.terminal.result
    let export = Export(reading.database, conditions, folder: folder)
    plan.write("# Written by sow export.\noperations:\n")
    if design.operations.isEmpty { plan.write("  {}\n") }
    var written: [Export.Written] = []
    for operation in design.operations {
      written.append(try export.write(operation, limit: inline, to: plan))
    }
    guard !export.problems.hasErrors else { return session.refuse(export.problems) }
    guard let folder, let file else { return .done }
    folder.keep(file)
    let conflicts = force ? [] : try folder.conflicts()
    guard conflicts.isEmpty else {
      var diagnostics = Diagnostics()
      for path in conflicts {
        diagnostics.report(
          .wouldReplace, ["path": path], at: nil,
          hint: .text("--force replaces it", vi: "--force sẽ thay nó"))
      }
      return session.refuse(diagnostics)
    }
    let unchanged = Set(try folder.kept.filter { try folder.isUnchanged($0) }.map(\.path))
    try folder.finish()
    ExportSummary(
      written: written, files: folder.kept, unchanged: unchanged, reading: reading
    ).write(to: session.terminal)
    return .done
  }

  private func tellLeftOut(of catalogue: Catalogue, _ session: Session) {
    for table in catalogue.tables where table.primaryKey.isEmpty {
      session.note(.leftOut(table.name, SchemaPull.Reason.noPrimaryKey.phrase))
    }
  }

  private func refuseSecrets(of entity: Entity, into diagnostics: inout Diagnostics) {
    guard !secrets.showSensitive else { return }
    for field in entity.fields {
      guard let label = field.label else { continue }
      diagnostics.report(
        .sensitiveExport, ["entity": entity.name, "field": field.name, "label": label], at: nil,
        hint: .text("--show-sensitive writes it", vi: "--show-sensitive sẽ ghi nó"))
    }
  }
}

extension DiagnosticCode {
  static let wouldReplace = DiagnosticCode(
    "would-replace", "\"{path}\" is there already and holds something else",
    vi: "\"{path}\" đã có ở đó và chứa nội dung khác",
    meaning: "An export replaces no file that it did not write just so, unless it is told to.",
    example: "sow export --all --out plans/shop.yaml   # edited since the last export",
    fix: "Give another --out, or --force to replace the file.")

  static let sensitiveExport = DiagnosticCode(
    "sensitive-export", "\"{field}\" of {entity} is {label}, and a plan would hold it in the open",
    vi: "\"{field}\" của {entity} là {label}, mà kế hoạch sẽ chứa nó ở dạng lộ rõ",
    meaning: "Files of a plan are reviewed and shared; a field that x-sow calls sensitive is not.",
    example: "sow export --entity person    # x-sow: { sensitive: { email: PHI } }",
    fix: "Leave the entity out, or give --show-sensitive where the files are kept safe.")
}
