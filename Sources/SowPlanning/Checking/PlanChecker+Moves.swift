internal import SowModel

/// Where operations and instances were before, as the plan says it.
struct PlanMoves: Sendable {
  /// Names of plans, in the order written.
  var plans: [Located<String>] = []
  /// In the order of the plan, sources of one target in the order written.
  var claims: [Claim] = []

  struct Claim: Sendable {
    let source: Source
    /// The operation of this plan.
    let target: Int
    /// The text between the brackets of its address; nil for all of its instances.
    let instance: String?
    let range: SourceRange
  }

  struct Source: Hashable, Sendable {
    let operation: String
    /// Nil for all instances.
    let instance: String?
  }

  var isEmpty: Bool { plans.isEmpty && claims.isEmpty }
}

extension PlanChecker {
  /// Notes where an operation was before, all of it.
  mutating func noteMoves(of operation: DataOperation, _ index: Int) {
    let isRepeated = rows[index].isRepeated
    for source in operation.movedFrom where !source.usesEach {
      let instance = source.instance.map { parts in
        instanceText(parts.compactMap { if case .text(let text) = $0 { text } else { nil } })
      }
      if isRepeated, instance != nil {
        sink.diagnostics.report(
          .movedToMany, ["operation": operation.name], at: source.range,
          hint: .text(
            "write \(source.operation)[$each:name], or move it to an operation alone",
            vi: "hãy viết \(source.operation)[$each:name], hoặc chuyển nó sang một thao tác riêng"))
        continue
      }
      claim(
        PlanMoves.Source(
          operation: source.operation, instance: instance ?? (isRepeated ? nil : "")),
        for: index, instance: isRepeated ? nil : "", at: source.range)
    }
  }

  /// Notes where an instance was before; nowhere where the element says null.
  mutating func noteMoves(of element: Plan.Element, _ operation: DataOperation, _ index: Int) {
    for source in operation.movedFrom where source.usesEach {
      guard let parts = source.instance,
        let texts = compiler.keyTexts(parts, each: element.each, at: source.range, into: &sink)
      else { continue }
      claim(
        PlanMoves.Source(operation: source.operation, instance: instanceText(texts)), for: index,
        instance: element.key, at: source.range)
    }
  }

  private mutating func claim(
    _ source: PlanMoves.Source, for target: Int, instance: String?, at range: SourceRange
  ) {
    moves.claims.append(
      PlanMoves.Claim(source: source, target: target, instance: instance, range: range))
  }

  /// One source has one target, and is not declared any more.
  mutating func checkMoves() {
    moves.plans = plan.movedFrom
    for name in plan.movedFrom where name.value == plan.name {
      sink.diagnostics.report(.movedFromItself, ["name": name.value], at: name.range)
    }
    var sources: [PlanMoves.Source: SourceRange] = [:]
    var wholes: [String: SourceRange] = [:]
    var parts: [String: SourceRange] = [:]
    for claim in moves.claims {
      let (operation, instance) = (claim.source.operation, claim.source.instance)
      let text = address(operation: operation, instance: instance ?? "")
      let other =
        sources[claim.source] ?? (instance == nil ? parts[operation] : wholes[operation])
      if let other {
        sink.diagnostics.report(
          .movedTwice, ["address": text], at: claim.range, related: [other])
      }
      sources[claim.source] = sources[claim.source] ?? claim.range
      if instance == nil {
        wholes[operation] = wholes[operation] ?? claim.range
      } else {
        parts[operation] = parts[operation] ?? claim.range
      }
      checkGone(claim, text)
    }
  }

  /// An operation over a file is looked at when its rows pass.
  private mutating func checkGone(_ claim: PlanMoves.Claim, _ text: String) {
    guard let number = compiler.names[claim.source.operation] else { return }
    let target = compiler.targets[number]
    if let instance = claim.source.instance, !instance.isEmpty {
      guard let position = target.keys[ExactText(instance)] else { return }
      sink.diagnostics.report(
        .movedDeclared, ["address": text], at: claim.range, related: [instances[position].range])
    } else {
      sink.diagnostics.report(
        .movedDeclared, ["address": text], at: claim.range,
        related: [plan.operations[number].range])
    }
  }
}

extension DiagnosticCode {
  static let movedTwice = DiagnosticCode(
    "moved-twice", "{address} is moved to two places",
    vi: "{address} được chuyển đến hai nơi",
    meaning: "A row has one owner, so what was at one address can only go to one other.",
    example: "jane: { moved_from: janet, … }\njoan: { moved_from: janet, … }",
    fix: "Keep one of the two.")
  static let movedDeclared = DiagnosticCode(
    "moved-declared", "{address} is still in the plan, so nothing moves from there",
    vi: "{address} vẫn còn trong kế hoạch, nên không có gì chuyển khỏi đó",
    meaning: "moved_from names where an operation was before; one that is there now owns its rows.",
    example: "janet: { action: create, … }\njane: { moved_from: janet, … }",
    fix: "Take the old operation out of the plan, or moved_from out of the new one.")
  static let movedToMany = DiagnosticCode(
    "moved-to-many", #""{operation}" has many rows, and moved_from names one"#,
    vi: #""{operation}" có nhiều bản ghi, còn moved_from chỉ nêu một"#,
    meaning: "One row can only become one of many where the plan says which.",
    example: #"moved_from: old["a"]     # beside for_each"#,
    fix: #"Write moved_from: old[$each:code], which gives each element its own, or name the whole "#
      + "operation.")
  static let movedFromItself = DiagnosticCode(
    "moved-from-itself", #"the plan is named "{name}" now"#,
    vi: #"kế hoạch hiện đang mang chính tên "{name}""#,
    meaning: "moved_from names what a plan was called before.",
    example: "plan: { name: shop, moved_from: shop }",
    fix: "Write the former name, or leave moved_from out.")
}
