import Foundation
import SowTestSupport
import Testing

/// Ctrl-C and SIGTERM, wherever an apply is.
struct SignalTests {
  static let signals: [(Int32, Int32)] = [(SIGINT, 130), (SIGTERM, 143)]

  private static let scene = CrashScene(
    name: "signals", options: "{ atomic: true }", customers: 150)

  @Test(arguments: signals, ["locked", "decided", "setWritten", "runRecorded", "lockStaged"])
  func `a signal takes everything back or comes too late`(
    signal: (number: Int32, code: Int32), step: String
  ) throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let before = ProjectState.files(of: project)
    let child = try project.start("SOW_STOP_AT=\(step) exec sow apply --yes")
    try #require(child.waitForStop())
    child.signal(signal.number)
    child.signal(SIGCONT)
    let output = project.output(of: child, ending: child.wait())
    if output.code == 0 {
      // The thread that waits for signals came to its turn after the commit.
      #expect(step != "locked")
      let check = try project.run("sow plan --detailed-exitcode && sow lock check")
      #expect(check.code == 0, "\(check.out)\(check.errors)")
    } else {
      #expect(output.code == signal.code, "\(output.errors)")
      #expect(output.errors.contains("error[interrupted]"))
      #expect(ProjectState.files(of: project) == before)
    }
  }

  @Test(arguments: signals)
  func `a signal after the commit lets the run end`(signal: (number: Int32, code: Int32)) throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let child = try project.start("SOW_STOP_AT=committed exec sow apply --yes")
    try #require(child.waitForStop())
    child.signal(signal.number)
    child.signal(SIGCONT)
    let output = project.output(of: child, ending: child.wait())
    #expect(output.code == 0)
    #expect(output.out.contains("Applied: "))
    #expect(try project.run("sow lock check").code == 0)
  }

  @Test(arguments: signals)
  func `a signal ends the wait for another run`(signal: (number: Int32, code: Int32)) throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let holder = try project.start("SOW_STOP_AT=decided exec sow apply --yes", as: "holder")
    try #require(holder.waitForStop())
    let waiter = try project.start("exec sow apply --yes", as: "waiter")
    usleep(700_000)
    waiter.signal(signal.number)
    #expect(waiter.wait().code == signal.code)
    holder.signal(SIGCONT)
    #expect(holder.wait().code == 0)
  }

  @Test(arguments: signals)
  func `a signal ends the question`(signal: (number: Int32, code: Int32)) throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let before = ProjectState.files(of: project)
    let terminal = try PseudoTerminal()
    let child = try project.start("exec sow apply", on: terminal)
    #expect(terminal.read(until: "is accepted: ").contains("Apply these changes"))
    child.signal(signal.number)
    #expect(child.wait().code == signal.code)
    #expect(ProjectState.files(of: project) == before)
  }

  @Test func `what was committed before a signal stays, and the next apply does the rest`() throws {
    let scene = CrashScene(
      name: "stepwise", options: "{ atomic: false, on_error: continue }", customers: 60)
    let project = try scene.prepare()
    defer { project.remove() }
    let undisturbed = try TemporaryProject(copying: project.folder)
    defer { undisturbed.remove() }
    #expect(try undisturbed.run("sow apply --yes").code == 0)

    let child = try project.start(
      "SOW_STOP_AT=committed:2 exec sow apply --yes --format json --report report.json")
    try #require(child.waitForStop())
    child.signal(SIGINT)
    child.signal(SIGCONT)
    let output = project.output(of: child, ending: child.wait())
    #expect(output.code == 130, "\(output.out.prefix(2000))\(output.errors)")
    #expect(output.out.contains(#""code": "interrupted""#))
    #expect(output.out.contains(#""status": "completed""#))
    #expect(output.out.contains(#""status": "not_run""#))
    let rows = try project.run("sqlite3 \(CrashScene.database) 'SELECT count(*) FROM sow_row'")
    let count = try #require(Int(rows.out.trimmingCharacters(in: .newlines)))
    #expect(count >= 2 && count < 122)
    #expect(!output.out.contains("lockfile-not-written"))
    #expect(try project.run("sow lock check").code == 0)

    #expect(try project.run("rm report.json; sow apply --yes").code == 0)
    let state = try ProjectState(of: project, digests: false)
    let difference = state.difference(
      from: try ProjectState(of: undisturbed, digests: false), countsRuns: false)
    #expect(difference == nil, "\(difference ?? "")")
  }
}
