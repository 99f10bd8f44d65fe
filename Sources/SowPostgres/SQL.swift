internal import SowModel

/// The text of every statement about the user's rows; values are always parameters.
///
/// Rows come as arrays of texts, one a column, which `unnest` puts side by side as `v (c0, c1, …)`,
/// and each cell is cast to the type of its column.
enum SQL {
  /// The one place where a name becomes SQL.
  static func identifier(_ name: String) -> String { quoted(name, by: UInt8(ascii: "\"")) }

  /// `text` between two `mark`s, those within doubled: byte by byte, because a mark and an accent
  /// after it are one `Character`, which is not equal to the mark.
  static func quoted(_ text: String, by mark: UInt8) -> String {
    var bytes = [mark]
    for byte in text.utf8 {
      if byte == mark { bytes.append(mark) }
      bytes.append(byte)
    }
    bytes.append(mark)
    return String(decoding: bytes, as: UTF8.self)
  }

  static func column(_ name: String) -> String { "t." + identifier(name) }

  /// So many arrays of texts as rows `v (c0, …, place)`, with their place from 1 on.
  static func rows(_ width: Int) -> String {
    let arrays = (1...width).map { "$\($0)::text[]" }
    let names = (0..<width).map { "c\($0)" } + ["place"]
    return "unnest(" + arrays.joined(separator: ", ") + ") WITH ORDINALITY AS v ("
      + names.joined(separator: ", ") + ")"
  }

  /// The arrays as columns of a row each, where no places are asked for: nothing is kept of them
  /// but the row that is made.
  static func columns(_ types: [ColumnType]) -> String {
    types.enumerated().map { number, type in
      type.isReadAlike
        ? "unnest($\(number + 1)::" + type.name + "[])"
        : "unnest($\(number + 1)::text[])::" + type.name
    }.joined(separator: ", ")
  }

  /// The cell of a row as its column's type.
  static func cell(_ number: Int, as type: String) -> String { "v.c\(number)::" + type }

  // MARK: Writing

  /// With `counting` a key that the table counts is given back: counted in the order of the rows,
  /// so that the numbers, sorted, are theirs.
  static func insert(
    into table: TableDetail, columns: [ColumnDetail], overrides: Bool, counting key: String? = nil
  ) -> String {
    let verb = "INSERT INTO " + table.place.sql
    let returning = key.map { " RETURNING " + identifier($0) } ?? ""
    guard !columns.isEmpty else {
      return verb + " SELECT FROM generate_series(1, $1::bigint)" + returning
    }
    let start =
      verb + " (" + columns.map { identifier($0.name) }.joined(separator: ", ") + ")"
      + (overrides ? " OVERRIDING SYSTEM VALUE" : "") + " SELECT "
    guard key != nil else { return start + self.columns(columns.map(\.type)) }
    let cells = columns.enumerated().map { cell($0, as: $1.type.name) }
    return start + cells.joined(separator: ", ") + " FROM " + rows(columns.count)
      + " ORDER BY v.place" + returning
  }

  /// The columns' arrays, then the key's, then what `guarding` must hold; gives back the places of
  /// the rows that were met.
  static func update(
    _ table: TableDetail, columns: [ColumnDetail], key: KeyColumns, guarding: ColumnDetail?
  ) -> String {
    let settings = columns.enumerated().map { number, column in
      identifier(column.name) + " = " + cell(number, as: column.type.name)
    }
    let conditions =
      [equals(key, from: columns.count)]
      + (guarding.map { [isSame($0, columns.count + key.count)] } ?? [])
    return "UPDATE " + table.place.sql + " AS t SET " + settings.joined(separator: ", ") + " FROM "
      + rows(columns.count + key.count + (guarding == nil ? 0 : 1)) + " WHERE " + all(conditions)
      + " RETURNING v.place"
  }

  static func delete(from table: TableDetail, key: KeyColumns) -> String {
    "DELETE FROM " + table.place.sql + " AS t USING " + rows(key.count) + " WHERE "
      + equals(key, from: 0) + " RETURNING v.place"
  }

