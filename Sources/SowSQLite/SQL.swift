internal import SowModel

/// The text of every statement about the user's rows; values are always parameters.
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

  static func table(_ name: String) -> String { "main." + identifier(name) }

  static func column(_ name: String) -> String { "t." + identifier(name) }

  // MARK: Writing

  /// An explicit ABORT overrules a conflict clause of the table, which could replace other rows;
  /// but it would overrule those inside triggers too, so with triggers nothing is said.
  static func insert(into table: Table, columns: [Int], rows: Int = 1) -> String {
    let verb = table.hasTriggers ? "INSERT INTO " : "INSERT OR ABORT INTO "
    guard !columns.isEmpty else { return verb + Self.table(table.name) + " DEFAULT VALUES" }
    let names = columns.map { identifier(table.columns[$0].name) }
    return verb + Self.table(table.name) + " (" + names.joined(separator: ", ") + ") VALUES "
      + values(rows, width: columns.count)
  }

  /// The key's parameters follow those of the columns, and then comes what `guarding` must hold.
  static func update(
    _ table: Table, columns: [Int], key: KeyColumns, guarding: Int?
  ) -> String {
    let verb = table.hasTriggers ? "UPDATE " : "UPDATE OR ABORT "
    let settings = columns.enumerated().map { index, column in
      identifier(table.columns[column].name) + " = ?\(index + 1)"
    }
    return verb + Self.table(table.name) + " AS t SET " + settings.joined(separator: ", ")
      + " WHERE " + equals(key, from: columns.count + 1)
      + (guarding.map {
        " AND " + column(table.columns[$0].name) + " IS ?\(columns.count + key.count + 1)"
      } ?? "")
  }

  static func delete(from table: Table, key: KeyColumns) -> String {
    "DELETE FROM " + Self.table(table.name) + " AS t WHERE " + equals(key, from: 1)
  }

  static func exists(in table: Table, key: KeyColumns) -> String {
    "SELECT 1 FROM " + Self.table(table.name) + " AS t WHERE " + equals(key, from: 1)
  }

  // MARK: Reading

  static func rows(of table: Table, columns: [Int], key: KeyColumns) -> String {
    let names = columns.map { value(of: $0, in: table, key) } + ["1"]
    return "SELECT " + names.joined(separator: ", ") + " FROM " + Self.table(table.name)
      + " AS t WHERE " + equals(key, from: 1)
  }

  /// The key and whether all columns are equal, for the row whose key columns equal the
  /// parameters; `collations` are those of the unique index behind them, where known.
  static func match(_ probe: Probe, key: KeyColumns, collations: [Int: String]) -> String {
    let table = probe.rows.table
    let names = probe.rows.columns.map { value(of: $0, in: table, key) }
    let comparisons = probe.rows.columns.enumerated().map { position, column in
      names[position] + " IS " + parameter(position + 1, for: table.columns[column])
    }
    let conditions = probe.keyColumns.map { position in
      let collation = collations[probe.rows.columns[position]].map { " COLLATE " + identifier($0) }
      return names[position] + " = ?\(position + 1)" + (collation ?? "")
    }
    var next = names.count + 1
    let others = tests(probe.conditions, of: table, parameter: &next)
    return "SELECT " + (key.names.map(column) + [all(comparisons)]).joined(separator: ", ")
      + " FROM " + Self.table(table.name) + " AS t WHERE " + all(conditions + others) + " LIMIT 1"
  }

  /// The key, whether the comparison holds, then the columns.
  static func select(_ query: Query, key: KeyColumns) -> String {
    var parameter = 1
    let table = query.table
    let comparisons = query.comparison.map { column, _ in
      defer { parameter += 1 }
      return value(of: column, in: table, key) + " IS "
        + Self.parameter(parameter, for: table.columns[column])
    }
    let conditions = tests(query.conditions, of: table, parameter: &parameter)
    let sorted = query.sort.map { column, descending in
      Self.column(table.columns[column].name)
        + (descending ? " DESC NULLS LAST" : " ASC NULLS FIRST")
    }
    let results =
      key.names.map(column) + [all(comparisons)]
      + query.columns.map { value(of: $0, in: table, key) }
    return "SELECT " + results.joined(separator: ", ") + " FROM " + Self.table(table.name)
      + " AS t WHERE " + all(conditions)
      + " ORDER BY " + (sorted + key.names.map(column)).joined(separator: ", ")
      + " LIMIT ?\(parameter)"
  }

  /// The columns of a scan, each link a join that keeps the rows which lead nowhere.
  static func scan(_ scan: Scan) -> String {
    var parameter = 1
    var joins = ""
    var aliases: [[Scan.Link]: String] = [[]: "t"]
    func expression(_ source: Scan.Source) -> String {
      if let set = source.set { return members(of: set, in: scan.table, leadingTo: source) }
      var (path, table): ([Scan.Link], Table) = ([], scan.table)
      for link in source.links {
        let from = aliases[path] ?? "t"
        path.append(link)
        if aliases[path] == nil {
          let alias = "j\(aliases.count)"
          aliases[path] = alias
          joins +=
            " LEFT JOIN " + Self.table(link.table.name) + " AS " + alias + " ON " + alias + "."
            + identifier(link.table.columns[link.target].name) + " = " + from + "."
            + identifier(table.columns[link.column].name)
            + tests(link.conditions, of: link.table, as: alias, parameter: &parameter)
            .map { " AND " + $0 }.joined()
        }
        table = link.table
      }
      return (aliases[path] ?? "t") + "." + identifier(source.table.columns[source.column].name)
    }
    let results = scan.columns.map(expression)
    let order = scan.order.map { position in
      let source = scan.columns[position]
      let isNumber = Affinity(of: source.table.columns[source.column]).isNumeric
      return results[position] + (isNumber ? "" : " COLLATE BINARY")
    }
    return "SELECT " + results.joined(separator: ", ") + " FROM " + Self.table(scan.table.name)
      + " AS t" + joins + " WHERE "
      + all(tests(scan.conditions, of: scan.table, parameter: &parameter))
      + (order.isEmpty ? "" : " ORDER BY " + order.joined(separator: ", "))
  }

  private static func tests(
    _ conditions: [ResolvedCondition], of table: Table, as alias: String = "t",
    parameter: inout Int
  ) -> [String] {
    var tests: [String] = []
    for (index, condition) in conditions.enumerated() {
      let name = alias + "." + identifier(table.columns[condition.column].name)
      tests.append(test(condition, of: name, list: index, parameter: &parameter))
    }
    return tests
  }

  /// One test of a filter; `in` and `not_in` look into the list of that number in `temp.sow_list`.
  ///
  /// The plus sign takes the affinity from the list's side, so that the column's own is applied, as
  /// it is for a parameter.
  private static func test(
    _ condition: ResolvedCondition, of name: String, list: Int, parameter: inout Int
  ) -> String {
    func next() -> String {
      defer { parameter += 1 }
      return "?\(parameter)"
    }
    let values = "(SELECT +value FROM temp.sow_list WHERE list = \(list))"
    let namesNull = condition.operands.contains(.null)
    switch condition.comparison {
    case .equal: return name + " IS " + next()
    case .notEqual: return name + " IS NOT " + next()
    case .greater: return name + " > " + next()
    case .greaterOrEqual: return name + " >= " + next()
    case .less: return name + " < " + next()
    case .lessOrEqual: return name + " <= " + next()
    case .between: return name + " BETWEEN " + next() + " AND " + next()
    case .like: return "sow_like(" + name + ", " + next() + ", 0)"
    case .ilike: return "sow_like(" + name + ", " + next() + ", 1)"
    case .isNull:
      return name + (condition.operands.first == .boolean(false) ? " IS NOT NULL" : " IS NULL")
    case .in:
      return "(" + name + " IN " + values + (namesNull ? " OR " + name + " IS NULL)" : ")")
    case .notIn:
      return "(" + name + " NOT IN " + values
        + (namesNull ? " AND " + name + " IS NOT NULL)" : " OR " + name + " IS NULL)")
    }
  }

  // MARK: Lists

  static let makeList = "CREATE TEMP TABLE IF NOT EXISTS sow_list (list INTEGER, value)"
  static let emptyList = "DELETE FROM temp.sow_list"
  static let fillList = "INSERT INTO temp.sow_list (list, value) VALUES (?1, ?2)"

  // MARK: Keys

  static func highest(_ column: String, of table: Table) -> String {
    "SELECT max(" + identifier(column) + ") FROM " + Self.table(table.name)
  }

  static let hasSequences = "SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_sequence'"
  static let sequence = "SELECT max(seq) FROM main.sqlite_sequence WHERE name = ?1"

  // MARK: Foreign keys

  /// Whether a row that the parameters refer to is there.
  static func referenced(_ table: String, columns: [String]) -> String {
    let conditions = columns.enumerated().map { column($1) + " = ?\($0 + 1)" }
    return "SELECT 1 FROM " + Self.table(table) + " AS t WHERE " + all(conditions)
  }

  /// The rows of `table` that refer to the rows of `parent` whose keys are in `temp.sow_list`, or
  /// to the one with the key in the parameters: the parent's key, then the child's.
  static func referring(
    _ table: Table, _ foreignKey: Table.ForeignKey, _ own: KeyColumns, to parent: Table,
    key: KeyColumns, listed: Bool
  ) -> String {
    let results = key.names.map(column) + own.names.map { "c." + identifier($0) }
    let condition =
      listed
      ? column(key.names[0]) + " IN (SELECT +value FROM temp.sow_list WHERE list = 0)"
      : equals(key, from: 1)
    return "SELECT " + results.joined(separator: ", ") + " FROM " + Self.table(parent.name)
      + " AS t JOIN " + Self.table(table.name) + " AS c ON " + links(foreignKey, of: table)
      + " WHERE " + condition
  }

  private static func links(_ foreignKey: Table.ForeignKey, of table: Table) -> String {
    all(
      zip(foreignKey.columns, foreignKey.referencedColumns).map { column, target in
        "c." + identifier(table.columns[column].name) + " = " + Self.column(target)
      })
  }

  /// Whether a row of `table` refers through `columns` to the row of `parent` with the key.
  static func referring(
    _ table: Table, _ foreignKey: Table.ForeignKey, to parent: Table, key: KeyColumns
  ) -> String {
    return "SELECT 1 FROM " + Self.table(parent.name) + " AS t JOIN " + Self.table(table.name)
      + " AS c ON " + links(foreignKey, of: table) + " WHERE " + equals(key, from: 1) + " LIMIT 1"
  }

  // MARK: Parts

  static func equals(_ key: KeyColumns, from index: Int) -> String {
    all(key.names.enumerated().map { column($1) + " = ?\($0 + index)" })
  }

  static func parameters(_ range: ClosedRange<Int>) -> String {
    range.map { "?\($0)" }.joined(separator: ", ")
  }

  /// So many rows of parameters, which are counted through.
  static func values(_ rows: Int, width: Int) -> String {
    (0..<rows).map { row in "(" + parameters(row * width + 1...(row + 1) * width) + ")" }
      .joined(separator: ", ")
  }

  /// How many rows of a width one statement takes at once: enough that starting and ending it cost
  /// little, and no more parameters than any SQLite allows.
  static func rowsAtOnce(width: Int) -> Int { max(1, min(32, 999 / max(width, 1))) }

  static func all(_ conditions: [String]) -> String {
    conditions.isEmpty ? "1" : conditions.joined(separator: " AND ")
  }
}
