internal import SowDatabase
internal import SowFiles
internal import SowModel

/// A project's database, open for reading in one transaction.
struct DatabaseReading {
  let database: any Database
  let choice: EnvironmentChoice
  let workspace: Workspace

  /// As it is named to people: `sqlite:shop.db (staging)`.
  var place: String { choice.database.text + (choice.name.map { " (\($0))" } ?? "") }
}

extension Session {
  /// Opens the database of the options for what plans are not needed for, and does `body`; what
  /// fails is shown. A file that does not exist stands for an empty database, unless it
  /// `mustExist`.
  func read(
    _ project: String?, _ options: DatabaseOptions, mustExist: Bool = false,
    _ body: (DatabaseReading) throws -> Ending
  ) -> Ending {
    var diagnostics = Diagnostics()
    enter(project, into: &diagnostics)
    guard !diagnostics.hasErrors,
      let workspace = workspace(around: ".", into: &diagnostics), !diagnostics.hasErrors,
      let choice = choose(options, in: workspace, into: &diagnostics)
    else { return refuse(diagnostics) }
    if mustExist, let path = choice.database.path, !fileExists(path) {
      diagnostics.report(
        .databaseFailed,
        [
          "database": choice.database.text,
          "problem": Phrase("there is no such file", vi: "không có tệp như vậy"),
        ],
        at: nil)
      return refuse(diagnostics)
    }
    tell(diagnostics)
    do {
      let database = try Databases().reading(choice.database)
      try database.begin(.read, patience: options.lockTimeout)
      defer { database.rollback() }
      return try body(
        DatabaseReading(database: database, choice: choice, workspace: workspace))
    } catch {
      return refuse(Diagnostics(Diagnostic(error, database: choice.database.text)))
    }
  }
}

extension JSONWriter {
  /// The members that open every document about a database as a whole.
  func heading(kind: String, _ reading: DatabaseReading) {
    member("kind", kind)
    member("format_version", 1)
    if let environment = reading.choice.name { member("environment", environment) }
    member("database", reading.choice.database.text)
  }
}
