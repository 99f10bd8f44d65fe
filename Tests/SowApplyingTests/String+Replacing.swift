import Testing

extension String {
  /// The text with `old` replaced, which must be there: a plan that stays as it was tests nothing.
  func replacing(_ old: String, with new: String) -> String {
    if !contains(old) { Issue.record("nothing to replace: \(old)") }
    return split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}
