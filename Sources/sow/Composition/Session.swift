internal import SowFiles
internal import SowModel

/// One command at work: what it was asked to say, and where it says it.
final class Session {
  let context: ProcessContext
  let terminal: Terminal
  let noise: Noise
  let showsAll: Bool
  let showsSensitive: Bool
  /// Every file that was read so far.
  var files = SourceFiles()
  /// Of the plans that were read.
  var secretLines = SecretLines()
  /// Is told how far the work is; nil where nobody follows it.
  var watch: ProgressWatcher?
  /// What shows that on the terminal, where something does.
  var bar: ProgressBar?
  /// Signals, which are listened to from the first time on that this is asked for.
  private(set) lazy var interruption = Interruption.listening { [bar] in bar?.end() }
  /// What came from standard input, by the path that it is shown as.
  var inputs: [String: [UInt8]] = [:]

  init(
    _ context: ProcessContext, _ terminal: Terminal, noise: Noise, showsAll: Bool,
    showsSensitive: Bool
  ) {
    self.context = context
    self.terminal = terminal
    self.noise = noise
    self.showsAll = showsAll
    self.showsSensitive = showsSensitive
    tellsPeople = terminal.format == .text
  }

  var isText: Bool { terminal.format == .text }
  /// Whether a runner of GitHub reads along, on both streams.
  var isLog: Bool { terminal.format == .github }
  /// Whether the result is for machines, which get all of it.
  var isJSON: Bool { terminal.format == .json }
  /// Whether each operation is a case of a test suite.
  var isJUnit: Bool { terminal.format == .junit }
  /// Whether diagnostics go to standard error: text has no other place for them.
  var tellsPeople: Bool

  /// Rows of an operation that text shows; nil for all.
  var rowLimit: Int? { showsAll ? nil : ChangesetText.standardLimit }

  /// Works in `folder`, that of `-C`, from now on.
  func enter(_ folder: String?, into diagnostics: inout Diagnostics) {
    guard let path = folder else { return }
    do {
      try sow.enter(path)
    } catch {
      diagnostics.report(.noFolder, ["path": path, "problem": error.text], at: nil)
    }
  }

  /// Diagnostics for people, on standard error, or where GitHub looks for them; documents hold
  /// their own.
  func tell(_ diagnostics: Diagnostics) {
    if isLog {
      return GitHubAnnotations(files: files, showsWarnings: !noise.quiet)
        .write(diagnostics, to: terminal.result)
    }
    guard tellsPeople else { return }
    let renderer = DiagnosticsText(
      files: files, lines: lines(of:at:), secrets: secretLines,
      limit: showsAll ? nil : DiagnosticsText.standardLimit, showsSensitive: showsSensitive,
      showsWarnings: !noise.quiet)
    renderer.write(diagnostics, to: terminal.errors)
    terminal.errors.flush()
  }

  /// What only `--verbose` says.
  func remark(_ phrase: @autoclosure () -> Phrase) {
    guard noise.verbose else { return }
    say(phrase())
  }

  /// What `--quiet` leaves out.
  func note(_ phrase: @autoclosure () -> Phrase) {
    guard !noise.quiet else { return }
    say(phrase())
  }

  func say(_ phrase: Phrase) {
    let line = "sow: " + terminalSafe(phrase.text(in: terminal.language))
    terminal.errors.line(isLog ? githubLine(line) : line)
    terminal.errors.flush()
  }

  private func lines(
    of file: FileID, at positions: [SourcePosition]
  ) -> [SourcePosition: SourceLine] {
    let path = files[file]
    if let bytes = inputs[path] { return SourceLine.read(bytes: bytes, at: positions) }
    return SourceLine.read(path: path, at: positions)
  }
}
