internal import SowDatabase
internal import SowModel
internal import SowPlanning
internal import SowThreads

extension Applier {
  /// Writes the ledger's rows of a batch whose rows were written.
  mutating func record(_ batch: Batch, _ digests: RecordedDigests) throws {
    guard let serial else { return }
    let digests = digests.value()
    var rows: [LedgerRow] = []
    rows.reserveCapacity(digests.count)
    var shapes: [Int?] = [nil, nil]
    for (index, digests) in digests {
      let row = batch.rows[index]
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
      let number = try shapes[isKept ? 1 : 0] ?? shapeNumber(batch.shape(isKept: isKept))
      shapes[isKept ? 1 : 0] = number
      rows.append(
        LedgerRow(
          operation: checked.operations[row.operation].name, instance: row.address, shape: number,
          key: key, asked: digests.asked, answered: digests.answered, origin: origin))
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

  /// The digests of the rows that the ledger is told of once they are written: those of many rows
  /// are made meanwhile.
  func digests(of batch: Batch) throws -> RecordedDigests {
    guard serial != nil else { return .made([]) }
    let (checked, forms) = (checked, try database.storedForms(of: batch.entity.table))
    let rows = batch.rows.indices.filter { batch.rows[$0].fate.isRecorded }
    let make = { [digester = digester.apart] in
      var encoder = RowEncoder()
      return rows.map { index in
        let operation = checked.operations[batch.rows[index].operation]
        return (index, batch.digests(of: index, operation, forms, digester, &encoder))
      }
    }
    return rows.count < 250 ? .made(make()) : .ahead(Ahead(make))
  }
}

/// By position in the batch: what the plan asks for, and what the table will hold where that is known.
enum RecordedDigests {
  typealias OfRows = [(index: Int, digests: (asked: RowDigest, answered: RowDigest?))]

  case made(OfRows)
  case ahead(Ahead<OfRows>)

  fileprivate func value() -> OfRows {
    switch self {
    case .made(let digests): digests
    case .ahead(let ahead): ahead.value()
    }
  }
}

extension Batch {
  /// What was digested when the row was decided still holds, but for rows that may be kept as they
  /// are. Only of a row that was inserted as a whole it is known what the table holds.
  fileprivate func digests(
    of row: Int, _ operation: CheckedOperation, _ forms: (any StoredForms)?,
    _ digester: KeyedDigester, _ encoder: inout RowEncoder
  ) -> (asked: RowDigest, answered: RowDigest?) {
    let isKept = rows[row].isKept(by: operation)
    let asked = operation.keepsMatches ? nil : rows[row].asked
    if asked == nil { encodeAsked(row, isKept: isKept, into: &encoder) }
    let digest = asked ?? digester.digest(encoder)
    guard !isKept, rows[row].fate.isStarted, let forms else { return (digest, nil) }
    let known = rows[row].answered
    return (digest, known ?? answered(row, asked: digest, by: forms, digester, &encoder))
  }
}

extension Fate {
  /// Whether the ledger is told of a row that has this fate once its batch was carried out.
  fileprivate var isRecorded: Bool {
    switch self {
    case .create, .recreate, .replace, .revive, .update, .drift, .adopt: true
    case .undecided, .unchanged, .query, .failed, .skipped, .idle: false
    }
  }
}
