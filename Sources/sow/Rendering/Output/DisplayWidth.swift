/// How many columns of a terminal `text` takes, which must be safe for one already.
func displayWidth(_ text: some StringProtocol) -> Int {
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.unicodeScalars.reduce(0) { $0 + displayWidth($1) }
}

/// 0 for marks that join the letter before them, 2 for East Asian wide letters and emoji, else 1
/// (Unicode Standard Annex 11).
func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  guard scalar.value >= 0x300 else { return 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
  }
}

private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2614...0x2615, 0x26A1...0x26A1,
  0x2705...0x2705, 0x274C...0x274C, 0x2753...0x2755, 0x2795...0x2797, 0x2E80...0x303E,
  0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
  0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1B000...0x1B2FF,
  0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F64F,
  0x1F680...0x1F6FF, 0x1F7E0...0x1F7EB, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
]

/// `text` and as many spaces as it takes to reach `width`, two at least.
func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(2, width - displayWidth(text)))
}

/// `text` cut to at most `width` columns, with `…` where something was left out.
func shortened(_ text: String, to width: Int) -> String {
  guard text.utf8.count > width, displayWidth(text) > width else { return text }
  var short = ""
  var used = 1
  for letter in text {
    used += letter.unicodeScalars.reduce(0) { $0 + displayWidth($1) }
    guard used <= width else { break }
    short.append(letter)
  }
  return short + "…"
}
