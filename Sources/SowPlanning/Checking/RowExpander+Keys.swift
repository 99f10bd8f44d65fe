internal import SowModel

extension RowExpander {
  /// The fields that identify a row: the operation's `key`, else the entity's first natural key,
  /// else a primary key, where the values write all of it.
  func keyFields(
    of operation: DataOperation, _ entity: Entity, written: [String]
  ) -> [String]? {
    if let key = operation.keyNames(entity) { return key }
    let keys = entity.uniqueKeys.prefix(1) + [entity.withoutTenant(entity.primaryKey)]
    for candidate in keys where !candidate.isEmpty {
      let names = candidate.map { entity.fields[$0].name }
      if names.allSatisfy(written.contains) { return names }
    }
    return nil
  }

  /// Members of the element of a `for_each` that feed sensitive fields.
  func secretNames(of operation: DataOperation, _ entity: Entity) -> Set<String> {
    guard entity.isSensitive else { return [] }
    var names: Set<String> = []
    for member in operation.values + operation.params
    where entity.label(of: member.name.value) != nil {
      member.input.forEachLink { link in
        if case .each(let path) = link { names.insert(path[0]) }
      }
    }
    return names
  }

  /// Parts of the key that are hidden in the addresses of an operation.
  func secretParts(of operation: DataOperation, _ entity: Entity) -> Set<Int> {
    let secret = secretNames(of: operation, entity)
    func parts(_ names: [String]) -> Set<Int> {
      Set(names.indices.filter { secret.contains(names[$0]) })
    }
    switch operation.forEach {
    case .items(_, let key, _)?, .file(_, let key, _)?: return parts(key.map(\.value))
    case .mapping?: return parts(["key"])
    case .values(let input)?:
      let isSecret =
        secret.contains("key") || secret.contains("value") || input.isSensitive(variables)
      return isSecret ? [0] : []
    case nil: break
    }
    let fields =
      operation.keyNames(entity) ?? entity.uniqueKeys.first?.map { entity.fields[$0].name } ?? []
    return Set(fields.indices.filter { entity.label(of: fields[$0]) != nil })
  }

  /// The key as written, nil where a part is null or no single value; `secret` parts are hidden.
  func text(of fields: [String], in members: [InputMember], _ secret: Set<String>) -> String? {
    var parts: [String] = []
    for field in fields {
      guard let input = members.first(where: { $0.name.value == field })?.input,
        let part = keyText(of: input)
      else { return nil }
      let isSecret = secret.contains(field) || input.isSensitive(variables)
      parts.append(isSecret ? secrets.hidden(part) : part)
    }
    return instanceText(parts)
  }

  func keyText(of input: Input) -> String? {
    switch input {
    case .scalar(let scalar, _): return scalar.isNull ? nil : scalar.text
    case .link(.variable(let name), _):
      return variables.values[name].flatMap { $0.value.isNull ? nil : $0.value.text }
    case .link(.environment(let name), _): return variables.environment(name)
    case .link(.reference(let reference), _): return SowPlanning.keyText(of: reference)
    case .template(let parts, _): return template(parts)
    case .link(.each, _), .list, .object, .lookup: return nil
    }
  }

  /// Text with links inside, where all of them are known.
  private func template(_ parts: [TemplatePart]) -> String? {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .link(.variable(let name)):
        guard let value = variables.values[name]?.value, !value.isNull else { return nil }
        text += value.text
      case .link(.environment(let name)):
        guard let value = variables.environment(name) else { return nil }
        text += value
      case .link(.reference(let reference)): text += SowPlanning.keyText(of: reference)
      case .link(.each): return nil
      }
    }
    return text
  }
}

extension DataOperation {
  /// The fields that `key` names; the tenant is the same in all rows.
  fileprivate func keyNames(_ entity: Entity) -> [String]? {
    guard let tenant = entity.managed?.tenant else { return key?.map(\.value) }
    return key?.map(\.value).filter { $0 != entity.fields[tenant.field].name }
  }
}

extension Entity {
  /// What stands for the values of a sensitive field.
  func label(of field: String) -> String? { position(of: field).flatMap { fields[$0].label } }
}

extension Input {
  /// Whether the value comes from the environment or from a sensitive variable.
  func isSensitive(_ variables: Variables) -> Bool {
    var isSensitive = false
    forEachLink { link in
      switch link {
      case .environment: isSensitive = true
      case .variable(let name):
        isSensitive = isSensitive || variables.values[name]?.isSensitive == true
      case .reference, .each: break
      }
    }
    return isSensitive
  }
}
