internal import SowDatabase
internal import SowModel

/// A table with what its statements need beyond the catalogue.
struct TableDetail {
  let table: Table
  let place: TablePlace
}

/// A column with the type that it really has.
struct ColumnDetail {
  let name: String
  let type: ColumnType
  /// Where its members lie, for a set.
  let link: LinkDetail?
}

/// A table of links with the types of its two columns.
struct LinkDetail {
  let table: String
  let place: TablePlace
  let own: End
  let other: End

  struct End {
    let name: String
    let type: ColumnType
  }
}

extension PostgresDatabase {
  func detail(of table: Table) throws(DatabaseError) -> TableDetail {
    guard let place = try structure().places[table.name] else {
      throw DatabaseError(
        .other, "there is no table \"\(table.name)\"", vi: "không có bảng \"\(table.name)\"",
        table: table.name)
    }
    return TableDetail(table: table, place: place)
  }

  func column(_ position: Int, of detail: TableDetail) throws(DatabaseError) -> ColumnDetail {
    let column = detail.table.columns[position]
    if let link = column.link {
      return ColumnDetail(
        name: column.name, type: ColumnType(word: "text", isText: true, name: "text", modifier: -1),
        link: try self.detail(of: link))
    }
    guard let type = detail.place.types[column.name] else {
      throw DatabaseError(
        .other, "the table \"\(detail.table.name)\" has no column \"\(column.name)\"",
        vi: "bảng \"\(detail.table.name)\" không có cột \"\(column.name)\"",
        table: detail.table.name)
    }
    return ColumnDetail(name: column.name, type: type, link: nil)
  }

  func columns(_ positions: [Int], of detail: TableDetail) throws(DatabaseError) -> [ColumnDetail] {
    var columns: [ColumnDetail] = []
    for position in positions { columns.append(try column(position, of: detail)) }
    return columns
  }

  func detail(of link: LinkTable) throws(DatabaseError) -> LinkDetail {
    let detail = try detail(of: link.table)
    return LinkDetail(
      table: link.table.name, place: detail.place,
      own: LinkDetail.End(try column(link.own, of: detail)),
      other: LinkDetail.End(try column(link.other, of: detail)))
  }
}

extension ColumnDetail {
  /// What a row gives for the column.
  func value(_ row: AnswerRow, _ place: Int) -> Value {
    guard link != nil else { return type.value(row, place) }
    return Value(json: row.text(place)) ?? .list([])
  }

  /// The text of a value, not null, that it is compared with; nil where nothing in the column can
  /// be equal to it.
  func compared(_ value: Value) -> String? {
    guard let link else { return try? type.compared(value) }
    guard case .list(let members) = value else { return nil }
    var array = ArrayText()
    for member in members {
      guard let text = link.text(of: member) else { return nil }
      array.append(text)
    }
    return array.text
  }
}

extension LinkDetail.End {
  fileprivate init(_ column: ColumnDetail) { self.init(name: column.name, type: column.type) }
}

extension LinkDetail {
  /// The text of a member; a number is none of a set of texts, nor the other way round.
  func text(of member: Value) -> String? {
    let isText = if case .text = member { true } else { false }
    guard !member.isNull, isText == !other.type.isNumber else { return nil }
    return try? other.type.compared(member)
  }
}

extension ColumnType {
  fileprivate var isNumber: Bool {
    switch family {
    case .integer, .numeric, .real, .double, .boolean, .bytes: true
    default: false
    }
  }
}
