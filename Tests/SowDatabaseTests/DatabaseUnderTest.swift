import SowDatabase
import SowModel
import SowPostgres
import SowSQLite
import SowTestSupport
import Testing

/// A kind of database that must keep the promises of the seam: every test of this target takes
/// one, so a new adapter passes the suite by one line here.
struct DatabaseUnderTest: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// An empty database that nobody else sees.
  let make: @Sendable () throws -> any Database

  static let all = [
    DatabaseUnderTest(testDescription: "SQLite in memory") {
      try SQLiteDatabase.open(path: ":memory:", mode: .write)
    },
    DatabaseUnderTest(testDescription: "PostgreSQL") {
      try PostgresDatabase.open(url: try PostgresServer.shared().makeDatabase())
    },
  ]

  /// An empty database within a transaction of a run.
  func begin() throws -> any Database {
    let database = try make()
    try database.begin(.write, patience: 1)
    return database
  }

  /// The same with `tables` in it, and these as the catalogue has them.
  func begin(_ tables: TableDefinition...) throws -> (any Database, [Table]) {
    let database = try begin()
    try database.create(tables)
    let catalogue = try database.catalogue()
    return (database, try tables.map { try #require(catalogue[$0.name]) })
  }
}

extension TableDefinition {
  typealias Field = (name: String, type: FieldType)

  /// A table of nullable columns beside its key; a key of one integer counts itself up.
  static func of(
    _ name: String, key: [Field] = [("id", .integer)], _ fields: [Field],
    required: Set<String> = [], unique: [[String]] = [], foreignKeys: [ForeignKey] = []
  ) -> TableDefinition {
    let counts = key.count == 1 && key[0].type == .integer
    let keys = key.map {
      Column(
        name: $0.name, type: $0.type, isNullable: false, defaultValue: nil, isGeneratedKey: counts)
    }
    let others = fields.map {
      Column(
        name: $0.name, type: $0.type, isNullable: !required.contains($0.name), defaultValue: nil,
        isGeneratedKey: false)
    }
    return TableDefinition(
      name: name, columns: keys + others, primaryKey: key.map(\.name), unique: unique,
      foreignKeys: foreignKeys)
  }

  static let artist = of(
    "artist", [("name", .string), ("fans", .integer)], required: ["name"], unique: [["name"]])
  static let album = of(
    "album", [("title", .string), ("artist_id", .integer)],
    foreignKeys: [ForeignKey(column: "artist_id", table: "artist", target: "id")])
}

extension Table {
  /// Rows of this table: `rows(["name"], [[.text("AC/DC")]])`.
  func rows(_ columns: [String], _ rows: [[Value]]) throws -> RowSet {
    var set = RowSet(table: self, columns: try positions(columns))
    for row in rows { set.append(row) }
    return set
  }

  func positions(_ columns: [String]) throws -> [Int] {
    try columns.map { try #require(position(of: $0)) }
  }
}

extension Database {
  /// Inserts rows that must all be accepted.
  func fill(_ table: Table, _ columns: [String], _ rows: [[Value]]) throws {
    #expect(try insert(try table.rows(columns, rows), stopsAtFailure: true) == [])
  }

  /// All rows, by key.
  func contents(of table: Table, _ columns: [String]) throws -> [[Value]] {
    try select(Query(table: table, conditions: [], columns: try table.positions(columns)))
      .map(\.values)
  }
}
