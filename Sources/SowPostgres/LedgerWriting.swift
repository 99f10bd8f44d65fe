package import SowDatabase
package import SowModel

extension PostgresDatabase {
  package func record(_ rows: [LedgerRow], of owner: Owner, serial: Int) throws(DatabaseError) {
    try makeNumbers(of: rows.lazy.map(\.operation), owner)
    let numbers = try numbers(of: owner)
    var rest = rows[...]
    while let first = rest.first {
      let ofShape = rest.prefix(rowsAtOnce).prefix { $0.shape == first.shape }
      try record(ofShape, first.shape, numbers, serial: serial)
      rest = rest.dropFirst(ofShape.count)
    }
  }

  /// Rows of one shape by one statement.
  private func record(
    _ rows: ArraySlice<LedgerRow>, _ shape: Int, _ numbers: [String: Int64], serial: Int
  ) throws(DatabaseError) {
    guard let known = try knownShapes()[shape] else {
      preconditionFailure("a row is recorded under a known shape")
    }
    var operations = ArrayBytes(of: .number, capacity: rows.count)
    var instances = ArrayBytes(of: .text, capacity: rows.count)
    var keys = ArrayBytes(of: .text, capacity: rows.count)
    var asked = ArrayBytes(of: .bytes, capacity: rows.count)
    var answered = ArrayBytes(of: .bytes, capacity: rows.count)
    var origins = ArrayBytes(of: .text, capacity: rows.count)
    var highest = Int64.min
    var areNew = true
    let firstNew = self.known.firstNewNumber ?? .max
    for row in rows {
      let operation = numbers[row.operation] ?? 0
      if operation < firstNew { areNew = false }
      operations.append(operation)
      instances.append(row.instance)
      keys.append(LedgerKey.text(row.key))
      asked.append(row.asked)
      answered.append(row.answered)
      origins.append(row.origin.rawValue)
      if case .integer(let number) = row.key { highest = max(highest, number) }
    }
    self.known.counters[known.shape.table]?.raise(to: highest)
    try write(
      [operations, instances, keys, asked, answered, origins].map(\.parameter)
        + [Parameter(shape), Parameter(known.place), Parameter(serial)],
      to: known.shape.table, areNew: areNew)
  }

  /// Rows whose operations are new are inserted without a look for what is there, unless a row of
  /// them came before; nobody waits for that until something else is to be sent.
  private func write(
    _ parameters: [Parameter], to table: String, areNew: Bool
  ) throws(DatabaseError) {
    try savepoint()
    try connection.post(areNew ? sql.insertRows : sql.writeRows, parameters) {
      [unowned self] failure throws(DatabaseError) in
      guard let failure else { return try release() }
      guard failure.kind.isOfTheRow else { throw failure }
      try takeBack()
      guard failure.kind == .unique else { throw failure }
      if areNew {
        known.firstNewNumber = nil
        return try write(parameters, to: table, areNew: false)
      }
      throw DatabaseError(
        .unique, "another operation owns the row already",
        vi: "bản ghi đã thuộc sở hữu của một thao tác khác", table: table)
    }
  }

  package func settle() throws(DatabaseError) { try connection.settle() }

  package func touch(_ keys: [RowKey], in table: Table, serial: Int) throws(DatabaseError) {
    guard let place = try place(of: table.name) else { return }
    for chunk in chunks(keys.count) {
      try connection.query(
        sql.touch, [Parameter(place), LedgerKey.array(keys[chunk]), Parameter(serial)])
    }
  }

  package func forget(_ keys: [RowKey], in table: Table) throws(DatabaseError) {
    guard let place = try place(of: table.name) else { return }
    for chunk in chunks(keys.count) {
      try connection.query(sql.forget, [Parameter(place), LedgerKey.array(keys[chunk])])
    }
  }

  package func forget(_ addresses: [LedgerAddress]) throws(DatabaseError) {
    guard try hasLedger() else { return }
    var (operations, instances) = (ArrayText(), ArrayText())
    for address in addresses {
      guard let number = try numbers(of: address.owner)[address.operation] else { continue }
      operations.append(Int(number))
      instances.append(address.instance)
    }
    guard instances.count > 0 else { return }
    try connection.query(sql.forgetInstances, [operations.parameter, instances.parameter])
  }

  /// What is still to be answered is read in parts, and each part is written before the next.
  package func answer(serial: Int, digester: any Digesting) throws(DatabaseError) {
    let (catalogue, structure) = (try catalogue(), try structure())
    var encoder = RowEncoder()
    for (number, known) in try knownShapes().sorted(by: { $0.key < $1.key }) {
      let target = LedgerTarget(known.shape, catalogue, structure)
      var last = ""
      while true {
        let open = try connection.query(
          sql.open(target),
          [Parameter(known.place), Parameter(number), Parameter(serial), Parameter(last)])
        var (keys, digests) = (ArrayText(), ArrayText())
        for row in open.rows {
          last = row.text(0)
          guard let digest = target.digest(row, from: 1, &encoder, digester) else { continue }
          keys.append(last)
          digests.append(digest)
        }
        if keys.count > 0 {
          try connection.query(
            sql.writeAnswers, [Parameter(known.place), keys.parameter, digests.parameter])
        }
        if open.count < rowsAtOnce { break }
      }
    }
  }
}

extension Counter {
  fileprivate mutating func raise(to number: Int64) { floor = max(floor, number) }
}
