internal import SowModel

extension Entity {
  /// Whether a plan may set the field.
  func isWritten(_ field: Int) -> Bool {
    let isFilled = managed.map { $0.tenant?.field == field || $0.reserved.contains(field) } ?? false
    return fields[field].generation != .computed && !fields[field].isReadOnly && !isFilled
  }

  /// Whether a field may be part of a natural key: always there, and equal only to itself.
  func identifies(_ field: Int) -> Bool {
    guard isWritten(field), !fields[field].isNullable, field != generatedKey else { return false }
    switch fields[field].type {
    case .string, .integer, .date, .time, .timestamp, .uuid: return true
    case .decimal, .float, .boolean, .bytes, .object, .list, .any: return false
    }
  }

  var typedTable: Table {
    var table = table
    for (position, field) in fields.enumerated() { table.columns[position].type = field.type }
    return table
  }

  /// Foreign keys of one field, of the table and of the schema.
  var singleKeys: [(field: Int, table: String, target: String)] {
    table.foreignKeys.filter { $0.columns.count == 1 }.map {
      ($0.columns[0], $0.table, $0.referencedColumns[0])
    }
      + foreignFields.filter { declared in
        !fields[declared.field].isLink
          && !table.foreignKeys.contains { $0.columns == [declared.field] }
      }.map { ($0.field, $0.table, $0.target) }
  }

  /// What the links of sets lead to, as the table of links or the schema says.
  var linkKeys: [(field: Int, table: String, target: String)] {
    table.links.compactMap { field in
      guard let link = table.columns[field].link else { return nil }
      if let key = link.table.foreignKeys.first(where: { $0.columns == [link.other] }) {
        return (field, key.table, key.referencedColumns[0])
      }
      return foreignFields.first { $0.field == field }.map { (field, $0.table, $0.target) }
    }
  }
}
