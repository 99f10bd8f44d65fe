import SowTestSupport

/// Plans as nobody would write them: every spelling of YAML, with comments wherever they may stand.
struct RandomPlanText {
  private var state: UInt64
  private var text = ""
  private(set) var comments = 0
  private var anchors: [String] = []
  private let usesAnchors: Bool

  /// The text for a seed, and how many comments it holds: `#1;`, `#2;` and so on.
  static func make(seed: UInt64) -> (text: String, comments: Int) {
    var plan = RandomPlanText(seed: seed)
    plan.writePlan()
    return (plan.text, plan.comments)
  }

  /// The text for a seed with some characters taken out, put in or cut off.
  static func damaged(seed: UInt64) -> String {
    var plan = RandomPlanText(seed: seed)
    plan.writePlan()
    var characters = Array(plan.text.unicodeScalars)
    for _ in 0..<1 + plan.number(3) {
      let place = plan.number(characters.count)
      switch plan.number(4) {
      case 0: characters.remove(at: place)
      case 1: characters.removeLast(min(characters.count - 1, plan.number(200)))
      default:
        characters.insert(contentsOf: plan.pick(damages).unicodeScalars, at: place)
      }
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: characters)
    return String(text)
  }

  private static let damages = [
    " ", "\n", "\t", "\r", "#", " #", ":", ": ", "- ", "? ", "{", "}", "[", "]", ",", "&a ", "*a ",
    "!x ", "!!str ", "'", "\"", "\\", "|\n", ">\n", "%", "@", "---\n", "...\n", "\u{85}",
    "\u{2028}", "\u{FEFF}", "<<: ", "0", "null",
  ]

  private init(seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    usesAnchors = seed % 3 == 0
  }

