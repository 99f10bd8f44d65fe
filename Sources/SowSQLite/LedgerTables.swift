package import SowDatabase
package import SowModel

extension SQLiteDatabase {
  package func ledger() throws(DatabaseError) -> Ledger? {
    guard try hasLedger() else { return nil }
    let statement: Statement
    do throws(DatabaseError) {
      statement = try connection.prepare(LedgerSQL.meta)
    } catch {
      guard error.kind == .other else { throw error }
      throw DatabaseError(
        .unusable, "the table sow_meta is not a ledger of sow",
        vi: "bảng sow_meta không phải là sổ cái của sow")
    }
    defer { statement.reset() }
    guard try statement.step() else {
      throw DatabaseError(
        .unusable, "the ledger is damaged: sow_meta has no row",
        vi: "sổ cái bị hỏng: sow_meta không có bản ghi nào")
    }
    let format = Int(statement.integer(0))
    guard format <= Ledger.currentFormat else {
      throw DatabaseError(
        .unusable, "the ledger has format \(format), written by a newer version of sow",
        vi: "sổ cái có định dạng \(format), do một bản sow mới hơn ghi")
    }
    return Ledger(
      format: format, lineage: statement.text(1), secret: Array(statement.bytes(2)),
      serial: try lastSerial())
  }

  package func create(_ ledger: Ledger) throws(DatabaseError) {
    for table in LedgerSQL.tables { try connection.execute(table) }
    let statement = try connection.prepare(LedgerSQL.writeMeta)
    statement.bind(ledger.format, at: 1)
    statement.bind(ledger.lineage, at: 2)
    ledger.secret.withUnsafeBytes { statement.bind($0, at: 3) }
    try statement.run()
    known.hasLedger = true
  }

  package var ledgerSQL: [String] { LedgerSQL.tables + [LedgerSQL.drawMeta] }

  func hasLedger() throws(DatabaseError) -> Bool {
    if !known.hasLedger { known.hasLedger = try holds(LedgerSQL.exists) }
    return known.hasLedger
  }

  /// Brings the ledger to the format that is written now.
  private func upgradeLedger() throws(DatabaseError) {
    guard let format = try ledger()?.format, format < Ledger.currentFormat else { return }
    for step in LedgerSQL.upgrade(from: format) { try connection.execute(step) }
  }

  private func lastSerial() throws(DatabaseError) -> Int {
    let statement = try connection.prepare(LedgerSQL.lastSerial)
    defer { statement.reset() }
    return try statement.step() ? Int(statement.integer(0)) : 0
  }
}

// MARK: Runs

extension SQLiteDatabase {
  package func record(_ run: LedgerRun) throws(DatabaseError) {
    try upgradeLedger()
    let statement = try connection.prepare(LedgerSQL.writeRun)
    statement.bind(run.serial, at: 1)
    for (index, text) in [
      run.id, run.scope, run.plan, run.actor, run.commit, run.started, run.finished,
    ].enumerated() {
      statement.bind(text, at: index + 2)
    }
    statement.bind(run.created, at: 9)
    statement.bind(run.updated, at: 10)
    statement.bind(run.deleted, at: 11)
    statement.bind(run.message.stored, at: 12)
    statement.bind(run.tenant, at: 13)
    statement.bind(run.changeset, at: 14)
    try statement.run()
  }

  package func runs() throws(DatabaseError) -> [LedgerRun] {
    guard let format = try ledger()?.format else { return [] }
    let statement = try connection.prepare(LedgerSQL.runs(format: format))
    defer { statement.reset() }
    var runs: [LedgerRun] = []
    while try statement.step() {
      runs.append(
        LedgerRun(
          id: statement.text(1), serial: Int(statement.integer(0)), scope: statement.text(2),
          plan: statement.text(3), actor: statement.text(4), commit: statement.text(5),
          tenant: statement.text(12), started: statement.text(6), finished: statement.text(7),
          created: Int(statement.integer(8)), updated: Int(statement.integer(9)),
          deleted: Int(statement.integer(10)), changeset: statement.digest(13),
          message: Phrase(stored: statement.text(11))))
    }
    return runs
  }
}

// MARK: Shapes

/// A shape and the number of its table: that of the table's first shape.
struct KnownShape {
  var shape: LedgerShape
  var place: Int
}

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
    statement.bind(Value.list(shape.columns.map(shape.written)).json, at: 4)
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
      guard case .list(let items)? = Value(json: statement.text(3)),
        let shape = LedgerShape(table: statement.text(2), written: items)
      else {
        throw DatabaseError(
          .unusable, "the ledger holds a shape that cannot be read",
          vi: "sổ cái chứa một hình dạng không đọc được")
      }
      shapes[Int(statement.integer(0))] = KnownShape(
        shape: shape, place: Int(statement.integer(1)))
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

// MARK: Operations

