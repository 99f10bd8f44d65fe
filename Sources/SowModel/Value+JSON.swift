extension Value {
  /// The value of a JSON text (RFC 8259): integers of 64 bits, other numbers exact decimals. Nil
  /// for any other text, a repeated member, U+0000, or nesting beyond 200.
  package init?(json text: String) {
    var parser = JSONParser(bytes: Array(text.utf8))
    guard let value = parser.document() else { return nil }
    self = value
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() -> Value? {
    guard let value = value() else { return nil }
    skipSpace()
    return position == bytes.count ? value : nil
  }

  private mutating func value() -> Value? {
    skipSpace()
    guard position < bytes.count, depth <= 200 else { return nil }
    depth += 1
    defer { depth -= 1 }
    switch bytes[position] {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return list()
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case UInt8(ascii: "t"): return word("true", .boolean(true))
    case UInt8(ascii: "f"): return word("false", .boolean(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func object() -> Value? {
    position += 1
    var members: [Value.Member] = []
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\""), let name = string(),
        !members.contains(where: { $0.name == name }), take(":"), let value = value()
      else { return nil }
      members.append(Value.Member(name, value))
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func list() -> Value? {
    position += 1
    var items: [Value] = []
    if take("]") { return .list([]) }
    repeat {
      guard let item = value() else { return nil }
      items.append(item)
    } while take(",")
    return take("]") ? .list(items) : nil
  }

  private mutating func word(_ word: StaticString, _ value: Value) -> Value? {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count,
      word.withUTF8Buffer({ bytes[position..<end].elementsEqual($0) })
    else { return nil }
    position = end
    return value
  }

  private mutating func number() -> Value? {
    let start = position
    while position < bytes.count, "+-.eE0123456789".utf8.contains(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let decimal = ExactDecimal(text), !text.hasPrefix("+") else { return nil }
    if let integer = Int64(text) { return .integer(integer) }
    return .decimal(decimal)
  }

  private mutating func string() -> String? {
    position += 1
    var output: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: output, as: UTF8.self)
      case UInt8(ascii: "\\"): guard escape(into: &output) else { return nil }
      case 0..<0x20: return nil
      default: output.append(byte)
      }
    }
    return nil
  }

  private mutating func escape(into output: inout [UInt8]) -> Bool {
    guard position < bytes.count else { return false }
    let mark = bytes[position]
    position += 1
    switch mark {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(mark)
    case UInt8(ascii: "b"): output.append(0x08)
    case UInt8(ascii: "f"): output.append(0x0C)
    case UInt8(ascii: "n"): output.append(0x0A)
    case UInt8(ascii: "r"): output.append(0x0D)
    case UInt8(ascii: "t"): output.append(0x09)
    case UInt8(ascii: "u"):
      guard let scalar = escapedScalar(), scalar.value != 0 else { return false }
      output += Array(String(scalar).utf8)
    default: return false
    }
    return true
  }

  /// The scalar of `\uXXXX`, or of two that are a surrogate pair.
  private mutating func escapedScalar() -> Unicode.Scalar? {
    guard let first = fourDigits() else { return nil }
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { return nil }
    position += 2
    guard let second = fourDigits(), (0xDC00..<0xE000).contains(second) else { return nil }
    return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
  }

  private mutating func fourDigits() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    let digits = bytes[position..<position + 4]
    guard digits.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x66 || $0 >= 0x30 && $0 <= 0x39 })
    else { return nil }
    position += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }
}
