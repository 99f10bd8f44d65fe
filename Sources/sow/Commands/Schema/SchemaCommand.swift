internal import ArgumentParser

/// Groups what is done with schema files.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Write schemas from a database, and compare them with it.",
    discussion: """
      Example:
        sow schema pull --database sqlite:shop.db
        sow schema check -e staging
      """,
    subcommands: [SchemaPullCommand.self, SchemaCheckCommand.self])
}
