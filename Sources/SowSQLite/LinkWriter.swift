internal import SowDatabase
internal import SowModel

/// Writes the members of the set-valued columns of a set of rows, each beside its own row and under
/// its key. One statement a table of links inserts, one deletes, however many the rows are.
struct LinkWriter {
  private let columns: [LinkColumn]
  private let database: SQLiteDatabase

  private struct LinkColumn {
    let name: String
    let link: LinkTable
    /// The position among the columns of the set.
    let offset: Int
    let insertion: Statement
    /// Of members that the row is not to have; nil for new rows, which have none.
    let deletion: Statement?
    let ownAffinity: Affinity
    let otherAffinity: Affinity
  }

  /// Nil where no column of the set is one.
  init?(_ rows: RowSet, areNew: Bool, on database: SQLiteDatabase) throws(DatabaseError) {
    var columns: [LinkColumn] = []
    for (offset, position) in rows.columns.enumerated() {
      let column = rows.table.columns[position]
      guard let link = column.link else { continue }
      let insertion = areNew ? SQL.insertLink(link) : SQL.insertMissingLink(link)
      columns.append(
        LinkColumn(
          name: column.name, link: link, offset: offset,
          insertion: try database.connection.prepare(insertion),
          deletion: areNew ? nil : try database.connection.prepare(SQL.deleteOtherLinks(link)),
          ownAffinity: Affinity(of: link.table.columns[link.own]),
          otherAffinity: Affinity(of: link.table.columns[link.other])))
    }
    guard !columns.isEmpty else { return nil }
    self.columns = columns
    self.database = database
  }

  /// Gives a row that has `key` now the members that the set of rows says.
  func write(_ rows: RowSet, _ row: Int, key: Value) throws(DatabaseError) {
    for column in columns {
      let members = try members(
        of: rows[row, column.offset], column)
      if let deletion = column.deletion {
        deletion.bind(key, as: column.ownAffinity, at: 1)
        deletion.bind(Value.list(members).json, at: 2)
        try deletion.run()
      }
      column.insertion.bind(key, as: column.ownAffinity, at: 1)
      for member in members {
        column.insertion.bind(member, as: column.otherAffinity, at: 2)
        do throws(DatabaseError) {
          try column.insertion.run()
        } catch {
          throw try explained(error, column.link, key, member)
        }
      }
    }
  }

  private func members(of value: Value, _ column: LinkColumn) throws(DatabaseError) -> [Value] {
    guard case .list = value else {
      throw DatabaseError(
        .refused, "links are a list of keys", vi: "liên kết là một danh sách khóa",
        columns: [column.name])
    }
    let members = value.members
    for member in members {
      var error: DatabaseError?
      switch member {
      case .null, .list, .object:
        error = DatabaseError(
          .refused, "links are keys, and none of them is null",
          vi: "liên kết là các khóa, và không khóa nào là null")
      default: error = member.loss(in: column.otherAffinity)
      }
      guard var error else { continue }
      error.columns = [column.name]
      throw error
    }
    return members
  }

  private func explained(
    _ error: DatabaseError, _ link: LinkTable, _ key: Value, _ member: Value
  ) throws(DatabaseError) -> DatabaseError {
    guard error.kind == .foreignKey else { return error }
    var row = RowSet(table: link.table, columns: [link.own, link.other])
    row.append([key, member])
    return try database.missingParent(of: row, row: 0) ?? error
  }
}
