internal import ArgumentParser

/// Which database.
struct DatabaseOptions: ParsableArguments {
  @OptionGroup var environment: EnvironmentOptions

  @Option(
    help: ArgumentHelp(
      "A database without an environment, or with -e instead of the environment's own.",
      discussion: """
        For example sqlite:shop.db, relative to the folder sow was started in, \
        sqlite::memory: or postgres://HOST/DATABASE. No project is needed.
        """, valueName: "url"))
  var database: String?

  @Option(
    help: ArgumentHelp("How long to wait for another run to end.", valueName: "seconds"))
  var lockTimeout = 60.0

  func validate() throws {
    if database?.isEmpty == true {
      throw ValidationError("--database takes a URL such as sqlite:shop.db.")
    }
    guard lockTimeout.isFinite, lockTimeout >= 0 else {
      throw ValidationError("--lock-timeout takes seconds: a number, 0 or more.")
    }
  }
}

struct LockfileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The lockfile instead of the environment's.", valueName: "path"),
    completion: .file())
  var lockfile: String?

  func validate() throws {
    if lockfile?.isEmpty == true {
      throw ValidationError("--lockfile takes the path of a file.")
    }
  }
}

struct DeleteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Allow as many deletes; else at most 10 rows and 30 % of what the plan owns.",
      valueName: "count"))
  var allowDeletes: Int?

  func validate() throws {
    if let allowDeletes, allowDeletes < 0 {
      throw ValidationError("--allow-deletes takes a count: a whole number, 0 or more.")
    }
  }
}
