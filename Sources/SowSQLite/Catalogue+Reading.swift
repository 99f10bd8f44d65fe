internal import CSQLite
package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func catalogue() throws(DatabaseError) -> Catalogue {
    if let catalogue = known.catalogue { return catalogue }
    var reading = CatalogueReading(connection: connection)
    try reading.readTables()
    try reading.readIndexes()
    try reading.readForeignKeys()
    try reading.readTriggers()
    let catalogue = Catalogue(
      tables: reading.tables, others: try reading.others(),
      madeDecimals: Affinity(declaredType: FieldType.decimal.declaration).precision,
      declaration: { $0.declaration })
    known.catalogue = catalogue
    known.collations = reading.collations
    return catalogue
  }
}

/// Reads the catalogue with one statement a kind of thing, however many tables there are.
private struct CatalogueReading {
  let connection: Connection
  private(set) var tables: [Table] = []
  private(set) var collations: [String: [Set<Int>: [Int: String]]] = [:]
  private var positions: [String: Int] = [:]

  init(connection: Connection) { self.connection = connection }

  mutating func readTables() throws(DatabaseError) {
    let statement = try connection.prepare(CatalogueSQL.columns)
    defer { statement.reset() }
    while try statement.step() {
      let name = statement.text(0)
      if tables.last?.name != name {
        positions[folded(name)] = tables.count
        tables.append(
          Table(
            name: name, columns: [], primaryKey: [], uniqueKeys: [], foreignKeys: [],
            hasTriggers: false))
      }
      let table = tables.count - 1
      let keyPlace = Int(statement.integer(5))
      if keyPlace > 0 {
        // Comes in the order of columns; the order of the key is made below.
        tables[table].primaryKey.append(tables[table].columns.count)
        keyPlaces[tables[table].columns.count, default: [:]][table] = keyPlace
      }
      tables[table].columns.append(column(statement, isKey: keyPlace > 0))
    }
    sortKeys()
  }

  /// By column, then table: its place in the key, from 1.
  private var keyPlaces: [Int: [Int: Int]] = [:]

  private mutating func sortKeys() {
    for table in tables.indices where tables[table].primaryKey.count > 1 {
      tables[table].primaryKey.sort {
        keyPlaces[$0]?[table] ?? 0 < keyPlaces[$1]?[table] ?? 0
      }
    }
  }

  private func column(_ statement: Statement, isKey: Bool) -> Column {
    let type = statement.text(2)
    let hidden = statement.integer(6)
    return Column(
      name: statement.text(1), declaredType: type, type: FieldType(declaredType: type),
      isNullable: statement.integer(3) == 0 && !isKey, hasDefault: !statement.isNull(4),
      defaultValue: statement.isNull(4)
        ? nil : DefaultText(statement.text(4)).value(as: FieldType(declaredType: type)),
      generation: hidden == 2 || hidden == 3 ? .computed : .none,
      precision: Affinity(declaredType: type).precision)
  }

  /// Unique indexes over columns; a primary key without an index is the row's number.
  mutating func readIndexes() throws(DatabaseError) {
    var indexed: Set<Int> = []
    var index: (table: Int, name: String, isPrimaryKey: Bool, columns: [(Int, String)?])?
    func finish(_ reading: inout Self) {
      guard let index else { return }
      if index.isPrimaryKey { indexed.insert(index.table) }
      let columns = index.columns.compactMap(\.self)
      guard columns.count == index.columns.count else { return }
      if !index.isPrimaryKey {
        reading.tables[index.table].uniqueKeys.append(columns.map(\.0))
      }
      reading.collations[reading.tables[index.table].name, default: [:]][Set(columns.map(\.0))] =
        Dictionary(columns, uniquingKeysWith: { first, _ in first })
    }
    let statement = try connection.prepare(CatalogueSQL.indexes)
    defer { statement.reset() }
    while try statement.step() {
      guard let table = positions[folded(statement.text(0))] else { continue }
      let name = statement.text(1)
      if index?.table != table || index?.name != name {
        finish(&self)
        index = (table, name, statement.text(2) == "pk", [])
      }
      let column = Int(statement.integer(3))
      index?.columns.append(column < 0 ? nil : (column, statement.text(4)))
    }
    finish(&self)
    try markNumbers(except: indexed)
  }

  private mutating func markNumbers(except indexed: Set<Int>) throws(DatabaseError) {
    for table in tables.indices where tables[table].primaryKey.count == 1 {
      let column = tables[table].primaryKey[0]
      guard !indexed.contains(table),
        tables[table].columns[column].declaredType.uppercased() == "INTEGER"
      else { continue }
      var counts: Int32 = 0
      let code = sqlite3_table_column_metadata(
        connection.handle.pointer, "main", tables[table].name, tables[table].columns[column].name,
        nil, nil, nil, nil, &counts)
      guard code == SQLITE_OK else { throw connection.handle.failure(code) }
      tables[table].columns[column].generation = .key(recycled: counts == 0)
    }
  }

