package import SowModel

/// What a `read` shows of each row.
package struct Selection: Sendable {
  /// Positions in the entity, the primary key first where it is not named.
  package var fields: [Int]
  /// Of structured fields, the members to show; none where a field is shown whole.
  package var parts: [Int: [ArraySlice<String>]] = [:]
}

extension PlanChecker {
  /// The fields that `select` names, each once; `address.city` is a member of a structured field.
  mutating func selection(of operation: DataOperation, _ entity: Entity) -> Selection {
    guard let names = operation.select else {
      return Selection(fields: Array(entity.fields.indices))
    }
    var named = Selection(fields: [])
    var whole: Set<Int> = []
    for name in names {
      guard let (field, path) = place(of: name, in: entity) else { continue }
      if !named.fields.contains(field) { named.fields.append(field) }
      if path.isEmpty { whole.insert(field) } else { named.parts[field, default: []].append(path) }
    }
    for field in whole { named.parts[field] = nil }
    named.fields = entity.primaryKey.filter { !named.fields.contains($0) } + named.fields
    return named
  }

  /// A field and the way to a member inside; a field's own name may have dots, too.
  private mutating func place(
    of name: Located<String>, in entity: Entity
  ) -> (field: Int, path: ArraySlice<String>)? {
    let steps = name.value.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard steps.count > 1, entity.position(of: name.value) == nil else {
      return compiler.position(of: name, in: entity, into: &sink).map { ($0, []) }
    }
    let first = Located(steps[0], at: name.range)
    guard let field = compiler.position(of: first, in: entity, into: &sink) else { return nil }
    var type = entity.fields[field].type
    for step in steps.dropFirst() {
      while case .list(let element) = type { type = element }
      guard let member = type.selectable(step) else {
        var hint: Diagnostic.Hint?
        if case .object(let members) = type {
          hint = sink.suggestion(for: step, among: members.keys.sorted())
        }
        sink.diagnostics.report(.noMember, ["path": name.value], at: name.range, hint: hint)
        return nil
      }
      type = member
    }
    return (field, steps.dropFirst())
  }
}

extension FieldType {
  /// The type of a member that `select` may name: one that is described, where any is.
  fileprivate func selectable(_ name: String) -> FieldType? {
    switch self {
    case .object(let members): members.isEmpty ? .any : members[name]
    case .any: .any
    default: nil
    }
  }
}

extension Value {
  /// The value with nothing but the members at the ends of `paths`; of a list, of each element.
  package func parts(_ paths: [ArraySlice<String>]) -> Value {
    if paths.contains(where: \.isEmpty) { return self }
    switch self {
    case .list(let items): return .list(items.map { $0.parts(paths) })
    case .object(let members):
      return .object(
        members.compactMap { member in
          let deeper = paths.filter { $0.first == member.name }.map { $0.dropFirst() }
          return deeper.isEmpty ? nil : Member(member.name, member.value.parts(deeper))
        })
    default: return .null
    }
  }
}
