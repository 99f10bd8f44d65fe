internal import ArgumentParser
internal import SowDatabase
internal import SowModel
internal import SowPlanning

struct SchemaCheckCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare schemas with a database; exit with 2 where they differ.",
    discussion: """
      Looks for missing tables and columns, types that do not fit, columns that must have a value \
      and are not required, other primary keys, keys without a unique index, and references \
      without a foreign key. Exit code 3 where a schema itself is not valid.

      Example:
        sow schema check
        sow schema check customer invoice -e staging
      """)

  @Argument(help: "Names of entities; without one, all that have a schema.")
  var entities: [String] = []

  @OptionGroup(title: "Schema options") var database: DatabaseOptions
  @OptionGroup(title: "Schema options") var detail: DetailOptions
  @OptionGroup(title: "Options of every command") var common: CommonOptions

  func execute(in context: ProcessContext) -> Ending {
    let session = Session(
      context, common.terminal(in: context), noise: common.noise, showsAll: detail.all,
      showsSensitive: false)
    let ending = session.read(common.project, database) { try check($0, session) }
    return session.terminal.close(ending)
  }

  private func check(_ reading: DatabaseReading, _ session: Session) throws -> Ending {
    var diagnostics = Diagnostics()
    let schemas = session.schemas(of: reading.workspace, into: &diagnostics)
    let names = schemas.map(\.name)
    for entity in entities where !names.contains(entity) {
      diagnostics.report(
        .noSchema, ["entity": entity], at: nil,
        hint: nearest(to: entity, among: names).map(Diagnostic.Hint.didYouMean))
    }
    guard !diagnostics.all.contains(where: { $0.code == .noSchema }) else {
      return session.refuse(diagnostics)
    }
    if schemas.isEmpty, !diagnostics.hasErrors {
      let folder = joined(reading.workspace.shownRoot, "schemas")
      session.note(
        Phrase("there is no schema in \(folder)", vi: "không có schema nào trong \(folder)"))
    }
    reading.database.declare(schemas.declaredKeys)
    let comparison = SchemaComparison(
      schemas, names: entities.isEmpty ? nil : Set(entities),
      with: try reading.database.catalogue())
    let isValid = !diagnostics.hasErrors && !comparison.mistakes.hasErrors
    diagnostics.merge(comparison.mistakes)
    diagnostics.merge(comparison.differences)
    session.tell(diagnostics)
    show(comparison, diagnostics, isValid: isValid, reading, session)
    guard isValid else { return .invalidFiles }
    return comparison.differences.isEmpty ? .done : .differs
  }

  private func show(
    _ comparison: SchemaComparison, _ diagnostics: Diagnostics, isValid: Bool,
    _ reading: DatabaseReading, _ session: Session
  ) {
    let outlet = session.terminal.result
    guard session.isText else {
      let json = JSONWriter(to: outlet)
      return json.document {
        json.heading(kind: "schema_check", reading)
        json.member("valid", isValid)
        json.member("equal", isValid && comparison.differences.isEmpty)
        json.lines("entities") {
          for entity in comparison.entities {
            json.object {
              json.member("entity", entity.name)
              json.member("table", entity.table)
              json.member("equal", entity.isEqual)
            }
          }
        }
        json.diagnostics(diagnostics, of: session.files)
      }
    }
    guard isValid else { return session.note(diagnostics.summary ?? Phrase(same: "")) }
    let count = comparison.entities.count { !$0.isEqual }
    let all = Phrase.count(comparison.entities.count, .schema)
    let place = terminalSafe(reading.place)
    outlet.line(
      count == 0
        ? Phrase(
          "\(all.english) and \(place): no difference",
          vi: "\(all.vietnamese) và \(place): không có khác biệt")
        : Phrase(
          "\(count) of \(all.english) \(count == 1 ? "differs" : "differ") from \(place)",
          vi: "\(count) trong \(all.vietnamese) khác với \(place)"))
  }
}

extension DiagnosticCode {
  static let noSchema = DiagnosticCode(
    "no-schema", "there is no schema of the entity \"{entity}\"",
    vi: "không có schema nào cho thực thể \"{entity}\"",
    meaning: "An entity that the command line names has no file under schemas/.",
    example: "sow schema check custmer",
    fix: "Correct the name, or write the schema, for instance with sow schema pull.")
}
