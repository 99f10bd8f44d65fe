internal import SowDatabase
internal import SowModel

/// The text of statements about set-valued columns: their members are rows of a table of links.
extension SQL {
  /// The members of a set as an array, sorted, each once.
  static func members(of link: LinkDetail, ownedBy key: String) -> String {
    let other = "l." + identifier(link.other.name) + collation(link)
    return "(SELECT coalesce(array_agg(DISTINCT \(other) ORDER BY \(other)), '{}') FROM "
      + link.place.sql + " AS l WHERE l." + identifier(link.own.name) + " = " + key + " AND l."
      + identifier(link.other.name) + " IS NOT NULL)"
  }

  /// The elements of an array of texts in the same form.
  static func sorted(_ array: String, _ link: LinkDetail) -> String {
    let item = "i::" + link.other.type.name + collation(link)
    return "(SELECT coalesce(array_agg(DISTINCT \(item) ORDER BY \(item)), '{}') FROM unnest("
      + array + ") AS i (i))"
  }

  private static func collation(_ link: LinkDetail) -> String {
    link.other.type.isCollated ? " COLLATE \"C\"" : ""
  }

  // MARK: Writing; the first array is of owners, the second of members.

  static func insertLinks(_ link: LinkDetail) -> String {
    insert(into: link) + columns([link.own.type, link.other.type])
  }

  /// The same for the members that are not there yet.
  static func insertMissingLinks(_ link: LinkDetail) -> String {
    insert(into: link) + cells(link) + " FROM " + rows(2) + " WHERE NOT EXISTS (SELECT 1 FROM "
      + link.place.sql + " AS l WHERE " + isSame(link) + ")"
  }

  private static func insert(into link: LinkDetail) -> String {
    "INSERT INTO " + link.place.sql + " (" + identifier(link.own.name) + ", "
      + identifier(link.other.name) + ") SELECT "
  }

  static func deleteLinks(_ link: LinkDetail) -> String {
    "DELETE FROM " + link.place.sql + " AS l USING " + rows(1) + " WHERE l."
      + identifier(link.own.name) + " = " + cell(0, as: link.own.type.name)
  }

  /// All members of the owners in the third array but those in the first two.
  static func deleteOtherLinks(_ link: LinkDetail) -> String {
    "DELETE FROM " + link.place.sql + " AS l USING unnest($3::text[]) AS o (o) WHERE l."
      + identifier(link.own.name) + " = o.o::" + link.own.type.name
      + " AND NOT EXISTS (SELECT 1 FROM " + rows(2) + " WHERE " + isSame(link) + ")"
  }

  private static func cells(_ link: LinkDetail) -> String {
    cell(0, as: link.own.type.name) + ", " + cell(1, as: link.other.type.name)
  }

  private static func isSame(_ link: LinkDetail) -> String {
    "l." + identifier(link.own.name) + " = " + cell(0, as: link.own.type.name) + " AND l."
      + identifier(link.other.name) + collation(link) + " = "
      + cell(1, as: link.other.type.name) + collation(link)
  }
}

extension PostgresDatabase {
  /// What the members of a set of `table AS t` lead to, as JSON.
  func members(
    leadingTo source: Scan.Source, _ column: ColumnDetail, of detail: TableDetail
  ) throws(DatabaseError) -> String {
    guard let set = source.set, let found = detail.table.columns[set].link,
      let key = detail.table.primaryKey.first
    else {
      preconditionFailure("a set is a column with links, of a table with a key of one column")
    }
    let link = try self.detail(of: found)
    let owner = SQL.column(detail.table.columns[key].name)
    var joins = ""
    var (alias, from) = ("l", found.table)
    for (number, step) in source.links.enumerated() {
      let next = "m\(number)"
      joins +=
        " LEFT JOIN " + (try self.detail(of: step.table)).place.sql + " AS " + next + " ON " + next
        + "." + SQL.identifier(step.table.columns[step.target].name) + " = " + alias + "."
        + SQL.identifier(from.columns[step.column].name)
      (alias, from) = (next, step.table)
    }
    let isMember = source.links.isEmpty
    let isCollated = isMember ? link.other.type.isCollated : column.type.isCollated
    let item =
      alias + "." + SQL.identifier(isMember ? link.other.name : column.name)
      + (isCollated ? " COLLATE \"C\"" : "")
    return "(SELECT coalesce(json_agg(m ORDER BY m NULLS FIRST), '[]') FROM (SELECT DISTINCT "
      + item + " AS m FROM " + link.place.sql + " AS l" + joins + " WHERE l."
      + SQL.identifier(link.own.name) + " = " + owner + " AND l."
      + SQL.identifier(link.other.name) + " IS NOT NULL) AS s)"
  }
}
