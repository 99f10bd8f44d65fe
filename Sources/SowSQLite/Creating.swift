package import SowDatabase

extension SQLiteDatabase {
  package func create(_ tables: [TableDefinition]) throws(DatabaseError) {
    for table in tables { try connection.execute(DefinitionSQL.create(table)) }
    forgetStructure()
  }

  package func add(_ columns: [TableDefinition.Column], to table: String) throws(DatabaseError) {
    for column in columns { try connection.execute(DefinitionSQL.add(column, to: table)) }
    forgetStructure()
  }

  private func forgetStructure() {
    known.catalogue = nil
    known.collations = [:]
  }
}
