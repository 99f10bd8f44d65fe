internal import SowModel

/// How far a run is, in one line for people.
struct ProgressLine {
  let event: ProgressEvent
  /// Has room for one.
  var language = Language.english

  private static let barWidth = 20

  /// The line in at most `width` columns: what is said last is left out first.
  func text(width: Int) -> String {
    let head = "  \(event.phase.verb.text(in: language.first)) \(terminalSafe(event.plan))"
    let place = event.operation.map { ", " + terminalSafe($0) } ?? ""
    let lines = [head + bar + count + place, head + bar + count, head + count]
    return lines.first { displayWidth($0) <= width } ?? shortened(head, to: width)
  }

  /// Whether the two say nearly the same: less than a hundredth of the whole lies between them, or
  /// less than 10,000 rows of nobody knows how many.
  func isAbout(_ other: Self) -> Bool {
    event.phase == other.event.phase && event.plan == other.event.plan
      && percent == other.percent && event.rows / 10_000 == other.event.rows / 10_000
  }

  private var percent: Int? {
    event.total.flatMap { $0 > 0 ? min(event.rows, $0) * 100 / $0 : nil }
  }

  /// `  [=====>              ]  27%`, where the end is known.
  private var bar: String {
    guard let percent else { return "" }
    let done = percent * Self.barWidth / 100
    let text = String(percent)
    let signs =
      done == Self.barWidth
      ? String(repeating: "=", count: done)
      : String(repeating: "=", count: done) + ">"
        + String(repeating: " ", count: Self.barWidth - done - 1)
    return "  [\(signs)] " + String(repeating: " ", count: 3 - text.utf8.count) + text + "%"
  }

  /// `  1000 of 3700 rows`.
  private var count: String {
    let noun = event.phase == .read ? Noun.operation : .row
    if let total = event.total, total > 0 {
      let all = Phrase.count(total, noun)
      let part = Phrase(
        "\(event.rows) of \(all.english)", vi: "\(event.rows) trên \(all.vietnamese)")
      return "  " + part.text(in: language.first)
    }
    return event.rows == 0 ? "" : "  " + Phrase.count(event.rows, noun).text(in: language.first)
  }
}

extension ProgressEvent.Phase {
  fileprivate var verb: Phrase {
    switch self {
    case .read: Phrase("reading", vi: "đang đọc")
    case .check: Phrase("checking", vi: "đang kiểm tra")
    case .plan: Phrase("planning", vi: "đang lập kế hoạch")
    case .apply: Phrase("applying", vi: "đang áp dụng")
    case .commit: Phrase("committing", vi: "đang commit")
    }
  }
}
