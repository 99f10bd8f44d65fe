import SowModel

/// All rows of a random database, and what the ledger says of them.
struct RowsSeen: Equatable {
  /// By table and key, `column: value`; values as SQL writes them.
  var rows: [Place: [String: String]] = [:]
  var owned: [Place: Ownership] = [:]

  struct Place: Hashable, CustomStringConvertible {
    var table: String
    var key: String
    var description: String { "\(table) \(key)" }
  }

  struct Ownership: Equatable {
    var address: String
    var origin: String
  }

  init(_ bench: Workbench, _ tables: [RandomTable]) throws {
    for table in tables {
      let columns = RandomTable.columns.map { "quote(\($0))" }.joined(separator: ", ")
      for line in try bench.sql("SELECT id, \(columns) FROM \(table.name)") {
        let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        rows[Place(table: table.name, key: cells[0])] = Dictionary(
          uniqueKeysWithValues: zip(RandomTable.columns, cells.dropFirst()))
      }
    }
    for line in try Self.ledger(bench) {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let address = SowModel.address(operation: cells[2], instance: cells[3])
      owned[Place(table: cells[0], key: cells[1])] = Ownership(address: address, origin: cells[4])
    }
  }

  private static func ledger(_ bench: Workbench) throws -> [String] {
    guard try bench.sql("SELECT 1 FROM sqlite_schema WHERE name = 'sow_row'") == ["1"] else {
      return []
    }
    return try bench.sql(
      """
      SELECT s."table", r.key, p.operation, r.instance, r.origin
      FROM sow_row r JOIN sow_shape s ON s.number = r.shape
      JOIN sow_policy p ON p.number = r.operation
      """)
  }

  /// The same without generated keys: rows are known by their codes.
  func withoutKeys(_ tables: [RandomTable]) -> [String] {
    var lines: [String] = []
    for (place, row) in rows {
      var row = row
      if let table = tables.first(where: { $0.name == place.table }) {
        if table.key != .written { row["id"] = nil }
        let parent = Place(
          table: tables[table.parent].name,
          key: (row["parent"] ?? "").filter { $0 != "'" })
        if row["parent"] != "NULL" { row["parent"] = rows[parent]?["code"] ?? "nowhere" }
      }
      let cells = row.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      let owner = owned[place].map { "\($0.address) \($0.origin)" } ?? ""
      lines.append("\(place.table) \(cells.joined(separator: " ")) \(owner)")
    }
    // What the ledger holds of rows that are not there.
    for (place, owner) in owned where rows[place] == nil {
      lines.append("gone \(place.table) \(owner.address) \(owner.origin)")
    }
    return lines.sorted()
  }
}
