import SowModel

/// Turns nodes into inputs: the one place where text is looked at for references.
///
/// Recursion follows nodes, whose depth the reader of files limits.
struct InputReader {
  var diagnostics = Diagnostics()
  /// Where `$each:` was used, so that its use without a `for_each` can be reported.
  private(set) var eachUses: [SourceRange] = []

  mutating func forgetEachUses() { eachUses.removeAll(keepingCapacity: true) }

  mutating func input(_ node: Node) -> Input {
    switch node.content {
    case .scalar(let scalar): return input(scalar, at: node.range)
    case .sequence(let items): return .list(items.map { input($0) }, node.range)
    case .mapping(let entries):
      if entries.contains(where: { $0.key.value == "$lookup" }) { return lookup(entries, node) }
      return .object(members(entries), node.range)
    }
  }

  mutating func members(_ entries: [Node.Entry]) -> [InputMember] {
    var members: [InputMember] = []
    members.reserveCapacity(entries.count)
    for entry in entries { members.append(InputMember(entry.key, input(entry.value))) }
    return members
  }

  mutating func input(_ scalar: Scalar, at range: SourceRange) -> Input {
    guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return .scalar(scalar, range) }
    do throws(LinkScanner.Mistake) {
      let (outcome, undelimited) = try LinkScanner.scan(scalar.text)
      for link in undelimited {
        diagnostics.report(
          .undelimitedLink, ["written": link.written, "delimited": link.delimited], at: range,
          hint: .text("write \(link.delimited)", vi: "hãy viết \(link.delimited)"))
      }
      switch outcome {
      case .text(let text): return .scalar(Scalar(text, style: scalar.style), range)
      case .link(let link):
        note(link, at: range)
        return .link(link, range)
      case .template(let parts):
        for case .link(let link) in parts { note(link, at: range) }
        return .template(parts, range)
      }
    } catch {
      diagnostics.report(
        .invalidLink, ["opening": error.opening], at: range, hint: error.hint)
      return .scalar(scalar, range)
    }
  }

  /// Reports a link where only fixed text may stand.
  mutating func refuseLinks(_ node: Node, in place: any Fact) {
    var inner = InputReader()
    inner.refuseLinks(inner.input(node), in: place)
    diagnostics.merge(inner.diagnostics)
  }

  private mutating func refuseLinks(_ input: Input, in place: any Fact) {
    switch input {
    case .scalar: break
    case .link, .template, .lookup:
      diagnostics.report(.linkNotAllowed, ["place": place], at: input.range)
    case .list(let items, _): for item in items { refuseLinks(item, in: place) }
    case .object(let members, _): for member in members { refuseLinks(member.input, in: place) }
    }
  }

  /// Notes a use of `$each:` outside of an input.
  mutating func noteEach(at range: SourceRange) { eachUses.append(range) }

  private mutating func note(_ link: Link, at range: SourceRange) {
    let usesEach =
      switch link {
      case .each: true
      case .reference(let reference):
        reference.instance?.contains { if case .each = $0 { true } else { false } } ?? false
      case .variable, .environment: false
      }
    if usesEach { eachUses.append(range) }
  }

  private mutating func lookup(_ entries: [Node.Entry], _ node: Node) -> Input {
    let fallback = Input.object([], node.range)
    guard entries.count == 1 else {
      for entry in entries where entry.key.value != "$lookup" {
        diagnostics.report(.lookupNotAlone, ["key": entry.key.value], at: entry.key.range)
      }
      return fallback
    }
    guard
      let members = Members(
        entries[0].value, of: "$lookup", known: ["entity", "where", "field"], &diagnostics)
    else { return fallback }
    let entity = members.required("entity", &diagnostics)?.text(as: "entity", &diagnostics)
    let field = members.required("field", &diagnostics)?.text(as: "field", &diagnostics)
    let condition = members.required("where", &diagnostics)
    guard let entity, let field, let condition, let filter = conditions(condition)
    else { return fallback }
    return .lookup(Lookup(entity: entity, filter: filter, field: field, range: node.range))
  }
}
