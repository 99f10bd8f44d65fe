import SowModel

/// Reasons of combinations: those of the member that was meant, where that is clear.
extension Evaluator {
  func report(
    _ combination: Combination<SchemaID>, at path: [String], _ range: SourceRange,
    into found: inout ViolationList, of value: Value
  ) {
    switch combination {
    case .reference(let member): report(member, value, at: path, into: &found)
    case .all(let members):
      for member in members { report(member, value, at: path, into: &found) }
    case .condition(let condition, let then, let otherwise):
      let branch = verdict(condition, value) == .holds ? then : otherwise
      if let branch { report(branch, value, at: path, into: &found) }
    case .not: found.append(SchemaViolation(.schemaNot, at: path, keyword: range))
    case .any(let members):
      if reportMeant(members, value, at: path, range, into: &found) { return }
      found.append(.anyOf(count: members.count, at: path, keyword: range))
    case .one(let members):
      let held = members.count { verdict($0, value) == .holds }
      if held == 0, reportMeant(members, value, at: path, range, into: &found) { return }
      found.append(.oneOf(held: held, count: members.count, at: path, keyword: range))
    }
  }

  /// Where all members but one want another type, that one was meant; where all want another
  /// type, the mistake is the type.
  private func reportMeant(
    _ members: [SchemaID], _ value: Value, at path: [String], _ range: SourceRange,
    into found: inout ViolationList
  ) -> Bool {
    let types = members.map { graph.types(of: $0) }
    let fitting = zip(members, types).filter { $0.1?.admits(value) ?? true }.map(\.0)
    if let member = fitting.first, fitting.count == 1 {
      let count = found.all.count
      report(member, value, at: path, into: &found)
      return found.all.count > count
    }
    guard fitting.isEmpty else { return false }
    let wanted = types.compactMap(\.self).reduce(into: TypeSet()) { $0.formUnion($1) }
    guard !wanted.isEmpty else { return false }
    let rule = Rule(check: .type(wanted), range: range)
    found.append(violation(of: rule, by: value, at: path))
    return true
  }
}

extension SchemaGraph {
  /// The types that a subschema names itself or through `$ref`; nil where it names none.
  fileprivate func types(of id: SchemaID) -> TypeSet? {
    var next: SchemaID? = id
    while let id = next {
      next = nil
      for rule in schemas[id].rules {
        switch rule.check {
        case .type(let types): return types
        case .never: return []
        case .combination(.reference(let target)): next = target
        default: break
        }
      }
    }
    return nil
  }
}

extension SchemaViolation {
  static func anyOf(count: Int, at path: [String], keyword range: SourceRange) -> Self {
    SchemaViolation(.schemaAnyOf, ["count": String(count)], at: path, keyword: range)
  }

  static func oneOf(held: Int, count: Int, at path: [String], keyword range: SourceRange) -> Self {
    SchemaViolation(
      .schemaOneOf, ["held": held == 0 ? "none" : String(held), "count": String(count)],
      at: path, keyword: range)
  }
}
