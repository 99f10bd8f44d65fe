internal import SowFiles
internal import SowModel

/// Where a run happens: an environment of the project, or a database alone.
struct EnvironmentChoice: Sendable {
  /// Nil for `--database URL` without `-e`.
  let environment: Environment?
  let database: DatabaseURL

  var name: String? { environment?.name }

  /// A file alone has its missing tables made; an environment says itself.
  var createsTables: Bool { environment?.createTables ?? !database.isServer }

  var isProtected: Bool { environment?.isProtected ?? false }

  /// Whose rows are read and written.
  let tenant: String?

  var scope: String { environment?.scope ?? tenant ?? "" }

  /// Chooses by `-e` and `--database`; what is wrong is reported.
  ///
  /// `--database` is relative to the `current` folder, an environment's database to the project's;
  /// of the process's environment only the variables that the URL names are read.
  init?(
    named name: String?, database url: String?, project: Project, current: String,
    process: [String: String], into diagnostics: inout Diagnostics
  ) {
    guard let url else {
      guard let environment = Environment.chosen(name, of: project, into: &diagnostics),
        let database = environment.databaseURL(in: project, process, into: &diagnostics)
      else { return nil }
      guard environment.hasTenant(process, into: &diagnostics) else { return nil }
      self.environment = environment
      tenant = environment.tenant(process)
      self.database = database.used(by: environment, tenant: tenant, into: &diagnostics)
      return
    }
    var environment: Environment?
    if let name {
      environment = Environment.chosen(name, of: project, into: &diagnostics)
      guard environment?.hasTenant(process, into: &diagnostics) == true else { return nil }
    }
    guard let database = DatabaseURL(url, relativeTo: current, into: &diagnostics) else {
      return nil
    }
    self.environment = environment
    tenant = environment?.tenant(process)
    self.database = database.used(by: environment, tenant: tenant, into: &diagnostics)
  }
}

extension Environment {
  /// The one with `name`, else the project's default, else `local`.
  static func chosen(
    _ name: String?, of project: Project, into diagnostics: inout Diagnostics
  ) -> Environment? {
    let names = project.environments.map(\.name)
    let wanted = name ?? project.defaultEnvironment?.value ?? "local"
    if let found = project.environments.first(where: { $0.name == wanted }) { return found }
    let listed = names.map { "\"\($0)\"" }.joined(separator: ", ")
    if name == nil, project.defaultEnvironment == nil {
      diagnostics.report(
        .noEnvironment, ["names": listed], at: project.environments.first?.range,
        hint: .text(
          "give one with -e, or set default_environment",
          vi: "hãy chọn một bằng -e, hoặc đặt default_environment"))
    } else {
      diagnostics.report(
        .unknownEnvironment, ["name": wanted, "names": names.joined(separator: ", ")],
        at: name == nil ? project.defaultEnvironment?.range : nil,
        hint: nearest(to: wanted, among: names).map { .didYouMean($0) })
    }
    return nil
  }

  /// The tenant as text; nil where there is none.
  func tenant(_ process: [String: String]) -> String? {
    var ignored = Diagnostics()
    return tenant?.resolved(process, into: &ignored)
  }

  /// Whether the tenant is known where one is named; without it rows would get another owner.
  fileprivate func hasTenant(
    _ process: [String: String], into diagnostics: inout Diagnostics
  ) -> Bool {
    tenant == nil || tenant?.resolved(process, into: &diagnostics) != nil
  }

  fileprivate func databaseURL(
    in project: Project, _ process: [String: String], into diagnostics: inout Diagnostics
  ) -> DatabaseURL? {
    guard let database else {
      diagnostics.report(.missingDatabase, ["name": name], at: range)
      return nil
    }
    guard let text = database.resolved(process, into: &diagnostics) else { return nil }
    return DatabaseURL(
      text, relativeTo: project.root, at: database.range, into: &diagnostics)
  }
}

extension Input {
  /// The text of a database's URL with its `$env:` links followed; other links are refused.
  fileprivate func resolved(
    _ process: [String: String], into diagnostics: inout Diagnostics
  ) -> String? {
    switch self {
    case .scalar(let scalar, _): return scalar.text
    case .link(let link, let range): return link.resolved(process, at: range, into: &diagnostics)
    case .template(let parts, let range):
      var text = ""
      for part in parts {
        switch part {
        case .text(let piece): text += piece
        case .link(let link):
          guard let piece = link.resolved(process, at: range, into: &diagnostics) else {
            return nil
          }
          text += piece
        }
      }
      return text
    case .list, .object, .lookup:
      diagnostics.report(
        .invalidDatabaseURL, ["problem": Phrase("is not text", vi: "không phải là văn bản")],
        at: range)
      return nil
    }
  }
}

extension Link {
  fileprivate func resolved(
    _ process: [String: String], at range: SourceRange, into diagnostics: inout Diagnostics
  ) -> String? {
    guard case .environment(let name) = self else {
      diagnostics.report(
        .invalidDatabaseURL,
        ["problem": Phrase("holds a link other than $env:", vi: "chứa một liên kết khác $env:")],
        at: range)
      return nil
    }
    guard let value = process[name], !value.isEmpty else {
      diagnostics.report(.unsetDatabaseVariable, ["variable": name], at: range)
      return nil
    }
    return value
  }
}

extension DiagnosticCode {
  static let noEnvironment = DiagnosticCode(
    "no-environment", "no environment is chosen; sow.yaml declares {names}",
    vi: "chưa chọn môi trường; sow.yaml khai báo {names}",
    meaning: """
      Without -e, sow takes the default_environment of sow.yaml, else the environment "local". \
      This project has neither.
      """,
    example: "environments:\n  staging: { database: $env:STAGING_DATABASE_URL }",
    fix: "Name one with -e, or set default_environment: in sow.yaml.")

  static let missingDatabase = DiagnosticCode(
    "missing-database", "environment \"{name}\" names no database",
    vi: "môi trường \"{name}\" không nêu cơ sở dữ liệu nào",
    meaning: "An environment needs the URL of a database before a plan can be compared with it.",
    example: "environments:\n  local: { create_tables: true }",
    fix: "Add database: \"sqlite:.sow/local.db\" to the environment, or give --database URL.")

  static let unsetDatabaseVariable = DiagnosticCode(
    "unset-database-variable", "the environment variable \"{variable}\" is not set",
    vi: "biến môi trường \"{variable}\" chưa được đặt",
    meaning: """
      The database or the tenant of the environment is read from an environment variable of the \
      process, and that variable is not set or empty.
      """,
    example: "staging: { database: $env:STAGING_DATABASE_URL }",
    fix: "Export the variable before running sow, or give --database URL.")
}
