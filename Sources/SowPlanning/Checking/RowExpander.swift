internal import SowModel

/// Finds the instances of operations and their keys.
struct RowExpander: Sendable {
  let variables: Variables
  let limits: Limits
  /// Digests rows that have no other key; the same for the same bytes everywhere.
  let content: any Digesting & Sendable
  /// Digests what must not be read: keyed with the ledger's secret.
  let keyed: any Digesting & Sendable
  /// What operations are repeated over that others find, as far as that was read.
  let elements: [String: ReadElements]

  var secrets: KeySecrets { KeySecrets(digester: keyed) }

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
      let isSecret = secretNames(of: operation, entity).contains("key")
      return .inline(
        members.map { member in
          let key = member.name.value
          return Plan.Element(
            key: instanceText([isSecret ? secrets.hidden(key) : key]), members: operation.values,
            each: .element(member.input, key: key, label: nil), range: member.name.range)
        })
    case (nil, .items(let items, let key, _)?):
      let secret = secretNames(of: operation, entity)
      return .inline(
        distinct(
          items.compactMap { element($0, key: key, of: operation, secret, into: &diagnostics) },
          of: operation, isSensitive: entity.isSensitive, into: &diagnostics))
    case (nil, .values?) where operation.isOverResult && elements[operation.name] == nil:
      return .unread
    case (nil, .values(let input)?):
      return .inline(
        distinct(
          elements(of: input, operation, entity, into: &diagnostics), of: operation,
          isSensitive: entity.isSensitive, into: &diagnostics))
    }
  }

  /// Reports keys that come twice, at both places, and leaves the later ones out.
  func distinct(
    _ elements: [Plan.Element], of operation: DataOperation, isSensitive: Bool,
    into diagnostics: inout Diagnostics
  ) -> [Plan.Element] {
    var places: [ExactText: SourceRange] = [:]
    places.reserveCapacity(elements.count)
    return elements.filter { element in
      let key = ExactText(element.key)
      guard let first = places[key] else {
        places[key] = element.range
        return true
      }
      diagnostics.report(
        .duplicateInstance,
        ["address": address(operation: operation.name, instance: element.key)],
        at: element.range, related: [first], isSensitive: isSensitive)
      return false
    }
  }

  // MARK: Inline rows

  private func inline(
    _ rows: [Rows.InlineRow], of operation: DataOperation, _ entity: Entity,
    into diagnostics: inout Diagnostics
  ) -> [Plan.Element] {
    let elements = rows.map { row in
      let fields = keyFields(of: operation, entity, written: row.members.map(\.name.value))
      let secret = Set((fields ?? []).filter { entity.label(of: $0) != nil })
      let key = fields.flatMap { text(of: $0, in: row.members, secret) }
      return Plan.Element(key: key ?? "", members: row.members, each: .none, range: row.range)
    }
    warnOfContent(elements.count { $0.key.isEmpty }, of: operation, into: &diagnostics)
    return distinct(
      addressed(elements, entity), of: operation, isSensitive: entity.isSensitive,
      into: &diagnostics)
  }

  /// Rows of a `create` that only their content tells apart.
  func warnOfContent(
    _ count: Int?, of operation: DataOperation, into diagnostics: inout Diagnostics
  ) {
    guard count != 0, operation.action.value == .create else { return }
    diagnostics.report(
      .contentKey,
      [
        "count": count.map { Phrase(same: String($0)) } ?? Phrase("the", vi: "các"),
        "operation": operation.name,
      ],
      at: operation.range,
      hint: .text(
        "add \"key\" with the fields that identify a row",
        vi: "hãy thêm \"key\" với các trường nhận diện một bản ghi"))
  }

  /// Rows without a key get a digest of their content, counted where it repeats.
  private func addressed(_ elements: [Plan.Element], _ entity: Entity) -> [Plan.Element] {
    let content = digester(for: entity)
    var seen: [RowDigest: Int] = [:]
    var encoder = RowEncoder()
    return elements.map { element in
      guard element.key.isEmpty else { return element }
      encoder.reset()
      for member in element.members {
        encoder.append(.text(member.name.value))
        member.input.encode(into: &encoder)
      }
      var element = element
      element.key = contentKey(content.digest(encoder), seen: &seen)
      return element
    }
  }

  // MARK: Elements of for_each

  private func element(
    _ item: Input, key: [Located<String>], of operation: DataOperation, _ secret: Set<String>,
    into diagnostics: inout Diagnostics
  ) -> Plan.Element? {
    guard case .object(let members, let range) = item,
      let text = text(of: key.map(\.value), in: members, secret)
    else {
      diagnostics.report(
        .elementWithoutKey, ["key": key.map(\.value).joined(separator: ", ")], at: item.range)
      return nil
    }
    return Plan.Element(
      key: text, members: operation.values, each: .element(item, key: text, label: nil),
      range: range)
  }

  private func elements(
    of input: Input, _ operation: DataOperation, _ entity: Entity,
    into diagnostics: inout Diagnostics
  ) -> [Plan.Element] {
    let items: [Input]
    var label: String?
    func inputs(_ values: [Value]) -> [Input] {
      values.map { .scalar(Scalar($0.isNull ? "" : $0.text, style: .cell), input.range) }
    }
    switch input {
    case .list(let list, _): items = list
    case .link(.reference, _):
      guard let found = elements[operation.name] else {
        preconditionFailure("elements of a result that is not read are not asked for")
      }
      items = inputs(found.values)
      label = found.label
    case .link(.variable(let name), let range):
      guard let variable = variables.values[name] else {
        // One that is declared has had its diagnostic.
        guard !variables.declared.contains(name) else { return [] }
        diagnostics.report(
          .unknownVariable, ["variable": name], at: range,
          hint: nearest(to: name, among: variables.declared).map(Diagnostic.Hint.didYouMean))
        return []
      }
      guard case .list(let values) = variable.value else { fallthrough }
      items = inputs(values)
      if variable.isSensitive { label = "sensitive" }
    default:
      diagnostics.report(.forEachNotKnown, at: input.range)
      return []
    }
    let secret = secretNames(of: operation, entity)
    let isSecret =
      label != nil || secret.contains("key") || secret.contains("value")
      || input.isSensitive(variables)
    return items.compactMap { item in
      guard let key = keyText(of: item), !key.isEmpty else {
        diagnostics.report(.elementWithoutKey, ["key": "value"], at: item.range)
        return nil
      }
      return Plan.Element(
        key: instanceText([isSecret ? secrets.hidden(key) : key]), members: operation.values,
        each: .element(item, key: key, label: label), range: item.range)
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
