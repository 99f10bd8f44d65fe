/// The primary key of one row: what the ledger and the lockfile remember.
package enum RowKey: Hashable, Sendable {
  case integer(Int64)
  case text(String)
  case composite([Value])

  /// The key made of the values of the key columns, in key order; nil where one is null.
  package init?(_ values: [Value]) {
    switch values.first {
    case .integer(let number) where values.count == 1: self = .integer(number)
    case .text(let text) where values.count == 1: self = .text(text)
    default:
      guard !values.isEmpty, !values.contains(.null) else { return nil }
      self = .composite(values)
    }
  }

  /// As values are.
  package static func == (left: RowKey, right: RowKey) -> Bool {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): left == right
    case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
    case (.composite(let left), .composite(let right)): left == right
    default: false
    }
  }

  package var values: [Value] {
    switch self {
    case .integer(let number): [.integer(number)]
    case .text(let text): [.text(text)]
    case .composite(let values): values
    }
  }

  /// For people: `3`, `VN`, or `1, 2` for several parts.
  package var text: String {
    switch self {
    case .integer(let number): String(number)
    case .text(let text): text
    case .composite(let values): values.map(\.text).joined(separator: ", ")
    }
  }
}

extension Value {
  /// The value as text of a string, a key or a message: numbers and booleans as they are written,
  /// bytes as hex, structure as JSON, null as `null`.
  package var text: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .decimal(let number): number.text
    case .float(let number): String(number)
    case .text(let text): text
    case .bytes(let bytes): hexadecimal(bytes)
    case .list, .object: json
    }
  }

  /// The value as compact JSON; text is escaped as RFC 8259 asks, integers stay exact.
  package var json: String {
    var output = ""
    appendJSON(to: &output)
    return output
  }

  private func appendJSON(to output: inout String) {
    switch self {
    case .null, .boolean, .integer, .float: output += text
    case .decimal(let number): output += number.canonical
    case .text(let text): appendJSONString(text, to: &output)
    case .bytes(let bytes): appendJSONString(hexadecimal(bytes), to: &output)
    case .list(let items):
      output += "["
      for (index, item) in items.enumerated() {
        if index > 0 { output += "," }
        item.appendJSON(to: &output)
      }
      output += "]"
    case .object(let members):
      output += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { output += "," }
        appendJSONString(member.name, to: &output)
        output += ":"
        member.value.appendJSON(to: &output)
      }
      output += "}"
    }
  }
}

/// Appends `text` as a JSON string with its quotes.
package func appendJSONString(_ text: String, to output: inout String) {
  output += "\""
  if !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C || $0 == 0x7F }) {
    output += text
    output += "\""
    return
  }
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": output += "\\\""
    case "\\": output += "\\\\"
    case "\n": output += "\\n"
    case "\r": output += "\\r"
    case "\t": output += "\\t"
    case "\u{0}"..."\u{1F}", "\u{7F}":
      let code = String(scalar.value, radix: 16)
      output += "\\u" + String(repeating: "0", count: 4 - code.count) + code
    default: output.unicodeScalars.append(scalar)
    }
  }
  output += "\""
}

/// Lower-case hexadecimal, two digits a byte.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes of hexadecimal digits of either case; nil for an odd number of them, or anything else.
package func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
  let digits = text.utf8.compactMap(hexadecimalValue)
  guard digits.count.isMultiple(of: 2), digits.count == text.utf8.count else { return nil }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// The value of a hexadecimal digit; nil for another byte.
package func hexadecimalValue(_ digit: UInt8) -> UInt8? {
  switch digit {
  case 0x30...0x39: digit - 0x30
  case 0x61...0x66: digit - 0x61 + 10
  case 0x41...0x46: digit - 0x41 + 10
  default: nil
  }
}
