import Foundation
import SowTestSupport
import Testing

/// Dying at every named step of an apply, and applying once more.
struct StepTests {
  static let scenes = [
    CrashScene(
      name: "first", options: "{ atomic: true }", customers: 8, steps: CrashScene.atomicSteps),
    CrashScene(
      name: "later", options: "{ atomic: true }", customers: 12, removes: true, isLater: true,
      steps: CrashScene.atomicSteps + ["setWritten:3", "setWritten:4"]),
    CrashScene(
      name: "stepwise", options: "{ atomic: false, on_error: continue }", customers: 3,
      steps: ["locked", "decided", "ledgerMade"] + stepwise(6)),
    CrashScene(
      name: "stepwise later", options: "{ atomic: false, on_error: stop }", customers: 3,
      removes: true, isLater: true,
      steps: ["locked", "decided", "ledgerMade", "removedEarly"] + stepwise(6) + ["removedLate"]),
    CrashScene(
      name: "stream", options: "{ atomic: true }", customers: 2, streamed: 10_500,
      steps: ["setWritten", "lockStaged"]),
    CrashScene(
      name: "stream stepwise", options: "{ atomic: false, on_error: continue }", customers: 2,
      streamed: 10_500, steps: ["committed", "committed:2", "committed:3"]),
    CrashScene(
      name: "stream later", options: "{ atomic: true }", customers: 2, streamed: 10_500,
      isLater: true, steps: ["runRecorded", "committed"]),
  ]

  private static func stepwise(_ count: Int) -> [String] {
    (1...count).flatMap { ["setWritten:\($0)", "committed:\($0)"] } + ["lockStaged", "lockRenamed"]
  }

  @Test(arguments: scenes)
  func `an apply killed at a step is finished by the next one`(scene: CrashScene) throws {
    let before = try scene.prepare()
    defer { before.remove() }
    let undisturbed = try TemporaryProject(copying: before.folder)
    defer { undisturbed.remove() }
    let whole = try undisturbed.run("sow apply --yes")
    try #require(whole.code == 0, "\(whole.out)\(whole.errors)")
    let expected = try ProjectState(of: undisturbed, digests: scene.isLater)

    for step in scene.steps {
      let project = try TemporaryProject(copying: before.folder)
      defer { project.remove() }
      let killed = try project.run("SOW_KILL_AT=\(step) exec sow apply --yes")
      #expect(killed.code == 137, "\(scene.name), \(step): was not reached\n\(killed.errors)")
      try expectTruth(of: project, after: before, "\(scene.name), \(step)")
      let rerun = try project.run("sow apply --yes")
      #expect(rerun.code == 0, "\(scene.name), \(step): \(rerun.out)\(rerun.errors)")
      let state = try ProjectState(of: project, digests: scene.isLater)
      let difference = state.difference(
        from: expected, countsRuns: scene.options.contains("atomic: true"))
      #expect(difference == nil, "\(scene.name), \(step): \(difference ?? "")")
      let check = try project.run("sow lock check")
      #expect(check.code == 0, "\(scene.name), \(step): \(check.out)\(check.errors)")
      guard step == scene.steps.last else { continue }
      let again = try project.run("sow plan --detailed-exitcode")
      #expect(again.code == 0, "\(scene.name), \(step): \(again.out)\(again.errors)")
    }
  }
}
