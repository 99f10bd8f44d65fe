internal import SowModel

extension Input {
  /// Every link inside, at any depth; nesting is bounded by the loader.
  func forEachLink(_ body: (Link) -> Void) {
    switch self {
    case .scalar: break
    case .link(let link, _): body(link)
    case .template(let parts, _):
      for case .link(let link) in parts { body(link) }
    case .list(let items, _): for item in items { item.forEachLink(body) }
    case .object(let members, _): for member in members { member.input.forEachLink(body) }
    case .lookup(let lookup): for test in lookup.filter { test.operand.forEachLink(body) }
    }
  }

  func forEachReference(_ body: (Reference) -> Void) {
    forEachLink { link in
      if case .reference(let reference) = link { body(reference) }
    }
  }

  func forEachLookup(_ body: (Lookup) -> Void) {
    switch self {
    case .scalar, .link, .template: break
    case .list(let items, _): for item in items { item.forEachLookup(body) }
    case .object(let members, _): for member in members { member.input.forEachLookup(body) }
    case .lookup(let lookup):
      body(lookup)
      for condition in lookup.filter { condition.operand.forEachLookup(body) }
    }
  }
}

extension DataOperation {
  /// What is written in an operation, wherever a link may stand.
  func forEachInput(_ body: (Input) -> Void) { forEachPlace { body($1) } }

  /// The same with the place of each: the field that it sets, or the key that it stands under.
  func forEachPlace(_ body: (_ place: String, Input) -> Void) {
    for member in values { body(member.name.value, member.input) }
    for condition in filter ?? [] { body("where " + condition.field.value, condition.operand) }
    for member in params { body("params " + member.name.value, member.input) }
    if let ids { body("ids", ids) }
    if let limit { body("limit", limit) }
    if let when {
      body("when", when.value)
      for test in when.tests { body("when", test.operand) }
    }
    if case .inline(let rows)? = rows {
      for row in rows { for member in row.members { body(member.name.value, member.input) } }
    }
    switch forEach {
    case .mapping(let members)?: for member in members { body("for_each", member.input) }
    case .items(let items, _, _)?: for item in items { body("for_each", item) }
    case .values(let input)?: body("for_each", input)
    case .file?, nil: break
    }
  }
}

// MARK: Content

/// What was written is encoded without its place, with a mark for each kind, so that equal content
/// has equal bytes: part of the address of rows that have no other key, so it never changes.
extension Input {
  func encode(into encoder: inout RowEncoder) {
    switch self {
    case .scalar(let scalar, _): scalar.encode(into: &encoder)
    case .link(let link, _): encoder.append(.list([.text(link.written)]))
    case .template(let parts, _): encoder.append(.list(parts.map { .text($0.written) }))
    case .list(let items, _):
      encoder.append(.text("["))
      encoder.append(.integer(Int64(items.count)))
      for item in items { item.encode(into: &encoder) }
    case .object(let members, _):
      encoder.append(.text("{"))
      encoder.append(.integer(Int64(members.count)))
      for member in members {
        encoder.append(.text(member.name.value))
        member.input.encode(into: &encoder)
      }
    case .lookup(let lookup):
      encoder.append(.list([.text(lookup.entity.value), .text(lookup.field.value)]))
      for condition in lookup.filter {
        encoder.append(.text(condition.field.value + " " + condition.comparison.rawValue))
        condition.operand.encode(into: &encoder)
      }
    }
  }
}

extension Node {
  func encode(into encoder: inout RowEncoder) {
    switch content {
    case .scalar(let scalar): scalar.encode(into: &encoder)
    case .sequence(let items):
      encoder.append(.text("["))
      encoder.append(.integer(Int64(items.count)))
      for item in items { item.encode(into: &encoder) }
    case .mapping(let entries):
      encoder.append(.text("{"))
      encoder.append(.integer(Int64(entries.count)))
      for entry in entries {
        encoder.append(.text(entry.key.value))
        entry.value.encode(into: &encoder)
      }
    }
  }
}

extension Scalar {
  fileprivate func encode(into encoder: inout RowEncoder) {
    encoder.append(isNull ? .null : .text(text))
  }
}

extension TemplatePart {
  fileprivate var written: String {
    switch self {
    case .text(let text): "=" + text
    case .link(let link): link.written
    }
  }
}

extension Link {
  fileprivate var written: String {
    switch self {
    case .reference(let reference): "$ref:" + reference.text
    case .variable(let name): "$var:" + name
    case .environment(let name): "$env:" + name
    case .each(let path): "$each:" + path.joined(separator: ".")
    }
  }
}
