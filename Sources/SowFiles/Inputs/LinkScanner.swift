import SowModel

/// Reads the `$ref:`, `$var:`, `$env:` and `$each:` of one text (`1-language.md`, References).
struct LinkScanner {
  enum Outcome {
    /// No link: the text with `$$` before an opening made one `$`.
    case text(String)
    case link(Link)
    case template([TemplatePart])
  }

  struct Mistake: Error {
    /// The opening as written: `$ref:` or `${ref:`.
    var opening: String
    var hint: Diagnostic.Hint
  }

  /// Links without delimiters, from the end of the opening on.
  private var undelimited: [(kind: Kind, path: Range<Int>)] = []
  private let bytes: [UInt8]
  private var index = 0
  private var parts: [TemplatePart] = []
  private var text: [UInt8] = []

  private enum Kind: String, CaseIterable { case ref, `var`, env, each }

  private struct Opening {
    var kind: Kind
    var isDelimited: Bool
    /// Bytes from the `$` to the colon, both included.
    var length: Int
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// What `text` means, and the undelimited links that it holds.
  static func scan(
    _ text: String
  ) throws(Mistake) -> (outcome: Outcome, undelimited: [(written: String, delimited: String)]) {
    var scanner = LinkScanner(Array(text.utf8))
    let outcome = try scanner.run()
    guard case .template = outcome else { return (outcome, []) }
    let undelimited = scanner.undelimited.map { kind, range in
      let path = String(decoding: scanner.bytes[range], as: UTF8.self)
      return ("$\(kind.rawValue):\(path)", "${\(kind.rawValue):\(path)}")
    }
    return (outcome, undelimited)
  }

  /// An address such as `old`, `old["a"]` or `old[$each:code]`, nil for any other text.
  static func address(_ text: String) -> (operation: String, instance: [Reference.KeyPart]?)? {
    var scanner = LinkScanner(Array(text.utf8))
    guard let operation = scanner.takeName() else { return nil }
    var instance: [Reference.KeyPart]?
    if scanner.index < scanner.bytes.count {
      guard scanner.bytes[scanner.index] == UInt8(ascii: "["), let parts = scanner.takeKey() else {
        return nil
      }
      instance = parts
    }
    return scanner.index == scanner.bytes.count ? (operation, instance) : nil
  }

  private mutating func run() throws(Mistake) -> Outcome {
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "$") else {
        text.append(bytes[index])
        index += 1
        continue
      }
      let first = index
      while index < bytes.count, bytes[index] == UInt8(ascii: "$") { index += 1 }
      let dollars = index - first
      // Of a run of dollars the last one belongs to the opening.
      guard let opening = opening(at: index - 1) else {
        text += bytes[first..<index]
        continue
      }
      text += Array(repeating: UInt8(ascii: "$"), count: dollars / 2)
      guard dollars % 2 == 1 else { continue }
      try takeLink(opening, at: index - 1)
    }
    if parts.isEmpty { return .text(String(decoding: text, as: UTF8.self)) }
    if text.isEmpty, parts.count == 1, case .link(let link) = parts[0] { return .link(link) }
    flushText()
    return .template(parts)
  }

  private mutating func flushText() {
    guard !text.isEmpty else { return }
    parts.append(.text(String(decoding: text, as: UTF8.self)))
    text = []
  }

  private mutating func takeLink(_ opening: Opening, at start: Int) throws(Mistake) {
    index = start + opening.length
    let target = index
    guard let link = try self.link(opening.kind) else { throw mistake(opening, at: start) }
    if opening.isDelimited {
      guard index < bytes.count, bytes[index] == UInt8(ascii: "}") else {
        throw mistake(opening, at: start)
      }
      index += 1
    } else {
      undelimited.append((opening.kind, target..<index))
    }
    flushText()
    parts.append(.link(link))
  }

  private func opening(at start: Int) -> Opening? {
    var place = start + 1
    let isDelimited = place < bytes.count && bytes[place] == UInt8(ascii: "{")
    if isDelimited { place += 1 }
    for kind in Kind.allCases {
      let word = kind.rawValue.utf8
      let colon = place + word.count
      guard colon < bytes.count, bytes[colon] == UInt8(ascii: ":"),
        bytes[place..<colon].elementsEqual(word)
      else { continue }
      return Opening(kind: kind, isDelimited: isDelimited, length: colon + 1 - start)
    }
    return nil
  }

  private func mistake(_ opening: Opening, at start: Int) -> Mistake {
    let form =
      switch (opening.kind, opening.isDelimited) {
      case (.ref, false):
        Phrase(
          "$ref:operation.field or $ref:operation[\"key\"].field",
          vi: "$ref:operation.field hoặc $ref:operation[\"key\"].field")
      case (.ref, true): Phrase(same: "${ref:operation.field}")
      case (.var, false), (.env, false): Phrase(same: "$\(opening.kind.rawValue):name")
      case (.var, true), (.env, true): Phrase(same: "${\(opening.kind.rawValue):name}")
      case (.each, false): Phrase(same: "$each:name")
      case (.each, true): Phrase(same: "${each:name}")
      }
    let written = String(decoding: bytes[start..<start + opening.length], as: UTF8.self)
    return Mistake(
      opening: written,
      hint: .text(
        "write {form}; $$ before it makes it text",
        vi: "hãy viết {form}; thêm $$ ở trước thì nó là văn bản", ["form": form]))
  }
}

