internal import SowDatabase
internal import SowModel

/// What identifies a row of a table: its primary key, or the row's number where it has none.
struct KeyColumns {
  /// Names as the table has them, not quoted.
  let names: [String]
  let types: [FieldType]
  let affinities: [Affinity]
  /// Whether the ledger's `key` is the row's number as it stands.
  let isNumber: Bool

  init(_ table: Table) throws(DatabaseError) {
    let columns = table.primaryKey.map { table.columns[$0] }
    guard columns.isEmpty else {
      names = columns.map(\.name)
      types = columns.map(\.type)
      affinities = columns.map { Affinity(of: $0) }
      if columns.count == 1, case .key = columns[0].generation {
        isNumber = true
      } else {
        isNumber = false
      }
      return
    }
    // A column of that name would hide the row's number.
    let free = ["rowid", "_rowid_", "oid"].first { name in
      !table.columns.contains { $0.name.lowercased() == name }
    }
    guard let free else {
      throw DatabaseError(
        .refused, "the table has no primary key", vi: "bảng không có khóa chính", table: table.name)
    }
    names = [free]
    types = [.integer]
    affinities = [.integer]
    isNumber = true
  }

  var count: Int { names.count }

  /// Binds the parts of `key` to the parameters from `index` on; false where the key has another
  /// number of parts, so that no row can have it.
  func bind(_ key: RowKey, to statement: Statement, from index: Int) -> Bool {
    switch key {
    case .integer(let number) where count == 1: statement.bind(number, at: index)
    case .text(let text) where count == 1: statement.bind(text, at: index)
    case .composite(let values) where values.count == count:
      for (part, value) in values.enumerated() {
        statement.bind(value, as: affinities[part], at: index + part)
      }
    default: return false
    }
    return true
  }

  /// The key in the columns of `statement` from `column` on.
  func read(_ statement: Statement, from column: Int, on connection: Connection)
    throws(DatabaseError) -> RowKey
  {
    if isNumber { return .integer(statement.integer(column)) }
    var values: [Value] = []
    for (part, type) in types.enumerated() {
      values.append(try connection.value(of: statement, at: column + part, as: type))
    }
    return RowKey(values) ?? .composite(values)
  }
}
