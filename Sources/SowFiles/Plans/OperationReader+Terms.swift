import SowModel

/// `on_match`, `when` and `moved_from`.
extension OperationReader {
  mutating func readTerms(_ members: Members, into operation: DataOperation) {
    if let rule = members["on_match"] { operation.onMatch = matchRule(rule) }
    if let when = members["when"] { operation.when = self.when(when) }
    if let sources = members["moved_from"] { operation.movedFrom = movedSources(sources) }
  }

  private mutating func movedSources(_ node: Node) -> [MovedSource] {
    if node.items?.isEmpty ?? false {
      inputs.diagnostics.report(.emptyNotAllowed, ["what": "moved_from"], at: node.range)
    }
    return node.texts(as: "moved_from", &inputs.diagnostics).compactMap { text in
      guard let (operation, instance) = LinkScanner.address(text.value) else {
        inputs.diagnostics.report(
          .wrongShape, ["what": "moved_from", "shape": Phrase("an address", vi: "một địa chỉ")],
          at: text.range,
          hint: .text(
            #"write operation, operation["key"] or operation[$each:name]"#,
            vi: #"hãy viết operation, operation["key"] hoặc operation[$each:name]"#))
        return nil
      }
      let source = MovedSource(operation: operation, instance: instance, range: text.range)
      if source.usesEach { inputs.noteEach(at: text.range) }
      return source
    }
  }

  private mutating func matchRule(_ node: Node) -> Located<MatchRule>? {
    if let rule = node.scalar.flatMap({ MatchRule(rawValue: $0.text) }) {
      return Located(rule, at: node.range)
    }
    let words = MatchRule.allCases.map(\.rawValue)
    let near = node.scalar.flatMap { nearest(to: $0.text, among: words) }
    inputs.diagnostics.report(
      .wrongShape, ["what": "on_match", "shape": Phrase.choice(of: words)], at: node.range,
      hint: near.map(Diagnostic.Hint.didYouMean))
    return nil
  }

  private mutating func when(_ node: Node) -> When? {
    guard let entries = node.entries, entries.first?.key.value != "$lookup" else {
      let value = inputs.input(node)
      switch value {
      case .link, .lookup: return When(value: value, tests: [], range: node.range)
      case .scalar(let scalar, _) where scalar == Scalar("true") || scalar == Scalar("false"):
        return When(value: value, tests: [], range: node.range)
      default:
        inputs.diagnostics.report(
          .wrongShape,
          [
            "what": "when",
            "shape": Phrase(
              "a whole reference, true, false or a mapping",
              vi: "trọn một tham chiếu, true, false hoặc một ánh xạ"),
          ],
          at: node.range,
          hint: .text(
            "write { value: $ref:operation.field, gt: 0 }",
            vi: "hãy viết { value: $ref:operation.field, gt: 0 }"))
        return nil
      }
    }
    guard let value = entries.first(where: { $0.key.value == "value" }) else {
      inputs.diagnostics.report(.missingKey, ["key": "value", "what": "when"], at: node.range)
      return nil
    }
    let others = entries.filter { $0.key.value != "value" }
    guard !others.isEmpty else {
      inputs.diagnostics.report(
        .missingKey, ["key": "gt", "what": "when"], at: node.range,
        hint: .text(
          "add what the value is held against, or write the reference alone",
          vi: "hãy thêm điều mà giá trị được so với, hoặc chỉ viết tham chiếu"))
      return nil
    }
    let before = inputs.diagnostics.all.count
    let tests = inputs.tests(others, of: value.key)
    guard inputs.diagnostics.all.count == before else { return nil }
    return When(value: inputs.input(value.value), tests: tests, range: node.range)
  }
}
