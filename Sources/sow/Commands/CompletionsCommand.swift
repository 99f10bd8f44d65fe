internal import ArgumentParser

struct CompletionsCommand: SowCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print the script that completes commands, options and files in a shell.",
    discussion: """
      The script completes plans by their files, environments by sow.yaml and diagnostics by their \
      codes.

      Example:
        bash   sow completions bash > ~/.local/share/bash-completion/completions/sow
        zsh    sow completions zsh > ~/.zsh/completions/_sow     # a folder of $fpath
        fish   sow completions fish > ~/.config/fish/completions/sow.fish
      """)

  enum Shell: String, CaseIterable, ExpressibleByArgument { case bash, zsh, fish }

  @Argument(help: "The shell: bash, zsh or fish.")
  var shell: Shell

  func execute(in context: ProcessContext) -> Ending {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    let result = Outlet(descriptor: context.output)
    let script = Sow.completionScript(for: kind)
    result.write(script.hasSuffix("\n") ? script : script + "\n")
    let terminal = Terminal(
      result: result, errors: Outlet(descriptor: context.errors), format: .text)
    return terminal.close(.done)
  }
}
