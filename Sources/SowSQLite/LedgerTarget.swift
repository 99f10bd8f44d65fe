internal import SowModel

/// The table behind a shape, as far as it still exists.
struct LedgerTarget {
  /// Nil where the table is gone.
  let table: Table?
  /// What gives those columns of the shape that are still there.
  private let columns: [String]
  private let key: KeyColumns?

  init(_ shape: LedgerShape, in catalogue: Catalogue) {
    let table = catalogue[shape.table]
    self.table = table
    let key = table.flatMap { try? KeyColumns($0) }
    self.key = key
    columns = shape.columns.compactMap { column in
      guard let names = shape.links[column] else {
        return table?.position(of: column).map { _ in SQL.column(column) }
      }
      guard let key, let link = catalogue[names.table].flatMap(names.links) else { return nil }
      return SQL.members(of: link, ownedBy: SQL.column(key.names[0]))
    }
  }

  private var digest: String { DigestFunction.call(columns) }

  var join: String {
    guard let table, let key else { return "" }
    return "LEFT JOIN " + SQL.table(table.name) + " AS t ON " + isAt("r.key", key)
  }

  var digestIfFound: String {
    guard let key else { return "NULL" }
    return "CASE WHEN " + SQL.column(key.names[0]) + " IS NOT NULL THEN " + digest + " END"
  }

  func digest(ofKey text: String) -> String {
    guard let table, let key else { return "SELECT NULL WHERE " + text + " IS NULL" }
    return "SELECT " + digest + " FROM " + SQL.table(table.name) + " AS t WHERE " + isAt(text, key)
  }

  /// The plus sign and the function have no affinity, so that the column's own is applied.
  private func isAt(_ text: String, _ key: KeyColumns) -> String {
    if key.isNumber { return SQL.column(key.names[0]) + " = +" + text }
    return SQL.all(
      key.names.enumerated().map { SQL.column($1) + " = sow_part(" + text + ", \($0))" })
  }
}
