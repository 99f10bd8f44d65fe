import SowModel
import Testing

@testable import sow

struct CompositionTests {
  // MARK: Databases

  @Test(arguments: [
    ("sqlite:shop.db", "sqlite:shop.db", "/project/shop.db"),
    ("SQLITE:data/shop.db", "sqlite:data/shop.db", "/project/data/shop.db"),
    ("sqlite:/data/shop.db", "sqlite:/data/shop.db", "/data/shop.db"),
    ("sqlite:///data/shop.db", "sqlite:/data/shop.db", "/data/shop.db"),
    ("sqlite::memory:", "sqlite::memory:", nil),
  ])
  func `a SQLite URL names a file or memory`(url: String, text: String, path: String?) {
    var diagnostics = Diagnostics()
    let database = DatabaseURL(url, relativeTo: "/project", into: &diagnostics)
    #expect(database?.text == text)
    #expect(database?.path == path)
    #expect(diagnostics.isEmpty)
  }

  @Test(arguments: [
    (
      "mysql://sow:hunter2@db/shop",
      "this version does not speak to \"mysql\" databases"
    ),
    ("sow:hunter2@db", "this version does not speak to \"sow\" databases"),
    ("shop.db", "the database URL has no scheme"),
    ("C:\\shop.db", "the database URL has no scheme"),
    ("sqlite:", "the database URL names no file"),
    ("sqlite:shop.db?mode=ro", "the database URL has options after \"?\", which sow does not take"),
  ])
  func `another URL is refused without a word of its password`(url: String, message: String) {
    var diagnostics = Diagnostics()
    #expect(DatabaseURL(url, relativeTo: "/project", into: &diagnostics) == nil)
    #expect(diagnostics.all.map(\.message) == [message])
    #expect(!"\(diagnostics.all)".contains("hunter2"))
  }

  // MARK: Environments

  private let sample = SampleFile(
    "sow.yaml", "local: a\nstaging: $env:STAGING_DATABASE_URL\nempty: {}")

  private func project(default name: String? = nil, _ names: [String] = []) -> Project {
    var staging = Environment(
      name: "staging", range: sample.range(of: "staging"),
      database: .link(
        .environment("STAGING_DATABASE_URL"), sample.range(of: "$env:STAGING_DATABASE_URL")))
    staging.scope = "shop"
    var local = Environment(
      name: "local", range: nil,
      database: .scalar(Scalar("sqlite:.sow/local.db"), sample.range(of: "a")))
    local.createTables = true
    let empty = Environment(name: "empty", range: sample.range(of: "empty"), database: nil)
    let all = [local, staging, empty].filter { names.isEmpty || names.contains($0.name) }
    var project = Project(root: "/shop", environments: all)
    project.defaultEnvironment = name.map { Located($0, at: sample.range(of: "local")) }
    return project
  }

  private func choice(
    _ name: String? = nil, of project: Project, database: String? = nil,
    process: [String: String] = [:]
  ) -> (EnvironmentChoice?, [String]) {
    var diagnostics = Diagnostics()
    let choice = EnvironmentChoice(
      named: name, database: database, project: project, current: "/project", process: process,
      into: &diagnostics)
    let texts = diagnostics.all.map {
      $0.message + ($0.hint.map { " | " + $0.sentence.english } ?? "")
    }
    return (choice, texts)
  }

  @Test func `without -e it is the default environment, else local`() {
    #expect(choice(of: project()).0?.name == "local")
    #expect(choice(of: project()).0?.database.path == "/shop/.sow/local.db")
    #expect(choice(of: project()).0?.createsTables == true)
    let process = ["STAGING_DATABASE_URL": "sqlite:staging.db"]
    let (staging, _) = choice(of: project(default: "staging"), process: process)
    #expect(staging?.database.path == "/shop/staging.db")
    #expect(staging?.scope == "shop")
    #expect(staging?.createsTables == false)
  }

  @Test func `an environment that cannot be used is an error that says how on`() {
    #expect(
      choice("stagin", of: project()).1
        == [
          "there is no environment \"stagin\" (there are: local, staging, empty) "
            + "| did you mean \"staging\"?"
        ])
    #expect(
      choice(of: project(["staging", "empty"])).1 == [
        "no environment is chosen; sow.yaml declares \"staging\", \"empty\" "
          + "| give one with -e, or set default_environment"
      ])
    #expect(
      choice("staging", of: project()).1
        == ["the environment variable \"STAGING_DATABASE_URL\" is not set"])
    #expect(choice("empty", of: project()).1 == ["environment \"empty\" names no database"])
  }

  @Test func `a database alone is no environment, and with -e it replaces its database`() {
    let (alone, _) = choice(of: project(["staging"]), database: "sqlite:x.db")
    #expect(alone?.name == nil)
    #expect(alone?.database.path == "/project/x.db")
    #expect(alone?.createsTables == true)
    #expect(alone?.scope.isEmpty == true)
    let (both, _) = choice("staging", of: project(), database: "sqlite:x.db")
    #expect(both?.name == "staging")
    #expect(both?.scope == "shop")
    #expect(both?.database.path == "/project/x.db")
  }

  // MARK: Lockfiles

  struct Place {
    var environment: String? = "staging"
    var database: String
    var keeps = true
    var isFolder = false
    var option: String?
    var expected: String?
  }

  @Test(arguments: [
    Place(database: "/shop/shop.db", expected: "plans/shop.staging.lock.json"),
    Place(
      database: "/shop/shop.db", isFolder: true, expected: "plans/shop/shop.staging.lock.json"),
    Place(
      environment: "local", database: "/shop/.sow/local.db",
      expected: "/shop/.sow/shop.local.lock.json"),
    Place(database: "/shop/.sow/../shop.db", expected: "plans/shop.staging.lock.json"),
    Place(database: ":memory:", expected: nil),
    Place(database: "/shop/shop.db", keeps: false, expected: nil),
    Place(environment: nil, database: "/shop/shop.db", expected: nil),
    Place(environment: nil, database: ":memory:", option: "my.lock", expected: "my.lock"),
  ])
  func `the lockfile lies where its environment says`(place: Place) throws {
    var project = project()
    for index in project.environments.indices {
      project.environments[index].keepsLockfile = place.keeps
    }
    let choice = try #require(
      choice(place.environment, of: project, database: "sqlite:" + place.database).0)
    let plan = Plan(
      name: "shop", range: sample.range(of: "a"),
      path: place.isFolder ? "plans/shop" : "plans/shop.yaml", isFolder: place.isFolder)
    #expect(
      choice.lockfile(of: plan, option: place.option, project: project, current: "/shop")
        == place.expected)
  }

  // MARK: Consent

  @Test(arguments: [
    ("yes" as String?, Consent.given), (" yes \r", .given), ("y", .refused), ("YES", .refused),
    ("", .refused), (nil, .refused),
  ])
  func `only yes is a yes`(answer: String?, expected: Consent) {
    let terminal = Terminal(
      result: Outlet(descriptor: nil), errors: Outlet(descriptor: nil), format: .text)
    #expect(terminal.consent(to: Phrase(same: "Apply?"), from: .terminal { answer }) == expected)
    #expect(terminal.errors.text.hasPrefix("\nApply?\n  Only \"yes\" is accepted: "))
  }

  @Test func `where nobody can answer nothing is asked`() {
    let terminal = Terminal(
      result: Outlet(descriptor: nil), errors: Outlet(descriptor: nil), format: .text)
    #expect(terminal.consent(to: Phrase(same: "Apply?"), from: .nobody) == .impossible)
    #expect(terminal.errors.text.isEmpty)
  }
}
