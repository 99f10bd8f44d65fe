import SowApplying
import SowModel
import SowTestSupport
import Testing

extension ApplyOutcome {
  /// Holds all that it says to one language.
  func expectOneLanguage() {
    for diagnostic in said.prefix(20) {
      #expect(diagnostic.englishWords == [], "\(diagnostic.sentence.vietnamese)")
    }
  }

  private var said: [Diagnostic] {
    switch self {
    case .invalid(let diagnostics), .refused(let diagnostics, _): diagnostics.all
    case .unconsented(let diagnostic, _): [diagnostic]
    case .stale(let diagnostic, _): [diagnostic].compactMap(\.self)
    case .finished(let finish):
      finish.diagnostics.all
        + (finish.report.results.flatMap { [$0.failure] + $0.instances.map(\.failure) }
        + finish.report.removals.map(\.failure)).compactMap { $0?.diagnostic }
    }
  }
}
