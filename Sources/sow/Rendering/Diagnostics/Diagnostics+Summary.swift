internal import SowModel

extension Diagnostics {
  func count(of severity: Diagnostic.Severity) -> Int {
    all.reduce(0) { $0 + ($1.severity == severity ? 1 : 0) }
  }

  /// `2 errors, 1 warning`; nil where there is nothing.
  var summary: String? {
    let errors = count(of: .error)
    let warnings = count(of: .warning)
    let parts = [
      errors > 0 ? counted(errors, "error") : nil,
      warnings > 0 ? counted(warnings, "warning") : nil,
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
