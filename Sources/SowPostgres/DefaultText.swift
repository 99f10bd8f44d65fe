internal import SowModel

/// The text of a column's default, as `pg_get_expr` gives it: a literal, with a cast where it needs
/// one, or an expression.
struct DefaultText {
  private let text: String

  init(_ text: String) { self.text = text }

  /// The value that the column holds by it; nil for NULL and for an expression.
  func value(as type: ColumnType) -> Value? {
    if let string { return value(of: string, as: type) }
    var literal = text[...]
    if literal.hasPrefix("("), literal.hasSuffix(")") { literal = literal.dropFirst().dropLast() }
    if literal.hasPrefix("("), let cast = literal.firstRange(of: ")::") {
      literal = literal[literal.index(after: literal.startIndex)..<cast.lowerBound]
    }
    switch type.family {
    case .boolean where literal == "true": return .boolean(true)
    case .boolean where literal == "false": return .boolean(false)
    case .integer, .numeric, .real, .double:
      guard ExactDecimal(String(literal)) != nil else { return nil }
      return value(of: String(literal), as: type)
    default: return nil
    }
  }

  private func value(of text: String, as type: ColumnType) -> Value? {
    switch type.family {
    case .integer: Int64(text).map(Value.integer)
    case .numeric: ExactDecimal(text).map(Value.decimal)
    case .real, .double: Double(text).flatMap { $0.isFinite ? .float($0) : nil }
    case .boolean: text == "t" || text == "true" ? .boolean(true) : .boolean(false)
    case .json, .jsonb: Value(json: text)
    case .bytes: bytes(ofText: text).map(Value.bytes)
    case .date: DateText.isDate(text) ? .text(text) : nil
    case .text, .uuid: .text(text)
    // What these come back as depends on more than the text.
    case .time, .timestamp, .array, .other: nil
    }
  }

  /// What stands between single quotes, doubled ones undone, with perhaps a cast after it; nil
  /// where the text is no such literal.
  private var string: String? {
    let quote = UInt8(ascii: "'")
    var rest = Array(text.utf8)[...]
    let isWrapped = rest.first == UInt8(ascii: "(") && rest.last == UInt8(ascii: ")")
    if isWrapped { rest = rest.dropFirst().dropLast() }
    guard rest.popFirst() == quote else { return nil }
    var content: [UInt8] = []
    while let byte = rest.popFirst() {
      guard byte == quote else {
        content.append(byte)
        continue
      }
      if rest.first == quote {
        content.append(quote)
        rest.removeFirst()
        continue
      }
      guard rest.isEmpty || rest.starts(with: "::".utf8), Self.isCast(rest) else { return nil }
      return String(decoding: content, as: UTF8.self)
    }
    return nil
  }

  /// Whether nothing but the name of a type follows.
  private static func isCast(_ rest: ArraySlice<UInt8>) -> Bool {
    rest.dropFirst(2).allSatisfy { byte in
      byte >= 0x80 || "\"_ .,()[]".utf8.contains(byte)
        || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte)
    }
  }
}
