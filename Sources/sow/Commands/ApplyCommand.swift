internal import ArgumentParser
internal import SowPlanning

typealias ApplyCommand = ApplyingCommand<PlainApply>

struct PlainApply: ApplyChoice {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Show what would change, ask, and make exactly that so.",
    discussion: """
      Each plan is one transaction, together with the ledger of what it owns; a rerun changes \
      nothing. Only "yes" is a yes; where nobody can answer, changes want --yes.

      A saved plan (sow plan -o) is applied alone and without a question, exactly as it was saved \
      or not at all; --allow-deletes has to be said again.

      Example:
        sow apply
        sow apply plans/shop.yaml -e staging --yes --report report.json
        sow apply plan.yaml --database sqlite:shop.db --yes
        sow apply shop.saved
        sow apply --only-failed report.json --yes
      """)

  @OptionGroup var extent: ExtentOptions
  @OptionGroup var targets: TargetOptions

  @Option(
    help: ArgumentHelp(
      "Only what a report of --report says was not done, and what that waits for.",
      discussion: "Everything else stays as it is.", valueName: "report"),
    completion: .file(extensions: ["json"]))
  var onlyFailed: String?

  func validate() throws {
    try targets.check(extent)
    guard let onlyFailed else { return }
    if onlyFailed.isEmpty { throw ValidationError("--only-failed takes the path of a report.") }
    if targets.scope != nil || extent.prune || extent.destroy {
      throw ValidationError(
        "--only-failed says what is applied: leave --target, --prune and --destroy out.")
    }
  }

  var scope: RunScope {
    targets.scope ?? (onlyFailed == nil ? extent.extent : .targeted)
  }
  var operations: [String] { targets.target }
  var repeated: String? { onlyFailed }
  var command: String { extent.destroy ? "destroy" : "apply" }
}

/// Whether what is done stays done.
struct RehearsalOptions: ParsableArguments {
  @Flag(help: "Do everything and take it back: nothing is kept, nothing is asked.")
  var dryRun = false
}
