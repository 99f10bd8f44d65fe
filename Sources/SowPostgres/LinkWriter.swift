internal import SowDatabase
internal import SowModel

/// Writes the members of the set-valued columns of a set of rows, each under the key of its own row.
struct LinkWriter {
  private let columns: [(offset: Int, link: LinkDetail)]
  private let cells: SetCells
  /// Whether the rows are new, so that they have no members yet.
  private let areNew: Bool

  /// Nil where no column of the set is one.
  init?(_ columns: [ColumnDetail], _ cells: SetCells, areNew: Bool) {
    self.columns = columns.enumerated().compactMap { offset, column in
      column.link.map { (offset, $0) }
    }
    guard !self.columns.isEmpty else { return nil }
    self.cells = cells
    self.areNew = areNew
  }

  /// Gives rows that have these keys now the members that the set of rows says.
  func write(_ rows: [(row: Int, key: String?)], on database: PostgresDatabase)
    throws(DatabaseError)
  {
    for (offset, link) in columns {
      var (all, owners, members) = (ArrayText(), ArrayText(), ArrayText())
      for (row, key) in rows {
        all.append(key)
        for member in Self.elements(of: cells[row, offset] ?? "{}") {
          owners.append(key)
          members.append(member)
        }
      }
      let pairs = [owners.parameter, members.parameter]
      if areNew {
        guard members.count > 0 else { continue }
        try database.connection.query(SQL.insertLinks(link), pairs)
      } else {
        try database.connection.query(SQL.deleteOtherLinks(link), pairs + [all.parameter])
        try database.connection.query(SQL.insertMissingLinks(link), pairs)
      }
    }
  }

  /// The elements of an array that `ArrayText` wrote, each between quotes.
  private static func elements(of array: String) -> [String] {
    var elements: [String] = []
    var element: [UInt8]?
    var isEscaped = false
    for byte in array.utf8 {
      if isEscaped {
        element?.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        if let whole = element { elements.append(String(decoding: whole, as: UTF8.self)) }
        element = element == nil ? [] : nil
      } else {
        element?.append(byte)
      }
    }
    return elements
  }
}
