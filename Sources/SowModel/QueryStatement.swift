/// The text of a statement, with the places of its `:parameters`.
package struct QueryStatement: Hashable, Sendable {
  package let text: String
  package let file: FileID
  /// Where parameters stand, in the order of the text.
  package let places: [Place]
  /// The names of its parameters, each once, in the order of their first places.
  package let parameters: [String]
  /// Names that may be those of tables, in lower case: whatever stands outside of texts and comments,
  /// but for words that are names in quotes alone.
  package let words: Set<String>

  package struct Place: Hashable, Sendable {
    package let name: String
    /// From the colon on, in bytes of the text.
    package let bytes: Range<Int>
  }

  package init(_ text: String, file: FileID) {
    self.text = text
    self.file = file
    var scanner = StatementScanner(text)
    scanner.scan()
    places = scanner.places
    words = scanner.words
    var parameters: [String] = []
    for place in scanner.places where !parameters.contains(place.name) {
      parameters.append(place.name)
    }
    self.parameters = parameters
  }

  /// The place of some bytes of the text in its file.
  package func range(of bytes: Range<Int>) -> SourceRange {
    SourceRange(
      file: file, start: position(of: bytes.lowerBound), end: position(of: bytes.upperBound))
  }

  /// From `offset` to the end of the word there.
  package func range(ofWordAt offset: Int) -> SourceRange {
    let rest = text.utf8.dropFirst(offset)
    let length = rest.prefix { isNameByte($0) && $0 != UInt8(ascii: "-") }.count
    return range(of: offset..<offset + max(1, length))
  }

  private func position(of offset: Int) -> SourcePosition {
    var line = 1
    var column = 1
    for byte in text.utf8.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return SourcePosition(line: line, column: column)
  }
}

/// Finds what no text, quoted name or comment holds, in either dialect.
private struct StatementScanner {
  private let bytes: [UInt8]
  private var offset = 0
  private(set) var places: [QueryStatement.Place] = []
  private(set) var words: Set<String> = []

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func scan() {
    while let byte = byte(at: 0) {
      switch byte {
      case UInt8(ascii: "'"): _ = quoted(until: byte)
      case UInt8(ascii: "\""), UInt8(ascii: "`"): words.insert(quoted(until: byte).lowercased())
      case UInt8(ascii: "-") where self.byte(at: 1) == byte: skip(to: [UInt8(ascii: "\n")])
      case UInt8(ascii: "/") where self.byte(at: 1) == UInt8(ascii: "*"):
        offset += 2
        skip(to: [UInt8(ascii: "*"), UInt8(ascii: "/")])
      case UInt8(ascii: "$"): dollar()
      case UInt8(ascii: ":"): colon()
      case _ where Self.isWord(byte):
        let word = word().lowercased()
        if !Self.reserved.contains(word) { words.insert(word) }
      default: offset += 1
      }
    }
  }

  /// Reserved by SQLite and PostgreSQL alike.
  private static let reserved: Set<String> = [
    "all", "and", "as", "case", "check", "collate", "constraint", "create", "default",
    "distinct", "else", "except", "foreign", "from", "group", "having", "in", "intersect", "into",
    "is", "isnull", "join", "limit", "not", "notnull", "null", "on", "or", "order", "primary",
    "references", "returning", "select", "table", "then", "to", "union", "unique", "using",
    "when", "where",
  ]

  private func byte(at distance: Int) -> UInt8? {
    offset + distance < bytes.count ? bytes[offset + distance] : nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (isNameByte(byte) && byte != UInt8(ascii: "-"))
  }

  private mutating func word() -> String {
    let start = offset
    while let byte = byte(at: 0), Self.isWord(byte) { offset += 1 }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  /// What stands between two quotes; two of them inside are one.
  private mutating func quoted(until quote: UInt8) -> String {
    offset += 1
    let start = offset
    while let byte = byte(at: 0) {
      if byte == quote {
        guard self.byte(at: 1) == quote else { break }
        offset += 1
      }
      offset += 1
    }
    let text = String(decoding: bytes[start..<min(offset, bytes.count)], as: UTF8.self)
    offset += 1
    return text
  }

  /// To behind the next `end`, or to the end of the text.
  private mutating func skip(to end: [UInt8]) {
    while offset < bytes.count {
      if bytes[offset...].starts(with: end) {
        offset += end.count
        return
      }
      offset += 1
    }
  }

  /// A text between `$tag$` and `$tag$`, as PostgreSQL has it.
  private mutating func dollar() {
    let start = offset
    offset += 1
    while let byte = byte(at: 0), Self.isWord(byte) { offset += 1 }
    guard byte(at: 0) == UInt8(ascii: "$") else { return }
    offset += 1
    skip(to: Array(bytes[start..<offset]))
  }

  /// `:name`; a cast `::name` is none.
  private mutating func colon() {
    let start = offset
    offset += 1
    if byte(at: 0) == UInt8(ascii: ":") {
      offset += 1
      return
    }
    guard let first = byte(at: 0), Self.isWord(first), !(0x30...0x39 ~= first) else { return }
    let name = word()
    places.append(.init(name: name, bytes: start..<offset))
  }
}
