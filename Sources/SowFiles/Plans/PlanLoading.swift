import SowModel

/// One plan while its files are read, one after the other.
struct PlanLoading {
  var plan: Plan
  var files: SourceFiles
  var diagnostics = Diagnostics()
  var meter: PhaseMeter
  let project: Project
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
    // Names that come one by one would be moved again and again.
    names.reserveCapacity(
      min(names.count + (source.size ?? 0) / 256, project.limits.operations))
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
      if let first = names.updateValue(place.range, forKey: place.value) {
        names[place.value] = first
        diagnostics.report(
          .duplicateOperation, ["name": place.value], at: place.range, related: [first])
        return
      }
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
