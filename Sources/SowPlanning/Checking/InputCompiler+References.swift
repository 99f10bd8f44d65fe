internal import SowModel

extension InputCompiler {
  /// A field of another operation's result.
  func cell(
    of reference: Reference, _ want: Want, each: Each, at range: SourceRange,
    into sink: inout Sink
  ) -> Cell? {
    guard let operation = names[reference.operation] else {
      sink.diagnostics.report(
        .unknownOperation, ["operation": reference.operation], at: range,
        hint: nearest(to: reference.operation, among: names.keys.sorted())
          .map(Diagnostic.Hint.didYouMean))
      return nil
    }
    let target = targets[operation]
    guard target.entity >= 0 else { return nil }  // Its entity is unknown, which is reported.
    var path = reference.path[...]
    var row: Int?
    if let first = path.first, let index = Int(first), path.count > 1 {
      row = index
      path.removeFirst()
    }
    guard let name = path.first else { preconditionFailure("a reference has a path") }
    guard target.action != .delete else {
      sink.diagnostics.report(.referenceToDelete, ["operation": target.name], at: range)
      return nil
    }
    let entity = entities[target.entity]
    guard let field = entity.position(of: name) else {
      sink.diagnostics.report(
        .unknownReferenceField,
        ["operation": target.name, "field": name, "entity": entity.name], at: range,
        hint: nearest(to: name, among: entity.fields.map(\.name)).map(Diagnostic.Hint.didYouMean))
      return nil
    }
    let tail = Array(path.dropFirst())
    let type = tail.isEmpty ? entity.fields[field].type : entity.fields[field].type.member(tail)
    guard fits(type, want, reference: "$ref:\(reference.text)", at: range, into: &sink) else {
      return nil
    }
    if let label = entity.fields[field].label { sink.label = label }
    sink.wanted.insert(OperationField(operation: operation, field: field))
    if row == nil, target.action == .read { sink.unindexed.insert(operation) }
    guard
      let cell = cell(
        reference, of: target, operation, row: row, field: field, each: each, at: range,
        into: &sink)
    else { return nil }
    if case .value = cell { return cell }  // A null row of `$each`.
    return tail.isEmpty ? cell : add(.member(of: cell, path: tail, want.type), to: &sink)
  }

  /// The cell of `field` of the instance that the reference names.
  private func cell(
    _ reference: Reference, of target: Target, _ operation: Int, row: Int?, field: Int,
    each: Each, at range: SourceRange, into sink: inout Sink
  ) -> Cell? {
    var instance: Int?
    if let parts = reference.instance {
      switch key(parts, each: each, at: range, into: &sink) {
      case .null: return .value(.null)
      case .none: return nil
      case .text(let key):
        if target.isStream {
          sink.streams.append(operation)
          return .streamed(operation: Int32(operation), instance: key, field: Int32(field))
        }
        instance = target.keys[key]
        guard instance != nil else {
          sink.diagnostics.report(
            .unknownInstance, ["operation": target.name, "key": key], at: range,
            hint: nearest(to: key, among: target.keys.keys.sorted().prefix(1_000))
              .map(Diagnostic.Hint.didYouMean))
          return nil
        }
      }
    } else if !target.isRepeated {
      instance = target.instances.lowerBound
    } else if let row, !target.isStream, target.action == .create || target.action == .upsert {
      instance = target.instances.dropFirst(row).first
    }
    guard let instance else {
      sink.diagnostics.report(
        .instanceNeeded, ["operation": target.name], at: range,
        hint: .text(#"write \#(target.name)["key"].\#(reference.path.last ?? "")"#))
      return nil
    }
    sink.dependencies.append(instance)
    switch target.action {
    case .create, .upsert:
      return .reference(instance: Int32(instance), field: Int32(field))
    case .read, .update, .delete:
      return add(
        .result(instance: Int32(instance), row: row ?? 0, field: Int32(field)), to: &sink)
    }
  }

  private enum InstanceKey {
    case none, null
    case text(String)
  }

  /// The text between the brackets with `$each:` put in; null where such a cell is null.
  private func key(
    _ parts: [Reference.KeyPart], each: Each, at range: SourceRange, into sink: inout Sink
  ) -> InstanceKey {
    var texts: [String] = []
    for part in parts {
      switch part {
      case .text(let text): texts.append(text)
      case .each(let path):
        switch self.each(path, each, at: range, into: &sink) {
        case .scalar(let scalar), .input(.scalar(let scalar, _)):
          if scalar.isNull || scalar.style == .cell && scalar.text.isEmpty { return .null }
          texts.append(scalar.text)
        case .input, .node:
          sink.diagnostics.report(.keyNotScalar, at: range)
          return .none
        case nil: return .none
        }
      }
    }
    return .text(instanceText(texts))
  }

  /// Whether a value of `type` may stand where `want` is; reports it where not.
  func fits(
    _ type: FieldType, _ want: Want, reference: String, at range: SourceRange,
    into sink: inout Sink
  ) -> Bool {
    if type.fits(want.type) { return true }
    _ = mismatch(type.name, want, link: reference, at: range, into: &sink)
    return false
  }
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
