internal import SowModel

/// The instances of one operation before their cells are compiled.
enum OperationRows {
  /// A plain operation: one instance without a key.
  case single
  case inline([Plan.Element])
  /// A file of rows that passes as a stream.
  case stream(any RowSource, key: [Located<String>], columns: [String], SourceRange)

  var isRepeated: Bool {
    if case .single = self { return false }
    return true
  }

  var isStream: Bool {
    if case .stream = self { return true }
    return false
  }
}

extension Plan {
  /// One row or element of an operation: its key and what it is made of.
  struct Element {
    var key: String
    var members: [InputMember]
    var each: Each
    var range: SourceRange
  }
}

/// Finds the instances of operations and their keys.
struct RowExpander: Sendable {
  let variables: Variables
  let limits: Limits
  /// Digests rows that have no other key; the same for the same bytes everywhere.
  let content: any Digesting & Sendable
  /// Digests what must not be read: keyed with the ledger's secret.
  let keyed: any Digesting & Sendable

  /// What stands in an address for a sensitive key part.
  func hidden(_ text: String) -> String {
    var encoder = RowEncoder()
    encoder.append(.text(text))
    return "~" + hexadecimal(keyed.digest(encoder).bytes.prefix(8))
  }

  /// The digester of rows without a key.
  func digester(for entity: Entity) -> any Digesting & Sendable {
    entity.isSensitive ? keyed : content
  }

  /// - Note: `inMemory` reads a file whole, which rows that refer to each other need.
  func rows(
    of operation: DataOperation, entity: Entity, inMemory: Bool,
    into diagnostics: inout Diagnostics
  ) -> OperationRows {
    switch (operation.rows, operation.forEach) {
    case (nil, nil): return .single
    case (.inline(let rows)?, _):
      return .inline(inline(rows, of: operation, entity, into: &diagnostics))
    case (.file(let source, let range)?, _):
      return file(source, key: nil, of: operation, entity, inMemory, range, into: &diagnostics)
    case (nil, .file(let source, let key, let range)?):
      return file(source, key: key, of: operation, entity, inMemory, range, into: &diagnostics)
    case (nil, .mapping(let members)?):
      return .inline(
        members.map { member in
          Plan.Element(
            key: instanceText([member.name.value]), members: operation.values,
            each: .element(member.input, key: member.name.value), range: member.name.range)
        })
    case (nil, .items(let items, let key, _)?):
      return .inline(
        distinct(
          items.compactMap { element($0, key: key, of: operation, entity, into: &diagnostics) },
          of: operation, into: &diagnostics))
    case (nil, .values(let input)?):
      return .inline(
        distinct(
          elements(of: input, operation, into: &diagnostics), of: operation, into: &diagnostics))
    }
  }

  // MARK: Inline rows

  private func inline(
    _ rows: [Rows.InlineRow], of operation: DataOperation, _ entity: Entity,
    into diagnostics: inout Diagnostics
  ) -> [Plan.Element] {
    let elements = rows.map { row in
      let key = keyFields(of: operation, entity, written: row.members.map(\.name.value))
      return Plan.Element(
        key: key.flatMap { text(of: $0, in: row.members, entity) } ?? "", members: row.members,
        each: .none, range: row.range)
    }
    return distinct(addressed(elements, entity), of: operation, into: &diagnostics)
  }

  /// The fields that identify a row: the operation's `key`, else the entity's first natural key,
  /// else a primary key that the values write.
  func keyFields(
    of operation: DataOperation, _ entity: Entity, written: [String]
  ) -> [String]? {
    if let key = operation.key { return key.map(\.value) }
    for candidate in entity.uniqueKeys.prefix(1) + [entity.primaryKey] where !candidate.isEmpty {
      let names = candidate.map { entity.fields[$0].name }
      if names.allSatisfy(written.contains) { return names }
    }
    return nil
  }

