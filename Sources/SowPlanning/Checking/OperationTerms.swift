internal import SowModel

/// What few operations say, apart from them so that the others stay small.
final class OperationTerms: Sendable {
  /// Whether a row that was there before stays as it is: `on_match: keep`.
  let keepsMatches: Bool
  /// Whether a row that may not change in place is deleted and inserted anew.
  let replaces: Bool
  /// What must hold for it to be carried out.
  let when: CheckedWhen?
  /// The same of each instance, by its position in the plan, where it speaks of `$each:`.
  let whens: [Int: CheckedWhen]
  /// Why it may not be carried out.
  let refusal: Diagnostic?
  /// Why it may not change rows that are there.
  let updateRefusal: Diagnostic?

  init(
    keepsMatches: Bool, replaces: Bool, when: CheckedWhen?, whens: [Int: CheckedWhen],
    refusal: Diagnostic?, updateRefusal: Diagnostic?
  ) {
    self.refusal = refusal
    self.updateRefusal = updateRefusal
    self.keepsMatches = keepsMatches
    self.replaces = replaces
    self.when = when
    self.whens = whens
  }
}

/// A `when` with typed values; without tests its value is a boolean.
struct CheckedWhen: Sendable {
  let value: Cell
  let tests: [(comparison: Comparison, operands: [Cell])]
  let range: SourceRange
}

extension CheckedOperation {
  package var keepsMatches: Bool { terms?.keepsMatches ?? false }
  var replaces: Bool { terms?.replaces ?? false }

  /// What must hold for an instance, or for all of a stream.
  func when(of instance: Int?) -> CheckedWhen? {
    guard let terms else { return nil }
    return instance.flatMap { terms.whens[$0] } ?? terms.when
  }
}
