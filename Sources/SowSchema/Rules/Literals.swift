import SowModel

/// The values of an `enum`, or the one of a `const`.
final class Literals: Sendable {
  let values: [Value]
  /// Filled where a search one by one would be slow.
  private let index: Set<ComparableValue>
  /// The literals that are text, which most are.
  private let strings: [String]

  init(_ values: [Value]) {
    self.values = values
    strings = values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    index = values.count > 16 ? Set(values.map(ComparableValue.init)) : []
  }

  func contains(_ value: Value) -> Bool {
    if !index.isEmpty { return index.contains(ComparableValue(value)) }
    if case .text(let text) = value {
      for string in strings where string.hasSameBytes(as: text) { return true }
      if strings.count == values.count { return false }
    }
    for literal in values where literal.equalsAsJSON(value) { return true }
    return false
  }

  /// The values as a message lists them, at most ten.
  var list: Phrase {
    .listing(texts.map { "\"\($0)\"" }, limit: 10)
  }

  /// The scalar values as a user would write them.
  var texts: [String] { values.map(\.literalText) }
}

extension Value {
  var literalText: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .decimal(let value): value.text
    case .float(let value): value.description
    case .text(let value): value
    case .bytes(let value): Base64.encode(value)
    case .list(let values): "[" + values.map(\.literalText).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\($0.name): \($0.value.literalText)" }.joined(separator: ", ") + "}"
    }
  }
}
