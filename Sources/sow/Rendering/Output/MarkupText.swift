/// `text` as text or an attribute of XML 1.0 and of HTML: what a terminal must not see, neither may
/// hold.
func markupSafe(_ text: String) -> String {
  var safe = ""
  for scalar in terminalSafe(text).unicodeScalars {
    switch scalar {
    case "&": safe += "&amp;"
    case "<": safe += "&lt;"
    case ">": safe += "&gt;"
    case "\"": safe += "&quot;"
    case "'": safe += "&apos;"
    case "\u{FFFE}", "\u{FFFF}": safe += escape(of: scalar)
    default: safe.unicodeScalars.append(scalar)
    }
  }
  return safe
}
