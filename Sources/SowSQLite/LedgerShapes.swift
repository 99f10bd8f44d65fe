package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func shapes() throws(DatabaseError) -> [Int: LedgerShape] {
    try knownShapes().mapValues(\.shape)
  }

  package func number(of shape: LedgerShape) throws(DatabaseError) -> Int {
    let shapes = try knownShapes()
    if let number = shapes.first(where: { $0.value.shape == shape })?.key { return number }
    let number = (shapes.keys.max() ?? 0) + 1
    let place = try place(of: shape.table) ?? number
    let statement = try connection.prepare(LedgerSQL.writeShape)
    statement.bind(number, at: 1)
    statement.bind(place, at: 2)
    statement.bind(shape.table, at: 3)
    statement.bind(shape.json, at: 4)
    try statement.run()
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
    let statement = try connection.prepare(LedgerSQL.shapes)
    defer { statement.reset() }
    var shapes: [Int: KnownShape] = [:]
    while try statement.step() {
      let shape = try LedgerShape(table: statement.text(2), json: statement.text(3))
      shapes[Int(statement.integer(0))] = KnownShape(
        shape: shape, place: Int(statement.integer(1)))
    }
    known.shapes = shapes
    return shapes
  }
}
