internal import ArgumentParser
internal import SowModel

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The program: reads the command line, runs one command, ends with its exit code.
@main
struct Sow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sow",
    abstract: "Git-reviewed plans of data operations: see what would change, then make it so.",
    discussion: """
      Example:
        sow plan plans/shop.yaml
        sow apply plans/shop.yaml --yes
        sow apply plan.yaml --database sqlite:shop.db --yes
      """,
    version: "0.1.0",
    subcommands: [
      InitCommand.self, ValidateCommand.self, PlanCommand.self, ShowCommand.self,
      ApplyCommand.self, PruneCommand.self, DestroyCommand.self, DriftCommand.self,
      ImportCommand.self, RunCommand.self, LedgerCommand.self, LockCommand.self,
      SchemaCommand.self, ExportCommand.self, GraphCommand.self, FmtCommand.self,
      ExplainCommand.self, CompletionsCommand.self,
    ])

  static func main() {
    // A reader that goes away is seen by the write that fails, not as a signal.
    signal(SIGPIPE, SIG_IGN)
    // A file that must not grow is an error like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    let context = ProcessContext.current()
    let status = run(Array(CommandLine.arguments.dropFirst()), in: context)
    exit(withError: ExitCode(status.rawValue))
  }

  /// Runs what `arguments` ask for.
  static func run(_ arguments: [String], in context: ProcessContext) -> Ending {
    do {
      try refuseUnknownCommand(in: arguments)
      var command = try parseAsRoot(arguments)
      if let command = command as? any SowCommand { return command.execute(in: context) }
      // A command that only groups others, or the request for help: both throw the help.
      try command.run()
      return .done
    } catch {
      return show(error, in: context)
    }
  }

  /// Says which command was probably meant, where the parser would speak of an argument.
  private static func refuseUnknownCommand(in arguments: [String]) throws {
    var group: any ParsableCommand.Type = Sow.self
    for word in arguments.prefix(while: { !$0.hasPrefix("-") }) {
      let commands = group.configuration.subcommands
      guard !commands.isEmpty, word != "help" else { return }
      let names = commands.compactMap { $0.configuration.commandName }
      guard let known = commands.first(where: { $0.configuration.commandName == word }) else {
        let offer = nearest(to: word, among: names).map { "did you mean \"\($0)\"?" }
        throw ValidationError(
          "There is no command \"\(word)\"; "
            + (offer ?? "the commands are \(names.joined(separator: ", "))."))
      }
      group = known
    }
  }

  /// Shows a usage error, or the help or version that was asked for.
  private static func show(_ error: any Error, in context: ProcessContext) -> Ending {
    let isAsked = exitCode(for: error).isSuccess
    let outlet = Outlet(descriptor: isAsked ? context.output : context.errors)
    let lines = fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines { outlet.line(terminalSafe(String(line))) }
    outlet.flush()
    return isAsked ? .done : .usage
  }
}

/// A command that can be carried out, as opposed to one that only groups others.
protocol SowCommand: ParsableCommand {
  func execute(in context: ProcessContext) -> Ending
}
