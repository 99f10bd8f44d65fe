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