// MARK: Paths

extension LinkScanner {
  private mutating func link(_ kind: Kind) throws(Mistake) -> Link? {
    switch kind {
    case .var: return takeName().map { .variable($0) }
    case .env: return takeName().map { .environment($0) }
    case .each:
      guard let first = takeName() else { return nil }
      return .each([first] + takeSteps())
    case .ref:
      guard let operation = takeName() else { return nil }
      var instance: [Reference.KeyPart]?
      if index < bytes.count, bytes[index] == UInt8(ascii: "[") {
        guard let parts = takeKey() else { return nil }
        instance = parts
      }
      let path = takeSteps()
      guard !path.isEmpty else { return nil }
      return .reference(Reference(operation: operation, instance: instance, path: path))
    }
  }

  /// The longest name at the index; nil where there is none or it is longer than a name may be.
  private mutating func takeName() -> String? {
    var end = index
    while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
    guard end > index, end - index <= 100, bytes[index] != UInt8(ascii: "-") else { return nil }
    defer { index = end }
    return String(decoding: bytes[index..<end], as: UTF8.self)
  }

  /// Each `.name` that follows; a dot without a name after it is left alone.
  private mutating func takeSteps() -> [String] {
    var steps: [String] = []
    while index + 1 < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      guard let step = takeName() else {
        index -= 1
        break
      }
      steps.append(step)
    }
    return steps
  }

  /// `["a","b"]` or `[$each:x,$each:y]`, parts of both kinds mixed as wanted.
  private mutating func takeKey() -> [Reference.KeyPart]? {
    var parts: [Reference.KeyPart] = []
    repeat {
      index += 1
      skipSpaces()
      guard index < bytes.count, let part = takeKeyPart() else { return nil }
      parts.append(part)
      skipSpaces()
    } while index < bytes.count && bytes[index] == UInt8(ascii: ",")
    guard index < bytes.count, bytes[index] == UInt8(ascii: "]") else { return nil }
    index += 1
    return parts
  }

  private mutating func skipSpaces() {
    while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
  }

  private mutating func takeKeyPart() -> Reference.KeyPart? {
    let opening = Array("$each:".utf8)
    if bytes[index...].starts(with: opening) {
      index += opening.count
      return takeName().map { .each([$0] + takeSteps()) }
    }
    guard bytes[index] == UInt8(ascii: "\"") else { return nil }
    index += 1
    var key: [UInt8] = []
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      let isEscape =
        bytes[index] == UInt8(ascii: "\\") && index + 1 < bytes.count
        && (bytes[index + 1] == UInt8(ascii: "\"") || bytes[index + 1] == UInt8(ascii: "\\"))
      if isEscape { index += 1 }
      key.append(bytes[index])
      index += 1
    }
    guard index < bytes.count else { return nil }
    index += 1
    return .text(String(decoding: key, as: UTF8.self))
  }
}
