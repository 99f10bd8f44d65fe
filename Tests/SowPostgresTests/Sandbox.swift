import SowDatabase
import SowModel
import SowPostgres
import SowTestSupport
import Testing

/// A database of the tests' server, and whoever connects to it.
struct Sandbox {
  let url: String
  let server: PostgresServer

  /// A new database in which `sql` was run.
  init(_ sql: String = "") throws {
    server = try PostgresServer.shared()
    url = try server.makeDatabase()
    if !sql.isEmpty { try run(sql) }
  }

  /// A session of sow's.
  func open(_ settings: PostgresDatabase.Settings = .init()) throws -> PostgresDatabase {
    try PostgresDatabase.open(url: url, settings: settings)
  }

  /// The same within a transaction of a run.
  func begin(_ access: Access = .write) throws -> PostgresDatabase {
    let database = try open()
    try database.begin(access, patience: 1)
    return database
  }

  /// What somebody else does.
  @discardableResult
  func run(_ sql: String) throws -> String { try server.run(sql, on: url) }
}

extension Database {
  func table(_ name: String) throws -> Table { try #require(try catalogue()[name]) }

  func insert(
    _ table: Table, _ columns: [String], _ rows: [[Value]]
  ) throws -> [RowError] {
    let positions = try columns.map { try #require(table.position(of: $0)) }
    var set = RowSet(table: table, columns: positions)
    for row in rows { set.append(row) }
    return try insert(set, stopsAtFailure: false)
  }

  func contents(of table: Table, _ columns: [String]) throws -> [[Value]] {
    let positions = try columns.map { try #require(table.position(of: $0)) }
    return try select(Query(table: table, conditions: [], columns: positions)).map(\.values)
  }
}
