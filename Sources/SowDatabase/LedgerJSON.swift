package import SowModel

/// What the ledger writes as JSON, the same in every database.

// MARK: Keys

/// The values of a key that is more than a number or a text.
///
/// JSON has no exact form for all values: a decimal, a float, bytes and structure are objects of
/// one member that says so.
package enum KeyJSON {
  package static func text(_ values: [Value]) -> String { Value.list(values.map(encoded)).json }

  /// Nil where the text is no such key.
  package static func values(_ text: String) -> [Value]? {
    guard case .list(let items)? = Value(json: text) else { return nil }
    let values = items.compactMap(decoded)
    return values.count == items.count ? values : nil
  }

  private static func encoded(_ value: Value) -> Value {
    func tagged(_ tag: String, _ value: Value) -> Value { .object([.init(tag, value)]) }
    return switch value {
    case .null, .boolean, .integer, .text: value
    case .decimal(let number): tagged("decimal", .text(number.canonical))
    case .float(let number): tagged("float", .text(String(number)))
    case .bytes(let bytes): tagged("bytes", .text(hexadecimal(bytes)))
    case .list, .object: tagged("json", value)
    }
  }

  private static func decoded(_ value: Value) -> Value? {
    guard case .object(let members) = value else { return value }
    guard members.count == 1 else { return nil }
    switch (members[0].name, members[0].value) {
    case ("json", let value): return value
    case ("decimal", .text(let text)): return ExactDecimal(text).map(Value.decimal)
    case ("float", .text(let text)): return Double(text).map(Value.float)
    case ("bytes", .text(let text)): return bytes(hexadecimal: text).map(Value.bytes)
    default: return nil
    }
  }
}

// MARK: Shapes

/// A shape and the number of its table: that of the table's first shape.
package struct KnownShape {
  package var shape: LedgerShape
  package var place: Int

  package init(shape: LedgerShape, place: Int) {
    self.shape = shape
    self.place = place
  }
}

extension LedgerShape {
  /// The names of the columns; of a set with its table of links and the two columns there.
  package var json: String {
    Value.list(
      columns.map { column in
        guard let link = links[column] else { return .text(column) }
        return .list([column, link.table, link.own, link.other].map(Value.text))
      }
    ).json
  }

  package init(table: String, json: String) throws(DatabaseError) {
    self.init(table: table, columns: [])
    guard case .list(let written)? = Value(json: json) else { throw .unreadableShape }
    for column in written {
      guard case .list(let parts) = column else {
        columns.append(column.text)
        continue
      }
      guard parts.count == 4 else { throw .unreadableShape }
      columns.append(parts[0].text)
      links[parts[0].text] = LinkNames(
        table: parts[1].text, own: parts[2].text, other: parts[3].text)
    }
  }
}

// MARK: What cannot be read

extension DatabaseError {
  package static var unreadableKey: DatabaseError {
    DatabaseError(
      .unusable, "the ledger holds a key that cannot be read",
      vi: "sổ cái chứa một khóa không đọc được")
  }

  package static var unreadableRow: DatabaseError {
    DatabaseError(
      .unusable, "the ledger holds a row that cannot be read",
      vi: "sổ cái chứa một bản ghi không đọc được")
  }

  fileprivate static var unreadableShape: DatabaseError {
    DatabaseError(
      .unusable, "the ledger holds a shape that cannot be read",
      vi: "sổ cái chứa một hình dạng không đọc được")
  }
}
