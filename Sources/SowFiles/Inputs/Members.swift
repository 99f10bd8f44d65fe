import SowModel

/// The members of a mapping whose keys are sow's own; each is taken at most once.
struct Members {
  let range: SourceRange
  private let ownerText: () -> any Fact
  private let entries: [Node.Entry]

  /// Nil, with a diagnostic, where `node` is no mapping. Keys that are not `known` are reported
  /// with the nearest one, those of `later` versions by name.
  init?(
    _ node: Node, of owner: @autoclosure @escaping () -> any Fact, known: [String],
    later: [String] = [],
    _ diagnostics: inout Diagnostics
  ) {
    range = node.range
    ownerText = owner
    guard let entries = node.entries else {
      diagnostics.report(.wrongShape, ["what": owner(), "shape": Phrase.mapping], at: node.range)
      return nil
    }
    self.entries = entries
    for entry in entries where !known.contains(entry.key.value) {
      diagnostics.reportUnknown(entry.key, in: owner(), known: known, later: later)
    }
  }

  /// What the mapping is, for messages.
  var owner: any Fact { ownerText() }

  subscript(_ name: String) -> Node? { entry(name)?.value }

  func entry(_ name: String) -> Node.Entry? { entries.first { $0.key.value == name } }

  /// The member, or a diagnostic that it is missing.
  func required(_ name: String, _ diagnostics: inout Diagnostics) -> Node? {
    if let node = self[name] { return node }
    diagnostics.report(.missingKey, ["key": name, "what": owner], at: range)
    return nil
  }

  /// The member under either of two names; both together are an error at both places.
  func either(_ first: String, _ second: String, _ diagnostics: inout Diagnostics) -> Node.Entry? {
    guard let one = entry(first) else { return entry(second) }
    if let other = entry(second) { diagnostics.reportConflict(other.key, with: one.key) }
    return one
  }
}

extension Diagnostics {
  mutating func reportUnknown(
    _ key: Located<String>, in owner: any Fact, known: [String], later: [String] = []
  ) {
    if later.contains(key.value) {
      report(.notAvailable, ["key": key.value], at: key.range)
      return
    }
    let hint = nearest(to: key.value, among: known).map(Diagnostic.Hint.didYouMean)
    report(
      .unknownKey, ["key": key.value, "what": owner], at: key.range,
      hint: hint ?? .known(known))
  }

  mutating func reportConflict(_ key: Located<String>, with other: Located<String>) {
    report(
      .conflictingKeys, ["key": key.value, "other": other.value], at: key.range,
      related: [other.range])
  }
}

extension Diagnostic.Hint {
  /// Lists the words that may stand here.
  static func known(_ words: [String]) -> Self {
    .text(
      "known are {words}", vi: "các từ đã biết là {words}", ["words": words.joined(separator: ", ")]
    )
  }
}

// MARK: Fixed scalars

extension Node {
  /// The text of a scalar that is there and not empty.
  func text(as what: any Fact, _ diagnostics: inout Diagnostics) -> Located<String>? {
    guard let scalar, !scalar.isNull, !scalar.text.isEmpty else {
      diagnostics.report(.wrongShape, ["what": what, "shape": Phrase.text], at: range)
      return nil
    }
    return Located(scalar.text, at: range)
  }

  /// The text of one scalar, or of each item of a list.
  func texts(as what: any Fact, _ diagnostics: inout Diagnostics) -> [Located<String>] {
    guard let items else { return text(as: what, &diagnostics).map { [$0] } ?? [] }
    return items.compactMap { $0.text(as: what, &diagnostics) }
  }

  /// A plain `true` or `false`.
  func flag(as what: any Fact, _ diagnostics: inout Diagnostics) -> Bool? {
    switch scalar {
    case Scalar("true"): return true
    case Scalar("false"): return false
    default:
      let word = scalar?.text.lowercased() ?? ""
      let meant: String? =
        switch word {
        case "yes", "on", "true": "true"
        case "no", "off", "false": "false"
        default: nil
        }
      diagnostics.report(
        .wrongShape, ["what": what, "shape": Phrase.truth], at: range,
        hint: meant.map { .text("write \($0)", vi: "hãy viết \($0)") })
      return nil
    }
  }

  /// A plain whole number in `bounds`.
  func count(
    as what: any Fact, in bounds: ClosedRange<Int>, _ diagnostics: inout Diagnostics
  ) -> Int? {
    if let scalar, scalar.style == .plain, scalar.text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
      let number = Int(scalar.text), bounds.contains(number)
    {
      return number
    }
    let (least, most) = (bounds.lowerBound, bounds.upperBound)
    let shape =
      most == .max
      ? Phrase("a whole number from \(least) up", vi: "một số nguyên từ \(least) trở lên")
      : Phrase(
        "a whole number from \(least) to \(most)", vi: "một số nguyên từ \(least) đến \(most)")
    diagnostics.report(
      .wrongShape, ["what": what, "shape": shape],
      at: range)
    return nil
  }
}
