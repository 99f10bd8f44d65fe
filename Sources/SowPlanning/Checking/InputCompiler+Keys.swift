internal import SowModel

extension InputCompiler {
  /// What stands between the brackets, with `$each:` put in.
  enum InstanceKeys {
    /// After a diagnostic.
    case failed
    /// A part is null.
    case null
    case one(String)
    /// One part is a list; nil for those of its items that are null.
    case list([String?])

    var isList: Bool {
      if case .list = self { return true }
      return false
    }
  }

  private enum Part {
    case null
    case text(String)
    case list([String?])
  }

  func keys(
    _ parts: [Reference.KeyPart], of target: Target, _ want: Want, each: Each,
    at range: SourceRange, into sink: inout Sink
  ) -> InstanceKeys {
    var found: [Part] = []
    for part in parts {
      switch part {
      case .text(let text): found.append(.text(text))
      case .each(let path):
        guard let value = self.each(path, each, at: range, into: &sink),
          let part = self.part(value, want, at: range, into: &sink)
        else { return .failed }
        found.append(part)
      }
    }
    return joined(found, of: target, at: range, into: &sink)
  }

  /// The parts of a key that stand alone, with `$each:` put in; nil where one is null, and after a
  /// diagnostic where one is a list.
  func keyTexts(
    _ parts: [Reference.KeyPart], each: Each, at range: SourceRange, into sink: inout Sink
  ) -> [String]? {
    let want = Want(type: .any, isNullable: true, name: "moved_from")
    var texts: [String] = []
    for part in parts {
      switch part {
      case .text(let text): texts.append(text)
      case .each(let path):
        guard let value = self.each(path, each, at: range, into: &sink),
          let part = self.part(value, want, at: range, into: &sink)
        else { return nil }
        switch part {
        case .null: return nil
        case .text(let text): texts.append(text)
        case .list:
          sink.diagnostics.report(.keyNotScalar, at: range)
          return nil
        }
      }
    }
    return texts
  }

  private func joined(
    _ parts: [Part], of target: Target, at range: SourceRange, into sink: inout Sink
  ) -> InstanceKeys {
    var texts: [String] = []
    var list: (position: Int, items: [String?])?
    for (position, part) in parts.enumerated() {
      switch part {
      case .null: return .null
      case .text(let text): texts.append(address(text, position, of: target))
      case .list(let items):
        guard list == nil else {
          sink.diagnostics.report(.keyNotScalar, at: range)
          return .failed
        }
        list = (position, items.map { $0.map { address($0, position, of: target) } })
        texts.append("")
      }
    }
    guard let list else { return .one(instanceText(texts)) }
    return .list(
      list.items.map { item in
        item.map {
          texts[list.position] = $0
          return instanceText(texts)
        }
      })
  }

  /// A part of a key as the address shows it.
  private func address(_ text: String, _ position: Int, of target: Target) -> String {
    target.secretParts.contains(position) ? secrets.hidden(text) : text
  }

  private func part(
    _ value: EachValue, _ want: Want, at range: SourceRange, into sink: inout Sink
  ) -> Part? {
    var items: [Part?] = []
    switch value {
    case .scalar(let scalar), .input(.scalar(let scalar, _)):
      // In a CSV cell a list is JSON.
      if scalar.style == .cell, case .list = want.type,
        case .list(let values)? = Value(json: scalar.text)
      {
        return .list(values.map { $0.isNull ? nil : $0.text })
      }
      let isEmptyCell = scalar.style == .cell && scalar.text.isEmpty
      return scalar.isNull || isEmptyCell ? .null : .text(scalar.text)
    case .node(let node):
      items = (node.items ?? []).map { item in
        item.scalar.map { $0.isNull ? .null : .text($0.text) }
      }
      if node.items == nil { items = [nil] }
    case .input(.list(let inputs, _)):
      items = inputs.map { part(.input($0), want, at: range, into: &sink) }
    case .input(.link(.variable(let name), _)):
      switch variables.values[name]?.value {
      case .null?: return .null
      case .list(let values)?: return .list(values.map { $0.isNull ? nil : $0.text })
      case .object?: items = [nil]
      case let value?: return .text(value.text)
      case nil: return nil
      }
    case .input(.link(.reference(let reference), _)):
      return .text(keyText(of: reference))
    case .input: items = [nil]
    }
    var texts: [String?] = []
    for item in items {
      switch item {
      case .text(let text)?: texts.append(text)
      case .null?: texts.append(nil)
      case .list?, nil:
        sink.diagnostics.report(.keyNotScalar, at: range)
        return nil
      }
    }
    return .list(texts)
  }
}

/// A reference in a key stands for the key of the instance that it points to.
func keyText(of reference: Reference) -> String {
  let parts = reference.instance?.compactMap { part in
    if case .text(let text) = part { return text }
    return nil
  }
  return parts.map { $0.joined(separator: ",") } ?? reference.operation
}

/// The text between the brackets of an address: each part in double quotes.
func instanceText(_ parts: [String]) -> String {
  var text = ""
  for (index, part) in parts.enumerated() {
    if index > 0 { text += "," }
    appendJSONString(part, to: &text)
  }
  return text
}
