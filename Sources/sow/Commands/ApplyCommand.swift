internal import ArgumentParser

struct ApplyCommand: SowCommand {
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
      """)

  @OptionGroup var extent: ExtentOptions
  @OptionGroup var targets: TargetOptions
  @OptionGroup var applying: ApplyArguments

  func validate() throws { try targets.check(extent) }

  func execute(in context: ProcessContext) -> Ending {
    applying.execute(
      targets.scope ?? extent.extent, of: targets.target,
      as: extent.destroy ? "destroy" : "apply", in: context)
  }
}

/// Whether what is done stays done.
struct RehearsalOptions: ParsableArguments {
  @Flag(help: "Do everything and take it back: nothing is kept, nothing is asked.")
  var dryRun = false
}
