import SowModel

/// One plan while its files are read, one after the other.
struct PlanLoading {
  var plan: Plan
  var files: SourceFiles
  var diagnostics = Diagnostics()
  var meter: PhaseMeter
  private let project: Project
  private let acceptsUnnamed: Bool
  private var operations: OperationReader
  /// Where settings that may be given once were given.
  private var settings: [String: SourceRange] = [:]
  private var names: [String: SourceRange] = [:]
  private var operationCount = 0
  private var operationsRange: SourceRange?

  static let known = ["plan", "schemas", "options", "limits", "variables", "operations"]

  init(
    plan: Plan, project: Project, folder: String, acceptsUnnamed: Bool, files: SourceFiles,
    watch: ProgressWatcher?
  ) {
    meter = PhaseMeter(.read, of: plan.path, to: watch)
    self.plan = plan
    self.project = project
    self.acceptsUnnamed = acceptsUnnamed
    self.files = files
    operations = OperationReader(
      rowFiles: RowFiles(
        folder: folder, shownFolder: plan.path == "-" ? "." : folder, root: project.root,
        limit: project.limits.fileBytes))
  }

  /// Adds one file to the plan; throws where it is no YAML, so that its rest is unknown.
  mutating func read(_ source: ByteSource) throws(ReadFailure) {
    let isJSON = FilePath.fileExtension(of: files[source.file]) == "json"
    var reader = NodeReader(source, format: isJSON ? .json : .unknown)
    defer {
      diagnostics.merge(reader.diagnostics)
      diagnostics.merge(operations.inputs.diagnostics)
      operations.inputs.diagnostics = Diagnostics()
    }
    guard try reader.start() else {
      throw ReadFailure(
        Diagnostic(
          .emptyFile,
          ["expected": Phrase("a plan with \"operations\"", vi: "một kế hoạch có \"operations\"")],
          at: .start(of: source.file)))
    }
    guard try reader.kind() == .mapping else {
      throw ReadFailure(
        Diagnostic(
          .wrongShape,
          ["what": Phrase("a plan file", vi: "một tệp kế hoạch"), "shape": Phrase.mapping],
          at: try reader.range()))
    }
    try reader.enter()
    while let key = try reader.nextName() { try readMember(key, &reader) }
    try reader.finish()
  }

  private mutating func readMember(
    _ key: Located<String>, _ reader: inout NodeReader
  ) throws(ReadFailure) {
    switch key.value {
    case "operations": try readOperations(key, &reader)
    case "plan", "schemas", "options", "limits":
      let node = try reader.compose()
      if let first = settings[key.value] {
        diagnostics.report(.setTwice, ["key": key.value], at: key.range, related: [first])
        return
      }
      settings[key.value] = key.range
      readSetting(key.value, node)
    case "variables": readVariables(try reader.compose())
    default:
      _ = try reader.compose()
      diagnostics.reportUnknown(key, in: Phrase("a plan", vi: "một kế hoạch"), known: Self.known)
    }
  }

  // MARK: Operations

  private mutating func readOperations(
    _ key: Located<String>, _ reader: inout NodeReader
  ) throws(ReadFailure) {
    operationsRange = operationsRange ?? key.range
    let before = operationCount
    switch try reader.kind() {
    case .mapping:
      try reader.enter(distinct: false)
      while let name = try reader.nextName() { add(try reader.compose(), name: name) }
    case .sequence:
      try reader.enter()
      while try reader.hasNextItem() { add(try reader.compose(), name: nil) }
    case .scalar:
      let node = try reader.compose()
      guard !node.isNull else { break }
      diagnostics.report(
        .wrongShape,
        [
          "what": "operations",
          "shape": Phrase("a mapping or a list", vi: "một ánh xạ hoặc một danh sách"),
        ], at: node.range)
      return
    }
    if operationCount == before {
      diagnostics.report(.emptyNotAllowed, ["what": "operations"], at: key.range)
    }
  }

  private mutating func add(_ node: Node, name: Located<String>?) {
    operationCount += 1
    meter.add(of: name?.value)
    // Past the limit the rest is only counted.
    guard operationCount <= project.limits.operations else { return }
    let place = name ?? Self.writtenName(node)
    if let place {
      if let first = names[place.value] {
        diagnostics.report(
          .duplicateOperation, ["name": place.value], at: place.range, related: [first])
        return
      }
      names[place.value] = place.range
    }
    let operation = operations.operation(
      node, name: name, position: operationCount - 1, acceptsUnnamed: acceptsUnnamed,
      files: &files)
    guard let operation else {
      if let place { plan.unreadOperations.insert(place.value) }
      return
    }
    if place == nil, let first = names.updateValue(operation.range, forKey: operation.name) {
      diagnostics.report(
        .duplicateOperation, ["name": operation.name], at: operation.range, related: [first])
      return
    }
    plan.operations.append(operation)
  }

  private static func writtenName(_ node: Node) -> Located<String>? {
    guard let id = node["id"], let scalar = id.scalar, !scalar.isNull else { return nil }
    return Located(scalar.text, at: id.range)
  }

  /// What can be said once all files are read.
  mutating func checkWhole() {
    if settings["plan"] == nil, !isName(plan.name) {
      diagnostics.report(
        .invalidName, ["name": plan.name], at: plan.range,
        hint: .text("add a key \"plan\"", vi: "hãy thêm khóa \"plan\""))
    }
    if operationsRange == nil {
      diagnostics.report(
        .missingKey, ["key": "operations", "what": Phrase("the plan", vi: "kế hoạch")],
        at: plan.range)
    }
    let limit = min(plan.operationLimit?.value ?? .max, project.limits.operations)
    if operationCount > limit {
      diagnostics.report(
        .tooManyOperations, ["count": String(operationCount), "limit": String(limit)],
        at: operationsRange, related: plan.operationLimit.map { [$0.range] } ?? [])
    }
  }
}

// MARK: Settings

extension PlanLoading {
  private mutating func readSetting(_ key: String, _ node: Node) {
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

  private mutating func readVariables(_ node: Node) {
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
