internal import ArgumentParser

/// How long the statements of a run may take.
struct TimeoutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long one statement may take; 0 for as long as it takes.",
      discussion: "30 seconds where CI is set, else without a limit.", valueName: "seconds"))
  var timeout: Double?

  func validate() throws {
    guard let timeout else { return }
    guard timeout.isFinite, (0...Self.most).contains(timeout) else {
      throw ValidationError("--timeout takes seconds: a number from 0 to \(Int(Self.most)).")
    }
  }

  /// Nil for no limit.
  func statementLimit(in context: ProcessContext) -> Duration? {
    let isCI = !(context.environment["CI"] ?? "").isEmpty
    guard let seconds = timeout ?? (isCI ? 30 : nil), seconds > 0 else { return nil }
    return .seconds(seconds)
  }

  /// What databases take as a number of milliseconds.
  private static let most = 2_000_000.0
}
