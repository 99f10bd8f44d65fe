import Foundation
import SowTestSupport
import Testing

/// A folder with a project, the `steps` to take in it, and what they are `expected` to print.
struct Scenario: CustomTestStringConvertible, Sendable {
  struct Step: Sendable {
    let command: String
    let code: Int32
    /// Set-up and edits are not: they only have to succeed.
    let isRecorded: Bool
    /// In the file of steps.
    let line: Int
  }

  let name: String
  let folder: URL
  let steps: [Step]

  var testDescription: String { name }
  var expected: URL { folder.appending(path: "expected") }

  /// What is in the folder beside the project.
  static let ownFiles: Set<String> = ["steps", "expected", "postgres"]

  /// Whether it prints the same where its databases are on a server.
  var runsOnServers: Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "postgres").path)
  }

  /// All of them, or those that `SOW_SCENARIOS` names.
  static func all() throws -> [Scenario] {
    let named = ProcessInfo.processInfo.environment["SOW_SCENARIOS"]?.split(separator: ",")
    let root = URL(filePath: PackageFolder.path()).appending(path: "Tests/ScenarioTests/Scenarios")
    return try FileManager.default.contentsOfDirectory(atPath: root.path)
      .filter { !$0.hasPrefix(".") && named?.contains($0[...]) ?? true }
      .sorted()
      .map { try Scenario(name: $0, folder: root.appending(path: $0)) }
  }

  init(name: String, folder: URL) throws {
    self.name = name
    self.folder = folder
    let text = try String(contentsOf: folder.appending(path: "steps"), encoding: .utf8)
    steps = try Self.steps(in: text, of: name)
  }

  /// One step a line: `#` a comment, `+` an edit, else the exit code and the command whose output
  /// is recorded. A backslash at the end of a line takes the next one along.
  static func steps(in text: String, of name: String) throws -> [Step] {
    var steps: [Step] = []
    var begun: (text: String, line: Int)?
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, part) in lines.enumerated() {
      let whole = (begun?.text ?? "") + part
      let line = begun?.line ?? index + 1
      if whole.hasSuffix("\\") {
        begun = (whole.dropLast() + "", line)
        continue
      }
      begun = nil
      if whole.isEmpty || whole.hasPrefix("#") { continue }
      steps.append(try step(whole, line: line, of: name))
    }
    return steps
  }

  private static func step(_ text: String, line: Int, of name: String) throws -> Step {
    let parts = text.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { throw BadStep(scenario: name, line: line) }
    let command = parts[1].trimmingCharacters(in: .whitespaces)
    if parts[0] == "+" { return Step(command: command, code: 0, isRecorded: false, line: line) }
    guard let code = Int32(parts[0]) else { throw BadStep(scenario: name, line: line) }
    return Step(command: command, code: code, isRecorded: true, line: line)
  }
}

/// A line of `steps` that is neither a comment nor an edit nor an exit code with a command.
struct BadStep: Error {
  let scenario: String
  let line: Int
}
