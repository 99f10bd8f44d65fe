internal import SowModel

extension Entity {
  /// Why one operation may not have this many rows; nil where it may.
  func refusal(ofRows count: Int, at range: SourceRange) -> Diagnostic? {
    guard let rowLimit, !rowLimit.contains(count) else { return nil }
    return refusal(
      of: "rows", count, rowLimit, at: range, isTooMany: count > rowLimit.upperBound)
  }

  /// The same of a file that is read so far, or to its end.
  func refusal(ofRowsRead count: Int, isAtEnd: Bool, at range: SourceRange) -> Diagnostic? {
    guard let rowLimit, !rowLimit.contains(count) else { return nil }
    guard count <= rowLimit.upperBound else {
      let most = Phrase(
        "more than \(rowLimit.upperBound)", vi: "hơn \(rowLimit.upperBound)")
      return refusal(of: "rows", most, rowLimit, at: range, isTooMany: true)
    }
    return isAtEnd ? refusal(ofRows: count, at: range) : nil
  }

  func refusal(ofElements count: Int, at range: SourceRange) -> Diagnostic? {
    guard let elementLimit, !elementLimit.contains(count) else { return nil }
    return refusal(
      of: Phrase("elements of for_each", vi: "phần tử của for_each"), count, elementLimit,
      at: range, isTooMany: false)
  }

  func refusal(ofIDs count: Int, at range: SourceRange) -> Diagnostic? {
    guard let idLimit, !idLimit.contains(count) else { return nil }
    return refusal(of: "ids", count, idLimit, at: range, isTooMany: false)
  }

  private func refusal(
    of what: any Fact, _ count: any Fact, _ limit: ClosedRange<Int>, at range: SourceRange,
    isTooMany: Bool
  ) -> Diagnostic {
    var refusal = Diagnostic(
      .entityLimit,
      [
        "what": what, "count": count, "entity": name, "low": String(limit.lowerBound),
        "high": String(limit.upperBound),
      ], at: range)
    if isTooMany { refusal.wording = tooManyRows }
    return refusal
  }
}