  static func existing(in table: TableDetail, key: KeyColumns) -> String {
    "SELECT v.place FROM " + rows(key.count) + " JOIN " + table.place.sql + " AS t ON "
      + equals(key, from: 0)
  }

  /// The place of each row whose unique columns some row of the table holds already, and the key of
  /// that one.
  static func holders(
    of unique: [ColumnDetail], in table: TableDetail, key: KeyColumns
  ) -> String {
    let taken = unique.enumerated().map { number, detail in
      detail.type.compared(column(detail.name)) + " = " + cell(number, as: detail.type.comparedAs)
    }
    return "SELECT " + (["v.place"] + key.results).joined(separator: ", ") + " FROM "
      + rows(unique.count) + " JOIN " + table.place.sql + " AS t ON " + all(taken)
  }

  // MARK: Reading

  static func rows(of table: TableDetail, columns: [ColumnDetail], key: KeyColumns) -> String {
    let results = ["v.place"] + columns.map { value(of: $0, key) }
    return "SELECT " + results.joined(separator: ", ") + " FROM " + rows(key.count) + " JOIN "
      + table.place.sql + " AS t ON " + equals(key, from: 0)
  }

  /// The place, the key, and whether all columns are equal, of the rows whose key columns are; what
  /// `conditions` say has the parameters after the arrays.
  static func match(
    _ table: TableDetail, columns: [ColumnDetail], keyed: [Int], key: KeyColumns,
    conditions: [String]
  ) -> String {
    let joined = keyed.map { number in
      columns[number].type.compared(column(columns[number].name)) + " = "
        + cell(number, as: columns[number].type.comparedAs)
    }
    let same = columns.enumerated().map { isSame($1, $0, key) }
    let results = ["v.place"] + key.results + [all(same)]
    return "SELECT " + results.joined(separator: ", ") + " FROM " + rows(columns.count) + " JOIN "
      + table.place.sql + " AS t ON " + all(joined + conditions)
  }

  /// Whether the table holds what the cell says, null for null.
  static func isSame(_ detail: ColumnDetail, _ number: Int, _ key: KeyColumns? = nil) -> String {
    if let link = detail.link, let key {
      return members(of: link, ownedBy: column(key.names[0])) + " = "
        + sorted(cell(number, as: "text[]"), link)
    }
    return detail.type.compared(column(detail.name)) + " IS NOT DISTINCT FROM "
      + cell(number, as: detail.type.comparedAs)
  }

  /// What a column of `table AS t` is read as.
  static func value(of detail: ColumnDetail, _ key: KeyColumns?) -> String {
    if let link = detail.link, let key {
      return "to_json(" + members(of: link, ownedBy: column(key.names[0])) + ")"
    }
    return detail.type.read(column(detail.name))
  }

  // MARK: Foreign keys

  /// The rows of `table` that refer to those of `parent` with the keys: the parent's key, then the
  /// child's.
  static func referring(
    _ table: TableDetail, _ own: KeyColumns, by links: [(column: String, target: String)],
    to parent: TableDetail, key: KeyColumns
  ) -> String {
    let results =
      key.results + own.names.enumerated().map { own.types[$0].read("c." + identifier($1)) }
    let joined = links.map { "c." + identifier($0.column) + " = " + column($0.target) }
    return "SELECT " + results.joined(separator: ", ") + " FROM " + rows(key.count) + " JOIN "
      + parent.place.sql + " AS t ON " + equals(key, from: 0) + " JOIN " + table.place.sql
      + " AS c ON " + all(joined)
  }

  // MARK: Parts

  static func equals(_ key: KeyColumns, from number: Int) -> String {
    all(
      key.names.enumerated().map { part, name in
        key.types[part].compared(column(name)) + " = "
          + cell(number + part, as: key.types[part].comparedAs)
      })
  }

  static func all(_ conditions: [String]) -> String {
    conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
  }
}
