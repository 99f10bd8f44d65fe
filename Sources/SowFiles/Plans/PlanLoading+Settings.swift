import SowModel

/// What a plan says beside its operations.
extension PlanLoading {
  mutating func readSetting(_ key: String, _ node: Node) {
    switch key {
    case "plan": readName(node)
    case "schemas": plan.schemas = node.text(as: "schemas", &diagnostics)
    case "options": readOptions(node)
    default: readLimits(node)
    }
  }

  private mutating func readName(_ node: Node) {
    var text = node
    if node.entries != nil {
      guard
        let members = Members(
          node, of: "plan", known: ["name", "moved_from"], &diagnostics),
        let name = members.required("name", &diagnostics)
      else { return }
      text = name
      if let sources = members["moved_from"] {
        if sources.items?.isEmpty ?? false {
          diagnostics.report(.emptyNotAllowed, ["what": "moved_from"], at: sources.range)
        }
        plan.movedFrom = sources.texts(as: "moved_from", &diagnostics)
          .compactMap { diagnostics.checkedName($0) }
      }
    }
    guard let name = text.text(as: "plan", &diagnostics),
      let name = diagnostics.checkedName(name)
    else { return }
    plan.name = name.value
    plan.range = name.range
  }

  private mutating func readOptions(_ node: Node) {
    guard
      let members = Members(
        node, of: "options", known: ["atomic", "on_error", "continueOnError"], &diagnostics)
    else { return }
    if let atomic = members["atomic"]?.flag(as: "atomic", &diagnostics) {
      plan.options.atomic = atomic
    }
    guard let onError = members.either("on_error", "continueOnError", &diagnostics) else { return }
    if onError.key.value == "continueOnError" {
      if let flag = onError.value.flag(as: "continueOnError", &diagnostics) {
        plan.options.onError = flag ? .continue : .stop
      }
    } else if let mode = Plan.OnError(rawValue: onError.value.scalar?.text ?? "") {
      plan.options.onError = mode
    } else {
      diagnostics.report(
        .wrongShape,
        ["what": "on_error", "shape": Phrase("stop or continue", vi: "stop hoặc continue")],
        at: onError.value.range)
    }
  }

  private mutating func readLimits(_ node: Node) {
    guard let members = Members(node, of: "limits", known: ["operations"], &diagnostics),
      let limit = members["operations"],
      let count = limit.count(as: "operations", in: 1...Int.max, &diagnostics)
    else { return }
    guard count <= project.limits.operations else {
      diagnostics.report(
        .limitRaised,
        ["limit": String(count), "project": String(project.limits.operations)], at: limit.range)
      return
    }
    plan.operationLimit = Located(count, at: limit.range)
  }

  mutating func readVariables(_ node: Node) {
    guard let entries = node.entries else {
      diagnostics.report(
        .wrongShape, ["what": "variables", "shape": Phrase.mapping], at: node.range)
      return
    }
    for entry in entries {
      guard let name = diagnostics.checkedName(entry.key) else { continue }
      if let first = plan.variables.first(where: { $0.name.value == name.value }) {
        diagnostics.report(
          .setTwice, ["key": name.value], at: name.range, related: [first.name.range])
      } else if let variable = variable(name, entry.value) {
        plan.variables.append(variable)
      }
    }
  }

  private mutating func variable(_ name: Located<String>, _ node: Node) -> Plan.Variable? {
    let owner = Phrase("variable \"\(name.value)\"", vi: "biến \"\(name.value)\"")
    guard node.entries != nil else {
      diagnostics.report(
        .wrongShape, ["what": owner, "shape": Phrase.mapping], at: node.range,
        hint: .text("write { default: … }", vi: "hãy viết { default: … }"))
      return nil
    }
    let known = ["type", "default", "sensitive", "description"]
    guard
      let members = Members(node, of: owner, known: known, &diagnostics)
    else { return nil }
    var type = FieldType.string
    if let word = members["type"]?.text(as: "type", &diagnostics) {
      if let known = FieldType(word: word.value) {
        type = known
      } else {
        let hint = nearest(to: word.value, among: FieldType.words.map(\.0))
        diagnostics.report(
          .unknownType, ["type": word.value], at: word.range,
          hint: hint.map(Diagnostic.Hint.didYouMean))
      }
    }
    if let value = members["default"] {
      var inputs = InputReader()
      inputs.refuseLinks(value, in: Phrase("a default", vi: "một giá trị mặc định"))
      diagnostics.merge(inputs.diagnostics)
    }
    let isSensitive = members["sensitive"]?.flag(as: "sensitive", &diagnostics) ?? false
    return Plan.Variable(
      name: name, type: type, defaultValue: members["default"], isSensitive: isSensitive)
  }
}

extension FieldType {
  /// The words that a variable's `type` may be, those of JSON Schema among them.
  static let words: [(String, FieldType)] = [
    ("string", .string), ("integer", .integer), ("decimal", .decimal), ("number", .decimal),
    ("float", .float), ("boolean", .boolean), ("date", .date), ("time", .time),
    ("timestamp", .timestamp), ("uuid", .uuid), ("bytes", .bytes), ("json", .object([:])),
    ("object", .object([:])), ("list", .list(of: .any)), ("array", .list(of: .any)),
  ]

  fileprivate init?(word: String) {
    guard let type = Self.words.first(where: { $0.0 == word })?.1 else { return nil }
    self = type
  }
}
