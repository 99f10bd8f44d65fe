import SowModel

extension ManagedColumns {
  static let keys = ["tenant", "version", "soft_delete", "injected", "injected_on_update"]

  /// Reads what `x-sow` says of columns that sow fills.
  init(_ members: Members, _ diagnostics: inout Diagnostics) {
    self.init()
    tenant = members["tenant"]?.text(as: "tenant", &diagnostics)
    softDelete = members["soft_delete"]?.text(as: "soft_delete", &diagnostics)
    if let node = members["version"] { version = Self.version(node, &diagnostics) }
    if let node = members["injected"] {
      injected = Self.injections(node, "injected", &diagnostics)
    }
    if let node = members["injected_on_update"] {
      injectedOnUpdate = Self.injections(node, "injected_on_update", &diagnostics)
    }
  }

  private static func version(
    _ node: Node, _ diagnostics: inout Diagnostics
  ) -> Located<Version>? {
    guard let members = Members(node, of: "version", known: ["field", "by"], &diagnostics),
      let field = members.required("field", &diagnostics)?.text(as: "field", &diagnostics),
      let by = members.required("by", &diagnostics)
    else { return nil }
    guard let rule = Version.Rule(rawValue: by.scalar?.text ?? "") else {
      let words = Version.Rule.allCases.map(\.rawValue)
      diagnostics.report(
        .wrongShape, ["what": "by", "shape": Phrase("increment or now", vi: "increment hoặc now")],
        at: by.range,
        hint: nearest(to: by.scalar?.text ?? "", among: words).map(Diagnostic.Hint.didYouMean))
      return nil
    }
    return Located(Version(field: field.value, rule: rule), at: field.range)
  }

  private static func injections(
    _ node: Node, _ key: String, _ diagnostics: inout Diagnostics
  ) -> [Injection] {
    guard let entries = node.entries else {
      diagnostics.report(
        .wrongShape, ["what": key, "shape": Phrase.mapping], at: node.range,
        hint: .text("write { field: value }", vi: "hãy viết { field: value }"))
      return []
    }
    var inputs = InputReader()
    let found = entries.map { Injection(field: $0.key, input: inputs.input($0.value)) }
    diagnostics.merge(inputs.diagnostics)
    return found.filter { injection in
      guard injection.input.isOfTheRun else {
        diagnostics.report(.linkNotAllowed, ["place": key], at: injection.input.range)
        return false
      }
      return true
    }
  }
}

extension Input {
  /// Whether the value is the same for every row of a run.
  fileprivate var isOfTheRun: Bool {
    switch self {
    case .scalar: true
    case .link(let link, _): link.isOfTheRun
    case .template(let parts, _):
      parts.allSatisfy { part in
        if case .link(let link) = part { return link.isOfTheRun }
        return true
      }
    case .list(let items, _): items.allSatisfy(\.isOfTheRun)
    case .object(let members, _): members.allSatisfy(\.input.isOfTheRun)
    case .lookup: false
    }
  }
}

extension Link {
  fileprivate var isOfTheRun: Bool {
    switch self {
    case .variable, .environment: true
    case .reference, .each: false
    }
  }
}
