internal import ArgumentParser
internal import SowPlanning

struct DestroyCommand: SowCommand {
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

  @OptionGroup var applying: ApplyArguments

  func execute(in context: ProcessContext) -> Ending {
    applying.execute(.destroy, as: "destroy", in: context)
  }
}