  /// The key as written, nil where a part is null or no single value.
  private func text(
    of fields: [String], in members: [InputMember], _ entity: Entity
  ) -> String? {
    var parts: [String] = []
    for field in fields {
      guard let input = members.first(where: { $0.name.value == field })?.input,
        let part = keyText(of: input)
      else { return nil }
      let isSecret = entity.position(of: field).map { entity.fields[$0].label != nil } ?? false
      parts.append(isSecret ? hidden(part) : part)
    }
    return instanceText(parts)
  }

  private func keyText(of input: Input) -> String? {
    switch input {
    case .scalar(let scalar, _): return scalar.isNull ? nil : scalar.text
    case .link(.variable(let name), _):
      return variables.values[name].flatMap { $0.value.isNull ? nil : $0.value.text }
    case .link(.environment(let name), _): return variables.environment(name)
    case .link(.reference(let reference), _):
      let parts = reference.instance?.compactMap { part in
        if case .text(let text) = part { return text }
        return nil
      }
      return parts.map { $0.joined(separator: ",") } ?? reference.operation
    case .link(.each, _), .template, .list, .object, .lookup: return nil
    }
  }

  /// Rows without a key get a digest of their content, counted where it repeats.
  private func addressed(_ elements: [Plan.Element], _ entity: Entity) -> [Plan.Element] {
    let content = digester(for: entity)
    var seen: [RowDigest: Int] = [:]
    return elements.map { element in
      guard element.key.isEmpty else { return element }
      var encoder = RowEncoder()
      for member in element.members {
        encoder.append(.text(member.name.value))
        encoder.append(.text(String(describing: member.input.withoutPlaces)))
      }
      var element = element
      element.key = contentKey(content.digest(encoder), seen: &seen)
      return element
    }
  }

  // MARK: Elements of for_each

  private func element(
    _ item: Input, key: [Located<String>], of operation: DataOperation, _ entity: Entity,
    into diagnostics: inout Diagnostics
  ) -> Plan.Element? {
    guard case .object(let members, let range) = item,
      let text = text(of: key.map(\.value), in: members, entity)
    else {
      diagnostics.report(
        .elementWithoutKey, ["key": key.map(\.value).joined(separator: ", ")], at: item.range)
      return nil
    }
    return Plan.Element(
      key: text, members: operation.values, each: .element(item, key: text), range: range)
  }

  private func elements(
    of input: Input, _ operation: DataOperation, into diagnostics: inout Diagnostics
  ) -> [Plan.Element] {
    let items: [Input]
    switch input {
    case .list(let list, _): items = list
    case .link(.variable(let name), let range):
      guard case .list(let values)? = variables.values[name]?.value else { fallthrough }
      items = values.map { .scalar(Scalar($0.text, style: .cell), range) }
    default:
      diagnostics.report(.forEachNotKnown, at: input.range)
      return []
    }
    return items.compactMap { item in
      guard let key = keyText(of: item) else {
        diagnostics.report(.elementWithoutKey, ["key": "value"], at: item.range)
        return nil
      }
      return Plan.Element(
        key: instanceText([key]), members: operation.values, each: .element(item, key: key),
        range: item.range)
    }
  }

  /// Reports keys that come twice, at both places, and leaves the later ones out.
  func distinct(
    _ elements: [Plan.Element], of operation: DataOperation, into diagnostics: inout Diagnostics
  ) -> [Plan.Element] {
    var first: [String: SourceRange] = [:]
    return elements.filter { element in
      guard let earlier = first.updateValue(element.range, forKey: element.key) else { return true }
      diagnostics.report(
        .duplicateInstance,
        ["address": address(operation: operation.name, instance: element.key)],
        at: element.range, related: [earlier])
      return false
    }
  }
}

/// `"#<hex>"`, and `"#<hex>-2"` for the second of equal rows.
func contentKey(_ digest: RowDigest, seen: inout [RowDigest: Int]) -> String {
  let text = "#" + hexadecimal(digest.bytes.prefix(8))
  let count = seen[digest, default: 0] + 1
  seen[digest] = count
  return instanceText([count == 1 ? text : "\(text)-\(count)"])
}
