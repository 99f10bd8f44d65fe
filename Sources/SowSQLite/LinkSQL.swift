internal import SowModel

/// The text of statements about set-valued columns: their members are rows of a table of links.
extension SQL {
  /// What a column of `table AS t` holds; the members of a set are the JSON of a list, sorted as
  /// `Value.members` are, each once.
  static func value(of position: Int, in table: Table, _ key: KeyColumns) -> String {
    let column = table.columns[position]
    guard let link = column.link else { return Self.column(column.name) }
    return members(of: link, ownedBy: Self.column(key.names[0]))
  }

  /// The parameter that is compared with such a value.
  static func parameter(_ number: Int, for column: Column) -> String {
    guard column.link != nil else { return "?\(number)" }
    return list("SELECT DISTINCT value AS v FROM json_each(?\(number))")
  }

  static func members(of link: LinkTable, ownedBy key: String) -> String {
    members(of: link, ownedBy: key, as: "l." + identifier(link.otherName), joins: "")
  }

  /// What `source` is of each member, a column of the link `l` itself or of what `joins` add to it.
  static func members(
    of link: LinkTable, ownedBy key: String, as source: String, joins: String
  ) -> String {
    // A key of both columns gives the members once and in order, without a sort.
    let isKey = Set(link.table.primaryKey) == [link.own, link.other]
    return list(
      "SELECT " + (isKey && joins.isEmpty ? "" : "DISTINCT ") + source + " AS v FROM "
        + table(link.table.name) + " AS l" + joins
        + " WHERE l." + identifier(link.ownName) + " = " + key + " AND l."
        + identifier(link.otherName) + " IS NOT NULL")
  }

  /// What the members of a set-valued column of `table AS t` lead to.
  static func members(of set: Int, in table: Table, leadingTo source: Scan.Source) -> String {
    guard let link = table.columns[set].link, let key = table.primaryKey.first else {
      preconditionFailure("a set is a column with links, of a table with a key of one column")
    }
    let owner = column(table.columns[key].name)
    guard !source.links.isEmpty else { return members(of: link, ownedBy: owner) }
    var joins = ""
    var (alias, from) = ("l", link.table)
    for (number, step) in source.links.enumerated() {
      let next = "m\(number)"
      joins +=
        " LEFT JOIN " + Self.table(step.table.name) + " AS " + next + " ON " + next + "."
        + identifier(step.table.columns[step.target].name) + " = " + alias + "."
        + identifier(from.columns[step.column].name)
      (alias, from) = (next, step.table)
    }
    return members(
      of: link, ownedBy: owner,
      as: alias + "." + identifier(source.table.columns[source.column].name), joins: joins)
  }

  /// JSON has no bytes.
  private static func list(_ members: String) -> String {
    "(SELECT json_group_array(CASE typeof(v) WHEN 'blob' THEN hex(v) ELSE v END) FROM ("
      + members + " ORDER BY v COLLATE BINARY))"
  }

  // MARK: Writing

  static func insertLink(_ link: LinkTable) -> String {
    insert(into: link.table, columns: [link.own, link.other])
  }

  /// The same where the member is not there yet.
  static func insertMissingLink(_ link: LinkTable) -> String {
    let (own, other) = (identifier(link.ownName), identifier(link.otherName))
    let verb = link.table.hasTriggers ? "INSERT INTO " : "INSERT OR ABORT INTO "
    return verb + table(link.table.name) + " (" + own + ", " + other
      + ") SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM " + table(link.table.name)
      + " AS l WHERE l." + own + " = ?1 AND l." + other + " COLLATE BINARY = ?2)"
  }

  static func deleteLinks(_ link: LinkTable) -> String {
    "DELETE FROM " + table(link.table.name) + " AS l WHERE l." + identifier(link.ownName) + " = ?1"
  }

  /// All members but those in the JSON of the second parameter.
  static func deleteOtherLinks(_ link: LinkTable) -> String {
    let other = "l." + identifier(link.otherName)
    return "DELETE FROM " + table(link.table.name) + " AS l WHERE l." + identifier(link.ownName)
      + " = ?1 AND (" + other + " IS NULL OR " + other
      + " COLLATE BINARY NOT IN (SELECT value FROM json_each(?2)))"
  }
}

extension LinkTable {
  var ownName: String { table.columns[own].name }
  var otherName: String { table.columns[other].name }
}
