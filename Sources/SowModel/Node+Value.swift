/// What is wrong with one place of a tree, and where: `path` leads there from the tree's root.
package struct NodeMistake: Error, Hashable, Sendable {
  package var mistake: ScalarMistake
  package var path: [String]
  package var range: SourceRange

  package init(_ mistake: ScalarMistake, path: [String], at range: SourceRange) {
    self.mistake = mistake
    self.path = path
    self.range = range
  }
}

extension Node {
  /// Reads the whole tree as `type`, or nil after adding every mistake in it to `mistakes`.
  ///
  /// Members that an object type names have their type, all others are `any`. The recursion is
  /// as deep as the tree, whose nesting the loader bounds.
  package func value(as type: FieldType, mistakes: inout [NodeMistake]) -> Value? {
    var path: [String] = []
    return value(as: type, path: &path, mistakes: &mistakes)
  }

  private func value(
    as type: FieldType, path: inout [String], mistakes: inout [NodeMistake]
  ) -> Value? {
    switch (content, type) {
    case (.scalar(let scalar), _):
      switch scalar.value(as: type) {
      case .success(let value): return value
      case .failure(let mistake):
        mistakes.append(NodeMistake(mistake, path: path, at: range))
        return nil
      }
    case (.sequence(let items), .list(let type)):
      return list(of: items, as: type, path: &path, mistakes: &mistakes)
    case (.sequence(let items), .any), (.sequence(let items), .object([:])):
      return list(of: items, as: .any, path: &path, mistakes: &mistakes)
    case (.mapping(let entries), .object(let types)):
      return object(of: entries, as: types, path: &path, mistakes: &mistakes)
    case (.mapping(let entries), .any):
      return object(of: entries, as: [:], path: &path, mistakes: &mistakes)
    case (.sequence, _), (.mapping, _):
      mistakes.append(NodeMistake(.structureUnexpected(type), path: path, at: range))
      return nil
    }
  }

  private func list(
    of items: [Node], as type: FieldType, path: inout [String], mistakes: inout [NodeMistake]
  ) -> Value? {
    var values: [Value] = []
    values.reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      path.append(String(index))
      if let value = item.value(as: type, path: &path, mistakes: &mistakes) {
        values.append(value)
      }
      path.removeLast()
    }
    return values.count == items.count ? .list(values) : nil
  }

  private func object(
    of entries: [Entry], as types: [String: FieldType], path: inout [String],
    mistakes: inout [NodeMistake]
  ) -> Value? {
    var members: [Value.Member] = []
    members.reserveCapacity(entries.count)
    for entry in entries {
      let name = entry.key.value
      path.append(name)
      if name.holdsZero {
        mistakes.append(NodeMistake(.zeroCharacter, path: path, at: entry.key.range))
      } else if let value = entry.value.value(
        as: types[name] ?? .any, path: &path, mistakes: &mistakes)
      {
        members.append(Value.Member(name, value))
      }
      path.removeLast()
    }
    return members.count == entries.count ? .object(members) : nil
  }
}
