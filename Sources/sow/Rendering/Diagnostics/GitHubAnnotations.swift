internal import SowModel

/// Diagnostics as workflow commands, which GitHub shows beside the lines that they speak of
/// (docs.github.com, "Workflow commands for GitHub Actions").
///
/// All of them are written, in order of position; how many it shows is GitHub's affair. The lines
/// of the files are not in them.
struct GitHubAnnotations {
  let files: SourceFiles
  var showsWarnings = true

  func write(_ diagnostics: Diagnostics, to outlet: Outlet) {
    for diagnostic in diagnostics.sorted where showsWarnings || diagnostic.severity == .error {
      let properties = place(of: diagnostic.range) + [("title", "sow: \(diagnostic.code.id)")]
      let list = properties.map { "\($0)=\(githubProperty($1))" }.joined(separator: ",")
      let message = diagnostic.sentenceWithHint.text(in: outlet.language)
      outlet.line("::\(diagnostic.severity.rawValue) \(list)::" + githubData(message))
    }
  }

  private func place(of range: SourceRange?) -> [(String, String)] {
    guard let range else { return [] }
    let (start, end) = (range.start, range.end)
    // The end is the first place after; GitHub wants columns only within one line.
    let lastLine = end.column == 1 && end.line > start.line ? end.line - 1 : end.line
    let place = [
      ("file", files[range.file]), ("line", String(start.line)), ("col", String(start.column)),
      ("endLine", String(lastLine)),
    ]
    return end.line == start.line ? place + [("endColumn", String(end.column))] : place
  }
}

/// `text` as the value of a property of a workflow command.
func githubProperty(_ text: String) -> String { githubEscaped(text, ["%", "\r", "\n", ":", ","]) }

/// `text` as the message of a workflow command.
func githubData(_ text: String) -> String { githubEscaped(text, ["%", "\r", "\n"]) }

/// Some scalars as the runner reads them back, others that could steer a terminal as elsewhere.
private func githubEscaped(_ text: String, _ special: Set<Unicode.Scalar>) -> String {
  var escaped = ""
  for scalar in text.unicodeScalars {
    if special.contains(scalar) {
      let digits = String(scalar.value, radix: 16, uppercase: true)
      escaped += digits.count == 1 ? "%0" + digits : "%" + digits
    } else if isUnsafeInTerminal(scalar) {
      escaped += escape(of: scalar)
    } else {
      escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}

/// Writes lines of text that no runner takes for commands.
func writeGitHubLines(_ text: String, to outlet: Outlet) {
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  if lines.last?.isEmpty == true { lines.removeLast() }
  for line in lines { outlet.line(githubLine(line)) }
}

/// A line in which no runner finds a command: `::name::` opens one at the start of a line, its
/// forerunner `##[name]` anywhere.
func githubLine(_ line: some StringProtocol) -> String {
  var safe = ""
  var rest = line[...]
  let first = line.firstIndex { !$0.isWhitespace } ?? line.endIndex
  if line[first...].utf8.starts(with: "::".utf8) {
    safe = line[..<first] + "\\u{3a}"
    rest = line[line.unicodeScalars.index(after: first)...]
  }
  var marks = 0
  for scalar in rest.unicodeScalars {
    if scalar == "[", marks >= 2 {
      safe += "\\u{5b}"
    } else {
      safe.unicodeScalars.append(scalar)
    }
    marks = scalar == "#" ? marks + 1 : 0
  }
  return safe
}
