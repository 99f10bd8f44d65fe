import SowModel

/// Reads JSON, and YAML's flow style without its subtleties, so that tests can write schemas as
/// text: `{ type: [string, "null"], minLength: 1 }`.
struct FlowText {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var line = 1
  private var column = 1

  static func node(_ text: String) -> Node {
    var reader = FlowText(text)
    let node = reader.node()
    reader.skipSpace()
    precondition(reader.index == reader.scalars.count, "text after the value: \(text)")
    return node
  }

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  private mutating func node() -> Node {
    skipSpace()
    let start = position
    let content: Node.Content
    switch peek {
    case "{":
      var entries: [Node.Entry] = []
      list(endingIn: "}") { reader in
        let start = reader.position
        let key = reader.scalar(isKey: true).text
        let keyRange = reader.range(from: start)
        reader.skipSpace()
        precondition(reader.advance() == ":", "a colon after the key \(key)")
        entries.append(Node.Entry(key: Located(key, at: keyRange), value: reader.node()))
      }
      content = .mapping(entries)
    case "[":
      var items: [Node] = []
      list(endingIn: "]") { items.append($0.node()) }
      content = .sequence(items)
    default: content = .scalar(scalar(isKey: false))
    }
    return Node(content, at: range(from: start))
  }

  private mutating func list(endingIn end: Unicode.Scalar, _ item: (inout Self) -> Void) {
    _ = advance()
    skipSpace()
    while peek != end {
      item(&self)
      skipSpace()
      if peek == "," { _ = advance() }
      skipSpace()
    }
    _ = advance()
  }

  private mutating func scalar(isKey: Bool) -> Scalar {
    var text = String.UnicodeScalarView()
    guard peek == "\"" else {
      while let next = peek, !"{}[],\n".unicodeScalars.contains(next), !(isKey && next == ":") {
        text.append(next)
        _ = advance()
      }
      while text.last == " " { text.removeLast() }
      return Scalar(String(text))
    }
    _ = advance()
    while let next = advance(), next != "\"" { text.append(next == "\\" ? escaped() : next) }
    return Scalar(String(text), style: .quoted)
  }

  private mutating func escaped() -> Unicode.Scalar {
    guard let letter = advance() else { preconditionFailure("an escape at the end") }
    switch letter {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "u":
      let high = hexadecimal()
      guard high & 0xFC00 == 0xD800 else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
      _ = advance()
      _ = advance()
      return Unicode.Scalar(0x10000 + (high & 0x3FF) << 10 + hexadecimal() & 0x3FF) ?? "\u{FFFD}"
    default: return letter
    }
  }

  private mutating func hexadecimal() -> UInt32 {
    (0..<4).reduce(0) { value, _ in
      value << 4 + (UInt32(String(advance() ?? "0"), radix: 16) ?? 0)
    }
  }

  private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func advance() -> Unicode.Scalar? {
    guard let next = peek else { return nil }
    index += 1
    (line, column) = next == "\n" ? (line + 1, 1) : (line, column + 1)
    return next
  }

  private mutating func skipSpace() {
    while let next = peek, next == " " || next == "\n" || next == "\t" || next == "\r" {
      _ = advance()
    }
  }

  private var position: SourcePosition { SourcePosition(line: line, column: column) }

  private func range(from start: SourcePosition) -> SourceRange {
    SourceRange(file: FileID(index: 0), start: start, end: position)
  }
}

extension String {
  /// The part of a text of one line or more that a range marks, up to the end of its line.
  func text(at range: SourceRange?) -> String? {
    guard let range else { return nil }
    let line = split(separator: "\n", omittingEmptySubsequences: false)[Int(range.start.line) - 1]
    let scalars = Array(line.unicodeScalars)
    let end = range.end.line == range.start.line ? Int(range.end.column) - 1 : scalars.count
    return String(String.UnicodeScalarView(scalars[Int(range.start.column - 1)..<end]))
  }
}
