internal import SowModel

/// What was written without where, so that equal content has equal text.
indirect enum WrittenContent: Hashable {
  case scalar(Scalar)
  case link(Link)
  case template([TemplatePart])
  case list([WrittenContent])
  case object([String], [WrittenContent])
}

extension Input {
  var withoutPlaces: WrittenContent {
    switch self {
    case .scalar(let scalar, _): .scalar(scalar)
    case .link(let link, _): .link(link)
    case .template(let parts, _): .template(parts)
    case .list(let items, _): .list(items.map(\.withoutPlaces))
    case .object(let members, _):
      .object(members.map(\.name.value), members.map(\.input.withoutPlaces))
    case .lookup(let lookup):
      .object(
        lookup.filter.map { $0.field.value + " " + $0.comparison.rawValue },
        lookup.filter.map(\.operand.withoutPlaces) + [
          .scalar(Scalar(lookup.entity.value)), .scalar(Scalar(lookup.field.value)),
        ])
    }
  }

  /// Every reference inside, at any depth; nesting is bounded by the loader.
  func forEachReference(_ body: (Reference) -> Void) {
    switch self {
    case .scalar: break
    case .link(.reference(let reference), _): body(reference)
    case .link: break
    case .template(let parts, _):
      for case .link(.reference(let reference)) in parts { body(reference) }
    case .list(let items, _): for item in items { item.forEachReference(body) }
    case .object(let members, _): for member in members { member.input.forEachReference(body) }
    case .lookup(let lookup): for test in lookup.filter { test.operand.forEachReference(body) }
    }
  }
}

extension Node {
  var withoutPlaces: WrittenContent {
    switch content {
    case .scalar(let scalar): .scalar(scalar)
    case .sequence(let items): .list(items.map(\.withoutPlaces))
    case .mapping(let entries):
      .object(entries.map(\.key.value), entries.map(\.value.withoutPlaces))
    }
  }
}
