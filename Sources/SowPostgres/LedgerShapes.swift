package import SowDatabase
package import SowModel

/// A shape and the number of its table: that of the table's first shape.
struct KnownShape {
  var shape: LedgerShape
  var place: Int
}

extension PostgresDatabase {
  package func shapes() throws(DatabaseError) -> [Int: LedgerShape] {
    try knownShapes().mapValues(\.shape)
  }

  package func number(of shape: LedgerShape) throws(DatabaseError) -> Int {
    let shapes = try knownShapes()
    if let number = shapes.first(where: { $0.value.shape == shape })?.key { return number }
    let number = (shapes.keys.max() ?? 0) + 1
    let place = try place(of: shape.table) ?? number
    try connection.query(
      sql.writeShape,
      [
        Parameter(number), Parameter(place), Parameter(shape.table),
        Parameter(Value.list(shape.columns.map(shape.written)).json),
      ])
    known.shapes?[number] = KnownShape(shape: shape, place: place)
    return number
  }

  /// The number of a table in the ledger; nil where the ledger holds nothing of it.
  func place(of table: String) throws(DatabaseError) -> Int? {
    try knownShapes().first { $0.value.shape.table == table }?.value.place
  }

  func knownShapes() throws(DatabaseError) -> [Int: KnownShape] {
    if let shapes = known.shapes { return shapes }
    guard try hasLedger() else { return [:] }
    var shapes: [Int: KnownShape] = [:]
    for row in try connection.query(sql.shapes).rows {
      guard case .list(let items)? = Value(json: row.text(3)),
        let shape = LedgerShape(table: row.text(2), written: items)
      else {
        throw DatabaseError(
          .unusable, "the ledger holds a shape that cannot be read",
          vi: "sổ cái chứa một hình dạng không đọc được")
      }
      shapes[row.number(0)] = KnownShape(shape: shape, place: row.number(1))
    }
    known.shapes = shapes
    return shapes
  }
}

extension LedgerShape {
  /// The name of a column; with a table of links and its two columns where it is a set.
  fileprivate func written(_ column: String) -> Value {
    guard let link = links[column] else { return .text(column) }
    return .list([column, link.table, link.own, link.other].map(Value.text))
  }

  fileprivate init?(table: String, written: [Value]) {
    self.init(table: table, columns: [])
    for column in written {
      guard case .list(let parts) = column else {
        columns.append(column.text)
        continue
      }
      guard parts.count == 4 else { return nil }
      columns.append(parts[0].text)
      links[parts[0].text] = LinkNames(
        table: parts[1].text, own: parts[2].text, other: parts[3].text)
    }
  }
}
