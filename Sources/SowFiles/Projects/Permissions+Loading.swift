import SowModel

extension Permissions {
  /// Reads `permissions: { role: [actions] }`.
  init(_ node: Node, _ diagnostics: inout Diagnostics) {
    self.init()
    guard let entries = node.entries else {
      diagnostics.report(
        .wrongShape, ["what": "permissions", "shape": Phrase.mapping], at: node.range,
        hint: .text("write { role: [read, update] }", vi: "hãy viết { role: [read, update] }"))
      return
    }
    for entry in entries {
      var actions: Set<Action> = []
      if let items = entry.value.items, items.isEmpty {
        roles.append(Role(name: entry.key.value, actions: []))
        continue
      }
      for word in entry.value.texts(as: entry.key.value, &diagnostics) {
        if let action = Action(rawValue: word.value), Self.actions.contains(action) {
          actions.insert(action)
          continue
        }
        let words = Self.actions.map(\.rawValue)
        let parts: [String: Phrase] = [
          "upsert": Phrase("create and update", vi: "create và update"),
          "sync": Phrase("all of them", vi: "tất cả các quyền đó"),
        ]
        diagnostics.report(
          .wrongShape,
          [
            "what": Phrase("an action of permissions", vi: "một hành động của permissions"),
            "shape": words.joined(separator: ", "),
          ],
          at: word.range,
          hint: parts[word.value].map {
            .text("\(word.value) needs {parts}", vi: "\(word.value) cần {parts}", ["parts": $0])
          }
            ?? nearest(to: word.value, among: words).map(Diagnostic.Hint.didYouMean))
      }
      roles.append(Role(name: entry.key.value, actions: actions))
    }
  }
}

extension Identity {
  /// Reads `identity: { roles: [...], overridable: [...] }`.
  init?(_ node: Node, _ diagnostics: inout Diagnostics) {
    guard
      let members = Members(node, of: "identity", known: ["roles", "overridable"], &diagnostics)
    else { return nil }
    self.init()
    if let node = members["roles"], node.items?.isEmpty != true {
      roles = node.texts(as: "roles", &diagnostics).map(\.value)
    }
    guard let node = members["overridable"], node.items?.isEmpty != true else { return }
    for name in node.texts(as: "overridable", &diagnostics) {
      guard Identity.claims.contains(name.value) else {
        diagnostics.report(
          .wrongShape,
          [
            "what": Phrase("a claim of overridable", vi: "một claim của overridable"),
            "shape": Identity.claims.joined(separator: ", "),
          ],
          at: name.range)
        continue
      }
      overridable.insert(name.value)
    }
  }
}

extension OperationReader {
  /// `claims`, which say who an operation runs as.
  mutating func readClaims(_ members: Members, into operation: DataOperation) {
    guard let node = members["claims"] else { return }
    guard let entries = node.entries else {
      inputs.diagnostics.report(
        .wrongShape, ["what": "claims", "shape": Phrase.mapping], at: node.range)
      return
    }
    operation.claims = entries.map { entry in
      let isKnown = Identity.claims.contains(entry.key.value)
      return Claim(
        name: entry.key,
        values: isKnown
          ? entry.value.texts(as: entry.key.value, &inputs.diagnostics).map(\.value) : [])
    }
  }
}
