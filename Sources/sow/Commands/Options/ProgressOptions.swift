internal import ArgumentParser

/// How the work is followed while it goes on.
struct ProgressOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Signs of life on standard error: auto (a bar on a terminal), jsonl (events) or none.",
      discussion: "The bar comes where the work takes more than a second, and never with --quiet."))
  var progress = ProgressChoice.auto
}

enum ProgressChoice: String, CaseIterable, ExpressibleByArgument { case auto, jsonl, none }