  private mutating func number(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(count))
  }

  private mutating func chance(_ percent: Int) -> Bool { number(100) < percent }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[number(elements.count)]
  }

  private mutating func put(_ piece: String) { text += piece }

  private mutating func comment() -> String {
    comments += 1
    return pick(["#", "# ", "#  "]) + "\(comments);" + pick(["", " text", " a: b", " # x", " \"'"])
  }

  private mutating func pad(_ count: Int) { put(String(repeating: " ", count: count)) }

  private mutating func endLine() {
    if chance(20) { put(pick([" ", "  ", "     "]) + comment()) }
    if chance(10) { put("  ") }
    put("\n")
  }

  private mutating func between(_ indent: Int) {
    for _ in 0..<(chance(25) ? 1 + number(2) : 0) {
      if chance(40) { put(pick(["\n", "   \n", "\n\n\n"])) }
      pad(max(0, indent + (chance(80) ? 0 : number(6) - 3)))
      put(comment() + "\n")
    }
    if chance(15) { put(pick(["\n", "\n\n"])) }
  }

  // MARK: The plan

  private mutating func writePlan() {
    if chance(20) { put("\u{FEFF}") }
    if chance(10) { put("%YAML 1.2\n---\n") }
    between(0)
    var settings = ["plan: shop", "options: { atomic: false, continueOnError: true }"]
    if chance(50) { settings.reverse() }
    let split = number(3)
    for setting in settings.prefix(split) {
      put(setting)
      endLine()
      between(0)
    }
    put("operations:")
    endLine()
    let indent = 1 + number(4)
    let isList = chance(40)
    for index in 0..<1 + number(4) {
      between(indent)
      pad(indent)
      put(isList ? "-   " : "op\(index):")
      let inner = isList ? indent + 4 : indent + 1 + number(4)
      var members = [
        "action: create", "entity: thing", isList ? "id: op\(index)" : "description: \"some text\"",
      ]
      if chance(50) { members.reverse() }
      if !isList { endLine() }
      for (place, member) in members.enumerated() {
        if place > 0 || !isList {
          between(inner)
          pad(inner)
        }
        put(member)
        endLine()
      }
      between(inner)
      pad(inner)
      put(pick(["values", "store_params"]) + ":")
      endLine()
      writeMapping(indent: inner + 1 + number(3), depth: 0, count: 1 + number(5))
    }
    for setting in settings.dropFirst(split) {
      between(0)
      put(setting + "\n")
    }
    between(0)
    if chance(15) { put("...\n") } else if chance(30), text.hasSuffix("\n") { text.removeLast() }
    if chance(20) {
      text = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    }
  }

  // MARK: Values

  private mutating func writeMapping(indent: Int, depth: Int, count: Int) {
    for index in 0..<count {
      between(indent)
      pad(indent)
      put(pick(["k\(index)", "'k \(index)'", "\"k\\t\(index)\"", "k \(index)", "\"no\(index)\""]))
      put(pick([":", ":", " :"]))
      writeBlockValue(indent: indent, depth: depth)
    }
  }

  private mutating func writeSequence(indent: Int, depth: Int) {
    for _ in 0..<1 + number(3) {
      between(indent)
      pad(indent)
      put("-")
      if depth < 4, chance(25) {
        // A mapping or list on the line of the dash.
        put("  ")
        put(pick(["x: 1", "\"x\": 'y'", "- z"]))
        endLine()
      } else {
        writeBlockValue(indent: indent, depth: depth)
      }
    }
  }

  private mutating func writeBlockValue(indent: Int, depth: Int) {
    if depth < 4, chance(30) {
      if usesAnchors, chance(20) { put(" " + anchor()) }
      endLine()
      let inner = indent + 1 + number(4)
      if chance(50) {
        writeMapping(indent: inner, depth: depth + 1, count: 1 + number(3))
      } else {
        writeSequence(indent: inner, depth: depth + 1)
      }
    } else if chance(20) {
      writeBlockText(indent: indent)
    } else {
      put(pick([" ", "  "]))
      if chance(5) { put(comment() + "\n" + String(repeating: " ", count: indent + 3)) }
      if usesAnchors, chance(15) {
        if let name = anchors.last, chance(50) {
          put("*\(name)")
          return endLine()
        }
        put(anchor() + " ")
      }
      if chance(30) { writeFlow(indent: indent, depth: depth) } else { writeScalar(indent: indent) }
      endLine()
    }
  }

  /// Anchors of scalars alone are repeated: a collection may still be open.
  private mutating func anchor() -> String { "&a\(number(1000))" }

  private mutating func writeBlockText(indent: Int) {
    let given = chance(20)
    put(" " + pick(["|", ">"]) + (given ? "2" : "") + pick(["", "-", "+"]))
    if chance(20) { put(" " + comment()) }
    put("\n")
    let inner = String(repeating: " ", count: indent + (given ? 2 : 1 + number(4)))
    if given { put(inner + "   first\n") }
    put(inner + "some: text # no comment\n")
    for _ in 0..<number(4) {
      put(pick(["\n", inner + "- more\n", inner + "   deeper\n", inner + "\ttab\n", "\n\n"]))
    }
  }

  private mutating func writeScalar(indent: Int) {
    let inner = "\n" + String(repeating: " ", count: indent + 1 + number(4))
    put(
      pick([
        "word", "two words", "NO", "01234", "1:30", "1.10", "-5", "true", "null", "~",
        "$ref:op0.id",
        "'NO'", "\"01234\"", "'it''s'", "\"a\\\"b\\\\c\"", "\"\\u00e9\\t\\0\"",
        "'$ref:op0[\"x\"].id'",
        "\"needs: quotes\"", "'# no comment'", "\"\"", "''", "!!str 12", "!!str", "! word",
        "\"null\"",
        "plain\(inner)over\(inner)lines", "\"quoted\(inner)over\(inner)\(inner)lines\"",
        "'single\(inner)lines'", "\"joined\\\(inner)lines\"", "\"blank\\ \(inner)end\"", "Nguyễn 😀",
        "\"Nguyễn 😀\"", "\"\u{2028}\"", "a#b", "http://x.y/z?a=b", "\"[a]\"", "\"a, b\"", "-x",
        "12 Main St.",
        "\"" + String(repeating: "long text ", count: 12) + "\"",
      ]))
  }

  private mutating func writeFlow(indent: Int, depth: Int) {
    let isMapping = chance(50)
    put(isMapping ? "{" : "[")
    let count = number(5)
    for index in 0..<count {
      breakInFlow(indent)
      if isMapping { put(pick(["f\(index): ", "\"f\(index)\":", "'f \(index)' : "])) }
      if depth < 4, chance(25) {
        writeFlow(indent: indent, depth: depth + 1)
      } else {
        put(
          pick([
            "word", "12", "'12'", "\"a, b\"", "\"[\"", "NO", "\"$ref:op0[\\\"k\\\"].id\"", "1.50",
            "null", "two words", "!!str 7", "http://x.y/z", "\"multi\n   line\"",
          ]))
      }
      breakInFlow(indent)
      put(index < count - 1 || chance(20) ? "," : "")
    }
    breakInFlow(indent)
    put(isMapping ? "}" : "]")
  }

  private mutating func breakInFlow(_ indent: Int) {
    guard chance(20) else { return put(chance(50) ? " " : "") }
    if chance(50) { put(" " + comment()) }
    put("\n" + String(repeating: " ", count: indent + 1 + number(5)))
    if chance(20) { put(comment() + "\n" + String(repeating: " ", count: indent + 2)) }
  }
}
