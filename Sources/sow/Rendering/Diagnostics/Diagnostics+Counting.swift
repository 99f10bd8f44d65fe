internal import SowModel

extension Diagnostics {
  /// Without errors at places where `known` has one already, since they follow from that.
  func further(than known: Diagnostics) -> Diagnostics {
    let places = Set(known.all.filter { $0.severity == .error }.compactMap(\.range))
    guard !places.isEmpty else { return self }
    var further = Diagnostics()
    for diagnostic in all {
      if diagnostic.severity == .error, let range = diagnostic.range, places.contains(range) {
        continue
      }
      further.report(diagnostic)
    }
    return further
  }

  func count(of severity: Diagnostic.Severity) -> Int {
    all.reduce(0) { $0 + ($1.severity == severity ? 1 : 0) }
  }

  /// `2 errors, 1 warning`; nil where there is nothing.
  var summary: Phrase? {
    let errors = count(of: .error)
    let warnings = count(of: .warning)
    let parts: [Phrase] = [
      errors > 0 ? .count(errors, Noun("error", vi: "lỗi")) : nil,
      warnings > 0 ? .count(warnings, Noun("warning", vi: "cảnh báo")) : nil,
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(", ")
  }
}
