import Foundation

/// A database row by row without its generated keys: a reference stands for the row it points to.
struct ChinookContent {
  private let database: RowReader
  private let tables: [String: ChinookData.Table]

  init(of path: String, tables: [ChinookData.Table]) throws {
    database = try RowReader(path: path)
    self.tables = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0) })
  }

  /// The rows as SQL literals, which tell 1 from '1' and NULL from '', sorted.
  func rows(of table: ChinookData.Table) throws -> [String] {
    try database.rows("SELECT \(content(of: table, as: "t0")) FROM \(table.name) t0")
      .map { $0[0] ?? "" }
      .sorted()
  }

  /// An expression for all that a row holds, and what the rows hold that it points to.
  private func content(of table: ChinookData.Table, as alias: String) -> String {
    let parts = table.columns.filter { $0.name != table.generatedKey }.map { column in
      let own = "\(alias).\(column.name)"
      guard let link = table.references[column.name], let target = tables[link.table] else {
        return "quote(\(own))"
      }
      let inner = "t\((Int(alias.dropFirst()) ?? 0) + 1)"
      // A table that points to itself: the next row's own columns are enough to tell it.
      let text =
        target.name == table.name
        ? target.columns.filter { target.references[$0.name] == nil && $0.name != link.column }
          .map { "quote(\(inner).\($0.name))" }.joined(separator: " || ',' || ")
        : content(of: target, as: inner)
      return "coalesce((SELECT '(' || \(text) || ')' FROM \(link.table) \(inner) "
        + "WHERE \(inner).\(link.column) = \(own)), 'NULL')"
    }
    return parts.joined(separator: " || ',' || ")
  }
}
