package import SowModel

/// One cell of a row that is to be validated.
package enum RowCell: Sendable {
  case value(Value)
  /// Known only after apply; that its type fits has been seen to.
  case pending(FieldType)
  /// The row does not have the property.
  case absent
}

/// Checks rows under one list of columns by one schema.
///
/// Not Sendable: it owns the memory that patterns are matched in.
package struct RowValidator {
  package let columns: [String]
  private let evaluator: RowEvaluator

  init(columns: [String], graph: SchemaGraph) {
    self.columns = columns
    evaluator = RowEvaluator(columns: columns, graph: graph)
  }

  /// What is wrong with the row, each mistake once; nothing for most rows, without allocating.
  ///
  /// A keyword that needs a pending value passes, and so does a combination that cannot be
  /// decided without it. A search that exceeds a limit is a violation.
  package func validate(_ cells: [RowCell]) -> [SchemaViolation] {
    precondition(cells.count == columns.count, "a row has one cell a column")
    return evaluator.violations(by: cells)
  }

  /// Whether nothing but its type is asked of a column, so that a value of `type` that neither is
  /// null nor holds any changes no verdict.
  package func accepts(every type: FieldType, at column: Int) -> Bool {
    evaluator.accepts(every: type, at: column)
  }
}
