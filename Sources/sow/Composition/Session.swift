internal import SowFiles
internal import SowModel

/// One command at work: what it was asked to say, and where it says it.
final class Session {
  let context: ProcessContext
  let terminal: Terminal
  let noise: NoiseOptions
  let showsAll: Bool
  let showsSensitive: Bool
  /// Every file that was read so far.
  var files = SourceFiles()

  init(
    _ context: ProcessContext, _ terminal: Terminal, noise: NoiseOptions, showsAll: Bool,
    showsSensitive: Bool
  ) {
    self.context = context
    self.terminal = terminal
    self.noise = noise
    self.showsAll = showsAll
    self.showsSensitive = showsSensitive
  }

  var isText: Bool { terminal.format == .text }

  /// Rows of an operation that text shows; nil for all.
  var rowLimit: Int? { showsAll ? nil : ChangesetText.standardLimit }

  /// Diagnostics for people, on standard error; a JSON document holds its own.
  func tell(_ diagnostics: Diagnostics) {
    guard isText else { return }
    let lines = SourceLineReader()
    let renderer = DiagnosticsText(
      files: files, lines: { [files] in lines.line($0, of: files[$1]) },
      limit: showsAll ? nil : DiagnosticsText.standardLimit, showsSensitive: showsSensitive,
      showsWarnings: !noise.quiet)
    renderer.write(diagnostics, to: terminal.errors)
    terminal.errors.flush()
  }

  /// What only `--verbose` says.
  func remark(_ text: @autoclosure () -> String) {
    guard noise.verbose else { return }
    say(text())
  }

  /// What `--quiet` leaves out.
  func note(_ text: @autoclosure () -> String) {
    guard !noise.quiet else { return }
    say(text())
  }

  func say(_ text: String) {
    terminal.errors.line("sow: " + terminalSafe(text))
    terminal.errors.flush()
  }
}
