// What messages name often: what a place of a file may hold, choices, and lists of names.
extension Phrase {
  package static let mapping = Phrase("a mapping", vi: "một ánh xạ")
  package static let mappings = Phrase("a list of mappings", vi: "một danh sách ánh xạ")
  package static let text = Phrase("a text", vi: "một văn bản")
  package static let truth = Phrase("true or false", vi: "true hoặc false")
  package static let oneValue = Phrase("one value", vi: "một giá trị")

  /// One of several words of the language: `a, b or c`.
  package static func choice(of words: some Collection<String>) -> Phrase {
    choice(of: words.map { Phrase(same: $0) })
  }

  /// `a string or null`.
  package static func choice(of phrases: some Collection<Phrase>) -> Phrase {
    guard phrases.count > 1, let last = phrases.suffix(1).first else {
      return phrases.first ?? Phrase("nothing", vi: "không gì cả")
    }
    let others = phrases.dropLast().joined(", ")
    return Phrase(
      "{others} or {last}", vi: "{others} hoặc {last}", ["others": others, "last": last])
  }

  /// The first names, and how many more there are: `a, b and 3 more`.
  package static func listing(_ names: some Collection<String>, limit: Int = 20) -> Phrase {
    guard !names.isEmpty else { return Phrase("none", vi: "không có") }
    let text = names.prefix(limit).joined(separator: ", ")
    let more = names.count - min(limit, names.count)
    guard more > 0 else { return Phrase(same: text) }
    return Phrase("\(text) and \(more) more", vi: "\(text) và \(more) mục khác")
  }
}
