internal import ArgumentParser

/// The plans that a command is about.
struct PlanArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Plan files or folders; without one, all plans of the project by name.",
      valueName: "plan"), completion: .yamlFiles)
  var plans: [String] = []
}

struct EnvironmentOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The environment of sow.yaml; else its default_environment, else local.",
      valueName: "name"), completion: .environments)
  var environment: String?
}

/// Values of the plans' variables.
struct VariableOptions: ParsableArguments {
  @Option(
    name: .customLong("var"),
    help: ArgumentHelp("A variable's value; may be repeated.", valueName: "name=value"))
  var assignments: [String] = []

  @Option(
    name: .customLong("var-file"),
    help: ArgumentHelp(
      "A YAML mapping of variables; may be repeated, --var wins.", valueName: "file"),
    completion: .yamlFiles)
  var files: [String] = []

  func validate() throws {
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
        throw ValidationError(
          "--var takes name=value, for example --var domain=example.com; got '\(assignment)'.")
      }
    }
  }

  /// Names and texts in the order given.
  var pairs: [(name: String, text: String)] {
    assignments.compactMap { assignment in
      assignment.firstIndex(of: "=").map {
        (String(assignment[..<$0]), String(assignment[assignment.index(after: $0)...]))
      }
    }
  }
}
