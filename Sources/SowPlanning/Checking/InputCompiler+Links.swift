internal import SowModel

extension InputCompiler {
  /// A link that is the whole scalar: its value keeps its type.
  func cell(
    of link: Link, _ want: Want, each: Each, at range: SourceRange, into sink: inout Sink
  ) -> Cell? {
    switch link {
    case .reference(let reference):
      return cell(of: reference, want, each: each, at: range, into: &sink)
    case .variable(let name):
      guard let value = variable(name, at: range, into: &sink) else { return nil }
      guard let fitting = value.fitting(want.type) else {
        return mismatch(value.typeName, want, link: "$var:\(name)", at: range, into: &sink)
      }
      return accepted(fitting, want, at: range, into: &sink)
    case .environment(let name):
      guard let text = environment(name, at: range, into: &sink) else { return nil }
      return value(of: Scalar(text, style: .cell), want, at: range, into: &sink)
    case .each(let path):
      switch self.each(path, each, at: range, into: &sink) {
      case .input(let input): return cell(input, want, each: .none, into: &sink)
      case .scalar(let scalar): return value(of: scalar, want, at: range, into: &sink)
      case .node(let node): return value(of: node, want, at: range, into: &sink)
      case nil: return nil
      }
    }
  }

  /// Text with links inside: the result is text, read as the type that is wanted.
  func template(
    _ parts: [TemplatePart], _ want: Want, each: Each, at range: SourceRange,
    into sink: inout Sink
  ) -> Cell? {
    let any = Want(type: .any, isNullable: true, name: want.name)
    var pieces: [Computed.Piece] = []
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .link(let link):
        guard let piece = textCell(of: link, any, each: each, at: range, into: &sink) else {
          return nil
        }
        if let value = piece.known {
          guard !value.isNull else {
            sink.diagnostics.report(.nullInText, ["field": want.name], at: range)
            return nil
          }
          text += value.text
        } else {
          pieces += [.text(text), .cell(piece)]
          text = ""
        }
      }
    }
    if pieces.isEmpty {
      return value(of: Scalar(text, style: .quoted), want, at: range, into: &sink)
    }
    guard FieldType.string.fits(want.type) else {
      return mismatch("string", want, link: "text", at: range, into: &sink)
    }
    return add(.template(pieces + [.text(text)], want.type), to: &sink)
  }

  /// Inside of text a cell of a file or a plain scalar is taken as it is written.
  private func textCell(
    of link: Link, _ want: Want, each: Each, at range: SourceRange, into sink: inout Sink
  ) -> Cell? {
    switch link {
    case .environment(let name):
      return environment(name, at: range, into: &sink).map { .value(.text($0)) }
    case .each(let path):
      switch self.each(path, each, at: range, into: &sink) {
      case .scalar(let scalar): return .value(.text(scalar.text))
      case .input(.scalar(let scalar, _)): return .value(.text(scalar.text))
      case .input(let input): return cell(input, want, each: .none, into: &sink)
      case .node(let node): return value(of: node, want, at: range, into: &sink)
      case nil: return nil
      }
    case .reference, .variable: return cell(of: link, want, each: each, at: range, into: &sink)
    }
  }

  private func variable(
    _ name: String, at range: SourceRange, into sink: inout Sink
  ) -> Value? {
    if let variable = variables.values[name] {
      if variable.isSensitive { sink.label = "sensitive" }
      return variable.value
    }
    if !variables.declared.contains(name) {
      sink.diagnostics.report(
        .unknownVariable, ["variable": name], at: range,
        hint: sink.suggestion(for: name, among: variables.declared)
          ?? .text(
            "declared are: {names}", vi: "đã khai báo: {names}",
            ["names": Phrase.listing(variables.declared)]))
    }
    return nil
  }

  private func environment(
    _ name: String, at range: SourceRange, into sink: inout Sink
  ) -> String? {
    sink.label = "environment"
    if let text = variables.environment(name) { return text }
    sink.diagnostics.report(.environmentUnset, ["variable": name], at: range)
    return nil
  }

  func mismatch(
    _ given: String, _ want: Want, link: String, at range: SourceRange, into sink: inout Sink
  ) -> Cell? {
    let hint: Diagnostic.Hint? =
      want.type == .string && link.hasPrefix("$") && !link.hasPrefix("$lookup")
      ? .text(
        "inside of other text it becomes text: \"… ${\(link.dropFirst())}\"",
        vi: "bên trong một văn bản khác, nó thành văn bản: \"… ${\(link.dropFirst())}\"") : nil
    sink.diagnostics.report(
      .linkType, ["link": link, "given": given, "field": want.name, "wanted": want.type.name],
      at: range, hint: hint ?? (link.contains("$each:") ? want.type.hintForCell : nil))
    return nil
  }
}

/// The element that `$each:` speaks of.
enum Each {
  case none
  /// With what stands for it, where the list comes from a sensitive place.
  case element(Input, key: String, label: String?)
  case row(columns: [String], DataRow)
}

enum EachValue {
  case input(Input)
  case scalar(Scalar)
  case node(Node)
}

extension InputCompiler {
  func each(
    _ path: [String], _ each: Each, at range: SourceRange, into sink: inout Sink
  ) -> EachValue? {
    let available: [String]
    switch each {
    case .none: available = []
    case .element(let input, let key, let label):
      if let label { sink.label = label }
      if let value = Self.member(path, of: input, key: key) { return value }
      available = Self.names(of: input)
    case .row(let columns, let row):
      if let index = columns.firstIndex(of: path[0]) {
        if let value = Self.value(path.dropFirst(), of: row.cells[index], at: range) {
          return value
        }
      }
      available = columns
    }
    sink.diagnostics.report(
      .unknownEach,
      ["path": path.joined(separator: "."), "known": Phrase.listing(available)],
      at: range, hint: sink.suggestion(for: path[0], among: available))
    return nil
  }

  private static func member(_ path: [String], of input: Input, key: String) -> EachValue? {
    if case .object(let members, _) = input,
      let member = members.first(where: { $0.name.value == path[0] })
    {
      return path.count == 1
        ? .input(member.input)
        : self.member(Array(path.dropFirst()), of: member.input, key: key)
    }
    guard path.count == 1 else { return nil }
    switch path[0] {
    case "key": return .scalar(Scalar(key, style: .cell))
    case "value": return .input(input)
    default: return nil
    }
  }

  private static func names(of input: Input) -> [String] {
    guard case .object(let members, _) = input else { return ["key", "value"] }
    return ["key", "value"] + members.map(\.name.value)
  }

  private static func value(
    _ path: ArraySlice<String>, of cell: DataCell, at range: SourceRange
  ) -> EachValue? {
    switch cell {
    case .absent: return path.isEmpty ? .scalar(Scalar("")) : nil
    case .scalar(let scalar): return path.isEmpty ? .scalar(scalar) : nil
    case .structure(var node):
      for step in path {
        if let items = node.items, let index = Int(step), items.indices.contains(index) {
          node = items[index]
        } else if let member = node[step] {
          node = member
        } else {
          return nil
        }
      }
      return node.scalar.map { .scalar($0) } ?? .node(node)
    }
  }
}
