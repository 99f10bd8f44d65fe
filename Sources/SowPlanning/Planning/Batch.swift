package import SowModel

/// Rows of one entity and one set of columns that are decided, and later written, together.
package struct Batch: Sendable {
  package let entity: Entity
  package let action: Action
  /// Positions of fields, the order of the values.
  package let columns: [Int]
  package var rows: [BatchRow] = []
  /// Flat, `columns.count` a row; null where pending.
  package var values: [Value] = []
  /// Positions in `values` that are only known after another row is written.
  package var pending: Set<Int> = []

  /// Rows that go to the database at once.
  package static let size = 10_000

  package init(entity: Entity, action: Action, columns: [Int]) {
    self.entity = entity
    self.action = action
    self.columns = columns
  }

  package func values(of row: Int) -> ArraySlice<Value> {
    values[row * columns.count..<(row + 1) * columns.count]
  }

  /// The values of a row, nil for those still pending.
  func known(of row: Int) -> [Value?] {
    let start = row * columns.count
    return (0..<columns.count).map { offset in
      pending.contains(start + offset) ? nil : values[start + offset]
    }
  }

  package mutating func removeAll() {
    rows.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
  }
}

package struct BatchRow: Sendable {
  package let operation: Int
  /// The position in the plan's instances; nil in a stream.
  package let instance: Int?
  /// The text between the brackets of the address.
  package let address: String
  package let range: SourceRange
  package var fate = Fate.undecided
  package var key: RowKey?
  package var hasPending = false
  /// What the ledger holds of this address.
  package var entry: LedgerRow?
  package var presence = Presence.missing
  /// The keyed digest of the values; nil while something is pending.
  package var asked: RowDigest?
  package var failure: Diagnostic?

  package init(operation: Int, instance: Int?, address: String, range: SourceRange) {
    self.operation = operation
    self.instance = instance
    self.address = address
    self.range = range
  }
}

extension RunState {
  /// The rows of `members` with their cells resolved as far as they are known now; what was
  /// resolved stays so. Cells that had to be resolved are checked against the schema again.
  package mutating func batch(
    _ set: WorkSet, _ members: ArraySlice<Int32>
  ) -> Batch {
    let columns = plan.columnSets[set.columnSet].columns
    let entity = plan.entities[set.entity]
    var batch = Batch(entity: entity, action: set.action, columns: columns)
    batch.rows.reserveCapacity(members.count)
    batch.values.reserveCapacity(members.count * columns.count)
    var validation: RowValidation?
    for member in members {
      let number = Int(member)
      let instance = plan.instances[number]
      var row = BatchRow(
        operation: Int(instance.operation), instance: number, address: instance.key,
        range: instance.range)
      row.fate = fates[number]
      row.key = keys[number]
      row.failure = failures[number] ?? plan.invalid[number]
      if row.failure != nil, !row.fate.isDead { row.fate = .failed }
      if let failed = failedDependency(of: row.operation), !row.fate.isDead {
        row.fate = .skipped
        row.failure = Diagnostic(
          .dependencyFailed, ["operation": plan.operations[failed].name], at: row.range)
      }
      let wasResolved = append(number, to: &batch, &row)
      if wasResolved, !row.fate.isDead, entity.schema != nil {
        var own = validation ?? RowValidation(entity, columns: columns, isWhole: true)
        let violation = own.violations(batch.known(of: batch.rows.count)).first
        validation = own
        if let violation {
          row.fate = .failed
          row.failure = Diagnostic(violation, at: row.range, text: nil, isSensitive: true)
        }
      }
      batch.rows.append(row)
    }
    return batch
  }

  /// Appends the values of one instance; true where one of them was no value before.
  private mutating func append(_ number: Int, to batch: inout Batch, _ row: inout BatchRow) -> Bool {
    var wasResolved = false
    for (offset, position) in cellRange(of: number).enumerated() {
      if case .value(let value) = cells[position] {
        batch.values.append(value)
        continue
      }
      wasResolved = true
      let field = batch.entity.fields[batch.columns[offset]]
      switch resolve(cells[position], at: row.range) {
      case .value(let value):
        if let problem = Self.problem(value, field, at: row.range) {
          row.fate = .failed
          row.failure = problem
          batch.values.append(.null)
        } else {
          let fitting = value.fitting(field.type) ?? value
          cells[position] = .value(fitting)
          batch.values.append(fitting)
        }
      case .pending:
        row.hasPending = true
        batch.pending.insert(batch.values.count)
        batch.values.append(.null)
      case .dead(let operation):
        row.fate = .skipped
        row.failure = Diagnostic(.dependencyFailed, ["operation": operation], at: row.range)
        batch.values.append(.null)
      case .failed(let diagnostic):
        row.fate = .failed
        row.failure = diagnostic
        batch.values.append(.null)
      }
    }
    return wasResolved
  }

  /// Why a value that came through a link does not fit its field.
  static func problem(
    _ value: Value, _ field: Entity.Field, at range: SourceRange
  ) -> Diagnostic? {
    if value.isNull {
      return field.isNullable
        ? nil : Diagnostic(.linkNull, ["field": field.name], at: range)
    }
    if value.fitting(field.type) != nil { return nil }
    return Diagnostic(
      .linkType,
      [
        "link": "the reference", "given": value.typeName, "field": field.name,
        "wanted": field.type.name,
      ], at: range)
  }

  /// Keeps what was decided of a batch for the rows that refer to it.
  package mutating func keep(_ batch: Batch) {
    for row in batch.rows {
      guard let number = row.instance else { continue }
      fates[number] = row.fate
      keys[number] = row.key
      if let failure = row.failure { failures[number] = failure }
      if row.fate.isDead { noteFailure(of: row.operation) }
    }
  }
}
