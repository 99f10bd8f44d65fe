import SowModel

extension InputReader {
  /// The conditions of a `where`; nil, with a diagnostic, where it is no mapping or empty.
  mutating func conditions(_ node: Node) -> [Condition]? {
    guard let entries = node.entries else {
      diagnostics.report(.wrongShape, ["what": "where", "shape": Phrase.mapping], at: node.range)
      return nil
    }
    guard !entries.isEmpty else {
      diagnostics.report(.emptyNotAllowed, ["what": "where"], at: node.range)
      return nil
    }
    var conditions: [Condition] = []
    for entry in entries { append(entry, to: &conditions) }
    return conditions
  }

  private mutating func append(_ entry: Node.Entry, to conditions: inout [Condition]) {
    guard let operators = entry.value.entries, operators.first?.key.value != "$lookup" else {
      appendOne(entry.key, .equal, entry.value, to: &conditions)
      return
    }
    guard !operators.isEmpty else {
      diagnostics.report(.emptyNotAllowed, ["what": entry.key.value], at: entry.value.range)
      return
    }
    conditions += tests(operators, of: entry.key, in: "where")
  }

  /// Comparisons of one field, such as `gt: 0`; unknown ones are reported and left out.
  mutating func tests(
    _ entries: [Node.Entry], of field: Located<String>, in owner: String = "when"
  ) -> [Condition] {
    var conditions: [Condition] = []
    for test in entries {
      guard let comparison = Comparison(rawValue: test.key.value) else {
        diagnostics.reportUnknown(test.key, in: owner, known: Self.comparisonWords)
        continue
      }
      appendOne(field, comparison, test.value, to: &conditions)
    }
    return conditions
  }

  /// As hints offer them: `gte` means `ge` rather than `gt`.
  private static let comparisonWords = [
    "ge", "gt", "le", "lt", "ne", "in", "not_in", "between", "like", "ilike", "is_null",
  ]

  private mutating func appendOne(
    _ field: Located<String>, _ comparison: Comparison, _ node: Node,
    to conditions: inout [Condition]
  ) {
    let operand = input(node)
    guard fits(operand, comparison) else { return }
    conditions.append(Condition(field: field, comparison: comparison, operand: operand))
  }

  /// Whether the operand has the form that the comparison takes; a link may stand for any.
  private mutating func fits(_ operand: Input, _ comparison: Comparison) -> Bool {
    let shape: Phrase
    switch (comparison, operand) {
    case (_, .link): return true
    case (.in, .list), (.notIn, .list): return true
    case (.in, _), (.notIn, _): shape = FieldType.list(of: .any).phrase
    case (.between, .list(let bounds, _)) where bounds.count == 2: return true
    case (.between, _): shape = Phrase("a list of two values", vi: "một danh sách gồm hai giá trị")
    case (.isNull, .scalar(let scalar, _))
    where scalar == Scalar("true") || scalar == Scalar("false"):
      return true
    case (.isNull, _): shape = .truth
    case (_, .list(_, let range)):
      diagnostics.report(
        .listAsOperand, at: range, hint: .text("write { in: […] }", vi: "hãy viết { in: […] }"))
      return false
    case (_, .object): shape = .oneValue
    default: return true
    }
    diagnostics.report(
      .wrongShape, ["what": comparison.rawValue, "shape": shape], at: operand.range)
    return false
  }
}
