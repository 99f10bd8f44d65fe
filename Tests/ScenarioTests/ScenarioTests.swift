import Foundation
import SowTestSupport
import Testing

/// Every folder under `Scenarios` as a whole run of the built binary; `Tests/README.md` says how
/// they are written and recorded.
struct ScenarioTests {
  @Test(arguments: try Scenario.all())
  func `a scenario prints what it printed before`(scenario: Scenario) throws {
    let transcripts = try transcripts(of: scenario, on: nil)
    if Snapshots.isRecording {
      try Snapshots(folder: scenario.expected).record(transcripts)
    } else {
      for complaint in Snapshots(folder: scenario.expected).complaints(about: transcripts) {
        Issue.record("\(complaint)")
      }
    }
  }

  @Test(arguments: try Scenario.all().filter(\.runsOnServers))
  func `a scenario prints on PostgreSQL what it prints on SQLite`(scenario: Scenario) throws {
    let transcripts = try transcripts(of: scenario, on: ServerDatabases())
    for complaint in Snapshots(folder: scenario.expected).complaints(about: transcripts) {
      Issue.record("\(complaint)")
    }
  }

  private func transcripts(
    of scenario: Scenario, on databases: ServerDatabases?
  ) throws -> [String] {
    let project = try TemporaryProject(copying: scenario.folder, without: Scenario.ownFiles)
    defer { project.remove() }
    try databases?.enter(project)
    var transcripts: [String] = []
    for step in scenario.steps {
      let output = try project.run(try databases?.translated(step.command) ?? step.command)
      #expect(
        output.code == step.code,
        "\(scenario.name)/steps:\(step.line): \(step.command)\n\(output.out)\(output.errors)")
      if databases == nil, step.isRefused { try expectOneLanguage(step, of: scenario, in: project) }
      guard step.isRecorded else { continue }
      let transcript = step.transcript(of: output)
      transcripts.append(
        Normalization.apply(
          to: databases?.untranslated(transcript) ?? transcript, in: project))
    }
    return transcripts
  }

  /// Whether the step that changes nothing, taken again in Vietnamese, speaks no English.
  private func expectOneLanguage(
    _ step: Scenario.Step, of scenario: Scenario, in project: TemporaryProject
  ) throws {
    let output = try project.run(
      #"sow() { command sow "$@" --language vi; }; "# + step.command)
    for line in (output.out + output.errors).split(separator: "\n") {
      guard let sentence = line.firstMatch(of: Self.sentence)?.1 else { continue }
      #expect(
        englishWords(in: String(sentence)) == [], "\(scenario.name)/steps:\(step.line): \(line)")
    }
  }

  /// The sentence of a diagnostic, or its hint below the line of the file.
  private static var sentence: Regex<(Substring, Substring)> {
    /^(?:(?:.*: )?(?:lỗi|cảnh báo)\[[a-z0-9-]+\]: | +│ +(?:\^+ )?)(.*)$/
  }
}

extension Scenario.Step {
  /// Whether it ends before anything is written, so that it may be taken again.
  var isRefused: Bool { isRecorded && [3, 5, 7, 64].contains(code) }

  /// The command and both streams as one text to review.
  func transcript(of output: TemporaryProject.Output) -> String {
    var text = "$ \(command)\n" + Self.closed(output.out)
    if !output.errors.isEmpty { text += "── stderr\n" + Self.closed(output.errors) }
    return text
  }

  private static func closed(_ stream: String) -> String {
    stream.isEmpty || stream.hasSuffix("\n") ? stream : stream + "\n── no newline at the end\n"
  }
}
