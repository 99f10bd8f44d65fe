internal import SowDatabase
internal import SowModel

/// The text of the statements that make tables.
enum DefinitionSQL {
  static func create(_ table: TableDefinition) -> String {
    let generated = table.columns.first {
      $0.isGeneratedKey && table.primaryKey == [$0.name]
    }
    var parts = table.columns.map { definition($0, isGenerated: $0.name == generated?.name) }
    if generated == nil, !table.primaryKey.isEmpty {
      parts.append("PRIMARY KEY " + list(table.primaryKey))
    }
    parts += table.unique.map { "UNIQUE " + list($0) }
    parts += table.foreignKeys.map {
      "FOREIGN KEY " + list([$0.column]) + " REFERENCES " + SQL.identifier($0.table) + " "
        + list([$0.target])
    }
    return "CREATE TABLE " + SQL.table(table.name) + " (" + parts.joined(separator: ", ") + ")"
  }

  static func add(_ column: TableDefinition.Column, to table: String) -> String {
    "ALTER TABLE " + SQL.table(table) + " ADD COLUMN " + definition(column, isGenerated: false)
  }

  private static func definition(_ column: TableDefinition.Column, isGenerated: Bool) -> String {
    let name = SQL.identifier(column.name)
    if isGenerated { return name + " INTEGER PRIMARY KEY AUTOINCREMENT" }
    var parts = [name]
    let type = column.type.declaration
    if !type.isEmpty { parts.append(type) }
    if !column.isNullable { parts.append("NOT NULL") }
    if let value = column.defaultValue { parts.append("DEFAULT " + literal(value)) }
    return parts.joined(separator: " ")
  }

  private static func list(_ names: [String]) -> String {
    "(" + names.map(SQL.identifier).joined(separator: ", ") + ")"
  }

  /// The one place where a value becomes SQL text: a default cannot be a parameter.
  private static func literal(_ value: Value) -> String {
    switch value {
    case .null: "NULL"
    case .boolean(let flag): flag ? "1" : "0"
    case .integer(let number): String(number)
    case .decimal(let number): number.canonical
    case .float(let number): String(number)
    case .text(let text): quoted(text)
    case .bytes(let bytes): "x'" + hexadecimal(bytes) + "'"
    case .list, .object: quoted(value.json)
    }
  }

  private static func quoted(_ text: String) -> String {
    SQL.quoted(text, by: UInt8(ascii: "'"))
  }
}
