/// A YAML tree as it was written: text, order and positions, no types yet.
package struct Node: Sendable {
  package var content: Content
  package var range: SourceRange

  package enum Content: Sendable {
    case scalar(Scalar)
    case sequence([Node])
    case mapping([Entry])
  }

  /// One key of a mapping with its value; keys of one mapping are distinct.
  package struct Entry: Sendable {
    package var key: Located<String>
    package var value: Node

    package init(key: Located<String>, value: Node) {
      self.key = key
      self.value = value
    }
  }

  package init(_ content: Content, at range: SourceRange) {
    self.content = content
    self.range = range
  }
}

/// One scalar: text until a type says otherwise.
package struct Scalar: Hashable, Sendable {
  package var text: String
  package var style: Style

  package enum Style: UInt8, Hashable, Sendable {
    /// Unquoted in YAML or JSON: may be a number, a boolean or null.
    case plain
    /// Quoted, or a block scalar: a string unless the type says otherwise.
    case quoted
    /// A CSV cell: never null by its text, else as plain.
    case cell
  }

  package init(_ text: String, style: Style = .plain) {
    self.text = text
    self.style = style
  }

  /// Whether the scalar is a plain `null`, `~` or nothing at all.
  package var isNull: Bool {
    guard style == .plain else { return false }
    switch text.utf8.count {
    case 0: return true
    case 1: return text == "~"
    case 4: return text == "null" || text == "Null" || text == "NULL"
    default: return false
    }
  }
}

extension Node {
  package var scalar: Scalar? {
    if case .scalar(let scalar) = content { return scalar }
    return nil
  }

  package var entries: [Entry]? {
    if case .mapping(let entries) = content { return entries }
    return nil
  }

  package var items: [Node]? {
    if case .sequence(let items) = content { return items }
    return nil
  }

  package var isNull: Bool { scalar?.isNull ?? false }

  /// The value of `key` where this is a mapping that has it.
  package subscript(key: String) -> Node? {
    entries?.first { $0.key.value == key }?.value
  }
}
