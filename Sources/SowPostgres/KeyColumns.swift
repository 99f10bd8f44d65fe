internal import SowDatabase
internal import SowModel

/// What identifies a row of a table: its primary key.
struct KeyColumns {
  /// Names as the table has them, not quoted.
  let names: [String]
  let types: [ColumnType]

  init(_ detail: TableDetail) throws(DatabaseError) {
    let columns = detail.table.primaryKey.map { detail.table.columns[$0].name }
    guard !columns.isEmpty else {
      throw DatabaseError(
        .refused, "the table has no primary key", vi: "bảng không có khóa chính",
        table: detail.table.name)
    }
    names = columns
    var types: [ColumnType] = []
    for name in columns {
      guard let type = detail.place.types[name] else {
        throw DatabaseError(
          .other, "the table's key has changed", vi: "khóa của bảng đã đổi",
          table: detail.table.name)
      }
      types.append(type)
    }
    self.types = types
  }

  var count: Int { names.count }

  /// The columns of the key as they are read.
  var results: [String] { names.enumerated().map { types[$0].read(SQL.column($1)) } }

  /// The texts of a key's parts; nil where no row can have it.
  func texts(of key: RowKey) -> [String]? {
    let values = key.values
    guard values.count == count else { return nil }
    var texts: [String] = []
    for (part, value) in values.enumerated() {
      guard !value.isNull, let text = try? types[part].compared(value) else { return nil }
      texts.append(text)
    }
    return texts
  }

  /// The key in the columns of a row from `column` on.
  func read(_ row: AnswerRow, from column: Int) -> RowKey {
    let values = types.enumerated().map { $1.value(row, column + $0) }
    return RowKey(values) ?? .composite(values)
  }
}

/// Keys of a set as arrays, one a part; those that no row can have are left out.
struct KeyArrays {
  private(set) var parts: [ArrayText]
  /// Where each key that is not left out stands in the set.
  private(set) var places: [Int] = []

  init(_ keys: some Sequence<(offset: Int, element: RowKey)>, _ columns: KeyColumns) {
    parts = Array(repeating: ArrayText(), count: columns.count)
    for (place, key) in keys {
      guard let texts = columns.texts(of: key) else { continue }
      places.append(place)
      for (part, text) in texts.enumerated() { parts[part].append(text) }
    }
  }

  var parameters: [Parameter] { parts.map(\.parameter) }

  var isEmpty: Bool { places.isEmpty }
}

/// How many rows go in one statement.
let rowsAtOnce = 10_000

/// The ranges of at most `rowsAtOnce` that `count` rows are.
func chunks(_ count: Int) -> [Range<Int>] {
  stride(from: 0, to: count, by: rowsAtOnce).map { $0..<min($0 + rowsAtOnce, count) }
}
