package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func declare(_ keys: [String: DeclaredKeys]) {
    guard keys != declaredKeys else { return }
    declaredKeys = keys
    known.catalogue = nil
  }

  package func catalogue() throws(DatabaseError) -> Catalogue {
    if let catalogue = known.catalogue { return catalogue }
    var reading = CatalogueReading(
      connection: connection, schema: place.schema, keys: declaredKeys)
    try reading.readTables(without: place.ledgerSchema)
    try reading.readColumns()
    try reading.readDistribution()
    try reading.readIndexes()
    try reading.readForeignKeys()
    let catalogue = Catalogue(
      tables: reading.tables, others: try reading.others(),
      declaration: { $0.declaration })
    known.catalogue = catalogue
    known.structure = reading.structure
    return catalogue
  }

  /// What is known of the tables beyond the catalogue.
  func structure() throws(DatabaseError) -> Structure {
    _ = try catalogue()
    return known.structure
  }
}

/// What PostgreSQL says of tables and no other floor asks for.
struct Structure {
  /// By the name that the catalogue gives a table.
  var places: [String: TablePlace] = [:]
  /// By schema and table as PostgreSQL names them, with a point between.
  var names: [String: String] = [:]
}

/// One table as its statements want it.
struct TablePlace {
  var schema: String
  var name: String
  /// By name.
  var types: [String: ColumnType] = [:]
  /// By the name of a unique index or constraint: its columns.
  var indexes: [String: [String]] = [:]
  /// By the name of the constraint: its columns and the table that it leads to.
  var references: [String: (columns: [String], table: String)] = [:]
  /// What counts the key, as SQL text.
  var sequence: String?
  /// Whether a number may be written to the key only on demand.
  var isAlwaysCounted = false
  /// Whether the sequence is the column's own, so that who may insert rows moves it on.
  var isIdentity = false
  /// Whether rows stay as they are written: no trigger of whatever table, no rule and no foreign key
  /// changes them, and who wrote one sees it.
  var keepsRows = false

  var sql: String { SQL.identifier(schema) + "." + SQL.identifier(name) }
}

/// Reads the catalogue with one statement a kind of thing, however many tables there are.
private struct CatalogueReading {
  let connection: Connection
  /// Whose tables have plain names.
  let schema: String
  /// By table.
  let keys: [String: DeclaredKeys]
  private(set) var tables: [Table] = []
  private(set) var structure = Structure()
  /// By the table's number in the server.
  private var positions: [Int64: Int] = [:]
  /// By table, then the column's number there.
  private var columns: [[Int: Int]] = []

  init(connection: Connection, schema: String, keys: [String: DeclaredKeys]) {
    self.connection = connection
    self.schema = schema
    self.keys = keys
  }

  private func name(_ schema: String, _ table: String) -> String {
    schema == self.schema ? table : schema + "." + table
  }

  mutating func readTables(without ledgerSchema: String) throws(DatabaseError) {
    let answer = try connection.query(
      CatalogueSQL.tables, [Parameter(schema), Parameter(ledgerSchema)])
    for row in answer.rows {
      var place = TablePlace(schema: row.text(1), name: row.text(2))
      place.keepsRows = row.isTrue(5)
      let name = name(place.schema, place.name)
      guard structure.places[name] == nil else { continue }
      structure.places[name] = place
      structure.names[place.schema + "." + place.name] = name
      positions[row.integer(0)] = tables.count
      columns.append([:])
      var table = Table(
        name: name, columns: [], primaryKey: [], uniqueKeys: [], foreignKeys: [],
        hasTriggers: row.isTrue(3))
      if row.isTrue(4) { table.distribution = Table.Distribution() }
      tables.append(table)
    }
  }

  mutating func readColumns() throws(DatabaseError) {
    for row in try connection.query(CatalogueSQL.columns).rows {
      guard let table = positions[row.integer(0)] else { continue }
      let type = type(row)
      let isComputed = row.isTrue(6)
      let text = row.isNull(5) || isComputed ? nil : row.text(5)
      let isIdentity = !row.isNull(7)
      let column = Column(
        name: row.text(2), declaredType: row.text(3), type: type.fieldType,
        isNullable: !row.isTrue(4), hasDefault: text != nil || isIdentity,
        defaultValue: text.flatMap { DefaultText($0).value(as: type) },
        generation: isComputed ? .computed : .none, precision: type.precision,
        isForeignType: type.isForeign && !row.isTrue(19))
      columns[table][row.number(1)] = tables[table].columns.count
      tables[table].columns.append(column)
      structure.places[tables[table].name]?.types[column.name] = type
      if row.isTrue(8) || isDeclaredKey(column.name, of: table) { setKey(row, table) }
    }
  }