extension SQLiteDatabase {
  package func policies(of owner: Owner) throws(DatabaseError) -> [String: LedgerPolicy] {
    guard try hasLedger() else { return [:] }
    let statement = try connection.prepare(
      LedgerSQL.policies(format: try ledger()?.format ?? Ledger.currentFormat))
    defer { statement.reset() }
    statement.bind(owner.scope, at: 1)
    statement.bind(owner.plan, at: 2)
    var policies: [String: LedgerPolicy] = [:]
    while try statement.step() {
      let onRemove = statement.isNull(5) ? .delete : Lifecycle.OnRemove(rawValue: statement.text(5))
      guard let action = Action(rawValue: statement.text(1)), let onRemove else {
        throw DatabaseError(
          .unusable, "the ledger holds a policy that cannot be read",
          vi: "sổ cái chứa một chính sách không đọc được")
      }
      policies[statement.text(0)] = LedgerPolicy(
        action: action, entity: statement.text(2), done: statement.digest(3),
        lifecycle: Lifecycle(protects: statement.integer(4) != 0, onRemove: onRemove))
    }
    return policies
  }

  package func record(_ policy: LedgerPolicy, operation: String, of owner: Owner)
    throws(DatabaseError)
  {
    try upgradeLedger()
    let number = try number(of: operation, of: owner)
    let statement = try connection.prepare(LedgerSQL.writePolicy)
    statement.bind(number, at: 1)
    statement.bind(policy.action.rawValue, at: 2)
    statement.bind(policy.entity, at: 3)
    statement.bind(policy.done, at: 4)
    statement.bind(policy.lifecycle.protects ? 1 : 0, at: 5)
    statement.bind(policy.lifecycle.onRemove.rawValue, at: 6)
    try statement.run()
  }

  package func forget(operations: [String], of owner: Owner) throws(DatabaseError) {
    guard try hasLedger() else { return }
    let statement = try connection.prepare(LedgerSQL.forgetUnused)
    for operation in operations {
      statement.bind(owner.scope, at: 1)
      statement.bind(owner.plan, at: 2)
      statement.bind(operation, at: 3)
      try statement.run()
      if connection.changes > 0 { known.operations[owner]?[operation] = nil }
    }
  }

  /// The number of an operation, made where it is new.
  func number(of operation: String, of owner: Owner) throws(DatabaseError) -> Int64 {
    if let numbers = known.operations[owner] {
      if let number = numbers[operation] { return number }
    } else if let number = try knownNumber(of: operation, of: owner) {
      return number
    }
    let statement = try connection.prepare(LedgerSQL.writeOperations(1))
    return try makeNumbers(of: [operation], owner, by: statement)
  }

  /// Makes the numbers of operations that the ledger does not know, each one above the one before;
  /// the last one.
  @discardableResult
  private func makeNumbers(
    of operations: ArraySlice<String>, _ owner: Owner, by statement: Statement
  ) throws(DatabaseError) -> Int64 {
    for (row, operation) in operations.enumerated() {
      statement.bindOnce(owner.scope, at: row * 3 + 1)
      statement.bindOnce(owner.plan, at: row * 3 + 2)
      statement.bindOnce(operation, at: row * 3 + 3)
    }
    try statement.run()
    let last = connection.lastInsertedRow
    for (row, operation) in operations.enumerated() {
      known.operations[owner]?[operation] = last - Int64(operations.count - 1 - row)
    }
    return last
  }

  /// Makes those numbers of many operations that are still to be made, many at once.
  func makeNumbers(of rows: [LedgerRow], _ owner: Owner) throws(DatabaseError) {
    let part = SQL.rowsAtOnce(width: 3)
    var rest = Self.names(in: rows, without: try numbers(of: owner))[...]
    guard !rest.isEmpty else { return }
    let single = try connection.prepare(LedgerSQL.writeOperations(1))
    let many =
      rest.count < part ? single : try connection.prepare(LedgerSQL.writeOperations(part))
    while !rest.isEmpty {
      let (count, statement) = rest.count < part ? (1, single) : (part, many)
      try makeNumbers(of: rest.prefix(count), owner, by: statement)
      rest = rest.dropFirst(count)
    }
  }

  /// The names of operations that have no number, each once.
  private static func names(in rows: [LedgerRow], without numbers: [String: Int64]) -> [String] {
    var seen: Set<String> = []
    return rows.compactMap { row in
      let isNew = numbers[row.operation] == nil && seen.insert(row.operation).inserted
      return isNew ? row.operation : nil
    }
  }

  /// The number of one operation, so that a small transaction need not read those of all.
  private func knownNumber(of operation: String, of owner: Owner) throws(DatabaseError) -> Int64? {
    let statement = try connection.prepare(LedgerSQL.operation)
    defer { statement.reset() }
    statement.bind(owner.scope, at: 1)
    statement.bind(owner.plan, at: 2)
    statement.bind(operation, at: 3)
    return try statement.step() ? statement.integer(0) : nil
  }

  /// The operations of an owner that the ledger knows.
  func numbers(of owner: Owner) throws(DatabaseError) -> [String: Int64] {
    if let numbers = known.operations[owner] { return numbers }
    guard try hasLedger() else { return [:] }
    let statement = try connection.prepare(LedgerSQL.operations)
    defer { statement.reset() }
    statement.bind(owner.scope, at: 1)
    statement.bind(owner.plan, at: 2)
    var numbers: [String: Int64] = [:]
    while try statement.step() { numbers[statement.text(0)] = statement.integer(1) }
    known.operations[owner] = numbers
    return numbers
  }
}
