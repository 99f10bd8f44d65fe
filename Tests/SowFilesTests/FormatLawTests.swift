import SowFiles
import SowModel
import SowTestSupport
import Testing

/// What holds for every file that `sow fmt` writes.
struct FormatLawTests {
  @Test(arguments: 0..<40)
  func `a random plan keeps its meaning and its comments, and is formatted once`(batch: Int) {
    var formattedCount = 0
    for seed in UInt64(batch * 50)..<UInt64(batch * 50 + 50) {
      let (text, comments) = RandomPlanText.make(seed: seed)
      let before = Loaded(text)
      guard before.errors.isEmpty else { continue }
      formattedCount += 1
      let once = formatted(text)
      guard let result = once.text else {
        Issue.record("seed \(seed): \(once.codes)\n\(text)")
        continue
      }
      #expect(
        content(Loaded(result).plan) == content(before.plan), "seed \(seed)\n\(text)\n\(result)")
      #expect(
        marks(in: result) == Array(1..<comments + 1), "seed \(seed)\n\(text)\n\(result)")
      #expect(formatted(result).text == result, "seed \(seed)\n\(text)\n\(result)")
    }
    #expect(formattedCount > 25)
  }

  /// The numbers of the comments `# 12;`, sorted.
  private func marks(in text: String) -> [Int] {
    text.utf8.split(separator: UInt8(ascii: ";")).compactMap { piece in
      let digits = piece.reversed().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      let before = piece.dropLast(digits.count).reversed().drop { $0 == UInt8(ascii: " ") }
      guard before.first == UInt8(ascii: "#") else { return nil }
      return Int(String(decoding: digits.reversed(), as: UTF8.self))
    }.sorted()
  }

  @Test(arguments: 0..<20)
  func `a damaged plan is refused, or formatted like any other`(batch: Int) {
    var formattedCount = 0
    for seed in UInt64(batch * 100)..<UInt64(batch * 100 + 100) {
      let text = RandomPlanText.damaged(seed: seed)
      let once = formatted(text)
      guard let result = once.text else {
        #expect(
          !once.codes.isEmpty && !once.codes.contains("format-refused"), "seed \(seed)\n\(text)")
        continue
      }
      formattedCount += 1
      let again = formatted(result)
      #expect(again.text == result, "seed \(seed): \(again.codes)\n\(text)\n\(result)")
    }
    #expect(formattedCount > 0)
  }
}

/// What `text` is formatted to; nil with the codes of what is wrong.
func formatted(_ text: String, path: String = "plan.yaml") -> (text: String?, codes: [String]) {
  var files = SourceFiles()
  var found = Diagnostics()
  let result = FormattedFile.format(
    Array(text.utf8), as: files.add(path), isJSON: path.hasSuffix(".json"), diagnostics: &found)
  return (result.map { String(decoding: $0.bytes, as: UTF8.self) }, found.all.map(\.code.id))
}

/// All that a value of the model holds but places in files; quotes count only where they matter.
func content(_ value: Any?) -> String {
  guard let value else { return "nil" }
  switch value {
  case is SourceRange: return ""
  case let scalar as Scalar:
    if scalar.isNull { return "null" }
    if case .success(.text) = Scalar(scalar.text).value(as: .any) { return "text:\(scalar.text)" }
    return "\(scalar.style):\(scalar.text)"
  case let text as String: return "\"\(text)\""
  default: break
  }
  let mirror = Mirror(reflecting: value)
  if mirror.displayStyle == .optional, let child = mirror.children.first {
    return content(child.value)
  }
  guard !mirror.children.isEmpty else { return "\(value)" }
  var members = mirror.children.map { ($0.label ?? "") + "=" + content($0.value) }
  if mirror.displayStyle == .dictionary || mirror.displayStyle == .set { members.sort() }
  return "(" + members.joined(separator: " ") + ")"
}
