internal import SowModel

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What becomes of the question whether the changes shown shall be made.
enum Consent: Hashable, Sendable {
  case given
  /// Something other than `yes` was answered.
  case refused
  /// Nobody is there to answer.
  case impossible
}

extension Terminal {
  /// Asks on standard error and reads one line; only `yes` is a yes.
  func consent(to question: Phrase, from input: AnswerSource) -> Consent {
    guard case .terminal(let read) = input else { return .impossible }
    result.flush()
    errors.line()
    errors.line(errors.palette.paint(terminalSafe(question.text(in: language)), .bold))
    let rule = Phrase("Only \"yes\" is accepted: ", vi: "Chỉ chấp nhận \"yes\": ")
    errors.write("  " + rule.text(in: language))
    errors.flush()
    let answer = read()
    if answer == nil { errors.line() }
    // Whoever answered ended the line.
    errors.isAtLineStart = true
    return answer?.trimmingSpaces == "yes" ? .given : .refused
  }
}

/// Who answers a question.
enum AnswerSource {
  /// Gives the next line; nil at the end of the input.
  case terminal(() -> String?)
  case nobody
}

extension String {
  fileprivate var trimmingSpaces: Substring {
    let end = lastIndex { !$0.isWhitespace }.map(index(after:)) ?? startIndex
    return self[..<end].drop { $0.isWhitespace }
  }
}
