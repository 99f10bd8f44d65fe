import SowModel

/// How a text is spelled in YAML and JSON.
enum ScalarSpelling {
  /// Whether `text` without quotes is the same text to every reader of YAML, of version 1.1 too:
  /// neither a number, a date, a boolean or null, nor the start of something else.
  static func canBePlain(_ text: String, inFlow: Bool) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    guard !isIndicator(first), !isBlank(first), !isBlank(last), last != UInt8(ascii: ":") else {
      return false
    }
    var previous = first
    for byte in text.utf8 {
      switch byte {
      case 0..<0x20, 0x7F: return false
      case UInt8(ascii: " ") where previous == UInt8(ascii: ":"): return false
      case UInt8(ascii: "#") where previous == UInt8(ascii: " "): return false
      case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
        UInt8(ascii: ","):
        if inFlow { return false }
      case UInt8(ascii: "?") where inFlow && previous == UInt8(ascii: ":"): return false
      default: break
      }
      previous = byte
    }
    return !text.hasPrefix("...") && !readsAsValue(text)
      && !text.unicodeScalars.contains(where: isHidden)
  }

  /// Quoted, double where that needs no escape, else single where that is possible.
  static func quoted(_ text: String) -> String {
    var hasQuote = false
    var needsEscape = false
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { hasQuote = true }
      if scalar.value < 0x20 || isHidden(scalar) { needsEscape = true }
    }
    if needsEscape { return escaped(text, for: .yaml) }
    guard hasQuote else { return "\"\(text)\"" }
    return "'"
      + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
      + "'"
  }

  enum Language { case yaml, json }

  /// In double quotes, with what cannot be seen as escapes.
  static func escaped(_ text: String, for language: Language) -> String {
    var escaped = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      case "\r": escaped += "\\r"
      case "\0" where language == .yaml: escaped += "\\0"
      case _ where scalar.value < 0x20 || isHidden(scalar):
        let digits = String(scalar.value, radix: 16, uppercase: true)
        if scalar.value > 0xFFFF {
          guard language == .yaml else {
            escaped.unicodeScalars.append(scalar)
            continue
          }
          escaped += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
        } else {
          escaped += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped + "\""
  }

  /// Whether JSON knows `text` without quotes: a number, a boolean or null.
  static func isJSONWord(_ text: String) -> Bool {
    if text == "true" || text == "false" || text == "null" { return true }
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let whole = rest.prefix(while: isDigit)
    guard !whole.isEmpty, whole.count == 1 || whole.first != 0x30 else { return false }
    rest = rest.dropFirst(whole.count)
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix(while: isDigit).count
      guard digits > 0 else { return false }
      rest = rest.dropFirst(digits + 1)
    }
    guard let mark = rest.first else { return true }
    guard mark | 0x20 == UInt8(ascii: "e") else { return false }
    rest.removeFirst()
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      rest.removeFirst()
    }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }

  /// Whether some reader of YAML takes the plain text for something else than text.
  private static func readsAsValue(_ text: String) -> Bool {
    switch text.utf8.count < 10 ? text.lowercased() : "" {
    case "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity",
      ".nan", ".inf", "<<":
      return true
    default: break
    }
    guard let first = text.utf8.first, isDigit(first) || first == 0x2B || first == 0x2E else {
      return false
    }
    // Numbers in every base, dates, times, and what looks like one.
    return text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x3A, 0x41...0x46, 0x61...0x66: true
      case UInt8(ascii: "x"), UInt8(ascii: "o"), UInt8(ascii: "_"), UInt8(ascii: "+"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "), UInt8(ascii: "T"),
        UInt8(ascii: "t"), UInt8(ascii: "Z"), UInt8(ascii: "z"), UInt8(ascii: "i"),
        UInt8(ascii: "n"), UInt8(ascii: "I"), UInt8(ascii: "N"):
        true
      default: false
      }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

  private static func isIndicator(_ byte: UInt8) -> Bool {
    "-?:,[]{}#&*!|>'\"%@`~=".utf8.contains(byte)
  }

  /// Characters that nobody sees, or that turn what is seen around, or that YAML reads as breaks.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFDD0...0xFDEF, 0xFEFF, 0xFFFE, 0xFFFF:
      true
    case 0x1_0000...: scalar.value & 0xFFFE == 0xFFFE
    default: false
    }
  }
}
