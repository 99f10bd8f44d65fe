/// Which plan meets which database, as headers and documents name them.
struct RunLabel: Hashable, Sendable {
  var plan: String
  /// The database's URL as it may be shown, without a password; nil where none is looked at.
  var database: String?
  /// Nil for `--database URL` without an environment.
  var environment: String?

  /// `sow plan · chinook → sqlite:.sow/local.db (local)`.
  func title(command: String) -> String {
    "sow \(command) · \(plan)" + (database.map { " → \($0)" } ?? "")
      + (environment.map { " (\($0))" } ?? "")
  }
}

extension JSONWriter {
  /// The members that open every document about one plan.
  func label(_ label: RunLabel, kind: String) {
    member("kind", kind)
    member("format_version", 1)
    member("plan", label.plan)
    if let environment = label.environment { member("environment", environment) }
    if let database = label.database { member("database", database) }
  }
}
