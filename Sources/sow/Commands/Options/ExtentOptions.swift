internal import ArgumentParser
internal import SowPlanning

/// What of the plans' rows a plan or apply is about.
struct ExtentOptions: ParsableArguments {
  @Flag(
    help:
      "Also take away rows that left the plan: those that sow made are deleted, others forgotten."
  )
  var prune = false

  @Flag(help: "Instead of all else, take down everything that the plan made.")
  var destroy = false

  func validate() throws {
    if prune, destroy {
      throw ValidationError("--destroy takes everything down: leave --prune out.")
    }
  }

  var extent: RunScope { destroy ? .destroy : .operations(prunes: prune) }
}

/// Which operations a plan or apply is limited to.
struct TargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only this operation and what it waits for; may be repeated.",
      discussion: "Rows that left a sync or the plan are not looked at.", valueName: "operation"))
  var target: [String] = []

  /// Nil where the run is not limited.
  var scope: RunScope? { target.isEmpty ? nil : .targeted }

  /// What is taken away is taken away of a whole plan.
  func check(_ extent: ExtentOptions) throws {
    guard !target.isEmpty, extent.prune || extent.destroy else { return }
    throw ValidationError(
      "--target leaves out all that --prune and --destroy take away: give one of them.")
  }
}
