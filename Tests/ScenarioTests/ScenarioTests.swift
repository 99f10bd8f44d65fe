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
      guard step.isRecorded else { continue }
      let transcript = step.transcript(of: output)
      transcripts.append(
        Normalization.apply(
          to: databases?.untranslated(transcript) ?? transcript, in: project))
    }
    return transcripts
  }
}

extension Scenario.Step {
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
