/// `operation`, or `operation["key"]`, as the ledger names a row of one plan.
package struct RowAddress: Hashable, Sendable {
  package var operation: String
  /// The text between the brackets, empty for a plain operation.
  package var instance: String

  package init(operation: String, instance: String) {
    self.operation = operation
    self.instance = instance
  }

  /// Keys are equal byte for byte.
  package static func == (left: Self, right: Self) -> Bool {
    left.operation == right.operation && left.instance.hasSameBytes(as: right.instance)
  }

  /// Nil where `text` is no address: the key in the brackets is one or more JSON strings.
  package init?(_ text: String) {
    guard let open = text.firstIndex(of: "["), text.hasSuffix("]") else {
      guard isName(text) else { return nil }
      self.init(operation: text, instance: "")
      return
    }
    guard isName(text[..<open]), case .list(let parts)? = Value(json: String(text[open...])),
      !parts.isEmpty
    else { return nil }
    var instance = ""
    for part in parts {
      guard case .text(let key) = part else { return nil }
      if !instance.isEmpty { instance += "," }
      appendJSONString(key, to: &instance)
    }
    self.init(operation: String(text[..<open]), instance: instance)
  }

  package var text: String { address(operation: operation, instance: instance) }
}

/// Whether the key of an instance holds a digest in place of something sensitive: `"~1f2e…"`.
package func hidesKey(_ instance: String) -> Bool {
  guard instance.utf8.contains(UInt8(ascii: "~")) else { return false }
  return instance.split(separator: "\"").contains { part in
    part.utf8.count == 17 && part.utf8.first == UInt8(ascii: "~")
  }
}
