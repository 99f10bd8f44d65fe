package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func storedForms(of table: Table) throws(DatabaseError) -> (any StoredForms)? {
    let detail = try detail(of: table)
    guard detail.place.keepsRows else { return nil }
    return ColumnForms(columns: try columns(Array(table.columns.indices), of: detail))
  }
}

/// What the columns of a table give back of values: their texts, which is what is digested.
private struct ColumnForms: StoredForms {
  let columns: [ColumnDetail]

  func form(of value: Value, in column: Int) -> StoredForm {
    let detail = columns[column]
    if let link = detail.link { return link.form(of: value) }
    switch (detail.type.family, value) {
    case (_, .null): return .asWritten
    // Most cells are of these, and need no second check.
    case (.text, .text(let text)) where detail.type.keeps(text): return .asWritten
    case (.integer, .integer(let number)): return .other(.text(String(number)))
    default: break
    }
    guard let text = try? detail.type.written(value), let stored = detail.type.stored(text) else {
      return .unknown
    }
    if case .text(let own) = value, own.hasSameBytes(as: stored) { return .asWritten }
    return .other(.text(stored))
  }
}

extension ColumnType {
  /// The text that the column gives back of one that was written to it; nil where only reading
  /// tells.
  fileprivate func stored(_ text: String) -> String? {
    switch family {
    case .integer: Int64(text).map { String($0) }
    case .boolean, .date, .bytes: text
    case .uuid: text.lowercased()
    case .text: keeps(text) ? text : nil
    case .numeric: number(text)
    case .real, .double, .time, .timestamp, .json, .jsonb, .array, .other: nil
    }
  }

  /// Whether a text stays as it is: spaces beyond a limit are cut off, `char(n)` fills texts up, and
  /// what types of extensions make of them is theirs to know.
  fileprivate func keeps(_ text: String) -> Bool {
    name == "text" || name == "character varying" && text.utf8.last != UInt8(ascii: " ")
  }

  /// A number with so many digits after the point as the column keeps; without a limit with those
  /// that it was written with.
  private func number(_ text: String) -> String? {
    guard let precision else { return text }
    guard case .places(_, let places) = precision, places >= 0 else { return nil }
    let point = text.utf8.firstIndex(of: UInt8(ascii: "."))
    let digits = point.map { text.utf8[$0...].count - 1 } ?? 0
    guard places > digits else { return text }
    return text + (point == nil ? "." : "") + String(repeating: "0", count: places - digits)
  }
}

extension LinkDetail {
  /// An array of the members, sorted and each once, where none of them needs quotes.
  fileprivate func form(of value: Value) -> StoredForm {
    guard place.keepsRows, case .list = value, case .integer = other.type.family else {
      return .unknown
    }
    var members: Set<Int64> = []
    for member in value.members {
      guard let text = try? other.type.written(member), let number = Int64(text) else {
        return .unknown
      }
      members.insert(number)
    }
    let texts = members.sorted().map { String($0) }
    return .other(.text("{" + texts.joined(separator: ",") + "}"))
  }
}
