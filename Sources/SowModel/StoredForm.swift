/// What a table holds of a value that was inserted.
package enum StoredForm: Sendable {
  case asWritten
  case other(Value)
  /// Only reading tells.
  case unknown
}

/// How a table holds new rows, so that the ledger knows what they are without reading them back.
package protocol StoredForms: Sendable {
  /// What the database digests of a value that is inserted into the column at a position of the
  /// table.
  func form(of value: Value, in column: Int) -> StoredForm
}

extension StoredForms {
  /// The digest of what the table holds of `values` in `columns`, one each, where the one of the
  /// values as they were asked for is `asked`; nil where only reading tells.
  package func digest(
    of values: ArraySlice<Value>, in columns: [Int], asked: RowDigest,
    _ digester: any Digesting, _ encoder: inout RowEncoder
  ) -> RowDigest? {
    precondition(values.count == columns.count, "a row has one value a column")
    var areAsWritten = true
    encoder.reset()
    for (value, column) in zip(values, columns) {
      switch form(of: value, in: column) {
      case .asWritten: encoder.append(value)
      case .other(let stored):
        areAsWritten = false
        encoder.append(stored)
      case .unknown: return nil
      }
    }
    return areAsWritten ? asked : digester.digest(encoder)
  }
}
