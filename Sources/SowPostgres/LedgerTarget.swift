internal import SowDatabase
internal import SowModel

/// The table behind a shape, as far as it still exists.
struct LedgerTarget {
  private let place: TablePlace?
  private let key: KeyColumns?
  /// The table, where its rows lie on other servers.
  let distributed: Table?
  /// What gives those columns of the shape that are still there.
  private let columns: [String]

  init(_ shape: LedgerShape, _ catalogue: Catalogue, _ structure: Structure) {
    let table = catalogue[shape.table]
    let place = structure.places[shape.table]
    let key: KeyColumns? =
      if let table, let place { try? KeyColumns(TableDetail(table: table, place: place)) } else {
        nil
      }
    distributed = table?.distribution == nil ? nil : table
    self.place = place
    self.key = key
    columns = shape.columns.compactMap { column in
      guard let names = shape.links[column] else {
        return place?.types[column].map { _ in SQL.column(column) }
      }
      guard let key, let link = LinkDetail(names, structure) else { return nil }
      return SQL.members(of: link, ownedBy: SQL.column(key.names[0]))
    }
  }

  /// Whether the row is there, then its columns.
  var results: String {
    guard let key, place != nil else { return "false" }
    return ([SQL.column(key.names[0]) + " IS NOT NULL"] + columns).joined(separator: ", ")
  }

  /// The number of columns of `results`.
  var width: Int { key == nil || place == nil ? 1 : columns.count + 1 }

  var join: String {
    guard let place, let key else { return "" }
    return "LEFT JOIN " + place.sql + " AS t ON " + LedgerKey.isSame("r.key", key)
  }

  /// The digest of what the table holds, from column `start` of a row on; nil where it holds none.
  func digest(
    _ row: AnswerRow, from start: Int, _ encoder: inout RowEncoder, _ digester: any Digesting
  ) -> RowDigest? {
    guard row.isTrue(start) else { return nil }
    encoder.reset()
    for column in (start + 1)..<(start + width) {
      if row.isNull(column) { encoder.append(.null) } else { encoder.appendText(row.bytes(column)) }
    }
    return digester.digest(encoder)
  }
}

extension LinkDetail {
  /// The links that a ledger remembers; nil where they are not there any more.
  fileprivate init?(_ names: LinkNames, _ structure: Structure) {
    guard let place = structure.places[names.table], let own = place.types[names.own],
      let other = place.types[names.other]
    else { return nil }
    self.init(
      table: names.table, place: place,
      own: End(name: names.own, type: own), other: End(name: names.other, type: other))
  }
}