  private func isDeclaredKey(_ column: String, of table: Int) -> Bool {
    tables[table].distribution != nil && keys[tables[table].name]?.primary == [column]
  }

  /// By what rows find their servers, and the keys that schemas declare of them.
  mutating func readDistribution() throws(DatabaseError) {
    guard tables.contains(where: { $0.distribution != nil }) else { return }
    for row in try connection.query(CatalogueSQL.distribution).rows {
      guard let table = positions[row.integer(0)],
        let column = tables[table].position(of: row.text(1))
      else { continue }
      tables[table].distribution?.columns.insert(column)
    }
    for table in tables.indices where tables[table].distribution != nil {
      guard let declared = keys[tables[table].name] else { continue }
      tables[table].primaryKey = positions(of: declared.primary, in: table)
      tables[table].uniqueKeys = declared.unique.map { positions(of: $0, in: table) }
        .filter { !$0.isEmpty }
    }
  }

  /// Empty where one of the columns is not there.
  private func positions(of names: [String], in table: Int) -> [Int] {
    let found = names.compactMap { tables[table].position(of: $0) }
    return found.count == names.count ? found : []
  }

  /// The column is all of the primary key, and something counts it.
  private mutating func setKey(_ row: AnswerRow, _ table: Int) {
    let position = tables[table].columns.count - 1
    guard !row.isNull(9), tables[table].columns[position].type == .integer else { return }
    tables[table].columns[position].generation = .key(recycled: false)
    structure.places[tables[table].name]?.sequence = row.text(9)
    structure.places[tables[table].name]?.isAlwaysCounted = row.text(7) == "a"
    structure.places[tables[table].name]?.isIdentity = !row.isNull(7)
  }

  private func type(_ row: AnswerRow) -> ColumnType {
    func type(_ word: Int) -> ColumnType {
      ColumnType(
        word: row.isTrue(word + 1) ? row.text(word) : "", isText: row.text(word + 2) == "S",
        name: row.text(word + 3), modifier: row.number(10))
    }
    let own = type(11)
    guard !row.isNull(15) else { return own }
    return ColumnType(arrayOf: type(15), name: own.name)
  }

  mutating func readIndexes() throws(DatabaseError) {
    for row in try connection.query(CatalogueSQL.indexes).rows {
      guard let table = positions[row.integer(0)] else { continue }
      let places = numbers(row.text(4)).map { columns[table][$0] }
      let found = places.compactMap(\.self)
      let names = found.map { tables[table].columns[$0].name }
      structure.places[tables[table].name]?.indexes[row.text(1)] = names
      // An expression, or a part of the rows, is no key.
      guard found.count == places.count, !row.isTrue(3) else { continue }
      if row.isTrue(2) {
        tables[table].primaryKey = found
      } else {
        tables[table].uniqueKeys.append(found)
      }
    }
  }

  mutating func readForeignKeys() throws(DatabaseError) {
    for row in try connection.query(CatalogueSQL.foreignKeys).rows {
      guard let table = positions[row.integer(0)] else { continue }
      let own = numbers(row.text(4)).compactMap { columns[table][$0] }
      let parent = positions[row.integer(5)]
      let name = parent.map { tables[$0].name } ?? name(row.text(2), row.text(3))
      let targets = numbers(row.text(6)).map { number in
        parent.flatMap { parent in
          columns[parent][number].map { tables[parent].columns[$0].name }
        } ?? ""
      }
      tables[table].foreignKeys.append(
        Table.ForeignKey(
          columns: own, table: name, referencedColumns: targets, onDelete: Self.rule(row.text(7))))
      structure.places[tables[table].name]?.references[row.text(1)] =
        (own.map { tables[table].columns[$0].name }, name)
      if row.isTrue(8) { structure.places[tables[table].name]?.keepsRows = false }
    }
  }

  private static func rule(_ letter: String) -> Table.ForeignKey.DeleteRule {
    switch letter {
    case "c": .cascade
    case "r": .restrict
    case "n": .setNull
    case "d": .setDefault
    default: .refuse
    }
  }

  private func numbers(_ text: String) -> [Int] {
    text.split(separator: " ").compactMap { Int($0) }
  }

  func others() throws(DatabaseError) -> [OtherRelation] {
    try connection.query(CatalogueSQL.views).rows.map {
      OtherRelation(name: name($0.text(0), $0.text(1)), kind: .view)
    }
  }
}
