internal import ArgumentParser
internal import SowPlanning

typealias PruneCommand = ApplyingCommand<Prune>

struct Prune: ApplyChoice {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Take away rows that left their plans, and do nothing else.",
    discussion: """
      Rows of operations and instances that are no longer in the plan files: those that sow made are \
      deleted, children first, those that were there before are forgotten; lifecycle: on_remove says \
      otherwise. Shows them and asks, as apply does.

      Example:
        sow prune
        sow prune plans/shop.yaml -e staging --yes --allow-deletes 12
      """)

  var scope: RunScope { .orphans }
  var command: String { "prune" }
}
