internal import SowFiles
internal import SowModel

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What a command finds around itself when it starts.
struct ProcessContext: Sendable {
  /// The process's environment variables.
  var environment: [String: String]
  /// Descriptors of standard output and standard error; nil collects in memory.
  var output: Int32?
  var errors: Int32?
  /// Whether standard input, output and error are terminals.
  var inputIsTerminal = false
  var outputIsTerminal = false
  var errorsAreTerminal = false

  /// Who answers questions: whoever sits at the terminal and sees them.
  var answers: AnswerSource {
    inputIsTerminal && errorsAreTerminal ? .terminal { readLine() } : .nobody
  }

  static func current() -> ProcessContext {
    ProcessContext(
      environment: processEnvironment(), output: STDOUT_FILENO, errors: STDERR_FILENO,
      inputIsTerminal: isatty(STDIN_FILENO) == 1, outputIsTerminal: isatty(STDOUT_FILENO) == 1,
      errorsAreTerminal: isatty(STDERR_FILENO) == 1)
  }

  func terminal(_ format: ResultForm, _ color: ColorChoice, _ language: Language?) -> Terminal {
    func outlet(_ descriptor: Int32?, isTerminal: Bool) -> Outlet {
      let outlet = Outlet(
        descriptor: descriptor,
        palette: color.palette(isTerminal: isTerminal, environment: environment))
      outlet.language = language ?? .english
      return outlet
    }
    return Terminal(
      result: outlet(output, isTerminal: outputIsTerminal),
      errors: outlet(errors, isTerminal: errorsAreTerminal), format: format,
      isLanguageGiven: language != nil)
  }
}

/// The two streams of a command: the result, and everything else.
struct Terminal {
  let result: Outlet
  let errors: Outlet
  let format: ResultForm
  /// Whether the command line says which language is spoken.
  var isLanguageGiven = false

  var language: Language { result.language }

  /// Speaks the language of a project, unless the command line says another.
  func speak(_ language: Language?) {
    guard let language, !isLanguageGiven else { return }
    result.language = language
    errors.language = language
  }

  /// Sends what is left on its way and tells of a result that could not be written.
  ///
  /// A command that changes nothing fails with it; one that did keeps its own exit code, which
  /// speaks of the database.
  func close(_ status: Ending, afterChanges: Bool = false) -> Ending {
    result.willWrite()
    result.flush()
    defer { errors.flush() }
    guard let failure = result.failure else { return status }
    errors.line(
      Phrase(
        "sow: the result could not be written to standard output: {reason}",
        vi: "sow: không ghi được kết quả ra đầu ra chuẩn: {reason}",
        ["reason": systemErrorText(failure)]))
    return afterChanges ? status : max(status, .failed)
  }
}

private func processEnvironment() -> [String: String] {
  var variables: [String: String] = [:]
  var next = environ
  while let entry = next.pointee {
    let text = String(cString: entry)
    if let equals = text.firstIndex(of: "=") {
      variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    next += 1
  }
  return variables
}

/// The name of the user who runs the process; the number where it has no name.
func userName() -> String {
  let number = getuid()
  guard let entry = getpwuid(number), let name = entry.pointee.pw_name else {
    return String(number)
  }
  return String(cString: name)
}
