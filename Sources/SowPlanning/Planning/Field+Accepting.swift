internal import SowModel

extension Entity.Field {
  /// A value that came through a link as the field holds it: of its type, trimmed, and only where
  /// the column gives it back, as if it had been written in the plan.
  func accepting(_ value: Value, at range: SourceRange) -> Result<Value, Unaccepted> {
    func refused(_ code: DiagnosticCode, _ facts: Facts) -> Result<Value, Unaccepted> {
      .failure(Unaccepted(Diagnostic(code, facts.merging(["field": name]), at: range)))
    }
    if value.isNull { return isNullable ? .success(value) : refused(.linkNull, [:]) }
    switch value.fitting(type) {
    case nil:
      return refused(
        .linkType,
        [
          "link": Phrase("the reference", vi: "tham chiếu"), "given": value.typeName,
          "wanted": type.name,
        ])
    case .decimal(let number)?:
      guard let precision, !precision.keeps(number) else { return .success(.decimal(number)) }
      return refused(.inexactNumber, ["digits": precision.phrase])
    case .text(let text)? where trims: return .success(.text(trimmed(text)))
    case let fitting?: return .success(fitting)
    }
  }
}

/// Why a value cannot be in a field.
struct Unaccepted: Error {
  let diagnostic: Diagnostic

  init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}
