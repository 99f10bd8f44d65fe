package import SowModel

/// Text for YAML files that reads back as it was meant, here and in readers of other versions.
package enum YAMLText {
  /// The longest line that is not broken where it could be.
  package static let width = 100

  /// A text: plain where nobody can take it for anything else, else in double quotes.
  package static func text(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  /// `text` in double quotes, on one line; valid in JSON, too.
  package static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where isHidden(scalar):
        let code = String(scalar.value, radix: 16, uppercase: true)
        output += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output + "\""
  }

  /// `[a, b]`.
  package static func list(_ items: [String]) -> String {
    "[" + items.joined(separator: ", ") + "]"
  }

  /// `{ a: 1, b: 2 }`.
  package static func mapping(_ members: [(name: String, text: String)]) -> String {
    if members.isEmpty { return "{}" }
    return "{ " + members.map { text($0.name) + ": " + $0.text }.joined(separator: ", ") + " }"
  }

  /// A value as a field of its type reads it; text within is `escaped` first.
  package static func value(_ value: Value, escaped: (String) -> String = { $0 }) -> String {
    if case .text(let text) = value { return self.text(escaped(text)) }
    return json(value, escaped: escaped)
  }

  /// The same as JSON on one line, which is YAML, too.
  package static func json(_ value: Value, escaped: (String) -> String = { $0 }) -> String {
    switch value {
    case .null, .boolean, .integer, .decimal, .float: value.text
    case .text(let text): quoted(escaped(text))
    case .bytes(let bytes): quoted(Base64.encode(bytes))
    case .list(let items): list(items.map { json($0, escaped: escaped) })
    case .object(let members):
      "{"
        + members.map { quoted($0.name) + ": " + json($0.value, escaped: escaped) }
        .joined(separator: ", ") + "}"
    }
  }

  /// Letters first, then what has no meaning in YAML anywhere, and no word of any version.
  private static func isPlain(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, first == "_" || first.properties.isAlphabetic,
      scalars.last != " "
    else { return false }
    let isHarmless = scalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "/", "@", "+", "(", ")", " ": true
      default: !scalar.isASCII && scalar.properties.isAlphabetic
      }
    }
    return isHarmless && !words.contains(text.lowercased())
  }

  private static let words: Set<String> = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf",
  ]

  /// What YAML does not allow as it is, and what could steer a terminal or hide the text's order.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E,
      0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF:
      true
    default: false
    }
  }
}
