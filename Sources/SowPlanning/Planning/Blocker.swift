internal import SowModel

/// An operation because of which what needs it is not carried out.
package struct Blocker: Hashable, Sendable {
  package let operation: String
  /// Whether it is not carried out by its own `when`, or for want of one that is not, rather than
  /// after a failure.
  let isIdle: Bool

  /// What becomes of those that need it.
  var fate: Fate { isIdle ? .idle : .skipped }

  func diagnostic(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      isIdle ? .dependencySkipped : .dependencyFailed, ["operation": operation], at: range)
  }
}
