internal import SowModel

extension InputCompiler {
  /// A field of another operation's result; a list of them where a part of the key is a list.
  func cell(
    of reference: Reference, _ want: Want, each: Each, at range: SourceRange,
    into sink: inout Sink
  ) -> Cell? {
    guard let number = target(of: reference, want, at: range, into: &sink) else { return nil }
    let target = targets[number]
    let path = ReferencePath(reference.path)
    let keys = reference.instance.map {
      self.keys($0, of: target, want, each: each, at: range, into: &sink)
    }
    let field = self.field(path, of: target, keys, reference, want, at: range, into: &sink)
    var known: Field?
    if let field {
      known = Field(
        operation: number, position: field, path: path,
        type: keys?.isList == true ? want.type.element : want.type)
      sink.wanted.insert(OperationField(operation: number, field: field))
      if let label = entities[target.entity].fields[field].label { sink.label = label }
    }
    switch keys {
    case nil:
      if path.row == nil { sink.singles.insert(number) }
      return instance(nil, reference, path, at: range, into: &sink).flatMap {
        cell(of: known, in: $0, &sink)
      }
    case .failed?: return nil
    case .null?: return accepted(.null, want, at: range, into: &sink)
    case .one(let key)?:
      return instance(key, reference, path, at: range, into: &sink).flatMap {
        cell(of: known, in: $0, &sink)
      }
    case .list(let keys)?:
      let cells = keys.map { key -> Cell? in
        guard let key else { return .value(.null) }
        return instance(key, reference, path, at: range, into: &sink).flatMap {
          cell(of: known, in: $0, &sink)
        }
      }
      let found = cells.compactMap(\.self)
      return found.count == cells.count ? add(.list(found), to: &sink) : nil
    }
  }

  /// What a reference asks of a row.
  private struct Field {
    let operation: Int
    let position: Int
    let path: ReferencePath
    let type: FieldType
  }

  private enum Row {
    case instance(Int)
    case streamed(String)
  }

  private func target(
    of reference: Reference, _ want: Want, at range: SourceRange, into sink: inout Sink
  ) -> Int? {
    guard let number = names[reference.operation] else {
      if unread.contains(reference.operation) { return nil }
      sink.diagnostics.report(
        .unknownOperation,
        [
          "operation": reference.operation, "field": want.name,
          "known": Phrase.listing(targets.lazy.map(\.name)),
        ], at: range,
        hint: sink.suggestion(for: reference.operation, among: targets.lazy.map(\.name)))
      return nil
    }
    guard targets[number].action != .delete else {
      sink.diagnostics.report(.referenceToDelete, ["operation": targets[number].name], at: range)
      return nil
    }
    return number
  }

  /// The field that the path names, or nil after a diagnostic, which an unknown entity has had.
  private func field(
    _ path: ReferencePath, of target: Target, _ keys: InstanceKeys?, _ reference: Reference,
    _ want: Want, at range: SourceRange, into sink: inout Sink
  ) -> Int? {
    let entity = entities[target.entity]
    guard entity.isKnown else { return nil }
    guard let field = entity.position(of: path.field) else {
      let known = entity.fields.map(\.name)
      sink.diagnostics.report(
        .unknownReferenceField,
        [
          "operation": target.name, "field": path.field, "entity": entity.name,
          "known": Phrase.listing(known),
        ], at: range, hint: sink.suggestion(for: path.field, among: known))
      return nil
    }
    guard let member = entity.fields[field].type.member(path.members) else {
      sink.diagnostics.report(
        .noMember, ["path": path.members.joined(separator: ".")], at: range)
      return nil
    }
    let type = keys?.isList == true ? .list(of: member) : member
    return fits(type, want, reference: "$ref:\(reference.text)", at: range, into: &sink)
      ? field : nil
  }

  /// The row that the reference names, on which what is compiled then depends.
  private func instance(
    _ key: String?, _ reference: Reference, _ path: ReferencePath, at range: SourceRange,
    into sink: inout Sink
  ) -> Row? {
    guard let number = names[reference.operation] else { return nil }
    let target = targets[number]
    // A row of a query is looked for when the query has run.
    let row = target.action.insertsRows ? path.row : nil
    var instance: Int?
    if let key {
      if target.isStream {
        sink.streams.append(number)
        return .streamed(key)
      }
      instance = target.keys[ExactText(key)]
    } else if !target.isRepeated {
      instance = row ?? 0 == 0 ? target.instances.first : nil
    } else if let row, !target.isStream {
      instance = target.instances.dropFirst(row).first
    } else {
      let text = #"$ref:\#(target.name)["key"].\#(path.field)"#
      sink.diagnostics.report(
        .instanceNeeded, ["operation": target.name], at: range,
        hint: .text("write \(text)", vi: "hãy viết \(text)"))
      return nil
    }
    guard let instance else {
      reportUnknown(key ?? row.map(String.init) ?? "", of: target, at: range, into: &sink)
      return nil
    }
    sink.dependencies.append(instance)
    return .instance(instance)
  }

  private func reportUnknown(
    _ key: String, of target: Target, at range: SourceRange, into sink: inout Sink
  ) {
    if !target.isComplete { return }  // Rows that could not be read have had their diagnostic.
    var hint: Diagnostic.Hint?
    if !target.keys.isEmpty, sink.mayCompare(target.keys.count) {
      let keys = target.keys.sorted { $0.value < $1.value }.map(\.key.text)
      hint = nearest(to: key, among: keys).map { .didYouMean($0) }
      hint =
        hint
        ?? .text(
          "its rows are {keys}", vi: "các bản ghi của nó là {keys}",
          ["keys": Phrase.listing(keys, limit: 5)])
    }
    sink.diagnostics.report(
      .unknownInstance, ["operation": target.name, "key": key], at: range, hint: hint)
  }

  private func cell(of field: Field?, in row: Row, _ sink: inout Sink) -> Cell? {
    guard let field else { return nil }
    let cell: Cell =
      switch row {
      case .streamed(let key):
        .streamed(
          operation: Int32(field.operation), instance: key, field: Int32(field.position))
      case .instance(let instance):
        switch targets[field.operation].action {
        case .create, .upsert, .sync:
          .reference(instance: Int32(instance), field: Int32(field.position))
        case .read, .update, .delete:
          add(
            .result(
              instance: Int32(instance), row: field.path.row ?? 0, field: Int32(field.position)),
            to: &sink)
        }
      }
    if field.path.members.isEmpty { return cell }
    return add(.member(of: cell, path: Array(field.path.members), field.type), to: &sink)
  }

  /// Whether a value of `type` may stand where `want` is; reports it where not.
  func fits(
    _ type: FieldType, _ want: Want, reference: @autoclosure () -> String, at range: SourceRange,
    into sink: inout Sink
  ) -> Bool {
    if type.fits(want.type) { return true }
    _ = mismatch(type.name, want, link: reference(), at: range, into: &sink)
    return false
  }
}

/// The steps after the operation: perhaps the number of a row, a field, and members inside it.
struct ReferencePath {
  let row: Int?
  let field: String
  let members: ArraySlice<String>

  init(_ path: [String]) {
    guard let first = path.first else { preconditionFailure("a reference has a path") }
    let number = path.count > 1 ? Int(first) : nil
    row = number
    field = number == nil ? first : path[1]
    members = path.dropFirst(number == nil ? 1 : 2)
  }
}

extension FieldType {
  fileprivate var element: FieldType {
    if case .list(let element) = self { return element }
    return .any
  }
}
