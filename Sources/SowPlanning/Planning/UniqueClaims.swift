internal import SowModel

/// Two rows of a run that take the same unique values.
struct UniqueRivals {
  let row: ExchangeRow
  let other: Other
  let fields: UniqueFields

  enum Other {
    case instance(Int)
    /// Some row of a stream.
    case stream(Int)
  }
}

/// The unique values that rows of a run take, so that none is taken twice.
///
/// Values are compared as they are written: what only a collation of the database makes equal is
/// for the database to refuse. Rows of files cost eight bytes each, and nothing where nobody else
/// could take their key.
struct UniqueClaims {
  private var rows: [UniqueFields: [ExactText: Claim]] = [:]
  private var streamed: [UniqueFields: [Int: DuplicateDetector]] = [:]
  /// The natural keys of streams that are the only ones to write to their table.
  private var alone: [Int: UniqueFields] = [:]

  private struct Claim {
    var instance: Int
    /// The row, where it is there already.
    var key: RowKey?
  }

  init(_ plan: CheckedPlan) {
    var writers: [String: Int] = [:]
    for operation in plan.operations where operation.action != .read && operation.action != .delete
    {
      writers[plan.entities[operation.entity].table.name, default: 0] += 1
    }
    for (index, operation) in plan.operations.enumerated() where operation.stream != nil {
      let table = plan.entities[operation.entity].table.name
      if writers[table] == 1 { alone[index] = UniqueFields(table, operation.naturalKey) }
    }
  }

  /// Whether nobody but a stream itself could take the values of its rows, of which it knows that
  /// none comes twice.
  func areAlone(_ fields: UniqueFields, of operation: Int) -> Bool { alone[operation] == fields }

  /// Claims values for a row; who has them already, if another one does.
  mutating func claim(
    _ values: [Value], _ fields: UniqueFields, _ row: ExchangeRow
  ) -> UniqueRivals.Other? {
    guard row.instance != nil || !areAlone(fields, of: row.operation) else { return nil }
    // No value holds this character.
    let text = values.map(\.text).joined(separator: "\u{0}")
    if let other = rows[fields]?[ExactText(text)], !row.isRow(other.instance, other.key) {
      return .instance(other.instance)
    }
    for (operation, values) in streamed[fields] ?? [:] where values.holds(text) {
      return .stream(operation)
    }
    if let instance = row.instance {
      rows[fields, default: [:]][ExactText(text)] = Claim(instance: instance, key: row.key)
    } else {
      _ = streamed[fields, default: [:]][row.operation, default: DuplicateDetector()].hasSeen(text)
    }
    return nil
  }
}

extension ExchangeRow {
  /// Whether it is the row that an instance writes.
  fileprivate func isRow(_ other: Int, _ otherKey: RowKey?) -> Bool {
    if let key, let otherKey { return key == otherKey }
    return instance == other
  }
}
