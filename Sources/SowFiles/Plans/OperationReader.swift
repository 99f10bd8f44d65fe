package import SowModel

/// Turns the mapping of one operation into a `DataOperation`.
struct OperationReader {
  var inputs = InputReader()
  let rowFiles: RowFiles

  static let known = [
    "id", "action", "entity", "query", "params", "values", "store_params", "where", "query_params",
    "metadata_params", "ids", "rows", "for_each", "key", "select", "sort", "limit", "expect",
    "depends_on", "on_match", "lifecycle", "when", "moved_from", "claims",
    "description",
  ]

  /// The operation, or nil where it lacks what every operation has; all mistakes are reported.
  /// `name` is nil in the list form, whose items carry `id`.
  mutating func operation(
    _ node: Node, name: Located<String>?, position: Int, acceptsUnnamed: Bool,
    files: inout SourceFiles
  ) -> DataOperation? {
    guard
      let members = Members(
        node, of: Self.owner(name, at: position), known: Self.known, &inputs.diagnostics)
    else { return nil }
    inputs.forgetEachUses()
    let named = self.name(
      members, given: name, position: position, acceptsUnnamed: acceptsUnnamed)
    let word = members.required("action", &inputs.diagnostics)
    let action = if let word { self.action(word) } else { nil as Located<Action>? }
    let query = members["query"]
    let subject = query == nil ? members.required("entity", &inputs.diagnostics) : query
    let entity = subject?.text(as: query == nil ? "entity" : "query", &inputs.diagnostics)
    let operation = DataOperation(
      name: named?.value ?? "", range: named?.range ?? node.range,
      action: action ?? Located(.read, at: node.range),
      entity: entity ?? Located("", at: node.range)
    )
    operation.extent = SourceRange(
      file: node.range.file, start: min(operation.range.start, node.range.start),
      end: max(operation.range.end, node.range.end))
    if query != nil { operation.query = entity }
    readQuery(members, into: operation)
    readContent(members, into: operation)
    readRows(members, into: operation, files: &files)
    readShape(members, into: operation)
    readMetadata(members, into: operation)
    readTerms(members, into: operation)
    readClaims(members, into: operation)
    if operation.forEach == nil, members["for_each"] == nil {
      for use in inputs.eachUses { inputs.diagnostics.report(.eachOutsideForEach, at: use) }
    }
    guard named != nil, action != nil, entity != nil else { return nil }
    return isWhole(operation, members) ? operation : nil
  }

  private static func owner(_ name: Located<String>?, at position: Int) -> Phrase {
    let operation = name.map { "\"\($0.value)\"" } ?? "\(position + 1)"
    return Phrase("operation \(operation)", vi: "thao tác \(operation)")
  }

  /// Whether all that decides about its rows could be read: a part that is there and could not be
  /// has had its diagnostic, and checks would only say that it is missing.
  private func isWhole(_ operation: DataOperation, _ members: Members) -> Bool {
    if members["rows"] != nil, operation.rows == nil { return false }
    if members["for_each"] != nil, operation.forEach == nil { return false }
    if members["ids"] != nil, operation.ids == nil { return false }
    if members["where"] ?? members["query_params"] != nil, operation.filter == nil { return false }
    return operation.valuesRange == nil || !operation.values.isEmpty
  }

  private mutating func name(
    _ members: Members, given: Located<String>?, position: Int, acceptsUnnamed: Bool
  ) -> Located<String>? {
    let id = members.entry("id")
    if let given {
      if let id {
        inputs.diagnostics.reportUnknown(
          id.key, in: members.owner, known: Self.known.filter { $0 != "id" })
      }
      return inputs.diagnostics.checkedName(given)
    }
    if let id {
      guard let text = id.value.text(as: "id", &inputs.diagnostics) else { return nil }
      return inputs.diagnostics.checkedName(text)
    }
    guard acceptsUnnamed else {
      inputs.diagnostics.report(
        .missingKey, ["key": "id", "what": members.owner], at: members.range)
      return nil
    }
    return Located("op_\(position)", at: members.range)
  }

  private mutating func action(_ node: Node) -> Located<Action>? {
    guard let word = node.text(as: "action", &inputs.diagnostics) else { return nil }
    if let action = Action(rawValue: word.value) { return Located(action, at: word.range) }
    let words = Action.allCases.map(\.rawValue)
    let hint = nearest(to: word.value, among: words).map(Diagnostic.Hint.didYouMean)
    inputs.diagnostics.report(
      .unknownAction, ["action": word.value], at: word.range,
      hint: hint ?? .known(words))
    return nil
  }

