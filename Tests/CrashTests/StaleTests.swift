import Foundation
import SowTestSupport
import Testing

/// What was shown is what is applied, or nothing is.
struct StaleTests {
  private static let scene = CrashScene(
    name: "stale", options: "{ atomic: true }", customers: 2, streamed: 3)

  /// Waits for the question, does something else, and says yes.
  private func answer(_ project: TemporaryProject, meanwhile: String) throws -> (
    code: Int32, text: String
  ) {
    let terminal = try PseudoTerminal()
    let child = try project.start("exec sow apply --color never", on: terminal)
    var text = terminal.read(until: "is accepted: ")
    #expect(try project.run(meanwhile).code == 0)
    terminal.type("yes\n")
    let code = child.wait().code
    text += terminal.rest()
    return (code, text)
  }

  @Test func `a file of rows that changed after it was shown is not applied`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let (code, text) = try answer(project, meanwhile: "echo 'Z1,late' >> plans/data/items.csv")
    #expect(code == 5, "\(text)")
    #expect(text.contains("error[stale-plan]"))
    #expect(
      try project.run("sqlite3 shop.db 'SELECT count(*) FROM sqlite_schema'").out == "0\n")
  }

  @Test func `what a colleague applied meanwhile is not done again`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let (code, text) = try answer(project, meanwhile: "sow apply --yes")
    #expect(code == 0, "\(text)")
    #expect(text.contains("Nothing to do"), "\(text)")
    #expect(try project.run("sqlite3 shop.db 'SELECT count(*) FROM sow_run'").out == "1\n")
  }

  @Test func `the lock is not held while the question stands`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let (code, text) = try answer(
      project, meanwhile: "sow apply --yes --lock-timeout 0; sow lock check")
    #expect(code == 0, "\(text)")
  }

  @Test func `nobody to ask is no consent, and nothing is made`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let before = ProjectState.files(of: project)
    let output = try project.run("sow apply")
    #expect(output.code == 7)
    #expect(output.errors.contains("--yes"))
    #expect(ProjectState.files(of: project) == before)
  }

  @Test func `with consent given before, everything is decided under the lock`() throws {
    let project = try Self.scene.prepare()
    defer { project.remove() }
    let child = try project.start("SOW_STOP_AT=locked exec sow apply --yes")
    try #require(child.waitForStop())
    #expect(try project.run("sed -i 's/Trà/Chè/' plans/data/items.csv").code == 0)
    child.signal(SIGCONT)
    let output = project.output(of: child, ending: child.wait())
    #expect(output.code == 0, "\(output.errors)")
    let found = try project.run(
      "sqlite3 shop.db \"SELECT count(*) FROM item WHERE title LIKE 'Chè%'\"")
    #expect(found.out == "3\n")
  }

  /// A small file is read once: what is applied is what was decided on.
  @Test(arguments: [(11_000, 5), (3, 0)])
  func `a file of rows that changes while it is applied is not applied`(
    rows: Int, code: Int32
  ) throws {
    let scene = CrashScene(
      name: "changing", options: "{ atomic: true }", customers: 2, streamed: rows)
    let project = try scene.prepare()
    defer { project.remove() }
    let child = try project.start("SOW_STOP_AT=ledgerMade exec sow apply --yes")
    try #require(child.waitForStop())
    #expect(try project.run("sed -i 's/Trà/Chè/' plans/data/items.csv").code == 0)
    child.signal(SIGCONT)
    let output = project.output(of: child, ending: child.wait())
    #expect(output.code == code, "\(output.errors)")
    let counting = "sqlite3 shop.db \"SELECT count(*) FROM item WHERE title LIKE '%Chè%'\""
    if code == 0 {
      #expect(try project.run(counting).out == "0\n")
    } else {
      #expect(
        try project.run("sqlite3 shop.db 'SELECT count(*) FROM sqlite_schema'").out == "0\n")
    }
    #expect(try project.run("sow apply --yes && sow lock check").code == 0)
    #expect(try project.run(counting).out != "0\n")
  }
}
