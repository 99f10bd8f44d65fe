package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func select(_ query: Query) throws(DatabaseError) -> [SelectedRow] {
    let detail = try detail(of: query.table)
    let key = try KeyColumns(detail)
    let columns = try columns(query.columns, of: detail)
    var parameters: [Parameter] = []
    var same: [String] = []
    for (position, value) in query.comparison {
      same.append(try holds(try column(position, of: detail), value, key, &parameters))
    }
    let conditions = try tests(query.conditions, of: detail, &parameters)
    let sorted = query.sort.map { position, descending in
      SQL.column(query.table.columns[position].name)
        + (descending ? " DESC NULLS LAST" : " ASC NULLS FIRST")
    }
    parameters.append(query.limit.map { Parameter($0) } ?? .null)
    let results = key.results + [SQL.all(same)] + columns.map { SQL.value(of: $0, key) }
    let answer = try connection.query(
      "SELECT " + results.joined(separator: ", ") + " FROM " + detail.place.sql + " AS t WHERE "
        + SQL.all(conditions) + " ORDER BY "
        + (sorted + key.names.map(SQL.column)).joined(separator: ", ")
        + " LIMIT $\(parameters.count)::bigint", parameters)
    let rows: [SelectedRow] = answer.rows.map { row in
      SelectedRow(
        key: key.read(row, from: 0),
        values: columns.enumerated().map { $1.value(row, $0 + key.count + 1) },
        isEqual: row.isTrue(key.count))
    }
    if detail.table.distribution != nil {
      try checkAlone(Set(rows.map(\.key)).count == rows.count, of: detail.table)
    }
    return rows
  }

  /// Whether a column of the row holds a value.
  private func holds(
    _ detail: ColumnDetail, _ value: Value, _ key: KeyColumns, _ parameters: inout [Parameter]
  ) throws(DatabaseError) -> String {
    let column = SQL.column(detail.name)
    guard !value.isNull else { return detail.link == nil ? column + " IS NULL" : "false" }
    guard let text = detail.compared(value) else { return "false" }
    parameters.append(Parameter(text))
    guard let link = detail.link else {
      return detail.type.compared(column) + " IS NOT DISTINCT FROM $\(parameters.count)::"
        + detail.type.comparedAs
    }
    return SQL.members(of: link, ownedBy: SQL.column(key.names[0])) + " = "
      + SQL.sorted("$\(parameters.count)::text[]", link)
  }

  package func scan(_ scan: Scan, _ body: ([Value]) -> Bool) throws(DatabaseError) {
    let detail = try detail(of: scan.table)
    var parameters: [Parameter] = []
    var joins = ""
    var aliases: [[Scan.Link]: String] = [[]: "t"]
    var details: [ColumnDetail?] = []
    var results: [String] = []
    for source in scan.columns {
      let column = try column(source.column, of: try self.detail(of: source.table))
      if source.set != nil {
        details.append(nil)
        results.append(try members(leadingTo: source, column, of: detail))
        continue
      }
      let alias = try join(
        source.links, to: detail, aliases: &aliases, joins: &joins, &parameters)
      details.append(column)
      results.append(alias + "." + SQL.identifier(column.name))
    }
    let order = scan.order.map { position in
      results[position] + (details[position]?.type.isCollated == true ? " COLLATE \"C\"" : "")
        + " NULLS FIRST"
    }
    let conditions = try tests(scan.conditions, of: detail, &parameters)
    let read = zip(details, results).map { $0?.type.read($1) ?? $1 }
    try connection.stream(
      "SELECT " + read.joined(separator: ", ") + " FROM " + detail.place.sql + " AS t" + joins
        + " WHERE " + SQL.all(conditions)
        + (order.isEmpty ? "" : " ORDER BY " + order.joined(separator: ", ")), parameters
    ) { row in
      body(
        details.enumerated().map { place, detail in
          detail?.value(row, place) ?? Value(json: row.text(place)) ?? .list([])
        })
    }
  }

  /// The alias of the row that the links lead to; each link is a join that keeps the rows which lead
  /// nowhere.
  private func join(
    _ links: [Scan.Link], to start: TableDetail, aliases: inout [[Scan.Link]: String],
    joins: inout String, _ parameters: inout [Parameter]
  ) throws(DatabaseError) -> String {
    var (path, table, alias): ([Scan.Link], Table, String) = ([], start.table, "t")
    for link in links {
      path.append(link)
      if let known = aliases[path] {
        alias = known
      } else {
        let next = "j\(aliases.count)"
        let detail = try detail(of: link.table)
        let conditions =
          [
            next + "." + SQL.identifier(link.table.columns[link.target].name) + " = " + alias + "."
              + SQL.identifier(table.columns[link.column].name)
          ] + (try tests(link.conditions, of: detail, as: next, &parameters))
        joins += " LEFT JOIN " + detail.place.sql + " AS " + next + " ON " + SQL.all(conditions)
        aliases[path] = next
        alias = next
      }
      table = link.table
    }
    return alias
  }
}

