internal import ArgumentParser
internal import SowPlanning

typealias DestroyCommand = ApplyingCommand<Destroy>

struct Destroy: ApplyChoice {
  static let configuration = CommandConfiguration(
    commandName: "destroy",
    abstract: "Take down everything that plans made.",
    discussion: """
      Rows that sow made are deleted, children first; rows that were there before are forgotten. \
      Tables stay. The number of deletes must be allowed aloud, and protected rows stop it.

      Example:
        sow plan plans/shop.yaml --destroy
        sow destroy plans/shop.yaml --allow-deletes 24
      """)

  var scope: RunScope { .destroy }
  var command: String { "destroy" }
}