  /// `values`, `where` and `ids`.
  private mutating func readContent(_ members: Members, into operation: DataOperation) {
    if let values = members.either("values", "store_params", &inputs.diagnostics) {
      operation.valuesRange = values.value.range
      switch values.value.entries {
      case nil:
        inputs.diagnostics.report(
          .wrongShape, ["what": values.key.value, "shape": Phrase.mapping], at: values.value.range)
      case let entries? where entries.isEmpty:
        inputs.diagnostics.report(
          .emptyNotAllowed, ["what": values.key.value], at: values.value.range)
      case let entries?: operation.values = inputs.members(entries)
      }
    }
    if let filter = members.either("where", "query_params", &inputs.diagnostics) {
      operation.filter = inputs.conditions(filter.value)
    }
    if let ids = members["ids"] { operation.ids = idList(ids) }
  }

  private mutating func idList(_ node: Node) -> Input? {
    let ids = inputs.input(node)
    switch ids {
    case .list, .link: return ids
    case .scalar(let scalar, _) where !scalar.isNull: return .list([ids], node.range)
    case .template: return .list([ids], node.range)
    default:
      inputs.diagnostics.report(
        .wrongShape, ["what": "ids", "shape": Phrase("a list of keys", vi: "một danh sách khóa")],
        at: node.range)
      return nil
    }
  }

  /// `key`, `expect`, `depends_on`, and `select`, `sort`, `limit` under their own names.
  private mutating func readShape(_ members: Members, into operation: DataOperation) {
    if let key = members["key"] {
      operation.key = key.texts(as: "key", &inputs.diagnostics)
      if key.items?.isEmpty ?? false {
        inputs.diagnostics.report(.emptyNotAllowed, ["what": "key"], at: key.range)
      }
    }
    if let expect = members["expect"] { operation.expect = expectation(expect) }
    if let names = members["depends_on"] { operation.dependsOn = dependencies(names) }
    readLifecycle(members, into: operation)
    if let select = members["select"] { readSelect(select, into: operation) }
    if let sort = members["sort"] { readSort(sort, into: operation) }
    if let limit = members["limit"] { readLimit(limit, into: operation) }
  }

  private mutating func dependencies(_ node: Node) -> [Located<String>] {
    var names: [Located<String>] = []
    for name in node.texts(as: "depends_on", &inputs.diagnostics) {
      if let first = names.first(where: { $0.value == name.value }) {
        inputs.diagnostics.report(
          .repeatedDependency, ["name": name.value], at: name.range, related: [first.range])
      } else if let name = inputs.diagnostics.checkedName(name) {
        names.append(name)
      }
    }
    return names
  }

  private mutating func expectation(_ node: Node) -> Located<Expectation>? {
    let expectation: Expectation? =
      switch node.scalar?.text {
      case "one": .one
      case "some": .some
      case "at_most_one": .atMostOne
      case "any": .any
      case "none": Expectation.none
      case let text?:
        if text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int(text) {
          .exactly(number)
        } else {
          nil
        }
      case nil: nil
      }
    if let expectation { return Located(expectation, at: node.range) }
    let words = ["one", "some", "at_most_one", "any", "none"]
    let near = node.scalar.flatMap { nearest(to: $0.text, among: words) }
    let shape = Phrase.choice(
      of: words.map { Phrase(same: $0) } + [Phrase("a number", vi: "một số")])
    inputs.diagnostics.report(
      .wrongShape,
      ["what": "expect", "shape": shape],
      at: node.range, hint: near.map(Diagnostic.Hint.didYouMean))
    return nil
  }
}

extension Diagnostics {
  /// `name` where it is one (`isName`).
  mutating func checkedName(_ name: Located<String>) -> Located<String>? {
    guard isName(name.value) else {
      report(.invalidName, ["name": name.value], at: name.range)
      return nil
    }
    return name
  }
}

extension DiagnosticCode {
  package static let unknownAction = DiagnosticCode(
    "unknown-action", "there is no action \"{action}\"",
    vi: "không có hành động \"{action}\"",
    meaning: "An operation does one of create, upsert, sync, update, delete and read.",
    example: "action: insert",
    fix: "Write one of the actions.")
  package static let invalidName = DiagnosticCode(
    "invalid-name", "\"{name}\" cannot be a name",
    vi: "\"{name}\" không thể làm tên",
    meaning: "Plans, operations and variables are named by 1 to 100 of A-Z a-z 0-9 _ and -, "
      + "the first one no hyphen.",
    example: "operations: { \"first step\": {…} }",
    fix: "Write the name without other characters.")
  package static let repeatedDependency = DiagnosticCode(
    "repeated-dependency", "\"{name}\" is listed twice",
    vi: "\"{name}\" được liệt kê hai lần",
    severity: .warning,
    meaning: "A dependency holds once it is named.",
    example: "depends_on: [a, a]",
    fix: "Remove the second one.")
}
