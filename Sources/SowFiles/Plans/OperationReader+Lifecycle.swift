import SowModel

/// `lifecycle`.
extension OperationReader {
  mutating func readLifecycle(_ members: Members, into operation: DataOperation) {
    guard let node = members["lifecycle"] else { return }
    operation.lifecycleRange = node.range
    guard
      let lifecycle = Members(
        node, of: "lifecycle", known: ["ignore", "protect", "on_remove", "replace"],
        &inputs.diagnostics)
    else { return }
    if let protect = lifecycle["protect"]?.flag(as: "protect", &inputs.diagnostics) {
      operation.lifecycle.protects = protect
    }
    if let word = lifecycle["on_remove"], let rule = onRemove(word) {
      operation.lifecycle.onRemove = rule
    }
    if let ignore = lifecycle["ignore"] {
      operation.ignored = ignore.texts(as: "ignore", &inputs.diagnostics)
      if ignore.items?.isEmpty ?? false {
        inputs.diagnostics.report(.emptyNotAllowed, ["what": "ignore"], at: ignore.range)
      }
    }
    if let replace = lifecycle.entry("replace"),
      let flag = replace.value.flag(as: "replace", &inputs.diagnostics)
    {
      operation.replaces = Located(flag, at: replace.key.range)
    }
  }

  private mutating func onRemove(_ node: Node) -> Lifecycle.OnRemove? {
    if let rule = node.scalar.flatMap({ Lifecycle.OnRemove(rawValue: $0.text) }) { return rule }
    let words = Lifecycle.OnRemove.allCases.map(\.rawValue)
    let near = node.scalar.flatMap { nearest(to: $0.text, among: words) }
    inputs.diagnostics.report(
      .wrongShape,
      [
        "what": "on_remove",
        "shape": Phrase("delete, forget or error", vi: "delete, forget hoặc error"),
      ], at: node.range,
      hint: near.map(Diagnostic.Hint.didYouMean))
    return nil
  }
}
