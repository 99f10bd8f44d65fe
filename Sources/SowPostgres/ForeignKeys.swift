package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func referring(
    to keys: [RowKey], in parent: Table, from table: Table, by foreignKey: Table.ForeignKey
  ) throws(DatabaseError) -> [Referring] {
    let (detail, child) = (try detail(of: parent), try self.detail(of: table))
    let (key, own) = (try KeyColumns(detail), try KeyColumns(child))
    let links = zip(foreignKey.columns, foreignKey.referencedColumns).map {
      (column: table.columns[$0].name, target: $1)
    }
    let text = SQL.referring(child, own, by: links, to: detail, key: key)
    var found: [Referring] = []
    for chunk in chunks(keys.count) {
      let arrays = KeyArrays(chunk.lazy.map { (offset: $0, element: keys[$0]) }, key)
      guard !arrays.isEmpty else { continue }
      for row in try connection.query(text, arrays.parameters).rows {
        found.append(
          Referring(parent: key.read(row, from: 0), child: own.read(row, from: key.count)))
      }
    }
    return found
  }
}

/// Names for what the server says of a failure.
extension PostgresDatabase {
  /// The same error with the names of the catalogue: of the table, of the columns of a constraint,
  /// and of the table that a reference leads to.
  func mended(
    _ error: DatabaseError, writing table: Table? = nil, isDelete: Bool = false
  ) -> DatabaseError {
    guard error.kind.isOfTheRow else { return error }
    var error = error
    error.table = error.table.map { known.structure.names[$0] ?? $0 } ?? table?.name
    guard let name = error.table, let place = known.structure.places[name] else { return error }
    switch error.kind {
    case .notNull where !error.columns.isEmpty:
      let names = quoted(error.columns)
      error.message = Phrase("\(names) must not be null", vi: "\(names) không được là null")
    case .unique:
      guard let columns = error.constraint.flatMap({ place.indexes[$0] }), !columns.isEmpty else {
        break
      }
      error.columns = columns
      let names = quoted(columns)
      error.message = Phrase(
        "another row has the same \(names)", vi: "một bản ghi khác đã có cùng \(names)")
    case .foreignKey:
      guard let reference = error.constraint.flatMap({ place.references[$0] }) else { break }
      error.columns = reference.columns
      // A row of the table itself, or of its links, lacks what it refers to; any other is in the way.
      let links = table?.columns.compactMap(\.link?.table.name) ?? []
      let isForward = !isDelete && (table == nil || name == table?.name || links.contains(name))
      error.message =
        isForward
        ? Phrase(
          "{names} refers to a row of \"\(reference.table)\" that is not there",
          vi: "{names} tham chiếu đến một bản ghi của \"\(reference.table)\" không tồn tại",
          ["names": quoted(reference.columns)])
        : Phrase(
          "rows of \(name) still refer to it by {names}",
          vi: "các bản ghi của \(name) vẫn tham chiếu đến nó qua {names}",
          ["names": reference.columns.joined(separator: ", ")])
    default: break
    }
    return error
  }

  /// The same error with the column whose value has no such form; the server does not say it.
  func naming(
    _ error: DatabaseError, _ cells: SetCells, _ row: Int
  ) throws(DatabaseError) -> DatabaseError {
    guard error.kind == .refused, error.columns.isEmpty, error.constraint == nil else {
      return error
    }
    let table = error.table
    for (number, column) in cells.columns.enumerated() where column.link == nil {
      guard column.type.family == .other, let text = cells[row, number] else { continue }
      do throws(DatabaseError) {
        try unit { () throws(DatabaseError) in
          _ = try connection.query("SELECT $1::text::" + column.type.name, [Parameter(text)])
        }
      } catch {
        guard error.kind.isOfTheRow else { throw error }
        return DatabaseError(
          .refused, "\"\(column.name)\" takes no value of this form",
          vi: "\"\(column.name)\" không nhận giá trị dạng này", table: table,
          columns: [column.name])
      }
    }
    return error
  }
}
