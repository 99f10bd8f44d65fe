internal import SowDatabase
internal import SowModel
internal import SowPlanning

extension Applier {
  /// Writes the ledger's rows of a batch whose rows were written.
  mutating func record(_ batch: Batch) throws {
    guard let serial else { return }
    let forms = try storedForms(of: batch.entity.table)
    let columns = batch.asked.map { batch.columns[$0] }
    var encoder = RowEncoder()
    var rows: [LedgerRow] = []
    var shapes: [Int?] = [nil, nil]
    for (index, row) in batch.rows.enumerated() {
      let origin: LedgerRow.Origin
      switch row.fate {
      case .create, .recreate, .replace: origin = .created
      // What was deleted and is there again is there because of this run.
      case .revive: origin = row.entry?.origin ?? .created
      case .update, .drift, .adopt: origin = row.entry?.origin ?? .adopted
      default: continue
      }
      guard let key = row.key else { continue }
      let isKept = row.isKept(by: checked.operations[row.operation])
      let asked = asked(index, of: batch, isKept: isKept, &encoder)
      let number = try shapes[isKept ? 1 : 0] ?? shapeNumber(batch.shape(isKept: isKept))
      shapes[isKept ? 1 : 0] = number
      let isNew = row.fate == .create || row.fate == .recreate || row.fate == .replace
      let answered =
        isNew && !isKept
        ? forms?.digest(
          of: batch.askedValues(of: index), in: columns, asked: asked, digester, &encoder) : nil
      rows.append(
        LedgerRow(
          operation: checked.operations[row.operation].name, instance: row.address, shape: number,
          key: key, asked: asked, answered: answered, origin: origin))
      changes.add(rows[rows.count - 1], row.fate.rawValue)
      if row.fate == .adopt { progress.rows.noted += 1 }
    }
    guard !rows.isEmpty else { return }
    var last = -1
    for row in batch.rows where row.operation != last {
      last = row.operation
      try rememberPolicy(of: last)
    }
    try database.record(rows, of: owner, serial: serial)
    hasOpenChanges = true
  }

  /// What was digested when the row was decided still holds, but for rows that may be kept as they
  /// are.
  private func asked(
    _ row: Int, of batch: Batch, isKept: Bool, _ encoder: inout RowEncoder
  ) -> RowDigest {
    let keepsMatches = checked.operations[batch.rows[row].operation].keepsMatches
    if !keepsMatches, let asked = batch.rows[row].asked { return asked }
    batch.encodeAsked(row, isKept: isKept, into: &encoder)
    return digester.digest(encoder)
  }

  private mutating func storedForms(of table: Table) throws -> (any StoredForms)? {
    if let known = storedForms[table.name] { return known }
    let forms = try database.storedForms(of: table)
    storedForms[table.name] = .some(forms)
    return forms
  }
}

extension Batch {
  /// The values that are asked of a row, in the order of `asked`.
  fileprivate func askedValues(of row: Int) -> ArraySlice<Value> {
    let values = self.values[row * columns.count..<(row + 1) * columns.count]
    if asked.count == columns.count { return values }
    return asked.map { values[values.startIndex + $0] }[...]
  }
}
