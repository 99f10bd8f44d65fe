package import SowDatabase
package import SowModel

extension PostgresDatabase {
  var sql: LedgerSQL { LedgerSQL(schema: place.ledgerSchema) }

  package func ledger() throws(DatabaseError) -> Ledger? {
    guard try hasLedger() else { return nil }
    let answer: Answer
    do throws(DatabaseError) {
      answer = try connection.query(sql.readMeta)
    } catch {
      guard error.kind == .other else { throw error }
      throw DatabaseError(
        .unusable, "the table sow_meta is not a ledger of sow",
        vi: "bảng sow_meta không phải là sổ cái của sow")
    }
    guard answer.count > 0 else {
      throw DatabaseError(
        .unusable, "the ledger is damaged: sow_meta has no row",
        vi: "sổ cái bị hỏng: sow_meta không có bản ghi nào")
    }
    let format = answer[0].number(0)
    guard format <= Ledger.currentFormat else {
      throw DatabaseError(
        .unusable, "the ledger has format \(format), written by a newer version of sow",
        vi: "sổ cái có định dạng \(format), do một bản sow mới hơn ghi")
    }
    return Ledger(
      format: format, lineage: answer[0].text(1), secret: bytes(answer[0].text(2)),
      serial: answer[0].number(3))
  }

  private func bytes(_ text: String) -> [UInt8] {
    let digits = text.utf8.dropFirst(2).compactMap(hexadecimalValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  package func create(_ ledger: Ledger) throws(DatabaseError) {
    for table in sql.tables { try connection.execute(table) }
    try connection.query(
      sql.writeMeta,
      [
        Parameter(ledger.format), Parameter(ledger.lineage),
        Parameter("\\x" + hexadecimal(ledger.secret)),
      ])
    known.hasLedger = true
  }

  package var ledgerSQL: [String] { sql.tables + [sql.drawMeta] }

  func hasLedger() throws(DatabaseError) -> Bool {
    if !known.hasLedger {
      known.hasLedger = try connection.query(sql.exists, [Parameter(sql.metaName)])[0].isTrue(0)
    }
    return known.hasLedger
  }
}

// MARK: Runs

extension PostgresDatabase {
  package func record(_ run: LedgerRun) throws(DatabaseError) {
    try connection.query(
      sql.writeRun,
      [Parameter(run.serial)]
        + [run.id, run.scope, run.plan, run.actor, run.commit, run.started, run.finished].map {
          Parameter($0)
        }
        + [
          Parameter(run.created), Parameter(run.updated), Parameter(run.deleted),
          Parameter(run.message.stored),
        ])
    known.run = run.id
  }

  package func runs() throws(DatabaseError) -> [LedgerRun] {
    guard try hasLedger() else { return [] }
    return try connection.query(sql.runs).rows.map { row in
      LedgerRun(
        id: row.text(1), serial: row.number(0), scope: row.text(2), plan: row.text(3),
        actor: row.text(4), commit: row.text(5), started: row.text(6), finished: row.text(7),
        created: row.number(8), updated: row.number(9), deleted: row.number(10),
        message: Phrase(stored: row.text(11)))
    }
  }

  /// After the answer to a commit was lost: whether the run is there, asked on a new session once
  /// nobody else writes. A transaction without a run, such as one of `sow run`, leaves nothing that
  /// could be asked for.
  func lookUpCommit() throws(DatabaseError) {
    let run = known.run
    var isThere = false
    do throws(DatabaseError) {
      try begin(.write, patience: 60)
      defer { rollback() }
      if let run, try hasLedger() {
        isThere = try connection.query(sql.hasRun, [Parameter(run)]).count > 0
      }
    } catch {
      throw DatabaseError(
        .uncertain,
        Phrase(
          "the connection was lost during the commit: {problem}",
          vi: "mất kết nối trong lúc commit: {problem}", ["problem": error.message]))
    }
    if isThere { return }
    guard run == nil else {
      throw DatabaseError(
        .unavailable, "the connection was lost during the commit, and nothing was kept",
        vi: "mất kết nối trong lúc commit, và không giữ lại gì")
    }
    throw DatabaseError(
      .uncertain, "the connection was lost during the commit, and no run was recorded",
      vi: "mất kết nối trong lúc commit, và không có lượt chạy nào được ghi")
  }
}

// MARK: Shapes

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

// MARK: Operations

extension PostgresDatabase {
  package func policies(of owner: Owner) throws(DatabaseError) -> [String: LedgerPolicy] {
    guard try hasLedger() else { return [:] }
    var policies: [String: LedgerPolicy] = [:]
    for row in try connection.query(sql.policies, owner.parameters).rows {
      let onRemove = row.isNull(5) ? .delete : Lifecycle.OnRemove(rawValue: row.text(5))
      guard let action = Action(rawValue: row.text(1)), let onRemove else {
        throw DatabaseError(
          .unusable, "the ledger holds a policy that cannot be read",
          vi: "sổ cái chứa một chính sách không đọc được")
      }
      policies[row.text(0)] = LedgerPolicy(
        action: action, entity: row.text(2), done: row.digest(3),
        lifecycle: Lifecycle(protects: row.isTrue(4), onRemove: onRemove))
    }
    return policies
  }

  package func record(_ policy: LedgerPolicy, operation: String, of owner: Owner)
    throws(DatabaseError)
  {
    try makeNumbers(of: [operation], owner)
    try connection.query(
      sql.writePolicy,
      [
        Parameter(try number(of: operation, of: owner)), Parameter(policy.action.rawValue),
        Parameter(policy.entity),
        policy.done.map { Parameter("\\x" + hexadecimal($0.bytes)) } ?? .null,
        Parameter(policy.lifecycle.protects ? "t" : "f"),
        Parameter(policy.lifecycle.onRemove.rawValue),
      ])
  }

  package func forget(operations: [String], of owner: Owner) throws(DatabaseError) {
    guard try hasLedger(), !operations.isEmpty else { return }
    var names = ArrayText()
    for operation in operations { names.append(operation) }
    try connection.query(sql.forgetUnused, owner.parameters + [names.parameter])
    known.operations[owner] = nil
  }

  /// The number of an operation that has one.
  func number(of operation: String, of owner: Owner) throws(DatabaseError) -> Int64 {
    guard let number = try numbers(of: owner)[operation] else {
      throw DatabaseError(
        .unusable, "the ledger has lost an operation", vi: "sổ cái đã mất một thao tác")
    }
    return number
  }

  /// Makes those numbers that are still to be made.
  func makeNumbers(of operations: some Sequence<String>, _ owner: Owner) throws(DatabaseError) {
    let numbers = try numbers(of: owner)
    var seen: Set<String> = []
    var names = ArrayText()
    for operation in operations where numbers[operation] == nil {
      if seen.insert(operation).inserted { names.append(operation) }
    }
    guard names.count > 0 else { return }
    let answer = try connection.query(sql.writeOperations, owner.parameters + [names.parameter])
    for row in answer.rows { known.operations[owner]?[row.text(0)] = row.integer(1) }
  }

  /// The operations of an owner that the ledger knows.
  func numbers(of owner: Owner) throws(DatabaseError) -> [String: Int64] {
    if let numbers = known.operations[owner] { return numbers }
    guard try hasLedger() else { return [:] }
    var numbers: [String: Int64] = [:]
    for row in try connection.query(sql.operations, owner.parameters).rows {
      numbers[row.text(0)] = row.integer(1)
    }
    known.operations[owner] = numbers
    return numbers
  }
}

extension Owner {
  var parameters: [Parameter] { [Parameter(scope), Parameter(plan)] }
}
