package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func catalogue() throws(DatabaseError) -> Catalogue {
    if let catalogue = known.catalogue { return catalogue }
    var reading = CatalogueReading(connection: connection, schema: place.schema)
    try reading.readTables(without: place.ledgerSchema)
    try reading.readColumns()
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
  private(set) var tables: [Table] = []
  private(set) var structure = Structure()
  /// By the table's number in the server.
  private var positions: [Int64: Int] = [:]
  /// By table, then the column's number there.
  private var columns: [[Int: Int]] = []

  init(connection: Connection, schema: String) {
    self.connection = connection
    self.schema = schema
  }

  private func name(_ schema: String, _ table: String) -> String {
    schema == self.schema ? table : schema + "." + table
  }

  mutating func readTables(without ledgerSchema: String) throws(DatabaseError) {
    let answer = try connection.query(
      CatalogueSQL.tables, [Parameter(schema), Parameter(ledgerSchema)])
    for row in answer.rows {
      var place = TablePlace(schema: row.text(1), name: row.text(2))
      place.keepsRows = row.isTrue(4)
      let name = name(place.schema, place.name)
      guard structure.places[name] == nil else { continue }
      structure.places[name] = place
      structure.names[place.schema + "." + place.name] = name
      positions[row.integer(0)] = tables.count
      columns.append([:])
      tables.append(
        Table(
          name: name, columns: [], primaryKey: [], uniqueKeys: [], foreignKeys: [],
          hasTriggers: row.isTrue(3)))
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
        generation: isComputed ? .computed : .none, precision: type.precision)
      columns[table][row.number(1)] = tables[table].columns.count
      tables[table].columns.append(column)
      structure.places[tables[table].name]?.types[column.name] = type
      if row.isTrue(8) { setKey(row, table) }
    }
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

/// The statements of the catalogue. Views are no tables here, and the parts of a partitioned table
/// are none of their own.
private enum CatalogueSQL {
  private static let isTheirs = """
    n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    """
  private static let isTable = "c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition"

  static let tables = """
    SELECT c.oid, n.nspname, c.relname,
      EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal),
      c.relkind = 'r' AND NOT c.relrowsecurity AND NOT c.relhassubclass
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS g WHERE NOT g.tgisinternal)
        AND NOT EXISTS (
          SELECT 1 FROM pg_catalog.pg_class AS w WHERE w.relhasrules AND w.relkind IN ('r', 'p'))
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE \(isTheirs) AND \(isTable) AND NOT (n.nspname = $2::text
      AND c.relname IN ('sow_meta', 'sow_run', 'sow_shape', 'sow_policy', 'sow_row'))
    ORDER BY n.nspname <> $1::text, n.nspname COLLATE "C", c.relname COLLATE "C"
    """

  /// A domain is followed to what it is made of; the first length on the way counts.
  static let columns = """
    SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
      a.attnotnull OR b.required, pg_catalog.pg_get_expr(d.adbin, d.adrelid),
      a.attgenerated <> '', NULLIF(a.attidentity, ''),
      k.indrelid IS NOT NULL, coalesce(i.sequence, s.sequence), b.modifier,
      y.typname, y.typnamespace = 'pg_catalog'::pg_catalog.regnamespace, y.typcategory,
      pg_catalog.format_type(y.oid, -1),
      e.typname, e.typnamespace = 'pg_catalog'::pg_catalog.regnamespace, e.typcategory,
      pg_catalog.format_type(e.oid, -1)
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
      WITH RECURSIVE b (type, modifier, required, level) AS (
        SELECT a.atttypid, a.atttypmod, false, 0
        UNION ALL
        SELECT t.typbasetype, CASE WHEN b.modifier = -1 THEN t.typtypmod ELSE b.modifier END,
          b.required OR t.typnotnull, b.level + 1
        FROM b JOIN pg_catalog.pg_type AS t ON t.oid = b.type WHERE t.typtype = 'd')
      SELECT type, modifier, required FROM b ORDER BY level DESC LIMIT 1) AS b
    JOIN pg_catalog.pg_type AS y ON y.oid = b.type
    LEFT JOIN pg_catalog.pg_type AS e ON e.oid = y.typelem AND y.typcategory = 'A'
    LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_index AS k ON k.indrelid = a.attrelid AND k.indisprimary
      AND k.indnkeyatts = 1 AND k.indkey[0] = a.attnum
    LEFT JOIN LATERAL (
      SELECT p.objid::pg_catalog.regclass::text AS sequence FROM pg_catalog.pg_depend AS p
      WHERE p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.refobjid = a.attrelid
        AND p.refobjsubid = a.attnum AND p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND p.deptype = 'i' AND a.attidentity <> '' LIMIT 1) AS i ON true
    LEFT JOIN LATERAL (
      SELECT p.refobjid::pg_catalog.regclass::text AS sequence FROM pg_catalog.pg_depend AS p
      JOIN pg_catalog.pg_class AS q ON q.oid = p.refobjid AND q.relkind = 'S'
      WHERE p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND p.objid = d.oid
        AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\\(' LIMIT 1) AS s ON true
    WHERE \(isTheirs) AND \(isTable) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum
    """

  static let indexes = """
    SELECT x.indrelid, r.relname, x.indisprimary, x.indpred IS NOT NULL,
      array_to_string(x.indkey[0:x.indnkeyatts - 1], ' ')
    FROM pg_catalog.pg_index AS x JOIN pg_catalog.pg_class AS r ON r.oid = x.indexrelid
    JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE \(isTheirs) AND \(isTable) AND x.indisunique AND x.indisvalid
    ORDER BY x.indrelid, x.indexrelid
    """

  static let foreignKeys = """
    SELECT k.conrelid, k.conname, m.nspname, f.relname, array_to_string(k.conkey, ' '),
      k.confrelid, array_to_string(k.confkey, ' '), k.confdeltype,
      k.confdeltype NOT IN ('a', 'r') OR k.confupdtype NOT IN ('a', 'r')
    FROM pg_catalog.pg_constraint AS k
    JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid
    JOIN pg_catalog.pg_namespace AS m ON m.oid = f.relnamespace
    WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY k.conrelid, k.oid
    """

  static let views = """
    SELECT n.nspname, c.relname
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE \(isTheirs) AND c.relkind IN ('v', 'm')
    ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
    """
}