  mutating func readForeignKeys() throws(DatabaseError) {
    let statement = try connection.prepare(CatalogueSQL.foreignKeys)
    defer { statement.reset() }
    var last: (table: Int, id: Int64)?
    while try statement.step() {
      guard let table = positions[folded(statement.text(0))],
        let column = position(of: statement.text(3), in: table)
      else { continue }
      let id = statement.integer(1)
      let parent = positions[folded(statement.text(2))]
      let isNew = last?.table != table || last?.id != id
      if isNew {
        let name = parent.map { tables[$0].name } ?? statement.text(2)
        tables[table].foreignKeys.append(
          Table.ForeignKey(
            columns: [], table: name, referencedColumns: [], onDelete: deleteRule(statement)))
        last = (table, id)
      }
      let foreignKey = tables[table].foreignKeys.count - 1
      let part = tables[table].foreignKeys[foreignKey].columns.count
      tables[table].foreignKeys[foreignKey].columns.append(column)
      tables[table].foreignKeys[foreignKey].referencedColumns.append(
        target(statement, parent: parent, part: part))
    }
  }

  /// The referenced column; where the declaration names none, that part of the parent's key.
  private func target(_ statement: Statement, parent: Int?, part: Int) -> String {
    guard let parent else { return statement.text(4) }
    if statement.isNull(4) {
      let key = tables[parent].primaryKey
      return part < key.count ? tables[parent].columns[key[part]].name : ""
    }
    let name = statement.text(4)
    return position(of: name, in: parent).map { tables[parent].columns[$0].name } ?? name
  }

  private func deleteRule(_ statement: Statement) -> Table.ForeignKey.DeleteRule {
    switch statement.text(5) {
    case "CASCADE": .cascade
    case "RESTRICT": .restrict
    case "SET NULL": .setNull
    case "SET DEFAULT": .setDefault
    default: .refuse
    }
  }

  mutating func readTriggers() throws(DatabaseError) {
    let statement = try connection.prepare(CatalogueSQL.triggers)
    defer { statement.reset() }
    while try statement.step() {
      guard let table = positions[folded(statement.text(0))] else { continue }
      tables[table].hasTriggers = true
    }
  }

  func others() throws(DatabaseError) -> [OtherRelation] {
    let statement = try connection.prepare(CatalogueSQL.others)
    defer { statement.reset() }
    var others: [OtherRelation] = []
    while try statement.step() {
      guard let kind = OtherRelation.Kind(rawValue: statement.text(1)) else { continue }
      others.append(OtherRelation(name: statement.text(0), kind: kind))
    }
    return others
  }

  private func position(of column: String, in table: Int) -> Int? {
    tables[table].columns.firstIndex { folded($0.name) == folded(column) }
  }

  /// SQLite's names ignore the case of ASCII letters only.
  private func folded(_ name: String) -> String {
    String(decoding: name.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}

extension SQL {
  /// The tables of sow itself.
  static let ledgerTables = ["sow_meta", "sow_run", "sow_shape", "sow_policy", "sow_row"]
}

/// The statements of the catalogue. Views and virtual tables are no tables here.
private enum CatalogueSQL {
  private static let tables = """
    FROM pragma_table_list AS l
    """
  private static let isOurs = """
    l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    AND l.name NOT IN (\(SQL.ledgerTables.map { "'\($0)'" }.joined(separator: ", ")))
    """

  static let columns = """
    SELECT l.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
    \(tables) JOIN pragma_table_xinfo(l.name, 'main') AS x
    WHERE \(isOurs) AND x.hidden <> 1 ORDER BY l.name, x.cid
    """
  static let indexes = """
    SELECT l.name, i.name, i.origin, x.cid, x.coll
    \(tables) JOIN pragma_index_list(l.name, 'main') AS i
    JOIN pragma_index_xinfo(i.name, 'main') AS x
    WHERE \(isOurs) AND i."unique" AND NOT i.partial AND x.key
    ORDER BY l.name, i.seq DESC, x.seqno
    """
  static let foreignKeys = """
    SELECT l.name, f.id, f."table", f."from", f."to", f.on_delete
    \(tables) JOIN pragma_foreign_key_list(l.name, 'main') AS f
    WHERE \(isOurs) ORDER BY l.name, f.id DESC, f.seq
    """
  static let others = """
    SELECT l.name, l.type \(tables)
    WHERE l.schema = 'main' AND l.type IN ('view', 'virtual') ORDER BY l.name
    """
  static let triggers = "SELECT DISTINCT tbl_name FROM main.sqlite_schema WHERE type = 'trigger'"
}
