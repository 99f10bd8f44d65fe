internal import ArgumentParser

/// Groups what is done with schema files.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Write schemas from a database, compare them with it, hand them to editors.",
    discussion: """
      Example:
        sow schema pull --database sqlite:shop.db
        sow schema check -e staging
        sow schema export
      """,
    subcommands: [
      SchemaPullCommand.self, SchemaCheckCommand.self, SchemaExportCommand.self,
    ])
}
