internal import SowModel

/// `text` with everything escaped that could steer a terminal or reorder what it shows.
///
/// Control characters become `\n`, `\t`, `\r` or `\u{1b}`; bidirectional marks and overrides, line
/// separators and the byte order mark `\u{202e}`. All else stays as it is.
func terminalSafe(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isUnsafeInTerminal) else { return text }
  var safe = ""
  for scalar in text.unicodeScalars {
    if isUnsafeInTerminal(scalar) {
      safe += escape(of: scalar)
    } else {
      safe.unicodeScalars.append(scalar)
    }
  }
  return safe
}

func escape(of scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "\n": "\\n"
  case "\t": "\\t"
  case "\r": "\\r"
  default: "\\u{" + String(scalar.value, radix: 16) + "}"
  }
}

/// Whether a scalar may move the cursor, change the terminal or hide the order of the text
/// (CVE-2021-42574, "Trojan Source").
func isUnsafeInTerminal(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x20..<0x7F: false
  case 0..<0x20, 0x7F..<0xA0: true
  case 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
  case 0xFFF9...0xFFFB: true
  default: false
  }
}

extension Phrase {
  /// The same, safe for a terminal.
  var safe: Phrase { Phrase(terminalSafe(english), vi: terminalSafe(vietnamese)) }
}
