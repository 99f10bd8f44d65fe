import Foundation
import SowTestSupport
import Testing

/// Dying at every step of a command that takes rows away, or that changes only who owns them.
struct RemovalStepTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let command: String
    let steps: [String]
    var testDescription: String { command }
  }

  private static let closing = [
    "answered", "runRecorded", "lockStaged", "committed", "lockRenamed",
  ]

  static let cases = [
    Case(
      command: "destroy --yes --allow-deletes 99",
      steps: ["locked", "decided", "removedEarly", "removedLate"] + closing),
    Case(
      command: "apply --prune --yes --allow-deletes 99",
      steps: ["removedEarly", "setWritten", "removedLate"] + closing),
    Case(command: "ledger rm c1", steps: closing),
    Case(command: "ledger mv kinds sorts", steps: closing),
    Case(command: "import added 44", steps: closing),
  ]

  @Test(arguments: cases)
  func `a command killed at a step is finished by the next one`(given: Case) throws {
    let scene = CrashScene(
      name: "removals", options: "{ atomic: true }", customers: 3, removes: true)
    let before = try scene.prepare()
    defer { before.remove() }
    let first = try before.run("sow apply --yes --quiet")
    try #require(first.code == 0, "\(first.out)\(first.errors)")
    // An operation leaves, and a row is there that another one may import.
    let plan = String(decoding: try #require(before.read("plans/shop.yaml")), as: UTF8.self)
    let added =
      "  added: { action: create, entity: customer, values: { name: x, email: new@x.example } }\n"
    try before.write(
      plan.split(separator: "\n").filter { !$0.hasPrefix("  hello:") }.joined(separator: "\n")
        + "\n" + (given.command.hasPrefix("import") ? added : ""), to: "plans/shop.yaml")
    if given.command.hasPrefix("import") {
      let stranger = try before.run(
        "sqlite3 \(CrashScene.database) \"INSERT INTO customer VALUES (44, 'x', 'new@x.example')\"")
      try #require(stranger.code == 0, "\(stranger.errors)")
    }
    let command = "sow " + given.command

    let undisturbed = try TemporaryProject(copying: before.folder)
    defer { undisturbed.remove() }
    let whole = try undisturbed.run(command)
    try #require(whole.code == 0, "\(whole.out)\(whole.errors)")
    let expected = try ProjectState(of: undisturbed, digests: true)

    for step in given.steps {
      let project = try TemporaryProject(copying: before.folder)
      defer { project.remove() }
      let killed = try project.run("SOW_KILL_AT=\(step) exec \(command)")
      #expect(killed.code == 137, "\(given), \(step): was not reached\n\(killed.errors)")
      try expectTruth(of: project, after: before, "\(given), \(step)")
      // What was committed cannot be done twice; its lockfile follows.
      let isCommitted = step == "committed" || step == "lockRenamed"
      let rerun = try project.run(isCommitted ? "sow lock write" : command)
      #expect(rerun.code == 0, "\(given), \(step): \(rerun.out)\(rerun.errors)")
      let state = try ProjectState(of: project, digests: true)
      let difference = state.difference(from: expected, countsRuns: true)
      #expect(difference == nil, "\(given), \(step): \(difference ?? "")")
    }
  }
}