// MARK: Conditions

extension PostgresDatabase {
  func tests(
    _ conditions: [ResolvedCondition], of detail: TableDetail, as alias: String = "t",
    _ parameters: inout [Parameter]
  ) throws(DatabaseError) -> [String] {
    var tests: [String] = []
    for condition in conditions {
      let column = try column(condition.column, of: detail)
      tests.append(
        Self.test(
          condition, column.type, alias + "." + SQL.identifier(column.name), &parameters))
    }
    return tests
  }

  private static func test(
    _ condition: ResolvedCondition, _ type: ColumnType, _ name: String,
    _ parameters: inout [Parameter]
  ) -> String {
    let column = type.compared(name)
    switch condition.comparison {
    case .equal:
      if condition.operands[0].isNull { return name + " IS NULL" }
      return operand(condition.operands[0], type, &parameters).map { column + " = " + $0 }
        ?? "false"
    case .notEqual:
      if condition.operands[0].isNull { return name + " IS NOT NULL" }
      return operand(condition.operands[0], type, &parameters).map {
        column + " IS DISTINCT FROM " + $0
      } ?? "true"
    case .greater: return order(condition, type, column, ">", &parameters)
    case .greaterOrEqual: return order(condition, type, column, ">=", &parameters)
    case .less: return order(condition, type, column, "<", &parameters)
    case .lessOrEqual: return order(condition, type, column, "<=", &parameters)
    case .between:
      guard let low = operand(condition.operands[0], type, &parameters),
        let high = operand(condition.operands[1], type, &parameters)
      else { return "false" }
      return column + " BETWEEN " + low + " AND " + high
    case .like, .ilike:
      guard type.family != .bytes, case .text(let pattern) = condition.operands[0] else {
        return "false"
      }
      parameters.append(Parameter(closed(pattern)))
      return name + "::text " + (condition.comparison == .like ? "LIKE" : "ILIKE")
        + " $\(parameters.count)::text"
    case .isNull:
      return name + (condition.operands.first == .boolean(false) ? " IS NOT NULL" : " IS NULL")
    case .in, .notIn: return membership(condition, type, name, &parameters)
    }
  }

  private static func membership(
    _ condition: ResolvedCondition, _ type: ColumnType, _ name: String,
    _ parameters: inout [Parameter]
  ) -> String {
    var values = ArrayText()
    for operand in condition.operands where !operand.isNull {
      if let text = try? type.compared(operand) { values.append(text) }
    }
    parameters.append(values.parameter)
    let column = type.compared(name)
    let list = "unnest($\(parameters.count)::text[]) AS i (i)"
    let isIn = column + " IN (SELECT i::" + type.comparedAs + " FROM " + list + ")"
    let namesNull = condition.operands.contains(.null)
    guard condition.comparison == .notIn else {
      return namesNull ? "(\(isIn) OR \(name) IS NULL)" : isIn
    }
    return "(NOT \(isIn)" + (namesNull ? " AND \(name) IS NOT NULL)" : " OR \(name) IS NULL)")
  }

  private static func order(
    _ condition: ResolvedCondition, _ type: ColumnType, _ column: String, _ sign: String,
    _ parameters: inout [Parameter]
  ) -> String {
    operand(condition.operands[0], type, &parameters).map { column + " " + sign + " " + $0 }
      ?? "false"
  }

  /// The parameter that a column is compared with; nil where the value is none of its kind, or null.
  private static func operand(
    _ value: Value, _ type: ColumnType, _ parameters: inout [Parameter]
  ) -> String? {
    guard !value.isNull else { return nil }
    var (text, cast) = (try? type.compared(value), type.comparedAs)
    if text == nil, case .integer = type.family, let number = number(value) {
      // Halves and numbers of more than 64 bits lie between and above those of the column.
      (text, cast) = (number, "numeric")
    }
    guard let text else { return nil }
    parameters.append(Parameter(text))
    return "$\(parameters.count)::" + cast
  }

  private static func number(_ value: Value) -> String? {
    switch value {
    case .decimal(let number): number.canonical
    case .float(let number): ExactDecimal(String(number))?.canonical
    default: nil
    }
  }

  /// A backslash at the end stands for itself.
  private static func closed(_ pattern: String) -> String {
    let count = pattern.utf8.reversed().prefix { $0 == UInt8(ascii: "\\") }.count
    return count.isMultiple(of: 2) ? pattern : pattern + "\\"
  }
}
