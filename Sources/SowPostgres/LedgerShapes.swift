package import SowDatabase
package import SowModel

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
        Parameter(shape.json),
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
      let shape = try LedgerShape(table: row.text(2), json: row.text(3))
      shapes[row.number(0)] = KnownShape(shape: shape, place: row.number(1))
    }
    known.shapes = shapes
    return shapes
  }
}
