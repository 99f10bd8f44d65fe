/// A text after `|` or `>`, ready to be indented anew.
struct BlockText {
  /// `|`, `>-`, `|2+` and the like.
  var indicator: String
  /// Without their indentation.
  var lines: [ArraySlice<UInt8>] = []

  /// Nil for a text without a line that is more than blank: it is quoted instead.
  init?(_ scalar: SyntaxScalar, in source: SourceText) {
    guard scalar.text.utf8.contains(where: { $0 != 0x0A && !isBlank($0) }),
      // A lone carriage return is a break in a block, and none in its text.
      !scalar.text.utf8.contains(0x0D), !scalar.text.unicodeScalars.contains(where: Self.isHidden)
    else { return nil }
    let ends = scalar.text.utf8.reversed().prefix { $0 == 0x0A }.count
    switch scalar.form {
    case .literal:
      lines = Array(scalar.text.utf8)[...].dropLast(ends)
        .split(separator: 0x0A, omittingEmptySubsequences: false)
      if ends > 1 { lines += Array(repeating: [], count: ends - 1) }
    default:
      lines = Self.lines(of: scalar, in: source)
      while let last = lines.last, last.isEmpty { lines.removeLast() }
      if ends > 1 { lines += Array(repeating: [], count: ends - 1) }
    }
    let first = lines.first { !$0.isEmpty }?.first
    let needsIndent = first.map(isBlank) ?? false
    indicator =
      (scalar.form == .literal ? "|" : ">") + (needsIndent ? "2" : "")
      + (ends == 0 ? "-" : ends == 1 ? "" : "+")
  }

  /// The lines as they are written, without the indentation of the block.
  private static func lines(of scalar: SyntaxScalar, in source: SourceText) -> [ArraySlice<UInt8>] {
    let written = source.lines(of: scalar.source)
    guard let header = written.first else { return [] }
    let body = written.dropFirst()
    let spaces = { (line: Range<Int>) in source.bytes[line].prefix { $0 == 0x20 }.count }
    let isGiven = source.bytes[header].prefix { $0 != UInt8(ascii: "#") && !isBlank($0) }
      .contains { 0x31...0x39 ~= $0 }
    let filled = body.filter { spaces($0) < $0.count }
    // Where its indentation is not said, the first line has it; no line has less.
    let indent = (isGiven ? givenIndent(scalar, filled, source) : filled.first.map(spaces)) ?? 0
    return body.map { line in source.bytes[line].dropFirst(min(indent, spaces(line))) }
  }

  /// The indentation that a digit in the header says, found by what the lines became: the first
  /// line of the text starts with the spaces beyond it.
  private static func givenIndent(
    _ scalar: SyntaxScalar, _ filled: [Range<Int>], _ source: SourceText
  ) -> Int? {
    guard let first = filled.first else { return nil }
    let spaces = source.bytes[first].prefix { $0 == 0x20 }.count
    let kept = scalar.text.utf8.drop { $0 == 0x0A }.prefix { $0 == 0x20 }.count
    return spaces - min(kept, spaces)
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0xFEFF }
}
