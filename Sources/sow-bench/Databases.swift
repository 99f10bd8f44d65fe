import SowTestSupport

/// A kind of database that sow is measured on.
protocol MeasuredDatabase {
  var name: String { get }
  /// Makes the project in `folder` meet a new database, and says where that is.
  func renew(in folder: String) throws -> String
  func rowCount(of table: String, in database: String) throws -> Int
  /// The bars that results on it can answer.
  func bars(for results: [Result]) -> [Bar]
}

/// The file that sow makes by itself.
struct FileDatabase: MeasuredDatabase {
  let name = "SQLite"

  func renew(in folder: String) throws -> String {
    removeTree("\(folder)/.sow")
    return "\(folder)/.sow/local.db"
  }

  func rowCount(of table: String, in database: String) throws -> Int {
    guard fileSize(database) > 0 else { throw Complaint("there is no database at \(database)") }
    let counts = try Connection(database).texts("SELECT count(*) FROM \(table)")
    return counts.first.flatMap { Int($0) } ?? 0
  }

  func bars(for results: [Result]) -> [Bar] { Bar.onFiles(for: results) }
}

/// Databases of a PostgreSQL server that runs as long as this process, and keeps nothing over a
/// crash of the machine: what is measured is work, not a disk.
struct ServerDatabase: MeasuredDatabase {
  let name = "PostgreSQL"
  private let server: PostgresServer

  init() throws { server = try PostgresServer.shared() }

  func renew(in folder: String) throws -> String {
    let url = try server.makeDatabase()
    let project = try FileWriter("\(folder)/sow.yaml")
    project.write("environments: { local: { database: \"\(url)\", create_tables: true } }\n")
    try project.close()
    return url
  }

  func rowCount(of table: String, in database: String) throws -> Int {
    Int(try server.run("SELECT count(*) FROM \(table)", on: database)) ?? 0
  }

  func bars(for results: [Result]) -> [Bar] { Bar.onServers(for: results) }
}
