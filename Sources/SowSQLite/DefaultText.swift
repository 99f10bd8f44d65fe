internal import SowModel

/// The text of a column's default, as the catalogue gives it: a literal or an expression
/// (sqlite.org/lang_createtable.html, "The DEFAULT clause").
struct DefaultText {
  private let text: String

  init(_ text: String) { self.text = text }

  /// The value that the column holds by it; nil for NULL, for an expression, and for a literal of
  /// another type.
  func value(as type: FieldType) -> Value? {
    if let bytes = blob { return type == .bytes ? .bytes(bytes) : nil }
    if let string {
      switch type {
      case .object, .list: return Value(json: string)
      case .string, .any: return .text(string)
      case .bytes: return nil
      default: return read(Scalar(string), as: type)
      }
    }
    switch (type, text.uppercased()) {
    case (.boolean, "1"), (.boolean, "TRUE"): return .boolean(true)
    case (.boolean, "0"), (.boolean, "FALSE"): return .boolean(false)
    case (.integer, _), (.decimal, _), (.float, _), (.any, _):
      let value = read(Scalar(text), as: type)
      if case .text? = value { return nil }
      return value
    default: return nil
    }
  }

  private func read(_ scalar: Scalar, as type: FieldType) -> Value? {
    guard case .success(let value) = scalar.value(as: type), !value.isNull else { return nil }
    return value
  }

  /// What stands between single quotes, doubled ones undone; nil where the text is no such literal.
  private var string: String? {
    let quote = UInt8(ascii: "'")
    let bytes = Array(text.utf8)
    guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return nil }
    var content: [UInt8] = []
    var rest = bytes[1..<(bytes.count - 1)]
    while let byte = rest.popFirst() {
      if byte == quote {
        guard rest.popFirst() == quote else { return nil }
      }
      content.append(byte)
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// The bytes of `x'…'`.
  private var blob: [UInt8]? {
    guard let first = text.utf8.first, first | 0x20 == UInt8(ascii: "x"),
      let digits = DefaultText(String(text.dropFirst())).string, digits.utf8.count % 2 == 0
    else { return nil }
    var bytes: [UInt8] = []
    var rest = digits[...]
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    return bytes
  }
}
