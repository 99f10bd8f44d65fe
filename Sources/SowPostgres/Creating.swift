package import SowDatabase

extension PostgresDatabase {
  package func create(_ tables: [TableDefinition]) throws(DatabaseError) {
    guard !tables.isEmpty else { return }
    for table in tables {
      try checkNames(table.columns.map(\.name) + [table.name])
      try connection.execute(DefinitionSQL.create(table, as: try newName(table.name)))
    }
    for table in tables {
      for key in table.foreignKeys {
        try connection.execute(
          DefinitionSQL.refer(
            key, from: try newName(table.name), to: try newName(key.table)))
      }
    }
    forgetStructure()
  }

  package func add(_ columns: [TableDefinition.Column], to table: String) throws(DatabaseError) {
    try checkNames(columns.map(\.name))
    for column in columns {
      try connection.execute(DefinitionSQL.add(column, to: try newName(table)))
    }
    forgetStructure()
  }

  /// A table by the name that the catalogue gives it, or will give it.
  private func newName(_ name: String) throws(DatabaseError) -> String {
    if let place = try structure().places[name] { return place.sql }
    let (schema, table) = try split(name)
    return SQL.identifier(schema) + "." + SQL.identifier(table)
  }

  /// A name with a point is that of a table in another schema where there is one of that name.
  private func split(_ name: String) throws(DatabaseError) -> (schema: String, table: String) {
    guard let point = name.firstIndex(of: ".") else { return (place.schema, name) }
    let (schema, table) = (String(name[..<point]), String(name[name.index(after: point)...]))
    let answer = try connection.query(
      "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", [Parameter(schema)])
    return answer.count > 0 && !table.isEmpty ? (schema, table) : (place.schema, name)
  }

  /// PostgreSQL would cut a long name, and two names could become one.
  private func checkNames(_ names: [String]) throws(DatabaseError) {
    for name in names where name.utf8.count > 63 || name.utf8.contains(0) {
      throw DatabaseError(
        .refused, "PostgreSQL takes no name of more than 63 bytes, as \"\(name)\" is",
        vi: "PostgreSQL không nhận tên dài quá 63 byte như \"\(name)\"")
    }
  }

  private func forgetStructure() {
    known.catalogue = nil
    known.structure = Structure()
  }
}
