import SowModel

/// `query` and `params`.
extension OperationReader {
  /// What says which rows of an entity are meant.
  private static let ofEntities = [
    "entity", "where", "query_params", "ids", "select", "sort", "limit", "metadata_params",
  ]

  mutating func readQuery(_ members: Members, into operation: DataOperation) {
    if members["query"] != nil {
      for key in Self.ofEntities {
        guard let entry = members.entry(key) else { continue }
        inputs.diagnostics.report(.queryTakesNo, ["key": key], at: entry.key.range)
      }
    }
    guard let params = members.entry("params") else { return }
    if members["query"] == nil {
      inputs.diagnostics.report(
        .missingKey, ["key": "query", "what": members.owner], at: params.key.range)
    }
    guard let entries = params.value.entries else {
      inputs.diagnostics.report(
        .wrongShape, ["what": "params", "shape": Phrase.mapping], at: params.value.range)
      return
    }
    operation.params = inputs.members(entries)
  }
}

extension DiagnosticCode {
  static let queryTakesNo = DiagnosticCode(
    "query-takes-no", "a read by query takes no \"{key}\"",
    vi: "read theo truy vấn không nhận \"{key}\"",
    meaning:
      "Which rows a named query gives, in what order and how many, is said by its statement.",
    example: "action: read\nquery: overdue\nlimit: 5",
    fix: "Remove the key, and make it a parameter of the statement where it is to vary.")
}
