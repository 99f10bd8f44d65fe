package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func reserveKeys(of table: Table, count: Int) throws(DatabaseError) -> Int64? {
    guard let column = table.primaryKey.first, case .key = table.columns[column].generation else {
      preconditionFailure("keys are reserved where the database counts them")
    }
    var highest = known.reserved[table.name] ?? 0
    let name = table.columns[column].name
    highest = max(highest, try number(SQL.highest(name, of: table)))
    if try holds(SQL.hasSequences) {
      highest = max(highest, try number(SQL.sequence, of: table.name))
    }
    if let place = try place(of: table.name) {
      highest = max(highest, try highestKey(of: place))
    }
    let (last, overflows) = highest.addingReportingOverflow(Int64(count))
    guard !overflows else {
      throw DatabaseError(
        .other, "the table has no free numbers left", vi: "bảng không còn số nào trống",
        table: table.name)
    }
    known.reserved[table.name] = last
    return highest + 1
  }

  /// The number that the statement gives, 0 where it is null.
  private func number(_ text: String, of name: String? = nil) throws(DatabaseError) -> Int64 {
    let statement = try connection.prepare(text)
    defer { statement.reset() }
    if let name { statement.bind(name, at: 1) }
    return try statement.step() ? statement.integer(0) : 0
  }

  func holds(_ text: String) throws(DatabaseError) -> Bool {
    let statement = try connection.prepare(text)
    defer { statement.reset() }
    return try statement.step()
  }
}
