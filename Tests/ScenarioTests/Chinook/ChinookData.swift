import Foundation
import SowTestSupport

/// The sample database as it was published: its tables, and the rows of its CSV files.
struct ChinookData {
  /// A table as SQLite describes it.
  struct Table {
    struct Column {
      let name: String
      let isInteger: Bool
      let isNumber: Bool
    }

    let name: String
    let columns: [Column]
    /// The key that the database generates; nil where a row is identified by what it links.
    let generatedKey: String?
    let primaryKey: [String]
    /// For a column the table that it points to, and there the key.
    let references: [String: (table: String, column: String)]
  }

  let schema: String
  /// Each after those that it points to.
  let tables: [Table]
  /// In the order of the columns; nil is NULL, which the files write as an empty cell.
  let rows: [String: [[String?]]]
  let files: URL

  /// `shared/data/chinook` beside the package or beside one of the folders above it.
  static let folder: URL? = {
    var place = URL(filePath: PackageFolder.path()).deletingLastPathComponent()
    while place.path != "/" {
      let found = place.appending(path: "shared/data/chinook")
      let file = found.appending(path: "schema.sqlite.sql").path
      if FileManager.default.fileExists(atPath: file) { return found }
      place.deleteLastPathComponent()
    }
    return nil
  }()

  init() throws {
    guard let folder = Self.folder else { throw CocoaError(.fileNoSuchFile) }
    files = folder
    schema = try String(
      contentsOf: folder.appending(path: "schema.sqlite.sql"), encoding: .utf8)
    let model = try RowReader(path: ":memory:")
    try model.execute(schema)
    tables = try model.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
      .map { try Self.table(named: $0[0] ?? "", in: model) }
    var rows: [String: [[String?]]] = [:]
    for table in tables {
      let text = try String(
        contentsOf: folder.appending(path: "\(table.name).csv"), encoding: .utf8)
      let records = CSVText.records(of: text)
      precondition(records.first == table.columns.map(\.name), "the header names the columns")
      rows[table.name] = records.dropFirst().map { $0.map { $0.isEmpty ? nil : $0 } }
    }
    self.rows = rows
  }

  /// Makes the original in an empty database.
  func load(into database: RowReader) throws {
    try database.execute(schema)
    for table in tables {
      try database.insert(rows[table.name] ?? [], into: table.name, width: table.columns.count)
    }
  }

  private static func table(named name: String, in model: RowReader) throws -> Table {
    let info = try model.rows(
      "SELECT name, type, pk FROM pragma_table_info('\(name)') ORDER BY cid")
    let links = try model.rows(
      "SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('\(name)')")
    let keys = info.filter { $0[2] != "0" }.compactMap { $0[0] }
    return Table(
      name: name,
      columns: info.map { row in
        Table.Column(
          name: row[0] ?? "", isInteger: row[1] == "INTEGER",
          isNumber: row[1]?.hasPrefix("DECIMAL") == true)
      },
      generatedKey: keys.count == 1 ? keys[0] : nil,
      primaryKey: keys,
      references: Dictionary(
        uniqueKeysWithValues: links.map { ($0[0] ?? "", ($0[1] ?? "", $0[2] ?? "")) }))
  }
}

/// CSV as RFC 4180 has it, for files that are known to be good.
enum CSVText {
  static func records(of text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        if isQuoted, bytes.first == byte {
          cell.append(bytes.removeFirst())
        } else {
          isQuoted.toggle()
        }
      case UInt8(ascii: ",") where !isQuoted:
        record.append(String(decoding: cell, as: UTF8.self))
        cell.removeAll()
      case UInt8(ascii: "\n") where !isQuoted:
        records.append(record + [String(decoding: cell, as: UTF8.self)])
        record.removeAll()
        cell.removeAll()
      default: cell.append(byte)
      }
    }
    return records
  }
}
